// Package download writes what comes from the server into a file of the person's. It knows neither
// the server nor a screen.
package download

import (
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

// Save writes beside and renames, so that half a file never looks like a whole one. tell hears of
// every tenth part when the size is known; it may be nil.
func Save(path string, from io.Reader, size int64, tell func(percent int)) error {
	file, err := os.Create(path + ".part")
	if err != nil {
		return fmt.Errorf("making %s: %w", path, err)
	}
	_, err = io.Copy(file, &counter{from: from, size: size, step: 10, tell: tell})
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = os.Remove(path + ".part")
		return fmt.Errorf("saving %s: %w", path, err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("saving %s: %w", path, err)
	}
	return nil
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
