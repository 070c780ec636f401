package access_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"dozvon/app/server/access"
	"dozvon/client"
)

func TestAtLeast_rolesAscend(t *testing.T) {
	t.Parallel()
	if !access.AtLeast(client.RoleAdmin, client.RoleOperator) || access.AtLeast(client.RoleOperator, client.RoleManager) {
		t.Error("the order of roles is wrong")
	}
	if access.AtLeast("owner", client.RoleOperator) || access.AtLeast("", client.RoleOperator) {
		t.Error("an unknown role may something")
	}
}

func TestSealer_opensOnlyWithItsKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := access.NewSealer(filepath.Join(dir, "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := s.Seal("ключ")
	if err != nil {
		t.Fatal(err)
	}
	again, err := access.ReadSealer(filepath.Join(dir, "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Unseal(sealed); err != nil || got != "ключ" {
		t.Errorf("got %q, %v", got, err)
	}
	other, err := access.NewSealer(filepath.Join(t.TempDir(), "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Unseal(sealed); !errors.Is(err, access.ErrSeal) {
		t.Errorf("another key: %v", err)
	}
	// On Windows an access list says so, which is the package disk's: see its tests.
	if info, err := os.Stat(filepath.Join(dir, "seal.key")); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("the key file: %v, %v", info, err)
	}
}

// An editor that opened the key and saved it ends it with a new line; a key that differs by more
// is not one, and a link to nowhere must not be filled with a new key.
func TestSealer_readsItsFileAsItIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "seal.key")
	s, err := access.NewSealer(path)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"as it was": "", "new line": "\n", "Windows' new line": "\r\n"} {
		other := filepath.Join(dir, name)
		if err := os.WriteFile(other, append(raw, text...), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := access.ReadSealer(other); err != nil || got.Fingerprint() != s.Fingerprint() {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, key := range map[string][]byte{"cut": raw[:31], "longer": append(raw, 'x'), "empty": nil} {
		other := filepath.Join(dir, name)
		if err := os.WriteFile(other, key, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := access.ReadSealer(other); err == nil || !strings.Contains(err.Error(), "restore it from the backup") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if runtime.GOOS == "windows" {
		return // making a link is a privilege there
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), link); err != nil {
		t.Fatal(err)
	}
	if _, err := access.ReadSealer(link); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link to nowhere: %v", err)
	}
}

func TestSealer_oneKeyForTwoThatBeginAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seal.key")
	prints := make(chan string, 20)
	for range cap(prints) {
		go func() {
			s, err := access.NewSealer(path)
			if err != nil {
				t.Error(err)
				prints <- ""
				return
			}
			prints <- s.Fingerprint()
		}()
	}
	first := <-prints
	for range cap(prints) - 1 {
		if got := <-prints; got != first {
			t.Errorf("keys %s and %s", first, got)
		}
	}
}
