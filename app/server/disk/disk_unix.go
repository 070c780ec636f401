//go:build unix

package disk

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// open tells whether others may read or write what is ours.
func open(info fs.FileInfo) bool {
	if info.Mode().Perm()&0o077 == 0 {
		return false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(owner.Uid) == os.Geteuid()
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
