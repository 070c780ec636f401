package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// Work is a folder for what is half done, beside where it goes when it is whole. Its lock tells whether somebody works
// there: what a killed one left is taken away by the next.
type Work struct {
	Dir  string
	lock *flock.Flock
}

// OpenWork makes a folder whose name begins with prefix, and takes away those that were left. Close it.
func OpenWork(beside, prefix string) (*Work, error) {
	left, err := filepath.Glob(filepath.Join(escaped(beside), prefix+"*"))
	if err != nil {
		return nil, fmt.Errorf("looking at %s: %w", beside, err)
	}
	for _, dir := range left {
		takeAwayLeft(dir)
	}
	for {
		w, err := newWork(beside, prefix)
		if w != nil || err != nil {
			return w, err
		}
	}
}

// takeAwayLeft takes a folder away in which nobody works; a link is nobody's of ours.
func takeAwayLeft(dir string) {
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
		return
	}
	lock := workLock(dir)
	if held, err := lock.TryLock(); err == nil && held {
		lock.Close()
		os.RemoveAll(dir)
	}
}

// newWork makes a folder and locks it; nil when another one that begins has just taken it for a left one.
func newWork(beside, prefix string) (*Work, error) {
	dir, err := os.MkdirTemp(beside, prefix+"*")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: make the folder %s first", err, beside)
	}
	if err != nil {
		return nil, err
	}
	w := &Work{Dir: dir, lock: workLock(dir)}
	held, err := w.lock.TryLock()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.Close()
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	if _, err := os.Stat(w.lock.Path()); err != nil || !held {
		w.lock.Close()
		return nil, nil //nolint:nilnil // to be tried again
	}
	return w, nil
}

func workLock(dir string) *flock.Flock {
	return flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o600))
}

// Close takes the folder away with all that is in it.
func (w *Work) Close() {
	w.lock.Close()
	os.RemoveAll(w.Dir)
}

// escaped is a path for a pattern, with nothing in it that a pattern means otherwise.
func escaped(path string) string {
	if filepath.Separator == '\\' {
		return path // where a backslash parts folders, nothing can be escaped
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}
