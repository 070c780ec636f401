package download

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

func TestSave_isWholeOrNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "запись.mp3")
	var told []int
	saved, err := Save(path, iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 40))), 40, func(percent int) { told = append(told, percent) })
	if err != nil || saved != path {
		t.Fatal(saved, err)
	}
	if got, err := os.ReadFile(path); err != nil || len(got) != 40 {
		t.Fatalf("saved %d bytes, %v", len(got), err)
	}
	if !slices.Equal(told, []int{10, 20, 30, 40, 50, 60, 70, 80, 90, 100}) {
		t.Errorf("told %v", told)
	}
	broken := errors.New("cut off")
	other := filepath.Join(dir, "вторая.mp3")
	if _, err := Save(other, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), 0, nil); !errors.Is(err, broken) {
		t.Errorf("a broken answer gives %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// TestSave_takesNoFilesPlace: what was saved in the same minute under the same name was gone. However many at once, also
// where the file system has no links.
func TestSave_takesNoFilesPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "Лента 2026-11-28 15-04.xlsx")
	if err := os.WriteFile(path, []byte("the person's"), 0o600); err != nil {
		t.Fatal(err)
	}
	const many = 20
	var wait sync.WaitGroup
	saved := make([]string, many)
	for n := range many {
		wait.Go(func() {
			var err error
			text := fmt.Sprint("file ", n)
			if n%2 == 0 {
				saved[n], err = Save(path, strings.NewReader(text), 0, nil)
			} else {
				saved[n], err = Resume(path, fmt.Sprint(n), (&source{whole: text}).open, nil)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for n, at := range saved {
		if got, err := os.ReadFile(at); err != nil || string(got) != fmt.Sprint("file ", n) {
			t.Errorf("%s holds %q, want file %d: %v", at, got, n, err)
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "the person's" {
		t.Errorf("the file that was there holds %q, %v", got, err)
	}
	slices.Sort(saved)
	if first := filepath.Join(dir, "Лента 2026-11-28 15-04 (1).xlsx"); saved[0] != first {
		t.Errorf("the first is %s, want %s", saved[0], first)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != many+1 {
		t.Errorf("left are %v, %v", left, err)
	}

	part := filepath.Join(dir, "a.part")
	if err := os.WriteFile(part, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := take(part, path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("without links a name that is taken gives %v", err)
	}
	free := filepath.Join(dir, "free")
	if err := take(part, free); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(free); err != nil || string(got) != "new" {
		t.Errorf("without links it holds %q, %v", got, err)
	}
}

func TestName_isAllowedEverywhere(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{`24.11 14:32 "Сайт"?.mp3`: "24.11 14-32 -Сайт--.mp3", "имя. . ": "имя"} {
		if got := Name(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
