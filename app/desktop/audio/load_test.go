package audio

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"testing"
	"testing/iotest"
	"time"
)

func recording(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name + ".mp3")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// coming is a recording on its way: the test says when more of it comes.
type coming struct {
	clip *Clip
	pipe *io.PipeWriter
	done chan error
}

func startLoad(t *testing.T, first []byte, total int) *coming {
	t.Helper()
	r, w := io.Pipe()
	c := &coming{pipe: w, done: make(chan error, 1)}
	t.Cleanup(func() { w.Close() })
	began := make(chan *Clip, 1)
	go func() { c.done <- Load(r, int64(total), 0, func(clip *Clip) { began <- clip }) }()
	go w.Write(first)
	c.clip = <-began
	return c
}

// TestLoad_playsBeforeTheWholeHasCome: what has come sounds as in the whole, the length is known from the
// first second on, and while the rest is awaited there is silence and no end.
func TestLoad_playsBeforeTheWholeHasCome(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"tone-8k-mono", "tone-22k-stereo"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := recording(t, name)
			whole, err := Open(raw)
			if err != nil {
				t.Fatal(err)
			}
			half := len(raw) / 2
			c := startLoad(t, raw[:half], len(raw))
			if d := c.clip.Duration() - whole.Duration(); d.Abs() > 500*time.Millisecond {
				t.Errorf("of half of it the length is reckoned %s off", d)
			}
			if c.clip.Holds(whole.Duration() * 9 / 10) {
				t.Error("it holds what has not come")
			}
			src := newSource(c.clip, 0, Manner{Speed: 1})
			heard := make([]byte, 4096)
			silent := func() bool {
				n, err := src.Read(heard)
				if err != nil {
					t.Fatalf("while the rest is awaited: %v", err)
				}
				return !slices.ContainsFunc(heard[:n], func(b byte) bool { return b != 0 })
			}
			for n := 0; n < 5; { // it plays, then it waits
				if n++; !silent() {
					n = 0
				}
			}
			go func() {
				c.pipe.Write(raw[half:])
				c.pipe.Close()
			}()
			if err := <-c.done; err != nil {
				t.Fatal(err)
			}
			if silent() {
				t.Error("it does not go on")
			}
			got, err := c.clip.Mono(0, c.clip.Frames())
			if err != nil {
				t.Fatal(err)
			}
			want, err := whole.Mono(0, whole.Frames())
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) || c.clip.Duration() != whole.Duration() || !c.clip.Whole() {
				t.Error("what came piece by piece is not the whole")
			}
		})
	}
}

// TestLoad_byAnyPieces: one byte at a time, and with the end beside the last bytes.
func TestLoad_byAnyPieces(t *testing.T) {
	t.Parallel()
	raw := append(recording(t, "tone-8k-mono")[:6000:6000], "TAG and noise"...)
	tagged := append([]byte("ID3\x03\x00\x00\x00\x00\x02\x00"), append(make([]byte, 256), raw...)...)
	for name, data := range map[string][]byte{"bare": raw, "tagged": tagged} {
		want, err := Open(data)
		if err != nil {
			t.Fatal(err)
		}
		for reader, r := range map[string]io.Reader{"byte by byte": iotest.OneByteReader(bytes.NewReader(data)), "end at once": iotest.DataErrReader(bytes.NewReader(data))} {
			var got *Clip
			if err := Load(r, 0, 0, func(c *Clip) { got = c }); err != nil || got == nil {
				t.Fatalf("%s, %s: %v", name, reader, err)
			}
			if !slices.Equal(got.frames.offsets, want.frames.offsets) {
				t.Errorf("%s, %s: %d frames, want %d", name, reader, got.Frames(), want.Frames())
			}
		}
	}
}

// TestLoad_aPartIsTheSameSound: the part from a byte on that a moment was reckoned to lie at.
func TestLoad_aPartIsTheSameSound(t *testing.T) {
	t.Parallel()
	raw := recording(t, "tone-8k-mono")
	whole, err := Open(raw)
	if err != nil {
		t.Fatal(err)
	}
	at := whole.Duration() / 2
	begin := whole.ByteAt(at)
	if begin <= 0 || begin >= int64(len(raw)) {
		t.Fatalf("the middle lies at byte %d of %d", begin, len(raw))
	}
	var part *Clip
	if err := Load(bytes.NewReader(raw[begin:]), int64(len(raw))-begin, at, func(c *Clip) { part = c }); err != nil {
		t.Fatal(err)
	}
	if d := part.Duration() - whole.Duration(); d.Abs() > 150*time.Millisecond {
		t.Errorf("the end of the part is %s off", d)
	}
	if !part.Holds(at) || part.Holds(at-time.Millisecond) {
		t.Error("it does not begin where it was asked for")
	}
	got, err := part.Mono(settle, part.Frames())
	if err != nil {
		t.Fatal(err)
	}
	all, err := whole.Mono(0, whole.Frames())
	if err != nil {
		t.Fatal(err)
	}
	if dB := snr(got, all[len(all)-len(got):]); dB < 50 {
		t.Errorf("%.1f dB from the whole, want over 50", dB)
	}
}

// TestLoad_brokenOff plays to where it came, and then tells why it does not go on.
func TestLoad_brokenOff(t *testing.T) {
	t.Parallel()
	raw := recording(t, "tone-8k-mono")
	away := errors.New("the line is down")
	var clip *Clip
	err := Load(io.MultiReader(bytes.NewReader(raw[:len(raw)/2]), iotest.ErrReader(away)), int64(len(raw)), 0, func(c *Clip) { clip = c })
	if !errors.Is(err, away) || !clip.Broken() || clip.Whole() {
		t.Fatalf("%v, broken %t, whole %t", err, clip.Broken(), clip.Whole())
	}
	if whole, err := Open(raw); err != nil || (clip.Duration()-whole.Duration()).Abs() > 500*time.Millisecond {
		t.Errorf("its length is %s, as if that were all: %v", clip.Duration(), err)
	}
	src, heard := newSource(clip, 0, Manner{Speed: 1}), make([]byte, 4096)
	for err = nil; err == nil; {
		_, err = src.Read(heard)
	}
	if err != io.EOF || !errors.Is(src.err, away) {
		t.Errorf("it ends with %v, %v", err, src.err)
	}
	if err := clip.Measure(t.Context(), func() {}); err != nil {
		t.Errorf("the half is not measured: %v", err)
	}
}

func TestLoad_whatIsNoRecording(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "<html>sign in</html>"} {
		if err := Load(bytes.NewReader([]byte(body)), int64(len(body)), 0, func(*Clip) { t.Error("it begins to play") }); !errors.Is(err, ErrNoFrames) {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// TestMeasure_goesAlong with a recording that comes, and ends with whoever wanted it.
func TestMeasure_goesAlong(t *testing.T) {
	t.Parallel()
	raw := recording(t, "tone-8k-mono")
	c := startLoad(t, raw[:len(raw)/2], len(raw))
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() { gone <- c.clip.Measure(ctx, func() {}) }()
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("after nobody wants it: %v", err)
	}
	c.clip.loud = nil
	measured := make(chan error, 1)
	go func() { measured <- c.clip.Measure(t.Context(), func() {}) }()
	go func() {
		c.pipe.Write(raw[len(raw)/2:])
		c.pipe.Close()
	}()
	if err := errors.Join(<-measured, <-c.done); err != nil {
		t.Fatal(err)
	}
	whole, err := Open(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := whole.Measure(t.Context(), func() {}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.clip.Peaks(84), whole.Peaks(84)) {
		t.Error("it is not as loud as the whole")
	}
}
