package player

import (
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/client"
)

// Wave is the waveform of a call's recording, with its flags, under an axis of somebody else's.
type Wave struct {
	p     *Player
	board *board
	round *round
	moved func()
}

// waveOver is how far the waveform's middle is below the top of its place.
const waveOver = waveTop + waveHigh/2

// NewWave turns a player to a call's recordings. moved is told whenever something of it changes; Close ends that.
func NewWave(p *Player, entry client.FeedEntry, moved func()) *Wave {
	p.turnTo(entry)
	w := &Wave{p: p, board: newBoard(p), round: newRound(p.Toggle), moved: moved}
	w.board.bare = true
	p.beside = w
	return w
}

// Object is what is drawn; the place of its middle is WaveMiddle.
func (w *Wave) Object() fyne.CanvasObject { return w.board }

// WaveMiddle is where the middle of the waveform stands in its place.
func WaveMiddle() float32 { return waveOver }

// Status tells where it stands.
func (w *Wave) Status() (state State, at, length time.Duration) {
	state, at, length, _ = w.p.Status()
	if length == 0 {
		length = time.Duration(w.p.current().Seconds) * time.Second
	}
	return state, at, length
}

// Words say why it cannot be heard; empty: it can, or is on its way.
func (w *Wave) Words() string {
	if s := w.p.state; s != Broken && s != NoAudio {
		return ""
	}
	return faceOf(w.p).title
}

// Parts are how many recordings the call has, and Part which of them is chosen, counted from 1.
func (w *Wave) Parts() int { return len(present.Parts(w.p.entry)) }

// Part is which of the recordings is chosen, counted from 1.
func (w *Wave) Part() int { return w.p.part + 1 }

// Button plays and pauses.
func (w *Wave) Button() fyne.CanvasObject { return w.round }

// Key plays on Space and seeks by the arrows.
func (w *Wave) Key(name fyne.KeyName) { w.p.Key(name) }

// PlayAt plays one of the recordings, counted from 1, from a moment on.
func (w *Wave) PlayAt(part int, at time.Duration) {
	p := w.p
	p.Choose(part - 1)
	if p.clip == nil {
		p.at, p.wish = at, p.state == Loading
		return
	}
	p.Seek(at)
	if p.playing == nil && !p.starting && !p.wish {
		p.start()
	}
}

// Close ends being told.
func (w *Wave) Close() {
	if w.p.beside == w {
		w.p.beside = nil
	}
}

func (w *Wave) draw() {
	w.round.sync(w.p)
	w.board.Refresh()
	w.moved()
}
