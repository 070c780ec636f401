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
	delay ui.Delay
	asked int // who asked first may be answered last
	offer *present.HeardOffer
	armed bool // Tab was pressed: Enter takes the offer
	sent  bool // the note is written: the offer outlasts its words
	done  *present.HeardDone
	until time.Time // done stands there
	undo  *widgets.Button
}

// listen reads the note once the keys rest.
func (v *View) listen(words string) {
	if v.intents.Ear() == nil || v.heard.sent && words == "" {
		return
	}
	v.heard.sent = false
	v.arm(false)
	v.heard.delay.After(heardAfter, func() { v.hear(words) })
}

// hear shows what the note tells.
func (v *View) hear(words string) {
	ear := v.intents.Ear()
	if ear == nil {
		return
	}
	v.heard.delay.Stop()
	v.heard.asked++
	turn := v.heard.asked
	ear.Hear(v.card, words, func(offer *present.HeardOffer) {
		if turn == v.heard.asked {
			v.showOffer(offer)
		}
	})
}

func (v *View) showOffer(offer *present.HeardOffer) {
	if offer == nil && v.heard.offer == nil || offer != nil && v.heard.offer != nil && *offer == *v.heard.offer {
		return
	}
	v.heard.offer, v.heard.armed = offer, false
	v.note.KeepsTab = offer != nil
	v.rebuild(time.Now())
}

func (v *View) arm(on bool) {
	if v.heard.armed != on {
		v.heard.armed = on
		v.rebuild(time.Now())
	}
}

// heardKey takes an offer by Tab and Enter; any other key goes on with the note.
func (v *View) heardKey(key fyne.KeyName) bool {
	switch {
	case v.heard.offer == nil:
		return false
	case key == fyne.KeyTab:
		v.arm(!v.heard.armed)
		return true
	case v.heard.armed && (key == fyne.KeyReturn || key == fyne.KeyEnter):
		v.takeOffer()
		return true
	}
	v.arm(false)
	return false
}

func (v *View) takeOffer() {
	of, offer := keyOf(v.card), *v.heard.offer
	v.showOffer(nil)
	v.intents.Ear().Add(v.card, offer, func(done *present.HeardDone, refused string) {
		switch {
		case keyOf(v.card) != of: // the view is another call's by now
		case done == nil:
			v.Tell(refused, theme.ToneMiss, time.Now())
		default:
			v.heard.done, v.heard.until = done, time.Now().Add(heardUndo)
			v.rebuild(time.Now())
		}
	})
}

func (v *View) refuseOffer() {
	v.intents.Ear().Refuse(v.card, *v.heard.offer)
	v.showOffer(nil)
}

func (v *View) takeBack() {
	of, done := keyOf(v.card), *v.heard.done
	v.heard.done = nil
	v.rebuild(time.Now())
	v.intents.Ear().TakeBack(done, func(words string, ok bool) {
		tone := theme.ToneRing
		if !ok {
			tone = theme.ToneMiss
		}
		if keyOf(v.card) == of {
			v.Tell(words, tone, time.Now())
		}
	})
}

// forgetHeard is for the next call.
func (v *View) forgetHeard() {
	v.heard.delay.Stop()
	v.heard = heard{asked: v.heard.asked + 1, delay: v.heard.delay}
	v.note.KeepsTab = false
}

// tickHeard counts down, and takes away what was done when its time is over.
func (v *View) tickHeard(now time.Time) {
	switch {
	case v.heard.done == nil:
	case !now.Before(v.heard.until):
		v.heard.done = nil
		v.rebuild(now)
	case v.heard.undo != nil:
		v.heard.undo.SetLabel(v.undoWord(now))
	}
}

func (v *View) undoWord(now time.Time) string {
	return v.text.T("heard.undo", "n", min(int(heardUndo/time.Second), int(math.Ceil(v.heard.until.Sub(now).Seconds()))))
}

// heardParts are the offer, or what became of it.
func (v *View) heardParts() []fyne.CanvasObject {
	switch {
	case v.heard.offer != nil:
		return []fyne.CanvasObject{inside(12, v.offerBox(*v.heard.offer))}
	case v.heard.done != nil:
		return []fyne.CanvasObject{inside(12, v.doneLine(*v.heard.done))}
	}
	return nil
}

func (v *View) offerBox(offer present.HeardOffer) fyne.CanvasObject {
	ink := widgets.ToneInk(theme.ToneAccent)
	keys := widgets.Stack(widgets.NewBox(widgets.Surface, 6).Outlined(widgets.Line),
		widgets.Pad(4, 8, 4, 8, widgets.NewBold("Tab ↵", theme.Caption, widgets.InkNormal).Fixed()))
	const beside = 24 + 8 + 62 + 8
	title := widgets.NewParagraph(offer.Title, theme.Body, innerWidth-24-beside, 3, ink)
	title.Bold = true
	lines := []fyne.CanvasObject{title}
	if offer.Hint != "" {
		lines = append(lines, widgets.NewLabel(offer.Hint, theme.Caption, widgets.InkNormal))
	}
	if offer.Anyway {
		lines = append(lines, widgets.Pad(6, 0, 0, 0, widgets.Row(0, []float32{0},
			v.spot("heard_anyway", widgets.NewButton(v.text.T("heard.anyway"), widgets.Plain, v.takeOffer)))))
	}
	row := widgets.Row(theme.Gap, []float32{widgets.Wide, 0, 0}, widgets.Column(0, lines...), widgets.Middle(keys), v.spot("heard_refuse", cross(v.refuseOffer)))
	box := widgets.NewBox(widgets.ToneSoft(theme.ToneAccent), theme.RadiusButton)
	if v.heard.armed {
		box.Outlined(widgets.InkAccent)
	}
	if offer.Anyway { // its button alone adds what is another's
		return widgets.Stack(box, widgets.Pad(10, 8, 10, 12, row))
	}
	return widgets.Stack(box, v.spot("heard_add", widgets.NewArea(v.takeOffer)), widgets.Pad(10, 8, 10, 12, row))
}

func (v *View) doneLine(done present.HeardDone) fyne.CanvasObject {
	lines := []fyne.CanvasObject{widgets.NewLabel(done.Title, theme.Body, widgets.InkNormal)}
	if done.Hint != "" {
		lines = append(lines, widgets.NewLabel(done.Hint, theme.Caption, widgets.InkMuted))
	}
	row := []fyne.CanvasObject{widgets.NewBold("✓", theme.Body, widgets.ToneInk(theme.ToneRing)).Fixed(), widgets.Column(0, lines...)}
	v.heard.undo = nil
	if done.Undo != "" {
		v.heard.undo = widgets.NewButton(v.undoWord(time.Now()), widgets.Link, v.takeBack)
		row = append(row, v.spot("heard_undo", v.heard.undo))
	}
	return widgets.Row(theme.Gap, []float32{16, widgets.Wide, 0}, row...)
}
