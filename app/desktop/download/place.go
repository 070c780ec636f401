package download

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// placesMost bounds how many files may have one name.
const placesMost = 10_000

// place gives a finished file its name, or, where a file has that, the name with a number in parentheses, as browsers do.
// It never takes the place of a file that is there, whoever makes one at the same moment, and returns the name.
func place(part, path string) (string, error) {
	ext := filepath.Ext(path)
	bare := strings.TrimSuffix(path, ext)
	for n := range placesMost {
		free := path
		if n > 0 {
			free = fmt.Sprintf("%s (%d)%s", bare, n, ext)
		}
		err := put(part, free)
		if err == nil {
			return free, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
	return "", fmt.Errorf("%s: %w, and so have %d others", path, fs.ErrExist, placesMost-1)
}

// put moves a file to a name that none has; fs.ErrExist. Unlike a renaming, a link takes nobody's place; where the file
// system has no links, the name is taken by an empty file first.
func put(part, free string) error {
	err := os.Link(part, free)
	if err == nil {
		return os.Remove(part)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	return take(part, free)
}

func take(part, free string) error {
	file, err := os.OpenFile(free, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if err = errors.Join(file.Close(), os.Rename(part, free)); err != nil {
		return errors.Join(err, os.Remove(free))
	}
	return nil
}
