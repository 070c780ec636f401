package access

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"dozvon/app/server/disk"
)

// TestNewSealer_itsNameIsDurable before anything is sealed: after a power cut the key was gone, and what it had sealed
// was not.
func TestNewSealer_itsNameIsDurable(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seal.key")
	var synced []string
	sync := func(folder string) error {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("synced before the key is there: %v", err)
		}
		synced = append(synced, folder)
		return disk.SyncFolder(folder)
	}
	first, err := newSealer(path, sync)
	if err != nil {
		t.Fatal(err)
	}
	second, err := newSealer(path, sync) // one that comes later finds it, and may be the first to seal
	if err != nil || second.Fingerprint() != first.Fingerprint() {
		t.Fatal(err, "or another key")
	}
	if want := filepath.Dir(path); len(synced) != 2 || synced[0] != want || synced[1] != want {
		t.Errorf("synced are %q, want twice %s", synced, want)
	}
	broken := errors.New("the disk is broken")
	if _, err := newSealer(filepath.Join(t.TempDir(), "k"), func(string) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a folder that cannot be synced: %v", err)
	}
}
