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

// source is what can be had, and from where it was asked for.
type source struct {
	whole  string
	breaks int // after so many bytes; 0: never
	start  bool
	asked  []int64
}

func (s *source) open(at int64) (io.ReadCloser, int64, error) {
	s.asked = append(s.asked, at)
	if at > 0 && s.start || at > int64(len(s.whole)) {
		return nil, 0, ErrFromStart
	}
	rest := s.whole[at:]
	if s.breaks == 0 {
		return io.NopCloser(strings.NewReader(rest)), int64(len(s.whole)), nil
	}
	return io.NopCloser(io.MultiReader(strings.NewReader(rest[:s.breaks]), iotest.ErrReader(errBroken))), int64(len(s.whole)), nil
}

var errBroken = errors.New("broke off")

func saved(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("saved is %q, want %q: %v", got, want, err)
	}
	left, _ := filepath.Glob(path + ".*")
	if len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

// TestResume_goesOnWhereItBrokeOff, as often as it does, and tells how far it is.
func TestResume_goesOnWhereItBrokeOff(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "запись.mp3")
	s := &source{whole: "0123456789", breaks: 4}
	var told []int
	tell := func(percent int) { told = append(told, percent) }
	for range 2 {
		if _, err := Resume(path, "a", s.open, tell); !errors.Is(err, errBroken) {
			t.Fatalf("breaking off gives %v", err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Fatal("half a file looks like a whole one")
		}
	}
	s.breaks = 0
	if _, err := Resume(path, "a", s.open, tell); err != nil {
		t.Fatal(err)
	}
	saved(t, path, s.whole)
	if !slices.Equal(s.asked, []int64{0, 4, 8}) || !slices.Equal(told, []int{40, 80, 100}) {
		t.Errorf("asked from %v, told %v", s.asked, told)
	}
}

// TestResume_beginsAgainWhereItMust: the middle cannot be had, or what is there is longer than the whole.
func TestResume_beginsAgainWhereItMust(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*source{
		"from its start alone": {whole: "0123456789", start: true},
		"another one":          {whole: "01234"},
	} {
		path := filepath.Join(t.TempDir(), "запись.mp3")
		if err := os.WriteFile(path+".a.part", []byte("xxxxxxx"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Resume(path, "a", s.open, nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		saved(t, path, s.whole)
	}
}

// TestResume_leavesNothingOfWhatNeverCame, and does not take another recording's beginning for its own.
func TestResume_leavesNothingOfWhatNeverCame(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "запись.mp3")
	refused := errors.New("refused")
	if _, err := Resume(path, "a", func(int64) (io.ReadCloser, int64, error) { return nil, 0, refused }, nil); !errors.Is(err, refused) {
		t.Errorf("a refusal gives %v", err)
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
	if err := os.WriteFile(path+".b.part", []byte("xxxx"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &source{whole: "0123456789"}
	if _, err := Resume(path, "a", s.open, nil); err != nil || s.asked[0] != 0 {
		t.Errorf("asked from %v, %v", s.asked, err)
	}
	if short := (&source{whole: "01"}); true {
		_, err := Resume(path, "c", func(at int64) (io.ReadCloser, int64, error) {
			body, _, err := short.open(at)
			return body, 9, err
		}, nil)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("one that ends too soon gives %v", err)
		}
	}
}

// TestResume_hasOneWriterAtATime: two would write into each other.
func TestResume_hasOneWriterAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "запись.mp3")
	s := &source{whole: "0123456789"}
	twice := func(int) {
		if _, err := Resume(path, "a", s.open, func(int) {}); !errors.Is(err, ErrUnderWay) {
			t.Errorf("a second writer is answered %v", err)
		}
	}
	if _, err := Resume(path, "a", s.open, twice); err != nil {
		t.Fatal(err)
	}
	saved(t, path, s.whole)
	if again, err := Resume(path, "a", s.open, func(int) {}); err != nil || again == path {
		t.Errorf("once it is there it is saved again as %q, %v", again, err)
	}
}
