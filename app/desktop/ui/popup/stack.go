package popup

import (
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/stacking"
	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/theme"
)

// Stack is the pile of cards at the bottom right, all in one window. All methods belong on Fyne's
// goroutine.
type Stack struct {
	app     fyne.App
	screen  Screen
	text    *i18n.Text
	intents Intents

	frame *frame // nil until the first card, or Warm
	root  *fyne.Container

	cards     []present.Card
	views     map[key]*View // of the cards that stand whole
	spare     []*View
	line      *lineView
	fold      *foldView
	strip     *stripView
	aside     bool             // what rings during a talk is a strip beside it,
	quiet     bool             // a strip stands for all cards,
	opened    bool             // but the person looks at them,
	left      time.Time        // and the pointer has been away from them since
	heights   map[key]measured // of cards that do not stand whole now
	standing  []standing       // from the corner up
	arranging bool
}

// standing is one thing of the stack.
type standing struct {
	form   stacking.Form
	cards  []present.Card
	object surface
}

// surface is what stands in the stack: a card, the line or the fold.
type surface interface {
	fyne.CanvasObject
	clickable() []spot
}

// measured is how high a card was when it was drawn last.
type measured struct {
	card   present.Card
	text   *i18n.Text
	height float32
}

// key tells cards apart: a task may have the id of a call.
type key struct {
	kind model.CardKind
	id   string
}

func keyOf(card present.Card) key { return key{card.Kind, card.ID} }

func callKey(callID string) key { return key{model.CardOfCall, callID} }

// Shown is one card as it stands on the screen. A line of ringing calls and a fold of missed ones have no
// id of their own; Cards tells whose they are.
type Shown struct {
	Card  present.Card
	Form  stacking.Form
	Cards []present.Card
	Place platform.Rect
	Spots []Spot
}

// Spot is something on a card that can be clicked, and its middle on the screen.
type Spot struct {
	Name string
	X, Y int
}

// NewStack uses screen to place the cards.
func NewStack(app fyne.App, screen Screen, text *i18n.Text, intents Intents) *Stack {
	return &Stack{app: app, screen: screen, text: text, intents: intents, views: map[key]*View{}, heights: map[key]measured{}}
}

// Warm makes the window, unseen, and the first card, so that the first call does not wait for them.
func (s *Stack) Warm() {
	if s.frame != nil {
		return
	}
	first := s.newView()
	first.Draw(present.Card{Title: " "}, s.text, time.Now())
	s.frame, s.root = newFrame(s.app, s.screen, first)
	s.keyboard().Hear(s.frame.window.Canvas(), func(keys.Stroke) bool { return true })
	s.line, s.fold, s.strip = newLineView(), newFoldView(s.intents), newStripView(s.open)
	s.spare = append(s.spare, first)
}

func (s *Stack) newView() *View {
	var v *View
	v = NewView(s.text, s.intents, func() { s.fit(v) })
	v.note.OnEscape = func() {
		if v.note.Text != "" || !s.away() {
			v.intents.ReleaseNote(v.card.ID) // what is typed stays
		}
	}
	// Later: the keyboard may just be on its way to the note of another card.
	v.note.OnLeave = func() { fyne.Do(func() { s.giveBack(v) }) }
	return v
}

// giveBack gives the keyboard back when a click beside the note of v has ended the writing.
func (s *Stack) giveBack(v *View) {
	if s.frame.window.Canvas().Focused() == nil || s.focused(v) {
		s.screen.Unfocus(s.frame.window)
	}
}

// Update shows these cards, or as many of them as there is room for.
func (s *Stack) Update(cards []present.Card, text *i18n.Text, now time.Time) {
	fresh := false
	known := map[key]bool{}
	for _, card := range s.cards {
		known[keyOf(card)] = true
	}
	for _, card := range cards {
		fresh = fresh || !known[keyOf(card)]
	}
	s.cards, s.text = cards, text
	s.arrange(now, fresh)
}

// fit follows a card that grew or shrank by itself.
func (s *Stack) fit(v *View) {
	if s.arranging || s.frame == nil || !s.frame.shown {
		return
	}
	if at, stands := s.frame.column.at[v]; stands && at.size.Height != v.MinSize().Height {
		s.arrange(time.Now(), false)
	}
}

