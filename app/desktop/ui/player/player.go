// Package player draws the player of recordings and keeps its state: which recording,
// where, how fast. Decoding and the device are audio's. One recording plays at a time.
package player

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/audio"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

// State is what the player does; the words are those of `dozvon status`.
type State string

// The states of a player.
const (
	None    State = "none"
	Loading State = "loading"
	Ready   State = "ready"
	Paused  State = "paused"
	Playing State = "playing"
	Broken  State = "broken"
	NoAudio State = "no_audio"
)

// speeds in the order the button goes through them.
var speeds = []float64{1, 1.25, 1.5, 2}

// Host is what the player asks of the program.
type Host interface {
	ui.Base
	Tell(sentence string)
}

// Player plays one recording at a time. All methods belong on Fyne's goroutine.
type Player struct {
	// Kept outlasts the widgets.
	Kept *Kept
	// Where opens the settings of what is recorded; nil: there are none.
	Where func()

	host    Host
	dir     string
	device  func(clip *audio.Clip, from time.Duration, how audio.Manner) (sound, error)
	prepare func() error // opens the device
	do      func(func()) // runs something on Fyne's goroutine
	callID  string
	entry   client.FeedEntry
	part    int // place in the entry's recordings
	state   State
	trouble trouble // of the state Broken
	why     string
	slow    bool // it has been on its way for a while
	percent int  // of it that has come
	waiting ui.Delay
	clip    *audio.Clip // nil until it can be played
	ahead   *audio.Clip // its part from a moment on to which somebody has gone before all had come
	peaks   []float32
	playing sound // nil while nothing plays
	at      time.Duration
	grown   func() // nil: nobody asks
	marks   marks
	noted   time.Duration // where it was when that was kept last
	resumed time.Duration // where this one was gone on with; 0: begun anew
	wish    bool          // play as soon as it has come so far
	round   int           // counts what was begun with the device
	loads   int           // counts what was begun with the server
	view    *view
	beside  *Wave // the recording is shown under another axis as well; nil: it is not
	ticker  ui.Delay
	retry   retry
	// starting says that the device is being opened for it.
	starting  bool
	drop      context.CancelFunc // gives up the recording that is on its way
	dropAhead context.CancelFunc // gives up its part
	// patience is how long the device may take to begin.
	patience time.Duration
}

// sound is a recording on its way to the device.
type sound interface {
	Position() time.Duration
	Change(how audio.Manner)
	Done() (bool, error)
	Waiting() bool
	Stop()
}

// devicePatience is how long the device may take to begin: a sound server that hangs never does.
const devicePatience = 5 * time.Second

// output is the process's.
var output = &audio.Output{}

func onOutput(clip *audio.Clip, from time.Duration, how audio.Manner) (sound, error) {
	playing, err := output.Start(clip, from, how)
	if err != nil {
		return nil, err // a nil *audio.Playing would not be a nil sound
	}
	return playing, nil
}

// New is an empty player; downloads go to dir.
func New(host Host, dir string) *Player {
	p := &Player{
		host: host, dir: dir, device: onOutput, prepare: output.Prepare, do: fyne.Do, drop: func() {}, dropAhead: func() {}, patience: devicePatience, state: None, Kept: &Kept{},
	}
	p.marks.p = p
	return p
}

// Status is for `dozvon status`.
func (p *Player) Status() (state State, position, duration time.Duration, speed float64) {
	if p.clip != nil {
		duration = p.clip.Duration()
	}
	return p.state, p.position(), duration, p.Kept.now().Speed
}

// Waiting tells whether somebody who wants to hear it waits until it comes.
func (p *Player) Waiting() bool {
	if p.playing != nil {
		return p.playing.Waiting()
	}
	return p.wish && p.clip != nil && !p.starting && p.state == Playing
}

// clock tells where it is, of how long, or that it is waited for.
func clock(p *Player) string {
	text := p.host.Text()
	if p.Waiting() {
		return text.T("player.waiting")
	}
	_, at, length, _ := p.Status()
	return text.Timer(at) + " / " + text.Timer(length)
}

func (p *Player) position() time.Duration {
	if p.playing != nil {
		return p.playing.Position()
	}
	return p.at
}

// Object is the player of an entry's recording; it loads it, and plays when asked to.
func (p *Player) Object(entry client.FeedEntry) fyne.CanvasObject {
	p.turnTo(entry)
	former := p.view
	p.view = newView(p)
	if former != nil {
		p.view.flag.over = former.flag.canvas()
	}
	return p.view
}

// Play plays an entry's recording from where it stands.
func (p *Player) Play(entry client.FeedEntry) {
	if p.callID != entry.CallID {
		p.Object(entry)
	}
	if p.clip == nil {
		p.wish = true
		if p.state == Broken || p.state == None {
			p.load()
		}
		return
	}
	if p.state != Playing {
		p.start()
	}
}

func (p *Player) fail(err error) {
	if p.clip != nil && p.clip.Broken() {
		p.clip, p.ahead, p.peaks = nil, nil, nil // what is tried next is to ask for it again
	}
	if errors.Is(err, audio.ErrNoDevice) {
		p.state, p.why = NoAudio, p.host.Text().T("player.no_audio")
		p.retry.later(p.do, func() {
			if p.state == NoAudio && !p.starting {
				p.start()
			}
		})
	} else {
		p.state = Broken
		p.trouble, p.why = troubleOf(p, err)
	}
	p.draw()
}

