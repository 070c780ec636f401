// Package popup holds the call cards: how one looks in each of its states, and the stack
// of them in its window at the corner of the screen. It draws the model's snapshots and reports
// what the person did; it decides nothing.
package popup

import (
	"reflect"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/limits"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/bounded"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Intents is what a person can do with a card.
type Intents interface {
	Open(card present.Card)
	NewLead(card present.Card)
	Choose(card present.Card, subject client.Subject)
	Note(callID, words string)
	// UnderWay are the notes of a call that the server does not have yet.
	UnderWay(callID string) []UnderWay
	Transfer(callID, extension string, consult bool)
	// Command holds, resumes, connects, returns or records.
	Command(callID string, act present.Act)
	Hangup(callID string)
	CallBack(card present.Card)
	// Take says that this employee will call a missed caller back.
	Take(card present.Card)
	Dismiss(card present.Card)
	Copy(words string)
	// SMS and Chat write to the caller: by the sheet of the main window, and in the system's browser.
	SMS(card present.Card)
	Chat(card present.Card)
	// Typing tells that a note is being written, so the card must not go away now.
	Typing(callID string)
	// Outcome notes what the call came to, with the words of the note; at is when to call back.
	Outcome(card present.Card, outcome, words string, at *time.Time)
	// Task opens the sheet of a reminder about the caller.
	Task(card present.Card)
	// Snooze, Done and Listen are a reminder's: put it off, finish it, hear the call it is about.
	Snooze(card present.Card, until time.Time)
	Done(card present.Card)
	Listen(card present.Card)
	// Course opens the course of the card's call.
	Course(card present.Card)
	Colleagues() []client.Employee
	// Ear hears the numbers in notes; nil: nobody does.
	Ear() Ear
	// ShowMissed opens the feed with the missed calls.
	ShowMissed()
	// ShowFeed opens the feed.
	ShowFeed()
	// After runs do on Fyne's goroutine when wait has passed.
	After(wait time.Duration, do func())
	// EndPractice goes back to the real school.
	EndPractice()
	// Help opens the help about call cards.
	Help()
	// FocusNote asks for the keyboard, ReleaseNote gives it back.
	FocusNote(callID string)
	// BrokenOff says that a card has gone while its note was being written: the next keys are meant for it still.
	BrokenOff()
	ReleaseNote(callID string)
}

// View is one card. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	text    *i18n.Text
	intents Intents
	card    present.Card
	body    *fyne.Container
	timer   *widgets.Label
	note    *widgets.Entry
	field   fyne.CanvasObject // the note line on its ground
	told    string            // the last sentence about what was done or refused
	tone    theme.Tone
	noting  bool           // the note line is open on a ringing card
	more    bool           // the second row of acts is open
	picking bool           // the list of colleagues to transfer to is open
	consult bool           // the one picked is asked first
	dating  bool           // the times of a call-back are offered
	first   fyne.Focusable // of the list of colleagues; nil: it is empty
	heard   heard
	// Do runs something on Fyne's goroutine; nil means fyne.Do.
	Do      func(func())
	spots   []spot
	bars    []spot // of chips, for the keyboard
	unfolds map[string]*unfold
	resized func()
}

// NewView is an empty card; resized is called when its height may have changed.
func NewView(text *i18n.Text, intents Intents, resized func()) *View {
	v := &View{text: text, intents: intents, resized: resized, body: container.NewStack()}
	v.ExtendBaseWidget(v)
	v.timer = widgets.NewBold("", theme.Caption, widgets.InkMuted).Fixed()
	v.note = widgets.NewEntry(text.T("card.note_hint"))
	v.field = widgets.SoftField(v.note)
	v.note.OnTap = func() { v.intents.FocusNote(v.card.ID) }
	v.note.OnEscape = func() { v.intents.ReleaseNote(v.card.ID) }
	v.note.OnChanged = func(words string) {
		if words != "" {
			v.intents.Typing(v.card.ID)
		}
		v.heard.listen(words)
	}
	bounded.Bind(v.note, limits.Of[client.CallNote]("text"), func(most int) { v.Tell(v.text.N("field.full", most), theme.ToneHold, time.Now()) })
	v.heard.v = v
	v.note.OnSubmitted = func(words string) {
		if strings.TrimSpace(words) == "" {
			return
		}
		v.heard.sent = true
		v.heard.hear(words)
		v.note.SetText("")
		v.intents.Note(v.card.ID, words)
		v.rebuild(time.Now())
		v.intents.ReleaseNote(v.card.ID)
	}
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.body) }

// Draw draws a card; the same card again costs nothing.
func (v *View) Draw(card present.Card, text *i18n.Text, now time.Time) {
	if keyOf(v.card) != keyOf(card) {
		v.heard.forget()
		v.foldAll()
		v.note.SetText("")
		v.told, v.noting, v.more, v.picking, v.consult, v.dating = "", false, false, false, false, false
	}
	if v.card.State != card.State {
		v.told, v.dating = "", false // it was about the state before
		v.foldAll()
	}
	if v.text == text && same(v.card, card) {
		return
	}
	other := v.card.State != card.State
	v.text, v.card = text, card
	v.note.SetPlaceHolder(text.T("card.note_hint"))
	if other {
		v.build(now) // a button of the same name means something else there
		v.grown()
		return
	}
	v.rebuild(now)
}