// arrange draws what is to stand there. The stack goes to the screen under the pointer when a card comes,
// and stays where it is while cards change.
func (s *Stack) arrange(now time.Time, fresh bool) {
	s.arranging = true
	defer func() { s.arranging = false }()
	s.follow(now)
	if len(s.cards) == 0 {
		if s.frame != nil {
			s.stand(nil, now)
			s.root.Objects = nil
			s.frame.hide()
		}
		return
	}
	s.Warm()
	if fresh && !s.writing() {
		s.frame.area = s.screen.WorkArea()
	}
	if s.quiet && !s.opened && !s.writing() {
		s.standStrip(now)
		return
	}
	for {
		room := s.frame.room()
		scale := s.frame.scale
		s.stand(stacking.Arrange(s.wanting(), s.roomOf(room), func(i int) float32 { return s.heightOf(s.cards[i], now) }), now)
		parts := make([]part, len(s.standing))
		for n, one := range s.standing {
			parts[n] = part{one.object, one.object.MinSize().Height, false}
			if one.form == stacking.Strip {
				parts[n] = part{one.object, stripHeight, true}
			}
		}
		s.frame.show(s.root, parts, room)
		s.keep()
		if s.frame.window.Canvas().Scale() == scale {
			return
		}
		// Shown on another screen, the window has that one's scale.
	}
}

func (s *Stack) roomOf(height float32) stacking.Room {
	return stacking.Room{Height: height, Gap: theme.CardGap, Line: lineHeight, Fold: foldHeight, Aside: s.aside && !s.opened}
}

// follow lets the cards that stand whole show what has become of them, and drops those that are gone.
func (s *Stack) follow(now time.Time) {
	there := map[key]bool{}
	for _, card := range s.cards {
		there[keyOf(card)] = true
		if v := s.views[keyOf(card)]; v != nil {
			v.Draw(card, s.text, now)
		}
	}
	for k := range s.heights {
		if !there[k] {
			delete(s.heights, k)
		}
	}
	for k := range s.views {
		if !there[k] {
			s.drop(k)
		}
	}
}

// wanting are the cards as the rules of the stack see them.
func (s *Stack) wanting() []stacking.Card {
	out := make([]stacking.Card, len(s.cards))
	for n, card := range s.cards {
		v := s.views[keyOf(card)]
		out[n] = stacking.Card{
			ID: string(card.Kind) + " " + card.ID, Kind: kindOf(card.State), At: card.At, Busy: v != nil && (v.busy() || s.focused(v)),
		}
	}
	return out
}

func kindOf(state model.CardState) stacking.Kind {
	switch state {
	case model.CardRinging:
		return stacking.Ringing
	case model.CardDialling, model.CardTalking, model.CardHeld:
		return stacking.Own
	case model.CardReminder, model.CardOutage:
		return stacking.Reminder
	case model.CardMissed:
		return stacking.Missed
	}
	return stacking.Ended
}

// heightOf draws a card, unless it is known how high it becomes.
func (s *Stack) heightOf(card present.Card, now time.Time) float32 {
	k := keyOf(card)
	if v := s.views[k]; v != nil {
		return v.MinSize().Height
	}
	if m, ok := s.heights[k]; ok && m.text == s.text && same(m.card, card) {
		return m.height
	}
	height := s.view(card, now).MinSize().Height
	s.heights[k] = measured{card, s.text, height}
	return height
}

// view is the view of a card, made of one that is not needed any more where there is one.
func (s *Stack) view(card present.Card, now time.Time) *View {
	k := keyOf(card)
	v := s.views[k]
	if v == nil {
		if n := len(s.spare); n > 0 {
			v, s.spare = s.spare[n-1], s.spare[:n-1]
		} else {
			v = s.newView()
		}
		s.views[k] = v
		v.Draw(card, s.text, now)
	}
	return v
}

// drop puts the view of a card aside.
func (s *Stack) drop(k key) {
	v := s.views[k]
	if s.focused(v) {
		s.frame.release()
		s.intents.BrokenOff()
	}
	delete(s.views, k)
	v.text = nil // a change of theme reaches what is in the window alone: drawn anew when it comes back
	s.spare = append(s.spare, v)
}

