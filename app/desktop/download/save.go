// Package download writes what comes from the server into a file of the person's. It knows neither
// the server nor a screen.
package download

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Name takes out what some system does not allow in a file's name.
func Name(name string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, name)
	return strings.TrimRight(clean, ". ")
}

// Save writes beside and then gives the file its name, so that half a file never looks like a whole one. A file that has
// the name stays: the new one gets a number, see place; saved is its name. tell hears of every tenth part when the size is
// known; it may be nil.
func Save(path string, from io.Reader, size int64, tell func(percent int)) (saved string, err error) {
	part := path + "." + rand.Text() + ".part"
	file, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return "", fmt.Errorf("making %s: %w", path, err)
	}
	defer os.Remove(part) // of one that failed
	_, err = io.Copy(file, &counter{from: from, size: size, step: 10, tell: tell})
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		saved, err = place(part, path)
	}
	if err != nil {
		return "", fmt.Errorf("saving %s: %w", path, err)
	}
	return saved, nil
}

// counter tells what part went through, each time that it is some percent more.
type counter struct {
	from       io.Reader
	size, done int64
	told, step int
	tell       func(percent int)
}

// Read is io.Reader's.
func (c *counter) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	c.done += int64(n)
	if c.size > 0 && c.tell != nil {
		if percent := int(c.done * 100 / c.size); percent >= c.told+c.step {
			c.told = percent
			c.tell(percent)
		}
	}
	return n, err
}
