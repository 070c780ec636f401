package disk

import (
	"fmt"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// privateList lets in the person whom the process runs for, the system and the administrators, whom a
// mode of 0600 does not keep out either, and nobody by the folder's own list. flags say what entries of
// a folder are handed down to ("OICI": files and folders).
func privateList(flags string) (*windows.SECURITY_DESCRIPTOR, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("asking who we are: %w", err)
	}
	list := "D:P"
	for _, who := range []string{user.User.Sid.String(), "SY", "BA"} {
		list += "(A;" + flags + ";FA;;;" + who + ")"
	}
	return windows.SecurityDescriptorFromString(list)
}

// create has the list in force before there is anything to read.
func create(path string) (*os.File, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	list, err := privateList("")
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: list}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	handle, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, attributes, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "create", Path: path, Err: err}
	}
	return os.NewFile(uintptr(handle), path), nil
}

// isOpen tells whether the access list of what is ours lets others in.
func isOpen(path string, _ fs.FileInfo) (bool, error) {
	security, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT,
		windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return false, fmt.Errorf("asking who may read %s: %w", path, err)
	}
	owner, _, err := security.Owner()
	if err != nil {
		return false, fmt.Errorf("asking whose %s is: %w", path, err)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return false, fmt.Errorf("asking who we are: %w", err)
	}
	if !owner.Equals(user.User.Sid) && !owner.IsWellKnown(windows.WinBuiltinAdministratorsSid) {
		return false, nil
	}
	list, _, err := security.DACL()
	if err != nil || list == nil {
		return true, nil // without a list everybody is let in
	}
	for i := range uint32(list.AceCount) {
		var entry *windows.ACCESS_ALLOWED_ACE
		if err := windows.GetAce(list, i, &entry); err != nil {
			return false, fmt.Errorf("reading who may read %s: %w", path, err)
		}
		who := (*windows.SID)(unsafe.Pointer(&entry.SidStart))
		if entry.Header.AceType == windows.ACCESS_ALLOWED_ACE_TYPE && entry.Mask != 0 && !trusted(who, user.User.Sid) {
			return true, nil
		}
	}
	return false, nil
}

func trusted(who, us *windows.SID) bool {
	return who.Equals(us) || who.IsWellKnown(windows.WinLocalSystemSid) || who.IsWellKnown(windows.WinBuiltinAdministratorsSid) ||
		who.IsWellKnown(windows.WinCreatorOwnerSid) || who.IsWellKnown(windows.WinCreatorOwnerRightsSid)
}

// shut puts our list in place of the one that was inherited or set. It asks for this one object only:
// whoever closes a folder closes what is in it one by one.
func shut(path string, folder bool) error {
	flags := ""
	if folder {
		flags = "OICI"
	}
	list, err := privateList(flags)
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	handle, err := windows.CreateFile(name, windows.WRITE_DAC|windows.READ_CONTROL,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_BACKUP_SEMANTICS, 0) // which folders ask for
	if err != nil {
		return err
	}
	defer windows.CloseHandle(handle)
	return windows.SetKernelObjectSecurity(handle, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, list)
}
