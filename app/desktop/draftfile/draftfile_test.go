package draftfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"dozvon/app/desktop/draftfile"
)

func wants(t *testing.T, f *draftfile.File, want string) {
	t.Helper()
	if got, err := f.Read(); string(got) != want || err != nil {
		t.Errorf("the file has %q (%v), want %q", got, err, want)
	}
}

func TestFile_keepsTheNewestWhateverComesLast(t *testing.T) {
	t.Parallel()
	f := draftfile.Of(t.TempDir(), "a")
	wants(t, f, "")
	first, second := f.Next(), f.Next()
	f.Write(second, []byte("new"))
	f.Write(first, []byte("old"))
	wants(t, f, "new")
	f.Write(f.Next(), nil)
	f.Write(f.Next(), nil)
	wants(t, f, "")
}

func TestFile_isItsOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	mine, other := draftfile.Of(dir, "server\nme"), draftfile.Of(dir, "server\nother")
	mine.Write(mine.Next(), []byte("mine"))
	wants(t, other, "")
	other.Write(other.Next(), nil)
	wants(t, draftfile.Of(dir, "server\nme"), "mine")
}

// TestFile_survivesAKillWhileItIsWritten: the half of a new text stands beside the whole of the old one.
func TestFile_survivesAKillWhileItIsWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := draftfile.Of(dir, "me")
	f.Write(f.Next(), []byte("whole"))
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%q, %v", names, err)
	}
	if err := os.WriteFile(names[0]+".new", []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	again := draftfile.Of(dir, "me")
	wants(t, again, "whole")
	again.Write(again.Next(), []byte("next"))
	wants(t, again, "next")
}

// TestFile_writesWhatHasChanged, the newest last, and nothing twice.
func TestFile_writesWhatHasChanged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := draftfile.Named(dir, "pages", "me")
	for n := range 50 {
		f.Follow([]byte{'a' + byte(n%2), byte('0' + n%10)})
	}
	f.Keep([]byte("last"))
	wants(t, f, "last")
	names, err := filepath.Glob(filepath.Join(dir, "desktop-pages-*.json"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%q, %v", names, err)
	}
	if err := os.WriteFile(names[0], []byte("of another"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.Keep([]byte("last"))
	wants(t, f, "of another")
	wants(t, draftfile.Of(dir, "me"), "")
}
