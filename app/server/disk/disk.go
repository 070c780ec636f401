// Package disk is what the server asks of the file system beyond reading and writing: that its
// files are its owner's alone, how much room is left, and whether an error means that there is
// none. It knows nothing of what the files hold.
package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// Create makes an empty file that only its owner reads, whatever the umask; fs.ErrExist when
// there is one, a link to nowhere included.
func Create(path string) (*os.File, error) {
	return create(path)
}

// CreateForOwner is Create in a folder that may be another user's: what root makes there is that user's, too.
func CreateForOwner(path string) (*os.File, error) {
	f, err := create(path)
	if err != nil {
		return nil, err
	}
	if err := inheritOwner(f, filepath.Dir(path)); err != nil {
		return nil, errors.Join(fmt.Errorf("giving %s to the owner of its folder: %w", path, err), f.Close())
	}
	return f, nil
}

// Close takes a file, or a folder with all in it, away from everybody but the owner, and notes
// what was open. What belongs to another user, such as a key that a container mounts, stays.
func Close(paths ...string) {
	for _, path := range paths {
		repaired := 0
		err := filepath.WalkDir(path, func(at string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			done, err := closeOne(at)
			if done {
				repaired++
			}
			return err
		})
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			slog.Warn("files could not be closed to others", "path", path, "err", err)
		case repaired > 0:
			slog.Warn("files were open to others of this machine, closed", "path", path, "files", repaired)
		}
	}
}

// closeOne reports whether the mode had to be changed. A link's target is meant, for a key may
// lie elsewhere.
func closeOne(path string) (bool, error) {
	info, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	open, err := isOpen(path, info)
	if err != nil || !open {
		return false, err
	}
	if err := shut(path, info.IsDir()); err != nil {
		return false, fmt.Errorf("closing %s to others: %w", path, err)
	}
	return true, nil
}

// Link gives a whole file its name, never in the place of another: fs.ErrExist when something has the name. The
// file's former name is gone afterwards.
func Link(from, to string) error {
	err := os.Link(from, to)
	switch {
	case err == nil:
		return os.Remove(from)
	case errors.Is(err, fs.ErrExist):
		return err
	}
	// File systems of sticks and shares know no second name.
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}
