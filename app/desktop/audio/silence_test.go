package audio

import (
	"io"
	"slices"
	"testing"
	"time"
)

// TestSilences_leavePausesAndWords: what is skipped begins after a pause and ends before the next word; a
// line that hums is silent, a breath is not.
func TestSilences_leavePausesAndWords(t *testing.T) {
	t.Parallel()
	const frame = 100 * time.Millisecond
	part := func(loud float32, n int) []float32 { return slices.Repeat([]float32{loud}, n) }
	for name, tt := range map[string]struct {
		loud []float32
		want []span
	}{
		"nothing":              {nil, nil},
		"talk alone":           {part(0.5, 50), nil},
		"a breath":             {slices.Concat(part(0.5, 20), part(0, 9), part(0.5, 20)), nil},
		"a wait":               {slices.Concat(part(0.5, 20), part(0, 30), part(0.5, 20)), []span{{23, 47}}},
		"a wait on a line":     {slices.Concat(part(0.5, 20), part(0.02, 30), part(0.5, 20)), []span{{23, 47}}},
		"a whisper":            {slices.Concat(part(0.5, 20), part(0.05, 30), part(0.5, 20)), nil},
		"a quiet line's word":  {slices.Concat(part(0.1, 20), part(0.02, 30), part(0.1, 20)), nil},
		"before the first":     {slices.Concat(part(0, 30), part(0.5, 20)), []span{{3, 27}}},
		"after the last":       {slices.Concat(part(0.5, 20), part(0, 30)), []span{{23, 47}}},
		"a word between waits": {slices.Concat(part(0, 20), part(0.5, 1), part(0, 20)), []span{{3, 17}, {24, 38}}},
		"silence alone":        {part(0, 30), []span{{3, 27}}},
	} {
		if got := silences(tt.loud, frame); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// sounding is all that a source gives, in time.
func sounding(t *testing.T, src *source) time.Duration {
	t.Helper()
	total, buffer := 0, make([]byte, 4096)
	for {
		n, err := src.Read(buffer)
		total += n
		if err == io.EOF {
			return time.Duration(total/4) * time.Second / outputRate
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestSource_skipsSilence: so much less is heard as is said to be saved, from wherever one begins.
func TestSource_skipsSilence(t *testing.T) {
	t.Parallel()
	clip, _ := reference(t, "tone-8k-mono")
	n := clip.Frames()
	clip.silent = []span{{n / 4, n / 3}, {n / 2, n/2 + 1}, {n - 5, n}}
	all := sounding(t, newSource(clip, 0, Manner{Speed: 1}))
	less := sounding(t, newSource(clip, 0, Manner{Speed: 1, SkipSilence: true}))
	if got, want := all-less, clip.Silence(); (got - want).Abs() > 20*time.Millisecond {
		t.Errorf("%v less is heard, want %v", got, want)
	}
	inside := newSource(clip, clip.at((n/4+2)*clip.perFrame), Manner{Speed: 1, SkipSilence: true})
	if _, err := inside.Read(make([]byte, 64)); err != nil || inside.played < n/3*clip.perFrame {
		t.Errorf("begun inside a silence, it plays sample %d, want one from %d on; %v", inside.played, n/3*clip.perFrame, err)
	}
}

// TestSound_isOneChannelAlone: the two channels of the file are told apart, and are both in what is mixed.
func TestSound_isOneChannelAlone(t *testing.T) {
	t.Parallel()
	d := decoded{channels: 2, count: 3, raw: []byte{1, 0, 9, 0, 2, 0, 8, 0, 3, 0, 7, 0}}
	for channel, want := range map[Channel][]int16{Both: {5, 5, 5}, Left: {1, 2, 3}, Right: {9, 8, 7}} {
		if got := d.mixed(channel); !slices.Equal(got, want) {
			t.Errorf("channel %d: %v, want %v", channel, got, want)
		}
	}
	one := decoded{channels: 1, count: 2, raw: []byte{1, 0, 2, 0}}
	if got := one.mixed(Right); !slices.Equal(got, []int16{1, 2}) {
		t.Errorf("the right one of one channel: %v", got)
	}
	same := decoded{channels: 2, count: 2, raw: []byte{1, 0, 1, 0, 200, 0, 200, 0}}
	if !d.apart() || same.apart() || one.apart() {
		t.Errorf("apart: two sounds %v, one sound twice %v, one channel %v", d.apart(), same.apart(), one.apart())
	}
}
