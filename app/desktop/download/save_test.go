package download

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSave_isWholeOrNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "запись.mp3")
	var told []int
	err := Save(path, iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 40))), 40, func(percent int) { told = append(told, percent) })
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || len(got) != 40 {
		t.Fatalf("saved %d bytes, %v", len(got), err)
	}
	if !slices.Equal(told, []int{10, 20, 30, 40, 50, 60, 70, 80, 90, 100}) {
		t.Errorf("told %v", told)
	}
	broken := errors.New("cut off")
	other := filepath.Join(dir, "вторая.mp3")
	if err := Save(other, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), 0, nil); !errors.Is(err, broken) {
		t.Errorf("a broken answer gives %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left are %v, %v", left, err)
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
