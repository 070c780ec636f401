package control

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

// strangersPipe is a pipe that somebody else has made by the name of ours: it belongs to another owner,
// and lets everybody in.
func strangersPipe(t *testing.T, dir string) windows.Handle {
	t.Helper()
	text, err := pipeName(dir)
	if err != nil {
		t.Fatal(err)
	}
	name, err := windows.UTF16PtrFromString(text)
	if err != nil {
		t.Fatal(err)
	}
	security, err := windows.SecurityDescriptorFromString("O:BAD:(A;;GA;;;WD)")
	if err != nil {
		t.Fatal(err)
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: security}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	handle, err := windows.CreateNamedPipe(name, windows.PIPE_ACCESS_DUPLEX|windows.FILE_FLAG_OVERLAPPED,
		windows.PIPE_TYPE_BYTE, windows.PIPE_UNLIMITED_INSTANCES, 4096, 4096, 0, attributes)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { windows.CloseHandle(handle) })
	return handle
}

// TestControl_trustsNoPipeOfOthers: anybody on the machine can make a pipe by our name before we do, to
// be handed the password of a sign-in.
func TestControl_trustsNoPipeOfOthers(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dozvon")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, lockName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	strangersPipe(t, dir)
	if err := NewClient(dir).SignIn(t.Context(), SignIn{"server", "login", "password"}); !errors.Is(err, ErrUnsafe) {
		t.Errorf("asking there: %v, want a refusal", err)
	}
	if i, err := Acquire(dir); !errors.Is(err, ErrUnsafe) {
		t.Errorf("listening there: %v, want a refusal", err)
		if err == nil {
			i.Close()
		}
	}
}

func TestControl_givesEachFolderAPipeOfItsOwn(t *testing.T) {
	t.Parallel()
	one, err := pipeName(`C:\Users\a\AppData\Local\dozvon\run`)
	if err != nil {
		t.Fatal(err)
	}
	for dir, same := range map[string]bool{
		`C:\Users\a\AppData\Local\dozvon\run`:  true,
		`c:\users\A\AppData\Local\dozvon\run\`: true,
		`C:\Users\b\AppData\Local\dozvon\run`:  false,
	} {
		got, err := pipeName(dir)
		if err != nil || (got == one) != same {
			t.Errorf("%s: %s, %v", dir, got, err)
		}
	}
}
