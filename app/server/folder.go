package server

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"

	"dozvon/app/server/disk"
	"dozvon/app/server/store"
)

// ErrRuns says that a server has the data folder.
var ErrRuns = errors.New("another server runs on the data folder")

// holdFolder keeps a second server off the data folder: it would fetch, archive and clean up the
// same recordings, and with SQLite write the same file. The system lets go when the process ends,
// however it ends. Admin commands do not ask for it: they work beside a running server.
func holdFolder(dir string) (release func(), err error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	lock := lockIn(dir, "server.lock")
	held, err := lock.TryLock()
	switch {
	case disk.IsFull(err):
		return nil, fmt.Errorf("locking the data folder: %w", store.ErrFull)
	case err != nil:
		return nil, fmt.Errorf("locking the data folder: %w: the server must be able to write there, correct owner and mode or give another --data", err)
	case !held:
		return nil, fmt.Errorf("%w %s: stop it, or give this one a --data of its own", ErrRuns, dir)
	}
	return func() { lock.Close() }, nil
}

// lockIn is a lock in the data folder. Whoever needs it first makes it for the folder's owner: the server could not
// open one that is root's.
func lockIn(dir, name string) *flock.Flock {
	path := filepath.Join(dir, name)
	if f, err := disk.CreateForOwner(path); err == nil {
		f.Close()
	}
	return flock.New(path, flock.SetPermissions(0o600))
}

// closeFolders takes what is ours in the data folder away from other users of the machine. The
// database and the key were closed when they were opened.
func (c Config) closeFolders() {
	for _, name := range []string{"recordings", "imports", "certificates", "server.yaml", "server.yml"} {
		disk.Close(filepath.Join(c.Data, name))
	}
}
