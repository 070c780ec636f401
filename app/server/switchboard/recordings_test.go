package switchboard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/pbx"
)

// sound is a recording that a PBX has: an MP3 by its first bytes.
var sound = append([]byte{0xff, 0xe3, 0x18, 0xc4}, bytes.Repeat([]byte("dozvon"), 5000)...)

// shaky is a PBX whose transfers break: each one brings at most the next number of bytes.
type shaky struct {
	breaks   []int // bytes until each transfer breaks; none left: it goes through
	noRange  bool
	unsized  bool
	body     []byte
	err      error
	requests []int64 // the offsets that were asked for
}

func (s *shaky) Recording(_ context.Context, _ string, offset int64) (pbx.Sound, error) {
	s.requests = append(s.requests, offset)
	if s.err != nil {
		return pbx.Sound{}, s.err
	}
	if s.noRange {
		offset = 0
	}
	var r io.Reader = bytes.NewReader(s.body[offset:])
	if len(s.breaks) > 0 {
		r = io.MultiReader(io.LimitReader(r, int64(s.breaks[0])), brokenReader{})
		s.breaks = s.breaks[1:]
	}
	size := int64(len(s.body))
	if s.unsized {
		size = -1
	}
	return pbx.Sound{Body: io.NopCloser(r), From: offset, Size: size}, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestFetch_isWholeOrNotThere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		from     shaky
		requests []int64
		fails    string // empty: it succeeds
		half     int    // bytes that wait to be resumed
	}{
		{"at once", shaky{body: sound}, []int64{0}, "", 0},
		{"resumed after breaks", shaky{body: sound, breaks: []int{1000, 500}}, []int64{0, 1000, 1500}, "", 0},
		{"a PBX without Range begins again", shaky{body: sound, breaks: []int{1000}, noRange: true}, []int64{0, 1000}, "", 0},
		{"breaks for ever: what came waits", shaky{body: sound, breaks: []int{100, 100, 100, 100, 100}}, []int64{0, 100, 200, 300}, "broke off", 400},
		{"without a length", shaky{body: sound, unsized: true}, []int64{0}, "", 0},
		{"an error page is no recording", shaky{body: []byte("<html>sorry</html>")}, []int64{0}, "not an MP3", 0},
		{"nothing", shaky{body: nil}, []int64{0}, "not ready", 0},
		{"the PBX has none", shaky{body: sound, err: pbx.ErrNoRecording}, []int64{0}, "does not have", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "rec", "a.mp3")
			err := Recordings{}.fetch(t.Context(), &tt.from, "r1", path)
			if !slices.Equal(tt.from.requests, tt.requests) {
				t.Errorf("asked for %v, want %v", tt.from.requests, tt.requests)
			}
			got, rerr := os.ReadFile(path)
			if tt.fails == "" {
				if err != nil || !bytes.Equal(got, tt.from.body) {
					t.Errorf("%v, %d bytes of %d", err, len(got), len(tt.from.body))
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.fails) {
				t.Errorf("got %v, want %q", err, tt.fails)
			}
			if !errors.Is(rerr, os.ErrNotExist) {
				t.Errorf("a file stands under the final name, %d bytes", len(got))
			}
			half, _ := os.ReadFile(path + partEnd)
			if len(half) != tt.half {
				t.Errorf("%d bytes wait to be resumed, want %d", len(half), tt.half)
			}
		})
	}
}

func TestFetch_goesOnWhereAnEarlierOneBroke(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.mp3")
	if err := (Recordings{}).fetch(t.Context(), &shaky{body: sound, breaks: []int{10, 10, 10, 10}}, "r1", path); err == nil {
		t.Fatal("a broken transfer passed")
	}
	second := &shaky{body: sound}
	if err := (Recordings{}).fetch(t.Context(), second, "r1", path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, sound) || second.requests[0] != 40 {
		t.Errorf("%v, %d bytes, asked from %v", err, len(got), second.requests)
	}
}

func TestCleanRecordings_keepsThePolicy(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	files := map[string]time.Duration{"new.mp3": time.Hour, "week.mp3": 7 * day, "old.mp3": 40 * day, "half.mp3.part": 2 * day, "fresh.mp3.part": time.Hour}
	tests := []struct {
		name   string
		policy Recordings
		want   []string
	}{
		{"proxy without a bound", Recordings{}, []string{"fresh.mp3.part", "new.mp3", "old.mp3", "week.mp3"}},
		{"proxy with room for three", Recordings{Room: 350}, []string{"fresh.mp3.part", "new.mp3", "week.mp3"}},
		{"archive of thirty days", Recordings{Archive: true, Keep: 30 * day}, []string{"fresh.mp3.part", "new.mp3", "week.mp3"}},
		{"archive for ever", Recordings{Archive: true}, []string{"fresh.mp3.part", "new.mp3", "old.mp3", "week.mp3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for name, age := range files {
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, make([]byte, 100), 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
					t.Fatal(err)
				}
			}
			tt.policy.Dir = dir
			s := &Switchboard{Config: Config{Recordings: tt.policy, Now: func() time.Time { return now }}}
			if err := s.cleanRecordings(); err != nil {
				t.Fatal(err)
			}
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range entries {
				got = append(got, e.Name())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("left %v, want %v", got, tt.want)
			}
		})
	}
}
