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

// outputRate is what the device is opened with.
const outputRate = 48000

// readyLimit bounds opening the device.
const readyLimit = 3 * time.Second

var (
	// ErrNoDevice says that there is nothing to play on.
	ErrNoDevice = errors.New("there is no audio device")

	errNotReady = errors.New("it did not get ready")
	errNoneHere = errors.New("the system has none")
)

// Output is the audio device of the process. One that has failed, because the sound server ended or there was
// none, is opened again by whatever plays next. Safe for concurrent use.
type Output struct {
	mu     sync.Mutex // guards what follows
	device *device
}

// device is one opening of the system's sound.
type device struct {
	context *oto.Context
	ready   <-chan struct{}

	plays plays
}

// plays counts the recordings that play on a device.
type plays struct {
	mu sync.Mutex // guards n, and what the device is told by it
	n  int
}

// Prepare opens the device, so that what is played soon need not wait for that.
func (o *Output) Prepare() error {
	d, err := o.open()
	if err != nil {
		return err
	}
	return d.plays.settle(0, d.context)
}

// open is the device that works, opened if there is none.
func (o *Output) open() (*device, error) {
	if isAbsent() {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, errNoneHere)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.device != nil && o.device.context.Err() != nil {
		slog.Info("the sound device has failed and is opened again", "error", o.device.context.Err())
		o.device = nil
	}
	if o.device == nil {
		context, ready, err := openSound()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
		}
		o.device = &device{context: context, ready: ready}
	}
	// One that hangs is waited for again and not opened beside.
	select {
	case <-o.device.ready:
	case <-time.After(readyLimit):
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, errNotReady)
	}
	// Without a device everything looks well but this: the player even says it plays.
	if err := o.device.context.Err(); err != nil {
		o.device = nil
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	return o.device, nil
}

// settle counts what plays: a device that nothing plays on gets nothing, and costs nothing. What did not begin, because
// the device does not go on, is not counted.
func (p *plays) settle(more int, on interface {
	Resume() error
	Suspend() error
},
) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n += more
	if p.n <= 0 {
		return on.Suspend()
	}
	err := on.Resume()
	if err != nil && more > 0 {
		p.n -= more
	}
	return err
}

// lookEvery is how often it is looked whether there still is a device: asking may take milliseconds.
const lookEvery = time.Second

// Playing is a clip on its way to the device. Done belongs on one goroutine, the rest is safe for
// concurrent use.
type Playing struct {
	device *device
	player *oto.Player
	source *source
	ended  sync.Once
	looked time.Time // when it was last looked whether there is a device at all
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
	d, err := o.open()
	if err != nil {
		return nil, err
	}
	if err := d.plays.settle(1, d.context); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	src := newSource(clip, from, how)
	player := d.context.NewPlayer(src)
	player.SetVolume(how.Volume)
	player.SetBufferSize(outputRate / 10 * 4)
	player.Play()
	return &Playing{device: d, player: player, source: src}, nil
}

// Stop ends it for good.
func (p *Playing) Stop() {
	p.player.Pause()
	p.source.stop()
	p.ended.Do(func() {
		go func() { // it waits for what the device is just taking
			if err := p.device.plays.settle(-1, p.device.context); err != nil {
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
	if err := p.device.context.Err(); err != nil {
		return true, fmt.Errorf("%w: %w", ErrNoDevice, err)
	}
	if now := time.Now(); now.Sub(p.looked) > lookEvery {
		p.looked = now
		if isAbsent() {
			return true, fmt.Errorf("%w: %w", ErrNoDevice, errNoneHere)
		}
	}
	p.source.mu.Lock()
	ended := p.source.ended && len(p.source.ready) == 0
	err := p.source.err
	p.source.mu.Unlock()
	return ended && p.player.BufferedSize() == 0, err
}

// Waiting tells whether there is silence because the recording comes slower than it is heard.
func (p *Playing) Waiting() bool {
	p.source.mu.Lock()
	defer p.source.mu.Unlock()
	return p.source.starving
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
	// starving says that there was silence in place of what has not come.
	starving bool
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
	s.starving = len(s.ready) == 0 && !s.ended
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
