package disk

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"
)

// TestReadFile_readsWhatAnotherRemoves: two servers begin at once, one reads the key by its name while the other
// removes the name that it was made under.
func TestReadFile_readsWhatAnotherRemoves(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("words"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path, path+".other"); err != nil {
		t.Fatal(err)
	}
	name, err := windows.UTF16PtrFromString(path + ".other")
	if err != nil {
		t.Fatal(err)
	}
	const all = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
	removing, err := windows.CreateFile(name, windows.DELETE, all, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer windows.CloseHandle(removing)
	if got, err := ReadFile(path); string(got) != "words" || err != nil {
		t.Errorf("read %q, %v", got, err)
	}
	if _, err := ReadFile(path + ".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}