// start begins to play at p.at. Opening the device may take long, so it is done beside; what the
// person asks for meanwhile makes its outcome, an error too, nobody's business.
func (p *Player) start() {
	p.wish = false
	if p.clip == nil {
		return
	}
	if p.at >= p.clip.Duration()-50*time.Millisecond {
		p.at = 0
	}
	clip := p.holding(p.at)
	if clip == nil {
		p.reach()
		return
	}
	p.round++
	p.starting = true
	round, at, how := p.round, p.at, p.Kept.now()
	go func() {
		playing, err := p.open(clip, at, how)
		p.do(func() {
			switch {
			case round != p.round && playing != nil:
				playing.Stop()
			case round != p.round:
			case err != nil:
				p.starting = false
				slog.Warn("recording not played", "error", err)
				p.fail(err)
			default:
				p.starting, p.playing, p.state = false, playing, Playing
				playing.Change(p.Kept.now()) // another way may have been chosen meanwhile
				p.draw()
				p.tick()
			}
		})
	}()
}

// open begins to play on the device; one that does not answer in time counts as none, and what it
// begins later is stopped.
func (p *Player) open(clip *audio.Clip, at time.Duration, how audio.Manner) (sound, error) {
	type outcome struct {
		playing sound
		err     error
	}
	opened := make(chan outcome, 1)
	go func() {
		playing, err := p.device(clip, at, how)
		opened <- outcome{playing, err}
	}()
	timer := time.NewTimer(p.patience)
	defer timer.Stop()
	select {
	case o := <-opened:
		return o.playing, o.err
	case <-timer.C:
	}
	go func() {
		if o := <-opened; o.playing != nil {
			o.playing.Stop()
		}
	}()
	return nil, fmt.Errorf("%w: it did not answer for %s", audio.ErrNoDevice, p.patience)
}

// tick follows the sound ten times a second while it plays.
func (p *Player) tick() {
	p.ticker.After(100*time.Millisecond, func() {
		if p.playing == nil {
			return
		}
		done, err := p.playing.Done()
		switch {
		case err != nil:
			p.at = p.position()
			p.halt()
			p.fail(err)
		case done:
			p.at = p.clip.Duration()
			p.halt()
			p.state = Paused
			p.draw()
		default:
			p.Kept.Places.note(p.key(), p.position(), p.clip.Duration(), &p.noted)
			if p.position()-p.at > time.Second {
				p.retry.tries = 0
			}
			p.draw()
			p.tick()
		}
	})
}

// halt ends what plays, or is about to.
func (p *Player) halt() {
	p.retry.delay.Stop()
	p.ticker.Stop()
	p.leaveAhead()
	p.wish = false
	if p.starting {
		p.starting = false
		p.round++
	}
	if p.playing != nil {
		p.playing.Stop()
		p.playing = nil
	}
}

// Toggle plays or pauses.
func (p *Player) Toggle() {
	switch {
	case p.playing != nil || p.starting || p.clip != nil && p.wish:
		p.at = p.position()
		p.halt()
		p.state = Paused
		p.draw()
	case p.clip != nil:
		p.retry.fresh()
		p.start()
	case p.state == Loading:
		p.wish = true
	case p.state == Broken, p.state == NoAudio:
		p.wish = true
		p.load()
		p.draw()
	}
}

// Seek goes to a moment and plays on if it played.
func (p *Player) Seek(at time.Duration) {
	if p.clip == nil {
		return
	}
	played := p.playing != nil || p.starting || p.wish
	p.halt()
	p.at = max(0, min(at, p.clip.Duration()))
	if played {
		p.start()
	} else if p.state != NoAudio {
		p.state = Paused
	}
	p.draw()
}

// NextSpeed goes to the next speed.
func (p *Player) NextSpeed() {
	how := p.Kept.now()
	how.Speed = speeds[(slices.Index(speeds, how.Speed)+1)%len(speeds)]
	p.Change(how)
}

// Manner is how recordings are played now.
func (p *Player) Manner() audio.Manner { return p.Kept.now() }

// Change changes how recordings are played, this one and those that follow.
func (p *Player) Change(how audio.Manner) {
	p.Kept.soon.Do = p.do
	p.Kept.change(how)
	if p.playing != nil {
		p.playing.Change(p.Kept.now())
	}
	p.draw()
}

func (p *Player) key() recordingKey { return recordingKey{p.callID, p.current().Part} }

// Stop ends playing, when the page goes.
func (p *Player) Stop() {
	p.round++
	p.loads++
	p.drop()
	p.at = p.position()
	if p.clip != nil && p.callID != "" {
		p.Kept.Places.leave(p.key(), p.at, p.clip.Duration())
	}
	p.halt()
	p.waiting.Stop()
	p.Kept.settle()
	switch {
	case p.clip != nil && !p.clip.Whole(), p.state == Loading:
		p.clip, p.ahead, p.peaks, p.state = nil, nil, nil, None // it is asked for again when somebody wants it
	case p.state == Playing:
		p.state = Paused
	}
}

// Key plays on Space and seeks by the arrows.
func (p *Player) Key(name fyne.KeyName) {
	switch name {
	case fyne.KeySpace:
		p.Toggle()
	case fyne.KeyLeft:
		p.Seek(p.position() - 5*time.Second)
	case fyne.KeyRight:
		p.Seek(p.position() + 5*time.Second)
	}
}

// WhenGrown is told what to do when the player needs another height than it had.
func (p *Player) WhenGrown(do func()) { p.grown = do }

// Shown is told that the player's object stands where it is seen: a field of it may have the keyboard.
func (p *Player) Shown() { p.draw() }

func (p *Player) draw() {
	if p.view != nil {
		p.view.Refresh()
	}
	if p.beside != nil {
		p.beside.draw()
	}
}
