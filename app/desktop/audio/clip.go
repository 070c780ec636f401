// Package audio holds recordings: decoding MP3 from any point while it still comes, how loud it is for
// the waveform, playing at another speed without another pitch, and the output device. It fetches
// nothing and draws nothing.
package audio

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/tosone/minimp3"
)

// ErrNoFrames says that the bytes hold no MP3.
var ErrNoFrames = errors.New("this is not an MP3 recording")

const (
	// enough is how much must have come until a recording is played: what the device takes at once, twice.
	enough = 500 * time.Millisecond
	// reserve bounds the memory that is taken on the word of an answer's head.
	reserve = 32 << 20
	// piece is how much is read at once.
	piece = 32 << 10
)

// Clip is a recording in memory, or its part from some moment on, or what has come of that so far. Safe
// for concurrent use.
type Clip struct {
	Rate     int
	Channels int
	perFrame int // samples per frame and channel
	start    time.Duration
	total    int64 // bytes that it will have; 0: nobody has said

	mu      sync.Mutex // guards what follows
	data    []byte
	frames  frames
	whole   bool  // no more will come
	err     error // why no more will come although there is more
	loud    []float32
	stereo  bool          // the two channels differ somewhere
	silent  []span        // of what is known of its loudness
	changed chan struct{} // closed at the next change
}

// Open takes a recording that is there as a whole; nothing is decoded yet.
func Open(data []byte) (*Clip, error) {
	c := &Clip{data: data, total: int64(len(data)), whole: true, changed: make(chan struct{})}
	c.frames.scan(data, true)
	if !c.begun() {
		return nil, ErrNoFrames
	}
	return c, nil
}

// Load takes a recording, or its part from start on, as it comes. total is how many bytes that will be, 0 when
// nobody has said. began gets the clip once, as soon as it can be played; Load returns when all has come,
// or why it did not: what has come can be played nevertheless.
func Load(r io.Reader, total int64, start time.Duration, began func(*Clip)) error {
	c := &Clip{start: start, total: max(0, total), changed: make(chan struct{}), data: make([]byte, 0, min(max(0, total), reserve))}
	told := false
	for {
		err := c.take(r)
		if !told && c.playable() {
			told = true
			began(c)
		}
		switch {
		case err == nil:
		case err == io.EOF && !told:
			return ErrNoFrames
		case err == io.EOF:
			return nil
		default:
			return fmt.Errorf("reading the recording: %w", err)
		}
	}
}

// take reads one piece more.
func (c *Clip) take(r io.Reader) error {
	buffer := make([]byte, piece)
	n, err := r.Read(buffer)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.data = append(c.data, buffer[:n]...)
	if err != nil {
		c.whole = true
		if err != io.EOF {
			c.err = err
		}
	}
	c.frames.scan(c.data, c.whole)
	close(c.changed)
	c.changed = make(chan struct{})
	return err
}

// playable tells whether enough has come to begin; once it has, the clip is everybody's.
func (c *Clip) playable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun() && (c.whole || c.at(len(c.frames.offsets)*c.perFrame) >= enough)
}

// begun takes over what the first frame says.
func (c *Clip) begun() bool {
	if len(c.frames.offsets) == 0 {
		return false
	}
	first := c.frames.first
	c.Rate, c.Channels, c.perFrame = first.Rate, first.Channels, first.Samples
	return true
}

// Frames is how many have come.
func (c *Clip) Frames() int {
	n, _, _ := c.come()
	return n
}

// come is how many frames have come, whether more will, and why not.
func (c *Clip) come() (frames int, whole bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.frames.offsets), c.whole, c.err
}

// Whole tells whether all has come.
func (c *Clip) Whole() bool {
	_, whole, err := c.come()
	return whole && err == nil
}

// Broken tells whether the rest will not come.
func (c *Clip) Broken() bool {
	_, _, err := c.come()
	return err != nil
}

// Duration is that of the whole recording; until all has come it is reckoned from the bytes that are awaited.
func (c *Clip) Duration() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start + c.at(c.expected()*c.perFrame)
}

