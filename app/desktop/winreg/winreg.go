// Package winreg is what the program needs of the Windows registry: the keys that belong to the person
// (HKEY_CURRENT_USER). It knows no key's meaning.
package winreg

// Registry reads and writes keys below HKEY_CURRENT_USER. A key's path has backslashes; the name "" is
// its default value.
type Registry interface {
	// String is a value as text; false when the key or the value is not there.
	String(key, name string) (string, bool, error)
	// Bytes is a binary value; false when the key or the value is not there.
	Bytes(key, name string) ([]byte, bool, error)
	// SetString sets a value, and makes the key where it is not there.
	SetString(key, name, value string) error
	// DeleteValue takes a value away; one that is not there is no error.
	DeleteValue(key, name string) error
	// DeleteTree takes a key and all below it away; one that is not there is no error.
	DeleteTree(key string) error
}