// stand puts the places' surfaces in order, and drops the views that no place shows.
func (s *Stack) stand(places []stacking.Place, now time.Time) {
	s.standing = s.standing[:0]
	whole, forms := map[key]bool{}, map[stacking.Form]bool{}
	for _, p := range places {
		one := standing{form: p.Form}
		forms[p.Form] = true
		for _, i := range p.Cards {
			one.cards = append(one.cards, s.cards[i])
		}
		switch p.Form {
		case stacking.Line:
			s.line.draw(present.Ring(one.cards, s.text), s.text, now)
			one.object = s.line
		case stacking.Strip:
			s.strip.draw(present.Tuck(one.cards, s.text), s.text, now)
			one.object = s.strip
		case stacking.Fold:
			s.fold.draw(present.Fold(one.cards, s.text), s.rings(), s.text)
			one.object = s.fold
		default:
			one.object = s.view(one.cards[0], now)
			whole[keyOf(one.cards[0])] = true
		}
		s.standing = append(s.standing, one)
	}
	for k := range s.views {
		if !whole[k] {
			s.drop(k)
		}
	}
	if !forms[stacking.Line] {
		s.line.text = nil
	}
	if !forms[stacking.Fold] {
		s.fold.text = nil
	}
	if !forms[stacking.Strip] {
		s.strip.text = nil
	}
}

func (s *Stack) rings() bool {
	for _, card := range s.cards {
		if card.State == model.CardRinging {
			return true
		}
	}
	return false
}

// focused tells whether the note line of a card has the keyboard.
func (s *Stack) focused(v *View) bool {
	focused := s.frame.window.Canvas().Focused()
	return focused != nil && focused == fyne.Focusable(v.note)
}

// writing tells whether the person is at one of the cards.
func (s *Stack) writing() bool {
	for _, v := range s.views {
		if v.busy() || s.focused(v) {
			return true
		}
	}
	return false
}

// Tick moves the timers on, and follows a window that has come to a screen of another scale.
func (s *Stack) Tick(now time.Time) {
	for _, v := range s.views {
		v.Tick(now)
	}
	if s.frame == nil || !s.frame.shown {
		return
	}
	s.line.tick(now)
	s.strip.tick(now)
	if (s.quiet || s.aside) && s.opened {
		s.look(now)
	}
	for n, one := range s.standing {
		if v, ok := one.object.(*View); ok {
			v.pointedAt(func() bool { return pointedAt(s, n) })
		}
	}
	if s.frame.window.Canvas().Scale() != s.frame.scale {
		s.arrange(now, false)
	}
}

// Tell puts a sentence on the card of a call; false means that none stands there whole.
func (s *Stack) Tell(callID, sentence string, tone theme.Tone, now time.Time) bool {
	v := s.views[callKey(callID)]
	if v == nil {
		return false
	}
	v.Tell(sentence, tone, now)
	return true
}

// Unsaved are the notes that are being written, by the call.
func (s *Stack) Unsaved() map[string]string {
	out := map[string]string{}
	for _, v := range s.views {
		if v.note.Text != "" && v.card.Kind == model.CardOfCall {
			out[v.card.ID] = v.note.Text
		}
	}
	return out
}

// Focus gives the note line of a card the keyboard.
func (s *Stack) Focus(callID string) {
	if s.views[callKey(callID)] != nil {
		s.screen.Focus(s.frame.window)
	}
}

// Release gives the keyboard back to who had it.
func (s *Stack) Release(callID string) {
	if v := s.views[callKey(callID)]; v != nil && s.focused(v) {
		s.frame.release()
	}
}

// Shown lists what stands on the screen from the corner up, in pixels.
func (s *Stack) Shown() []Shown {
	var out []Shown
	for n, one := range s.standing {
		place := s.frame.onScreen(n)
		shown := Shown{Card: one.cards[0], Form: one.form, Cards: one.cards, Place: place}
		top := s.frame.column.at[one.object].at
		for _, spot := range one.object.clickable() {
			at := s.app.Driver().AbsolutePositionForObject(spot.object).Subtract(top)
			size := spot.object.Size()
			shown.Spots = append(shown.Spots, Spot{
				spot.name, place.X + pixels(at.X+size.Width/2, s.frame.scale), place.Y + pixels(at.Y+size.Height/2, s.frame.scale),
			})
		}
		switch one.form {
		case stacking.Line:
			ring := present.Ring(one.cards, s.text)
			shown.Card = present.Card{State: model.CardRinging, Heading: ring.Heading, Title: ring.Names}
		case stacking.Fold:
			fold := present.Fold(one.cards, s.text)
			shown.Card = present.Card{State: model.CardMissed, Heading: fold.Heading, Title: fold.Names, Subtitle: fold.More}
		}
		out = append(out, shown)
	}
	return out
}
