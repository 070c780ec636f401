//go:build linux

package lossydisk_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"dozvon/app/soak/lossydisk"
)

// mount shows a disk in a folder of its own.
func mount(t *testing.T, d *lossydisk.Disk) (folder string, unmount func()) {
	t.Helper()
	folder = t.TempDir()
	end, err := d.Mount(folder)
	if errors.Is(err, lossydisk.ErrNoFUSE) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder, func() {
		t.Helper()
		if err := end(); err != nil {
			t.Error(err)
		}
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// TestDisk_isAFileSystem: what programs do on one.
func TestDisk_isAFileSystem(t *testing.T) {
	t.Parallel()
	dir, unmount := mount(t, lossydisk.New(1))
	defer unmount()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(at("a"), []byte("hello, world"), 0o600), os.Mkdir(at("d"), 0o700), os.Rename(at("a"), at("d/b")), os.Link(at("d/b"), at("c")))
	must(t, os.Truncate(at("c"), 5))
	raw, err := os.ReadFile(at("d/b"))
	if err != nil || string(raw) != "hello" {
		t.Errorf("%q, %v", raw, err)
	}
	if err := os.Link(at("c"), at("d/b")); !errors.Is(err, os.ErrExist) {
		t.Errorf("a name was taken: %v", err)
	}
	if err := os.Remove(at("d")); !errors.Is(err, syscall.ENOTEMPTY) {
		t.Errorf("a full folder was removed: %v", err)
	}
	must(t, os.RemoveAll(at("d")))
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "c" {
		t.Errorf("%v, %v", entries, err)
	}
	info, err := os.Stat(at("c"))
	if err != nil || info.Size() != 5 || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

// TestDisk_aCutKeepsWhatWasSynced and draws what becomes of the rest.
func TestDisk_aCutKeepsWhatWasSynced(t *testing.T) {
	t.Parallel()
	const size = 4 * 512
	old, fresh := bytes.Repeat([]byte("o"), size), bytes.Repeat([]byte("n"), size)
	found := map[string]int{}
	for seed := range uint64(60) {
		d := lossydisk.New(seed)
		dir, unmount := mount(t, d)
		f, err := os.Create(filepath.Join(dir, "file"))
		must(t, err)
		_, err = f.WriteAt(old, 0)
		must(t, err, f.Sync(), syncFolder(dir))
		_, err = f.WriteAt(fresh, 0)
		must(t, err, f.Close(), os.WriteFile(filepath.Join(dir, "unsynced"), fresh, 0o600), os.Rename(filepath.Join(dir, "file"), filepath.Join(dir, "renamed")))
		d.CutNow()
		if err := os.WriteFile(filepath.Join(dir, "late"), nil, 0o600); err == nil {
			t.Error("something was written without power")
		}
		unmount()
		after := t.TempDir()
		must(t, d.Survive().Extract(after))
		entries, err := os.ReadDir(after)
		must(t, err)
		names := ""
		for _, e := range entries {
			names += e.Name() + " "
		}
		found[names]++
		raw, err := os.ReadFile(filepath.Join(after, "file"))
		if errors.Is(err, os.ErrNotExist) {
			raw, err = os.ReadFile(filepath.Join(after, "renamed"))
		}
		if err != nil || len(raw) != size {
			t.Fatalf("%d bytes of the synced file, %v", len(raw), err)
		}
		sectors := ""
		for i := 0; i < size; i += 512 {
			switch part := raw[i : i+512]; {
			case bytes.Equal(part, old[:512]):
				sectors += "o"
			case bytes.Equal(part, fresh[:512]):
				sectors += "n"
			default:
				t.Fatal("a sector is neither what it was nor what it was to be")
			}
		}
		found[sectors]++
	}
	for _, want := range []string{"file ", "file unsynced ", "renamed unsynced ", "oooo", "nnnn"} {
		if found[want] == 0 {
			t.Errorf("%q never survived: %v", want, found)
		}
	}
	if len(found) < 8 {
		t.Errorf("only %v survived", found)
	}
}

// TestDisk_goesOffWithTheChangeThatIsTold and not before.
func TestDisk_goesOffWithTheChangeThatIsTold(t *testing.T) {
	t.Parallel()
	d := lossydisk.New(1)
	dir, unmount := mount(t, d)
	defer unmount()
	f, err := os.Create(filepath.Join(dir, "file"))
	must(t, err)
	d.CutAfter(3)
	for n := 1; n < 5; n++ {
		_, err := fmt.Fprint(f, "x")
		if (err != nil) != (n >= 3) {
			t.Errorf("write %d: %v", n, err)
		}
	}
	select {
	case <-d.Cut():
	default:
		t.Error("it is not told that the power is cut")
	}
	f.Close()
}
