package access_test

import (
	"errors"
	"os"
	"path/filepath"
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
	s, err := access.OpenSealer(dir)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := s.Seal("ключ")
	if err != nil {
		t.Fatal(err)
	}
	again, err := access.OpenSealer(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Unseal(sealed); err != nil || got != "ключ" {
		t.Errorf("got %q, %v", got, err)
	}
	other, err := access.OpenSealer(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Unseal(sealed); !errors.Is(err, access.ErrSeal) {
		t.Errorf("another key: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "seal.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v, %v", info, err)
	}
}
