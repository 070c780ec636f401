package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows"
)

// strangers are «Everyone», the people of this computer and whoever is signed in, as they
// stand in an access list.
var strangers = []string{"WD", "BU", "AU"}

// listOf is the access list of a file in words.
func listOf(t *testing.T, path string) string {
	t.Helper()
	security, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		t.Fatal(err)
	}
	return security.String()
}

func letsStrangersIn(list string) bool {
	for _, who := range strangers {
		if strings.Contains(list, ";;;"+who+")") {
			return true
		}
	}
	return false
}

func TestCreate_letsNobodyElseReadTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seal.key")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("key"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if list := listOf(t, path); letsStrangersIn(list) {
		t.Errorf("others may read it: %s", list)
	}
	if _, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made again: %v, want fs.ErrExist", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "key" {
		t.Errorf("it holds %q, %v", text, err)
	}
}

func TestClose_takesAFileAwayFromOthers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "seal.key")
	if err := os.WriteFile(path, []byte("key"), 0o600); err != nil {
		t.Fatal(err)
	}
	open, err := windows.SecurityDescriptorFromString("D:P(A;;FA;;;WD)")
	if err != nil {
		t.Fatal(err)
	}
	list, _, err := open.DACL()
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{path, dir} {
		if err := windows.SetNamedSecurityInfo(at, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION, nil, nil, list, nil); err != nil {
			t.Fatal(err)
		}
		if list := listOf(t, at); !letsStrangersIn(list) {
			t.Fatalf("the system would not open %s: %s", at, list)
		}
	}
	Close(dir)
	for _, at := range []string{path, dir} {
		if list := listOf(t, at); letsStrangersIn(list) {
			t.Errorf("others may still read %s: %s", at, list)
		}
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "key" {
		t.Errorf("we read %q, %v", text, err)
	}
}