func same(a, b present.Card) bool { return reflect.DeepEqual(a, b) }

// busy tells whether the person is at the card: it must not go away under their hands.
func (v *View) busy() bool { return v.note.Text != "" || v.dating || v.picking }

func (v *View) clickable() []spot { return v.spots }

// Tell puts a sentence on the card: what was done, or why not.
func (v *View) Tell(sentence string, tone theme.Tone, now time.Time) {
	v.told, v.tone = sentence, tone
	v.rebuild(now)
}

// Tick moves the timer on.
func (v *View) Tick(now time.Time) {
	if !v.card.Since.IsZero() {
		v.timer.Set(v.text.Timer(now.Sub(v.card.Since)))
	}
	v.heard.tick(now)
}

// rebuild draws the card anew; the keyboard stays at the button where it is.
func (v *View) rebuild(now time.Time) {
	at := v.keyed()
	v.build(now)
	if at != "" {
		v.keep(at)
	}
	v.grown()
}

// talks tells whether it is the card of a talk, whose note is what people are after.
func (v *View) talks() bool {
	return v.card.State == model.CardTalking || v.card.State == model.CardHeld
}

func (v *View) build(now time.Time) {
	v.timer.Text = v.card.Aside
	v.Tick(now)
	v.spots, v.bars = nil, nil
	var parts []fyne.CanvasObject
	if v.talks() {
		parts = v.talking()
	} else if v.card.State == model.CardOutage {
		parts = outageFace(v)
	} else {
		parts = v.standing()
	}
	if v.card.Practice {
		parts = append([]fyne.CanvasObject{v.practice()}, parts...)
	}
	if v.told != "" {
		parts = append(parts, inside(10, widgets.NewParagraph(v.told, theme.Caption, innerWidth, 3, widgets.ToneInk(v.tone))))
	}
	v.body.Objects = []fyne.CanvasObject{
		ground(), widgets.NewArea(func() { v.act(present.ActOpen) }),
		widgets.Sized(widgets.Column(0, parts...), theme.Card, 0),
	}
	if !v.talks() {
		corner := atCorner(v.spot("close", cross(func() { v.intents.Dismiss(v.card) })))
		if v.card.Practice {
			corner = widgets.Pad(bandHeight, 0, 0, 0, corner)
		}
		v.body.Objects = append(v.body.Objects, corner)
	}
	v.body.Refresh()
}

// grown says that the height may have changed.
func (v *View) grown() {
	if v.resized != nil {
		v.resized()
	}
}

// spot is something on the card that can be clicked, by a name of no language.
type spot struct {
	name   string
	object fyne.CanvasObject
}

func (v *View) spot(name string, object fyne.CanvasObject) fyne.CanvasObject {
	v.spots = append(v.spots, spot{name, object})
	return object
}

// bar is a row of chips that the keyboard comes to.
func (v *View) bar(name string, chips ...widgets.Pressed) fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(chips))
	for n, chip := range chips {
		objects[n] = chip
	}
	bar := widgets.NewBar(widgets.Row(6, nil, objects...), chips...)
	v.bars = append(v.bars, spot{name, bar})
	return bar
}

// act reports an act of the current card.
func (v *View) act(act present.Act) {
	switch act {
	case present.ActShowMissed:
		v.intents.ShowMissed()
		v.intents.Dismiss(v.card)
	case present.ActShowFeed:
		v.intents.ShowFeed()
		v.intents.Dismiss(v.card)
	case present.ActOpen:
		if v.card.State == model.CardOutage {
			return // its buttons say where to
		}
		if len(v.card.Choices) > 0 || v.card.Test {
			return // the person must say which one first; a test has nobody to open
		}
		if v.card.State == model.CardReminder && v.card.Subject == nil {
			return
		}
		v.intents.Open(v.card)
	case present.ActNewLead:
		v.intents.NewLead(v.card)
	case present.ActCallBack:
		v.intents.CallBack(v.card)
	case present.ActHangup:
		v.intents.Hangup(v.card.ID)
	case present.ActNote:
		v.noting = !v.noting
		v.rebuild(time.Now())
	case present.ActEndPractice:
		v.intents.EndPractice()
	case present.ActTake:
		v.intents.Take(v.card)
	case present.ActDone:
		v.intents.Done(v.card)
	case present.ActMore, present.ActSnooze:
		v.more = !v.more
		v.rebuild(time.Now())
	case present.ActTransfer:
		v.picking = !v.picking
		v.consult = !v.card.Blind
		at := v.keyed()
		v.rebuild(time.Now())
		if v.picking && at != "" {
			v.begin()
		}
	case present.ActHold, present.ActResume, present.ActConnect, present.ActReturn, present.ActRecord:
		v.more = false
		v.intents.Command(v.card.ID, act)
	}
}
