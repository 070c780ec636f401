package popup

import (
	"math"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// Ear hears telephone numbers in the note of a call.
type Ear interface {
	// Hear learns what a note tells; show gets the offer to make of it, nil: none.
	Hear(card present.Card, note string, show func(*present.HeardOffer))
	// Add puts the number on the card; told gets what was done, or why not in words.
	Add(card present.Card, offer present.HeardOffer, told func(done *present.HeardDone, refused string))
	// Refuse lets the number rest for this call.
	Refuse(card present.Card, offer present.HeardOffer)
	// TakeBack undoes what Add did; told hears how that went.
	TakeBack(done present.HeardDone, told func(words string, ok bool))
}

const (
	// heardAfter is how long the keys rest before a note is read.
	heardAfter = 300 * time.Millisecond
	// heardUndo is for how long a number that was added can be taken off again.
	heardUndo = 10 * time.Second
)

// heard is what of a number in the note stands on a card.
type heard struct {
	v     *View
	delay ui.Delay
	asked int // who asked first may be answered last
	offer *present.HeardOffer
	sent  bool // the note is written: the offer outlasts its words
	done  *present.HeardDone
	until time.Time // done stands there
	undo  *widgets.Button
}

// listen reads the note once the keys rest.
func (h *heard) listen(words string) {
	if h.v.intents.Ear() == nil || h.sent && words == "" {
		return
	}
	h.sent = false
	h.delay.Do = h.v.Do
	h.delay.After(heardAfter, func() { h.hear(words) })
}

// hear shows what the note tells.
func (h *heard) hear(words string) {
	ear := h.v.intents.Ear()
	if ear == nil {
		return
	}
	h.delay.Stop()
	h.asked++
	turn := h.asked
	ear.Hear(h.v.card, words, func(offer *present.HeardOffer) {
		if turn == h.asked {
			h.showOffer(offer)
		}
	})
}

func (h *heard) showOffer(offer *present.HeardOffer) {
	if offer == nil && h.offer == nil || offer != nil && h.offer != nil && *offer == *h.offer {
		return
	}
	at := h.v.keyed()
	h.offer = offer
	h.v.rebuild(time.Now())
	if at != "" && offer == nil && h.v.keyed() != at { // the keyboard was at it: one goes on writing
		focus(h.v, h.v.note)
	}
}

func (h *heard) takeOffer() {
	of, offer := keyOf(h.v.card), *h.offer
	h.showOffer(nil)
	h.v.intents.Ear().Add(h.v.card, offer, func(done *present.HeardDone, refused string) {
		switch {
		case keyOf(h.v.card) != of: // the view is another call's by now
		case done == nil:
			h.showOffer(&offer) // to be taken again
			h.v.Tell(refused, theme.ToneMiss, time.Now())
		default:
			h.done, h.until = done, time.Now().Add(heardUndo)
			h.v.rebuild(time.Now())
		}
	})
}

func (h *heard) refuseOffer() {
	h.v.intents.Ear().Refuse(h.v.card, *h.offer)
	h.showOffer(nil)
}

func (h *heard) takeBack() {
	of, done := keyOf(h.v.card), *h.done
	h.done = nil
	h.v.rebuild(time.Now())
	h.v.intents.Ear().TakeBack(done, func(words string, ok bool) {
		if keyOf(h.v.card) != of {
			return
		}
		tone := theme.ToneRing
		if !ok {
			tone, h.done = theme.ToneMiss, &done // while its time lasts
		}
		h.v.Tell(words, tone, time.Now())
	})
}

// forget is for the next call.
func (h *heard) forget() {
	h.delay.Stop()
	*h = heard{v: h.v, asked: h.asked + 1, delay: h.delay}
}

// tick counts down, and takes away what was done when its time is over.
func (h *heard) tick(now time.Time) {
	switch {
	case h.done == nil:
	case !now.Before(h.until):
		h.done = nil
		h.v.rebuild(now)
	case h.undo != nil:
		h.undo.SetLabel(h.undoWord(now))
	}
}

func (h *heard) undoWord(now time.Time) string {
	return h.v.text.T("heard.undo", "n", min(int(heardUndo/time.Second), int(math.Ceil(h.until.Sub(now).Seconds()))))
}

// parts are the offer, or what became of it.
func (h *heard) parts() []fyne.CanvasObject {
	switch {
	case h.offer != nil:
		return []fyne.CanvasObject{inside(12, h.offerBox(*h.offer))}
	case h.done != nil:
		return []fyne.CanvasObject{inside(12, h.doneLine(*h.done))}
	}
	return nil
}

func (h *heard) offerBox(offer present.HeardOffer) fyne.CanvasObject {
	ink := widgets.ToneInk(theme.ToneAccent)
	var keys fyne.CanvasObject = widgets.Stack(widgets.NewBox(widgets.Surface, 6).Outlined(widgets.Line),
		widgets.Pad(4, 8, 4, 8, widgets.NewBold("Tab ↵", theme.Caption, widgets.InkNormal).Fixed()))
	beside := float32(24 + 8 + 62 + 8)
	if offer.Anyway {
		beside = 24 + 8
	}
	title := widgets.NewParagraph(offer.Title, theme.Body, innerWidth-24-beside, 4, ink)
	title.Bold = true
	lines := []fyne.CanvasObject{title}
	if offer.Hint != "" {
		lines = append(lines, widgets.NewLabel(offer.Hint, theme.Caption, widgets.InkNormal))
	}
	if offer.Anyway {
		lines = append(lines, widgets.Pad(6, 0, 0, 0, widgets.Row(0, []float32{0},
			h.v.spot("heard_anyway", widgets.NewButton(h.v.text.T("heard.anyway"), widgets.Plain, h.takeOffer)))))
	}
	if offer.Anyway {
		keys = widgets.Space(0, 0)
	}
	row := widgets.Row(theme.Gap, []float32{widgets.Wide, 0, 0}, widgets.Column(0, lines...), widgets.Middle(keys), h.v.spot("heard_refuse", cross(h.refuseOffer)))
	box := widgets.NewBox(widgets.ToneSoft(theme.ToneAccent), theme.RadiusButton)
	if offer.Anyway {
		return widgets.Stack(box, widgets.Pad(10, 8, 10, 12, row))
	}
	return widgets.Stack(box, h.v.spot("heard_add", widgets.NewPick(h.takeOffer)), widgets.Pad(10, 8, 10, 12, row))
}

func (h *heard) doneLine(done present.HeardDone) fyne.CanvasObject {
	lines := []fyne.CanvasObject{widgets.NewLabel(done.Title, theme.Body, widgets.InkNormal)}
	if done.Hint != "" {
		lines = append(lines, widgets.NewLabel(done.Hint, theme.Caption, widgets.InkMuted))
	}
	row := []fyne.CanvasObject{widgets.NewBold("✓", theme.Body, widgets.ToneInk(theme.ToneRing)).Fixed(), widgets.Column(0, lines...)}
	h.undo = nil
	if done.Undo != "" {
		h.undo = widgets.NewButton(h.undoWord(time.Now()), widgets.Link, h.takeBack)
		row = append(row, h.v.spot("heard_undo", h.undo))
	}
	return widgets.Row(theme.Gap, []float32{16, widgets.Wide, 0}, row...)
}
