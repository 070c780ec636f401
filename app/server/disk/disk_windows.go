package disk

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// IsFull tells whether an error means that there is no room left.
func IsFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

// IsReadOnly tells whether an error means that nothing can be written there at all.
func IsReadOnly(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }

// Free is how many bytes this user may still write in the volume of path.
func Free(path string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(name, &free, nil, nil)
	return free, err
}

// inheritOwner has nothing to do: a folder's list is handed down to what is made in it.
func inheritOwner(*os.File, string) error { return nil }

// SyncFolder has nothing to do: NTFS keeps a journal of names.
func SyncFolder(string) error { return nil }

// SameVolume tells whether what lies at one path can be renamed to another's folder.
func SameVolume(one, other string) (bool, error) {
	a, err := filepath.Abs(one)
	if err != nil {
		return false, err
	}
	b, err := filepath.Abs(other)
	return filepath.VolumeName(a) == filepath.VolumeName(b), err
}
