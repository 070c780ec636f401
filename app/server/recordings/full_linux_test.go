package recordings

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"dozvon/app/server/pbx"
)

// TestFetch_aFullDiskIsNotThePBX: it was told as «the PBX does not answer», and the PBX was asked four times.
func TestFetch_aFullDiskIsNotThePBX(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.mp3")
	if err := os.Symlink("/dev/full", path+partEnd); err != nil {
		t.Fatal(err)
	}
	source := &shaky{body: sound}
	err := Folder{}.fetch(t.Context(), source, "r1", newTransfer(path))
	if !errors.Is(err, syscall.ENOSPC) || errors.Is(err, pbx.ErrUnreachable) {
		t.Errorf("told as %v", err)
	}
	if !slices.Equal(source.requests, []int64{0}) {
		t.Errorf("the PBX was asked for %v", source.requests)
	}
}
