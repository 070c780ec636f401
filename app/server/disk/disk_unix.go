//go:build unix

package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	fileMode   = 0o600
	folderMode = 0o700
)

func create(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, fileMode)
	if err != nil {
		return nil, err
	}
	if err := f.Chmod(fileMode); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// inheritOwner makes what root has made in a folder the folder's owner's.
func inheritOwner(f *os.File, folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(folder)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid == 0 {
		return nil
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}

// isOpen tells whether others may read or write what is ours.
func isOpen(_ string, info fs.FileInfo) (bool, error) {
	if info.Mode().Perm()&0o077 == 0 {
		return false, nil
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Geteuid(), nil
}

func shut(path string, folder bool) error {
	if folder {
		return os.Chmod(path, folderMode)
	}
	return os.Chmod(path, fileMode)
}

// IsFull tells whether an error means that there is no room left, or none for this user.
func IsFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// IsReadOnly tells whether an error means that nothing can be written there at all.
func IsReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }

// Free is how many bytes this user may still write in the file system of path.
func Free(path string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil
}

// SyncFolder returns when a folder's names are durable.
func SyncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil // file systems that keep no folders to sync
	}
	return errors.Join(err, f.Close())
}

// SameVolume tells whether what lies at one path can be renamed to another's folder.
func SameVolume(one, other string) (bool, error) {
	a, err := os.Lstat(one)
	if err != nil {
		return false, err
	}
	b, err := os.Lstat(other)
	if err != nil {
		return false, err
	}
	x, ok := a.Sys().(*syscall.Stat_t)
	y, too := b.Sys().(*syscall.Stat_t)
	return !ok || !too || x.Dev == y.Dev, nil
}
