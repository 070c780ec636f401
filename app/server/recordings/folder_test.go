package recordings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/pbx"
)

// sound is a recording that a PBX has: frames of 72 bytes, at 8 kbit/s.
var sound = bytes.Repeat(append([]byte{0xff, 0xe3, 0x18, 0xc4}, bytes.Repeat([]byte("doz1"), 17)...), 417)

// wave is a recording of another kind.
var wave = append([]byte("RIFF\xa0\x86\x01\x00WAVEfmt "), bytes.Repeat([]byte("doz1"), 10_000)...)

// chance is no recording, though its first bytes look like one.
var chance = append([]byte{0xff, 0xfb, 0x90, 0}, bytes.Repeat([]byte{0x81, 0x13, 0xfe}, 40_000)...)

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
	if offset > 0 && offset >= int64(len(s.body)) {
		return pbx.Sound{}, fmt.Errorf("%w: HTTP 416", pbx.ErrUnreachable)
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
		{"resumed after breaks", shaky{body: sound, breaks: []int{1000, 500}}, []int64{0, 999, 1498}, "", 0},
		{"a PBX without Range begins again", shaky{body: sound, breaks: []int{1000}, noRange: true}, []int64{0, 999}, "", 0},
		{"breaks for ever: what came waits", shaky{body: sound, breaks: []int{100, 100, 100, 100, 100}}, []int64{0, 99, 198, 297}, "broke off", 397},
		{"without a length", shaky{body: sound, unsized: true}, []int64{0}, "", 0},
		{"an error page is no recording", shaky{body: []byte("<html>sorry</html>")}, []int64{0}, "not an MP3", 0},
		{"another kind is told as what it is", shaky{body: wave}, []int64{0}, "no MP3 (WAV)", 0},
		{"noise behind one head", shaky{body: chance}, []int64{0}, "no MP3 ()", 0},
		{"nothing", shaky{body: nil}, []int64{0}, "not ready", 0},
		{"the PBX has none", shaky{body: sound, err: pbx.ErrNoRecording}, []int64{0}, "does not have", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "rec", "a.mp3")
			err := Folder{}.fetch(t.Context(), &tt.from, "r1", newTransfer(path))
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

// endless is a recording without a length and without an end.
type endless struct{ read int64 }

func (e *endless) Recording(context.Context, string, int64) (pbx.Sound, error) {
	return pbx.Sound{Body: io.NopCloser(io.MultiReader(bytes.NewReader(sound), e)), Size: -1}, nil
}

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}

func TestFetch_withoutAnEndIsRefusedAndNotStored(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.mp3")
	r, source := Folder{Max: 1 << 20}, &endless{}
	if err := r.fetch(t.Context(), source, "r1", newTransfer(path)); !errors.Is(err, pbx.ErrUnclear) || source.read > 2<<20 {
		t.Errorf("got %v after %d bytes", err, source.read)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it was kept as whole: %v", err)
	}
	if half, err := os.Stat(path + partEnd); err == nil && half.Size() != 0 {
		t.Errorf("%d bytes of it were kept", half.Size())
	}
	whole := &shaky{body: sound}
	if err := (Folder{Max: int64(len(sound))}).fetch(t.Context(), whole, "r1", newTransfer(path)); err != nil {
		t.Errorf("one of exactly the longest length: %v", err)
	}
	if err := (Folder{Max: int64(len(sound)) - 1}).fetch(t.Context(), &shaky{body: sound}, "r2", newTransfer(path+"2")); !errors.Is(err, pbx.ErrUnclear) {
		t.Errorf("one that is announced as too long: %v", err)
	}
}

func TestWhole_findsABadFileThatWasKept(t *testing.T) {
	t.Parallel()
	tag := append([]byte("ID3\x04\x00\x00\x00\x00\x01\x00"), make([]byte, 128)...) // a tag of 128 bytes
	for name, tt := range map[string]struct {
		body []byte
		want bool
	}{
		"a frame": {sound, true}, "a tag and a frame": {append(slices.Clone(tag), sound...), true},
		"a tag, room, and a frame": {append(append(slices.Clone(tag), make([]byte, 500)...), sound...), true},
		"nothing":                  {nil, false}, "a page": {[]byte("<html></html>"), false}, "an error": {[]byte(`{"result":3320}`), false},
		"a tag alone": {tag, false}, "a tag before a page": {append(slices.Clone(tag), "<html>"...), false}, "a tag cut short": {tag[:20], false},
		"text of two-byte letters": {[]byte("\xff\xfe<\x00h\x00"), false}, "zeros": {make([]byte, 5000), false},
	} {
		path := filepath.Join(t.TempDir(), "a.mp3")
		if err := os.WriteFile(path, tt.body, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := (Folder{}).whole(path); got != tt.want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if _, err := os.Stat(path); (err == nil) != tt.want {
			t.Errorf("%s: left there: %v", name, err == nil)
		}
	}
}

// TestFetch_keepsWhatHadComeWhole: the last byte came, and the server was killed before it gave the file its name.
func TestFetch_keepsWhatHadComeWhole(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.mp3")
	if err := os.WriteFile(path+partEnd, sound, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (Folder{}).fetch(t.Context(), &shaky{body: sound}, "r1", newTransfer(path)); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, sound) {
		t.Errorf("%d bytes are kept, %v", len(got), err)
	}
}

func TestFetch_goesOnWhereAnEarlierOneBroke(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.mp3")
	if err := (Folder{}).fetch(t.Context(), &shaky{body: sound, breaks: []int{10, 10, 10, 10}}, "r1", newTransfer(path)); err == nil {
		t.Fatal("a broken transfer passed")
	}
	second := &shaky{body: sound}
	if err := (Folder{}).fetch(t.Context(), second, "r1", newTransfer(path)); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, sound) || second.requests[0] != 36 {
		t.Errorf("%v, %d bytes, asked from %v", err, len(got), second.requests)
	}
}

func TestClean_keepsThePolicy(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	files := map[string]time.Duration{"new.mp3": time.Hour, "week.mp3": 7 * day, "old.mp3": 40 * day, "half.mp3.part": 2 * day, "fresh.mp3.part": time.Hour}
	tests := []struct {
		name   string
		policy Folder
		want   []string
	}{
		{"proxy without a bound", Folder{}, []string{"fresh.mp3.part", "new.mp3", "old.mp3", "week.mp3"}},
		{"proxy with room for three", Folder{Room: 350}, []string{"fresh.mp3.part", "new.mp3", "week.mp3"}},
		{"archive of thirty days", Folder{Archive: true, Keep: 30 * day}, []string{"fresh.mp3.part", "new.mp3", "week.mp3"}},
		{"archive for ever", Folder{Archive: true}, []string{"fresh.mp3.part", "new.mp3", "old.mp3", "week.mp3"}},
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
			k := &Keeper{Folder: tt.policy, Now: func() time.Time { return now }}
			if err := k.clean(); err != nil {
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