// expected is how many frames there will be.
func (c *Clip) expected() int {
	n := len(c.frames.offsets)
	if c.whole && c.err == nil || c.total == 0 || n == 0 {
		return n
	}
	began := c.frames.offsets[0]
	return max(n, int(float64(n)*float64(c.total-int64(began))/float64(c.frames.end-began)))
}

// Holds tells whether it can be played from a moment on: that has come.
func (c *Clip) Holds(at time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return at >= c.start && at < c.start+c.at(len(c.frames.offsets)*c.perFrame)
}

// ByteAt is about where in the file a moment lies: exactly if all frames have one length, as those of
// telephone recordings do. 0: it cannot be told.
func (c *Clip) ByteAt(at time.Duration) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	length := c.at(c.expected() * c.perFrame)
	if c.total == 0 || length == 0 || at >= length {
		return 0
	}
	began := int64(c.frames.offsets[0])
	return began + int64(float64(c.total-began)*float64(at)/float64(length))
}

func (c *Clip) at(sample int) time.Duration {
	return time.Duration(float64(sample) / float64(c.Rate) * float64(time.Second))
}

// Channel is what is heard of a recording of two channels.
type Channel int

// What can be heard: all of it, or one channel alone.
const (
	Both Channel = iota
	Left
	Right
)

// Mono decodes frames from..to as one channel of 16 bit samples. Neighbouring calls fit together. Of frames
// that have not come it gives nothing; those that cannot be decoded are silent.
func (c *Clip) Mono(from, to int) ([]int16, error) { return c.Sound(from, to, Both) }

// Sound is Mono of one of the channels. A recording that has only one sounds the same on each.
func (c *Clip) Sound(from, to int, channel Channel) ([]int16, error) {
	d, err := c.decode(from, to)
	if err != nil {
		return nil, err
	}
	return d.mixed(channel), nil
}

// decoded are frames as the decoder gave them: samples of the channels by turns. The first frames after a
// cut may give nothing, so what is wanted is counted from the end.
type decoded struct {
	raw             []byte
	channels, count int
}

func (c *Clip) decode(from, to int) (decoded, error) {
	c.mu.Lock()
	n := len(c.frames.offsets)
	from, to = max(0, from), min(to, n)
	if from >= to {
		c.mu.Unlock()
		return decoded{}, nil
	}
	data := c.data[c.frames.offsets[c.frames.lead(c.data, from)]:c.frames.endOf(to-1)] // bytes that have come never change
	c.mu.Unlock()
	decoder, raw, err := minimp3.DecodeFull(data)
	if err != nil {
		return decoded{}, fmt.Errorf("decoding frames %d to %d: %w", from, to, err)
	}
	return decoded{raw: raw, channels: max(1, decoder.Channels), count: (to - from) * c.perFrame}, nil
}

func (d decoded) at(n, channel int) int {
	i := (n*d.channels + channel) * 2
	return int(int16(uint16(d.raw[i]) | uint16(d.raw[i+1])<<8))
}

// mixed is what is heard of one channel, or of all.
func (d decoded) mixed(channel Channel) []int16 {
	if d.count == 0 {
		return nil
	}
	out := make([]int16, d.count)
	shift := len(d.raw)/2/d.channels - d.count
	for n := max(0, -shift); n < d.count; n++ {
		if channel != Both && d.channels == 2 {
			out[n] = int16(d.at(shift+n, int(channel-Left)))
			continue
		}
		sum := 0
		for ch := range d.channels {
			sum += d.at(shift+n, ch)
		}
		out[n] = int16(sum / d.channels)
	}
	return out
}

// apart tells whether the two channels hold different sounds: many recordings have two that are the same.
func (d decoded) apart() bool {
	if d.channels != 2 {
		return false
	}
	var sound, difference float64
	for n := range len(d.raw) / 4 {
		a, b := float64(d.at(n, 0)), float64(d.at(n, 1))
		sound, difference = sound+a*a+b*b, difference+(a-b)*(a-b)
	}
	return difference > sound/100
}
