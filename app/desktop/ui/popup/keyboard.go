package popup

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/keys"
)

// keyboard is what keys do on the cards, once a person has gone to them: a card takes none by itself.
func (s *Stack) keyboard() *keys.Table {
	t := &keys.Table{}
	t.Add(
		keys.Binding{Group: keys.CallCard, Words: "keys.card_main", Strokes: []keys.Stroke{keys.On(fyne.KeyReturn)}}, // of the button that has the keyboard
		keys.Binding{Group: keys.CallCard, Words: "keys.card_buttons", Strokes: []keys.Stroke{keys.On(fyne.KeyTab)}}, // Fyne's own
		keys.Binding{
			Group: keys.CallCard, Words: "keys.card_away", Strokes: []keys.Stroke{keys.On(fyne.KeyEscape)},
			Do: func(int) bool { return s.away() },
		},
	)
	return t
}

// TakeKeys gives the keyboard to the card nearest to the corner: Enter presses its first button, Tab goes to the
// next one, also of the cards above. False: no card stands there.
func (s *Stack) TakeKeys() bool {
	if s.frame == nil || !s.frame.shown || len(s.standing) == 0 {
		return false
	}
	if s.quiet && !s.opened {
		s.open()
	}
	s.frame.keyed = true
	s.screen.Focus(s.frame.window)
	s.begin()
	return true
}

// begin goes to the first thing on the cards that can be pressed.
func (s *Stack) begin() {
	over := s.frame.window.Canvas()
	over.Unfocus()
	over.FocusNext()
	s.keyedBody = s.bodyOf(s.standing[0].object)
}

// bodyOf is what a card is drawn with now; nil for what is no card.
func (s *Stack) bodyOf(one surface) fyne.CanvasObject {
	if v, ok := one.(*View); ok && len(v.body.Objects) > 0 {
		return v.body.Objects[0]
	}
	return nil
}

// keep goes to the first button again when the nearest card has changed, and its buttons with it.
func (s *Stack) keep() {
	if !s.frame.keyed || s.writing() || len(s.standing) == 0 {
		return
	}
	if s.bodyOf(s.standing[0].object) != s.keyedBody {
		s.begin()
	}
}

// away puts away the card that has the keyboard, and gives the keyboard back; the call goes on.
func (s *Stack) away() bool {
	if !s.frame.keyed {
		return false
	}
	focused, _ := s.frame.window.Canvas().Focused().(fyne.CanvasObject)
	s.frame.release()
	if focused == nil {
		return true
	}
	y := s.app.Driver().AbsolutePositionForObject(focused).Y
	for _, one := range s.standing {
		p := s.frame.column.at[one.object]
		if y >= p.at.Y && y < p.at.Y+p.size.Height {
			for _, card := range one.cards {
				s.intents.Dismiss(card)
			}
			return true
		}
	}
	return true
}
