package control

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/windows"
)

// fallbackDir is in the user's own profile, which Windows keeps others out of; the temporary folder
// of a service or of a changed %TEMP% may be shared.
func fallbackDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "dozvon", "run")
}

// ours tells whether dir is a folder of this user, or of the administrators when an elevated
// process of theirs has made it. Who may enter it, the profile's inherited rights say.
func ours(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("looking at %s: %w", dir, err)
	}
	if !info.IsDir() {
		return untrusted(dir, "is not a folder")
	}
	security, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("asking whose %s is: %w", dir, err)
	}
	owner, _, err := security.Owner()
	if err != nil {
		return fmt.Errorf("asking whose %s is: %w", dir, err)
	}
	who, err := person()
	if err != nil {
		return err
	}
	if !owner.Equals(who) && !owner.IsWellKnown(windows.WinBuiltinAdministratorsSid) {
		return untrusted(dir, "belongs to another user")
	}
	return nil
}
