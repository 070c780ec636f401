package popup

import (
	"slices"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/widgets"
)

// TransferWords is what the page of all keys says of handing the talk over, which other windows may offer too.
const TransferWords = "keys.transfer"

// bindings are what keys do on the cards, once a person has gone to them: a card takes none by itself.
func (s *Stack) bindings() []keys.Binding {
	return []keys.Binding{
		{
			Group: keys.Talking, Words: "keys.note", Strokes: []keys.Stroke{keys.On(fyne.KeyReturn)}, // the field's own
			Also: []keys.Stroke{keys.With(keys.Main, fyne.KeyReturn), keys.With(keys.Main, fyne.KeyEnter)},
			Do:   func(int) bool { return s.saveNote() },
		},
		{Group: keys.Talking, Words: "keys.add_number", Strokes: []keys.Stroke{keys.On(fyne.KeyTab)}, Then: []keys.Stroke{keys.On(fyne.KeyReturn)}}, // Fyne's own: the offer comes after the note
		{
			Group: keys.Talking, Words: TransferWords, Strokes: []keys.Stroke{keys.With(keys.Main, fyne.KeyT)},
			Do: func(int) bool { return s.Transfer() },
		},
		{Group: keys.CallCard, Words: "keys.card_main", Strokes: []keys.Stroke{keys.On(fyne.KeyReturn)}}, // of the button that has the keyboard
		{Group: keys.CallCard, Words: "keys.card_buttons", Strokes: []keys.Stroke{keys.On(fyne.KeyTab)}}, // Fyne's own
		{
			Group: keys.CallCard, Words: "keys.card_away", Strokes: []keys.Stroke{keys.On(fyne.KeyEscape)},
			Do: func(int) bool { return s.away() },
		},
		{
			Group: keys.CallCard, Words: "keys.manual", Strokes: []keys.Stroke{keys.On(fyne.KeyF1)},
			Do: func(int) bool { s.intents.Help(); return true },
		},
	}
}

// Keys are what keys do on the cards, for the page of all keys.
func Keys() []keys.Binding {
	out := (&Stack{}).bindings()
	for n := range out {
		out[n].Do = nil
	}
	return out
}

func (s *Stack) keyboard() *keys.Table {
	t := &keys.Table{}
	t.Add(s.bindings()...)
	return t
}

// TakeKeys gives the keyboard to the card nearest to the corner: Enter presses its first button, Tab goes to the
// next one, also of the cards above. False: no card stands there.
func (s *Stack) TakeKeys() bool {
	if !s.takes() {
		return false
	}
	s.begin()
	return true
}

// takes gives the keyboard to the cards.
func (s *Stack) takes() bool {
	if s.frame == nil || !s.frame.shown || len(s.standing) == 0 {
		return false
	}
	if s.tucked() {
		s.open()
	}
	s.frame.keyed = true
	s.screen.Focus(s.frame.window)
	return true
}

// begin goes to what a person most likely wants of the card nearest to the corner: in a talk its note, else the first
// thing that can be pressed, past what few are after and what would end a practice.
func (s *Stack) begin() {
	over := s.frame.window.Canvas()
	over.Unfocus()
	if len(s.standing) == 0 {
		return
	}
	v, whole := s.standing[0].object.(*View)
	if whole && v.talks() {
		over.Focus(v.note)
		return
	}
	over.FocusNext()
	for slices.Contains([]string{courseSpot, bandSpot}, nameOf(over.Focused(), s.standing[0].object.clickable())) {
		over.FocusNext()
	}
}

// hasKeys tells whether the person is at the cards by keyboard still, and not in another window.
func (s *Stack) hasKeys() bool {
	if !s.frame.keyed {
		return false
	}
	_, focused, err := s.screen.Geometry(s.frame.window)
	return err != nil || focused
}

