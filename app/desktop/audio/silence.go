package audio

import (
	"slices"
	"time"
)

// span are frames of a recording, the last one not included.
type span struct{ from, to int }

const (
	// quiet is how loud silence may be, of the loudest moment: a line hums.
	quiet = 0.06
	// quietAtMost is as loud as silence may be at all, in a recording of somebody who shouts.
	quietAtMost = 0.03
	// shortest is the shortest silence that is skipped: people stop for breath.
	shortest = time.Second
	// left is how much of a silence stays at each of its ends, so that no word is cut and the ear hears a pause.
	left = 200 * time.Millisecond
)

// silences are the parts that are skipped of a recording: loud is that of its frames, each so long.
func silences(loud []float32, frame time.Duration) []span {
	if len(loud) == 0 || frame <= 0 {
		return nil
	}
	limit := min(float32(quietAtMost), quiet*slices.Max(loud))
	edge, least := int(left/frame)+1, int(shortest/frame)
	var all []span
	from := 0
	for n := 0; n <= len(loud); n++ {
		if n < len(loud) && loud[n] <= limit {
			continue
		}
		if n-from >= max(least, 2*edge+1) {
			all = append(all, span{from + edge, n - edge})
		}
		from = n + 1
	}
	return all
}

// Stereo tells whether its two channels hold different sounds, as far as is known.
func (c *Clip) Stereo() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stereo
}

// Silence is how much of the recording is skipped when silence is, as far as is known.
func (c *Clip) Silence() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, s := range c.silent {
		n += s.to - s.from
	}
	return c.at(n * c.perFrame)
}

// talk is the next frame at or after from that is not skipped, and where the next silence begins, at most
// at to.
func (c *Clip) talk(from, length int) (begin, end int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.silent {
		if from >= s.from && from < s.to {
			from = s.to
		}
		if from < s.from {
			return from, min(from+length, s.from)
		}
	}
	return from, from + length
}
