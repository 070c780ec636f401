package popup

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// UnderWay is a note that the server does not have yet.
type UnderWay struct {
	Words string
	Waits bool // the server could not take it, and is asked again
}

// underWay shows below the note field what the server does not have yet of what was noted.
func (v *View) underWay() []fyne.CanvasObject {
	var parts []fyne.CanvasObject
	for _, note := range v.intents.UnderWay(v.card.ID) {
		key, ink := "card.note_sending", widgets.InkMuted
		if note.Waits {
			key, ink = "card.note_waiting", widgets.ToneInk(theme.ToneHold)
		}
		parts = append(parts, inside(8, widgets.NewParagraph(v.text.T(key, "words", note.Words), theme.Caption, innerWidth, 2, ink)))
	}
	return parts
}

// GiveBack puts words into the note field of a call's card that the server has refused, before what was typed
// meanwhile; false: no such card stands there whole.
func (s *Stack) GiveBack(callID, words string) bool {
	v := s.views[callKey(callID)]
	if v == nil {
		return false
	}
	if v.note.Text != "" {
		words += " " + v.note.Text
	}
	v.note.SetText(words)
	v.noting = true // on a card where the field is opened first
	return true
}
