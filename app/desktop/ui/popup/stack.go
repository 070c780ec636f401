package popup

import (
	"log/slog"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
)

// Stack is the pile of card windows at the bottom right. All methods belong on Fyne's
// goroutine.
type Stack struct {
	app     fyne.App
	screen  *platform.Desktop
	text    *i18n.Text
	intents Intents
	slots   []*slot // slot 0 is the lowest
	spare   []*slot // warmed windows without a card
}

type slot struct {
	window   fyne.Window
	view     *View
	prepared bool
	key      key
	shown    bool
	height   float32
}

// key tells cards apart: a task may have the id of a call.
type key struct {
	kind model.CardKind
	id   string
}

func keyOf(card present.Card) key { return key{card.Kind, card.ID} }

func callKey(callID string) key { return key{model.CardOfCall, callID} }

// Shown is one card as it stands on the screen.
type Shown struct {
	Card  present.Card
	Place platform.Rect
	Spots []Spot
}

// Spot is something on a card that can be clicked, and its middle on the screen.
type Spot struct {
	Name string
	X, Y int
}

// NewStack uses screen to place the cards.
func NewStack(app fyne.App, screen *platform.Desktop, text *i18n.Text, intents Intents) *Stack {
	return &Stack{app: app, screen: screen, text: text, intents: intents}
}

// primeLayout runs prime whenever the least size is asked for. Fyne creates and maps a
// window in one Show; between the two it asks for this size, and that is the only moment
// at which a window exists that the window manager has not seen yet.
type primeLayout struct {
	inner fyne.Layout
	prime func()
}

// Layout is the inner one's.
func (p *primeLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	p.inner.Layout(objects, size)
}

// MinSize primes and is the inner one's.
func (p *primeLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	p.prime()
	return p.inner.MinSize(objects)
}

// Warm makes the first window, unseen, so that the first call does not wait for it.
func (s *Stack) Warm() {
	s.spare = append(s.spare, s.newSlot())
}

func (s *Stack) newSlot() *slot {
	driver, ok := s.app.Driver().(desktop.Driver)
	if !ok {
		slog.Error("no window for the call card: the driver makes none")
		return nil
	}
	sl := &slot{window: driver.CreateSplashWindow()}
	sl.window.SetTitle("Dozvon call")
	sl.window.SetPadded(false)
	sl.view = NewView(s.text, s.intents, func() { s.fit(sl) })
	sl.view.Draw(present.Card{Title: " "}, s.text, time.Now())
	prime := func() {
		if !sl.prepared {
			sl.prepared = s.screen.Prepare(sl.window)
		}
	}
	sl.window.SetContent(container.New(&primeLayout{layout.NewStackLayout(), prime}, sl.view))
	sl.window.Show()
	area := s.screen.WorkArea()
	s.screen.Place(sl.window, area.X+area.Width-int(theme.Card), area.Y+area.Height-200)
	sl.window.Hide()
	return sl
}

// Update shows exactly these cards.
func (s *Stack) Update(cards []present.Card, text *i18n.Text, now time.Time) {
	s.text = text
	wanted := map[key]bool{}
	for _, card := range cards {
		wanted[keyOf(card)] = true
	}
	var kept []*slot
	for _, sl := range s.slots {
		if wanted[sl.key] {
			kept = append(kept, sl)
			continue
		}
		s.hide(sl)
	}
	s.slots = kept
	for _, card := range cards {
		sl := s.slotOf(keyOf(card))
		if sl == nil {
			sl = s.dequeue()
			if sl == nil {
				return
			}
			sl.key = keyOf(card)
			s.slots = append(s.slots, sl)
		}
		sl.view.Draw(card, text, now)
	}
	s.arrange()
}

// dequeue is a warmed window, or a new one.
func (s *Stack) dequeue() *slot {
	if n := len(s.spare); n > 0 {
		sl := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return sl
	}
	return s.newSlot()
}

func (s *Stack) slotOf(of key) *slot {
	for _, sl := range s.slots {
		if sl.key == of {
			return sl
		}
	}
	return nil
}

func (s *Stack) hide(sl *slot) {
	s.screen.Unfocus(sl.window)
	s.screen.Vanish(sl.window)
	sl.window.Hide()
	sl.key, sl.shown = key{}, false
	s.spare = append(s.spare, sl)
}

// fit follows a card that grew or shrank by itself.
func (s *Stack) fit(sl *slot) {
	if sl.shown && sl.view.MinSize().Height != sl.height {
		s.arrange()
	}
}

// arrange puts the cards above each other, 16 from the edge and 12 apart.
func (s *Stack) arrange() {
	if len(s.slots) == 0 {
		return
	}
	area := s.screen.WorkArea()
	bottom := float32(0)
	for n, sl := range s.slots {
		if !sl.shown {
			sl.window.Show() // the shape is empty, so nothing is seen before it is in place
		}
		scale := sl.window.Canvas().Scale()
		if n == 0 {
			bottom = float32(area.Y+area.Height) - theme.CardEdge*scale
		}
		height := sl.view.MinSize().Height
		if !sl.shown || height != sl.height {
			sl.window.Resize(fyne.NewSize(theme.Card, height))
		}
		wide, high := pixels(theme.Card, scale), pixels(height, scale)
		x := area.X + area.Width - pixels(theme.CardEdge, scale) - wide
		s.screen.Place(sl.window, x, int(bottom)-high)
		s.screen.Round(sl.window, wide, high, pixels(theme.RadiusCard, scale))
		sl.shown, sl.height = true, height
		bottom -= float32(high) + theme.CardGap*scale
	}
}

func pixels(units, scale float32) int { return int(math.Round(float64(units * scale))) }

// Tick moves the timers on.
func (s *Stack) Tick(now time.Time) {
	for _, sl := range s.slots {
		sl.view.Tick(now)
	}
}

// Tell puts a sentence on the card of a call; false means that it has none.
func (s *Stack) Tell(callID, sentence string, tone theme.Tone, now time.Time) bool {
	sl := s.slotOf(callKey(callID))
	if sl == nil {
		return false
	}
	sl.view.Tell(sentence, tone, now)
	return true
}

// Focus gives the note line of a card the keyboard.
func (s *Stack) Focus(callID string) {
	if sl := s.slotOf(callKey(callID)); sl != nil {
		s.screen.Focus(sl.window)
	}
}

// Release gives the keyboard back to who had it.
func (s *Stack) Release(callID string) {
	if sl := s.slotOf(callKey(callID)); sl != nil {
		s.screen.Unfocus(sl.window)
	}
}

// Shown lists what stands on the screen, in pixels.
func (s *Stack) Shown() []Shown {
	var out []Shown
	for _, sl := range s.slots {
		place, _, err := s.screen.Geometry(sl.window)
		if err != nil {
			slog.Warn("place of a card unknown", "card", sl.key.id, "error", err)
		}
		out = append(out, Shown{Card: sl.view.card, Place: place, Spots: s.spots(sl, place)})
	}
	return out
}

func (s *Stack) spots(sl *slot, place platform.Rect) []Spot {
	var out []Spot
	scale := sl.window.Canvas().Scale()
	for _, one := range sl.view.spots {
		at, size := s.app.Driver().AbsolutePositionForObject(one.object), one.object.Size()
		out = append(out, Spot{one.name, place.X + pixels(at.X+size.Width/2, scale), place.Y + pixels(at.Y+size.Height/2, scale)})
	}
	return out
}