// keep goes to the first button again when the one that had the keyboard has gone, and lets the cards be when the
// person has gone to another window.
func (s *Stack) keep() {
	if !s.frame.keyed || len(s.standing) == 0 {
		return
	}
	if !s.hasKeys() {
		s.frame.keyed = false
		s.frame.window.Canvas().Unfocus()
		return
	}
	for _, one := range s.standing {
		v, ok := one.object.(*View)
		if ok && (s.focused(v) || v.keyed() != "") || nameOf(s.frame.window.Canvas().Focused(), one.object.clickable()) != "" {
			return
		}
	}
	s.begin()
}

// Transfer offers the colleagues to hand the talk over to, on its card; false: there is no talk, or its PBX hands
// nothing over.
func (s *Stack) Transfer() bool {
	can := func(card present.Card) bool {
		return slices.Contains(slices.Concat(card.Acts, card.More), present.ActTransfer)
	}
	if s.frame == nil || !s.frame.shown || !slices.ContainsFunc(s.cards, can) {
		return false
	}
	if s.tucked() {
		s.open()
	}
	for _, one := range s.standing {
		v, ok := one.object.(*View)
		if !ok || !can(v.card) {
			continue
		}
		if !v.picking {
			v.act(present.ActTransfer)
		}
		s.takes()
		v.begin()
		return true
	}
	return false
}

// saveNote saves the note that is being written.
func (s *Stack) saveNote() bool {
	note, ok := s.frame.window.Canvas().Focused().(*widgets.Entry)
	if ok {
		note.OnSubmitted(note.Text)
	}
	return ok
}

// away puts away what came last: the list of colleagues; else the card that has the keyboard, which is given back
// then. The call goes on.
func (s *Stack) away() bool {
	if !s.frame.keyed {
		return false
	}
	one := s.keyedOne()
	if one != nil {
		if v, ok := one.object.(*View); ok && v.picking {
			v.keep(string(present.ActTransfer))
			v.act(present.ActTransfer)
			return true
		}
	}
	s.frame.release()
	if one != nil {
		for _, card := range one.cards {
			s.intents.Dismiss(card)
		}
	}
	return true
}

// keyedOne is what has the keyboard of all that stands there; nil: nothing.
func (s *Stack) keyedOne() *standing {
	focused, _ := s.frame.window.Canvas().Focused().(fyne.CanvasObject)
	if focused == nil {
		return nil
	}
	y := s.app.Driver().AbsolutePositionForObject(focused).Y
	for n, one := range s.standing {
		p := s.frame.column.at[one.object]
		if y >= p.at.Y && y < p.at.Y+p.size.Height {
			return &s.standing[n]
		}
	}
	return nil
}

// nameOf is the name of the spot that has the keyboard; empty: none has.
func nameOf(focused fyne.Focusable, spots []spot) string {
	for _, spot := range spots {
		if at := focusableIn(spot.object); at != nil && at == focused {
			return spot.name
		}
	}
	return ""
}

// focusableIn is what takes the keyboard of something that may be drawn of several parts, of which it lies on top.
func focusableIn(object fyne.CanvasObject) fyne.Focusable {
	switch at := object.(type) {
	case fyne.Focusable:
		return at
	case *fyne.Container:
		if n := len(at.Objects); n > 0 {
			return focusableIn(at.Objects[n-1])
		}
	}
	return nil
}

// keyed is the name of the button of this card that has the keyboard; empty: none has.
func (v *View) keyed() string {
	if over := fyne.CurrentApp().Driver().CanvasForObject(v); over != nil {
		return nameOf(over.Focused(), slices.Concat(v.spots, v.bars))
	}
	return ""
}

// begin goes to the first colleague, or to what opened their list where there is none.
func (v *View) begin() {
	if v.first == nil {
		v.keep(string(present.ActTransfer))
		return
	}
	focus(v, v.first)
}

// keep gives the keyboard to the button of a name, which was drawn anew.
func (v *View) keep(name string) {
	for _, spot := range slices.Concat(v.spots, v.bars) {
		if spot.name == name {
			focus(v, focusableIn(spot.object))
			return
		}
	}
}

// focus gives the keyboard to something of a card; nil: to nothing.
func focus(v *View, at fyne.Focusable) {
	if over := fyne.CurrentApp().Driver().CanvasForObject(v); over != nil {
		over.Focus(at)
	}
}
