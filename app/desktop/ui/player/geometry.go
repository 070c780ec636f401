package player

import (
	"time"

	"dozvon/client"
)

const (
	// waveHigh is the waveform's height; above it stands a lane of flags, under it the axis.
	waveHigh float32 = 52
	flagHigh float32 = 20
	waveTop  float32 = 36
	// stemTop and stemHigh tell where the playhead and a selection stand; a flag's stem begins under its box.
	stemTop, stemHigh float32 = 32, 60
	axisTop           float32 = 98
	boardHigh         float32 = 116
	// apart is how far from each other times of the axis stand at least.
	apart float32 = 80
	// shortestMark is how much of the recording a drag selects at least.
	shortestMark = 500 * time.Millisecond
)

// steps of the axis.
var steps = []time.Duration{
	time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
}

// ticks are the moments that the axis of a recording names, from its beginning on.
func ticks(length time.Duration, width float32) []time.Duration {
	if length <= 0 || width <= 0 {
		return nil
	}
	step := steps[len(steps)-1]
	for _, s := range steps {
		if float32(float64(s)/float64(length))*width >= apart {
			step = s
			break
		}
	}
	var all []time.Duration
	for at := time.Duration(0); at <= length; at += step {
		all = append(all, at)
	}
	return all
}

// placeOf is where a moment stands on a width, momentOf the moment at a place; both stay within the recording.
func placeOf(at, length time.Duration, width float32) float32 {
	if length <= 0 {
		return 0
	}
	return width * float32(max(0, min(1, float64(at)/float64(length))))
}

func momentOf(x float32, length time.Duration, width float32) time.Duration {
	if width <= 0 {
		return 0
	}
	at := time.Duration(max(0, min(1, float64(x)/float64(width))) * float64(length))
	return at.Round(time.Millisecond)
}

// flagPlace is where a flag is drawn: its stem, and its box with the word, or with the sign alone where an earlier
// one stands in the way.
type flagPlace struct {
	client.Flag
	stem, left, width float32
	bare              bool
}

const (
	// flagSign is the width of the sign in its box, flagEdge what the box has beside word and sign.
	flagSign float32 = 12
	flagEdge float32 = 18
	bareWide float32 = 24
	// flagGap is between two boxes.
	flagGap float32 = 2
)

// placeFlags places the flags of a recording, which come in their order; wide measures a word.
func placeFlags(flags []client.Flag, length time.Duration, width float32, wide func(string) float32) []flagPlace {
	var all []flagPlace
	right := float32(0)
	for _, f := range flags {
		p := flagPlace{Flag: f, stem: placeOf(time.Duration(f.FromMS)*time.Millisecond, length, width)}
		p.width = flagSign + flagEdge + wide(f.Word)
		p.left = max(0, min(p.stem, width-p.width))
		if p.left < right {
			p.bare, p.width = true, bareWide
			p.left = max(0, min(p.stem, width-bareWide))
		}
		right = max(right, p.left+p.width+flagGap)
		all = append(all, p)
	}
	return all
}

// flagAt is the flag whose box is at a place; of two over each other the later one, which is drawn on top.
func flagAt(all []flagPlace, x, y float32) (client.Flag, bool) {
	if y > flagHigh {
		return client.Flag{}, false
	}
	for n := len(all) - 1; n >= 0; n-- {
		if p := all[n]; x >= p.left && x < p.left+p.width {
			return p.Flag, true
		}
	}
	return client.Flag{}, false
}

// marked is what a drag from one place to another selects; false when that is too short.
func marked(from, to float32, length time.Duration, width float32) (begin, end time.Duration, ok bool) {
	begin, end = momentOf(min(from, to), length, width), momentOf(max(from, to), length, width)
	return begin, end, end-begin >= shortestMark
}
