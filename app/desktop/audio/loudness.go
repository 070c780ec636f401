package audio

import "context"

// chunk is how many frames are decoded at once to find out how loud they are.
const chunk = 400

// Measure finds out how loud the recording is, while it comes, and calls progress after each piece. It
// returns when nothing more will come, or ctx ends.
func (c *Clip) Measure(ctx context.Context, progress func()) error {
	for from := 0; ; {
		to, err := c.wait(ctx, from+chunk)
		if err != nil || to == from {
			return err
		}
		d, err := c.decode(from, to)
		if err != nil {
			return err
		}
		c.note(from, to, d)
		from = to
		progress()
	}
}

// wait waits until so many frames have come, or no more will, and returns how many to go on with.
func (c *Clip) wait(ctx context.Context, frames int) (int, error) {
	for {
		c.mu.Lock()
		n, whole, changed := len(c.frames.offsets), c.whole, c.changed
		c.mu.Unlock()
		if n >= frames || whole {
			return min(n, frames), nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-changed:
		}
	}
}

// note keeps the loudest sample of each frame, and what follows from it.
func (c *Clip) note(from, to int, d decoded) {
	pcm, apart := d.mixed(Both), d.apart()
	loud := make([]float32, to-from)
	for n, sample := range pcm {
		frame := &loud[n/c.perFrame]
		*frame = max(*frame, float32(max(int(sample), -int(sample)))/32768)
	}
	c.mu.Lock()
	c.loud = append(c.loud[:from], loud...)
	c.stereo = c.stereo || apart
	c.silent = silences(c.loud, c.at(c.perFrame))
	c.mu.Unlock()
}

// Peaks are the loudest moments of count equal parts of the whole recording, 0 to 1 of the loudest; 0 where
// that has not been found out.
func (c *Clip) Peaks(count int) []float32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	peaks := make([]float32, count)
	total := max(1, c.expected())
	loudest := float32(0.02) // silence must not be blown up to a wave
	for n := range peaks {
		from := n * total / count
		for _, l := range c.loud[min(from, len(c.loud)):min(max(from+1, (n+1)*total/count), len(c.loud))] {
			peaks[n] = max(peaks[n], l)
		}
		loudest = max(loudest, peaks[n])
	}
	for n := range peaks {
		peaks[n] /= loudest
	}
	return peaks
}
