package audio

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/ebitengine/oto/v3"
)

// outputRate is what the device is opened with; the library allows one for a process.
const outputRate = 48000

// readyLimit bounds opening the device.
const readyLimit = 3 * time.Second

// ErrNoDevice says that there is nothing to play on.
var ErrNoDevice = errors.New("there is no audio device")

// Output is the audio device of the process.
type Output struct {
	once    sync.Once
	context *oto.Context
	err     error

	mu    sync.Mutex // guards what follows
	plays int        // how many recordings play
}

// Prepare opens the device, so that what is played soon need not wait for that.
func (o *Output) Prepare() error {
	if _, err := o.open(); err != nil {
		return err
	}
	return o.settle(0)
}

// settle counts what plays: a device that nothing plays on gets nothing, and costs nothing.
func (o *Output) settle(more int) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.plays += more
	if o.plays > 0 {
		return o.context.Resume()
	}
	return o.context.Suspend()
}

func (o *Output) open() (*oto.Context, error) {
	o.once.Do(func() {
		context, ready, err := oto.NewContext(&oto.NewContextOptions{
			SampleRate: outputRate, ChannelCount: 2, Format: oto.FormatSignedInt16LE, BufferSize: 100 * time.Millisecond,
		})
		if err != nil {
			o.err = fmt.Errorf("%w: %w", ErrNoDevice, err)
			return
		}
		select {
		case <-ready:
			o.context = context
		case <-time.After(readyLimit):
			o.err = fmt.Errorf("%w: it did not get ready", ErrNoDevice)
		}
	})
	if o.err != nil {
		return nil, o.err
	}
	// Without a device everything looks well but this: the player even says it plays.
	if err := o.context.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	return o.context, nil
}

// Playing is a clip on its way to the device. It is safe for concurrent use.
type Playing struct {
	output *Output
	player *oto.Player
	source *source
	ended  sync.Once
}

// Manner is how a recording is played.
type Manner struct {
	Speed       float64
	Volume      float64 // 0 to 1
	Channel     Channel
	SkipSilence bool
}

// Start plays clip from a moment on. It may wait for the device: not on the goroutine of the screen.
func (o *Output) Start(clip *Clip, from time.Duration, how Manner) (*Playing, error) {
	context, err := o.open()
	if err != nil {
		return nil, err
	}
	if err := o.settle(1); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	src := newSource(clip, from, how)
	player := context.NewPlayer(src)
	player.SetVolume(how.Volume)
	player.SetBufferSize(outputRate / 10 * 4)
	player.Play()
	return &Playing{output: o, player: player, source: src}, nil
}

// Stop ends it for good.
func (p *Playing) Stop() {
	p.player.Pause()
	p.source.stop()
	p.ended.Do(func() {
		go func() { // it waits for what the device is just taking
			if err := p.output.settle(-1); err != nil {
				slog.Warn("the sound device was not put to rest", "error", err)
			}
		}()
	})
}

// Change changes how it is played, on the fly.
func (p *Playing) Change(how Manner) {
	p.player.SetVolume(how.Volume)
	p.source.mu.Lock()
	p.source.how = how
	p.source.mu.Unlock()
}

// Position is what is heard now.
func (p *Playing) Position() time.Duration {
	waiting := time.Duration(p.player.BufferedSize()/4) * time.Second / outputRate
	p.source.mu.Lock()
	defer p.source.mu.Unlock()
	at := p.source.clip.start + p.source.clip.at(p.source.played) - time.Duration(float64(waiting)*p.source.how.Speed)
	return max(0, min(at, p.source.clip.Duration()))
}

// Done tells that the end was reached, and why playing cannot go on, if so.
func (p *Playing) Done() (bool, error) {
	if err := p.output.context.Err(); err != nil {
		return true, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	p.source.mu.Lock()
	ended := p.source.ended && len(p.source.ready) == 0
	err := p.source.err
	p.source.mu.Unlock()
	return ended && p.player.BufferedSize() == 0, err
}

// source turns a clip into the device's bytes: decode, stretch, resample, double.
type source struct {
	clip *Clip

	mu      sync.Mutex // guards everything below
	frame   int
	played  int // samples of the clip taken so far
	how     Manner
	stretch *stretcher
	ready   []byte
	phase   float64
	last    int16
	ended   bool
	err     error
}

func newSource(clip *Clip, from time.Duration, how Manner) *source {
	frame := min(int((from-clip.start).Seconds()*float64(clip.Rate))/clip.perFrame, clip.Frames())
	return &source{
		clip: clip, frame: max(0, frame), played: max(0, frame) * clip.perFrame, how: how, stretch: newStretcher(clip.Rate),
	}
}

func (s *source) stop() {
	s.mu.Lock()
	s.ended, s.ready = true, nil
	s.mu.Unlock()
}

// step is how many frames are decoded for one read: about 0.3 s, so that a change of
// speed is heard at once.
const step = 8

// starved is how many bytes of silence are played while the recording comes slower than it is heard: 20 ms,
// so that it goes on as soon as it can.
const starved = outputRate / 50 * 4

// Read is oto's.
func (s *source) Read(out []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.ready) < len(out) && !s.ended {
		from, to := s.frame, s.frame+step
		if s.how.SkipSilence {
			from, to = s.clip.talk(from, step)
		}
		come, whole, broken := s.clip.come()
		if come < to && !whole {
			break
		}
		pcm, err := s.clip.Sound(from, to, s.how.Channel)
		if err != nil || len(pcm) == 0 {
			s.ended, s.err = true, cmp.Or(err, broken)
			break
		}
		s.played = from*s.clip.perFrame + len(pcm)
		s.frame = to
		if s.how.Speed != 1 {
			pcm = s.stretch.feed(pcm, s.how.Speed)
		}
		s.resample(pcm)
	}
	if len(s.ready) == 0 {
		if s.ended {
			return 0, io.EOF
		}
		n := min(len(out), starved)
		clear(out[:n])
		return n, nil
	}
	n := copy(out, s.ready)
	s.ready = s.ready[n:]
	return n, nil
}

// resample goes from the clip's rate to the device's by straight lines between samples;
// telephone sound has nothing above 4 kHz that this could fold.
func (s *source) resample(pcm []int16) {
	stepBy := float64(s.clip.Rate) / outputRate
	for _, sample := range pcm {
		for s.phase < 1 {
			v := int16(float64(s.last)*(1-s.phase) + float64(sample)*s.phase)
			low, high := byte(v), byte(uint16(v)>>8)
			s.ready = append(s.ready, low, high, low, high)
			s.phase += stepBy
		}
		s.phase--
		s.last = sample
	}
}
