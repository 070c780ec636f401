package screens

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"
)

// drawNotes draws the sheet of a note.
func drawNotes(t *testing.T, l look) {
	h := uitest.NewHost(t, l.lang)
	h.School.Answers["/feed/n1/versions"] = uitest.FormerTexts()
	_, w := uitest.NoteOver(t, h, uitest.ANote())
	uitest.Snap(t, "note-own"+l.suffix(), w)
	h = uitest.NewHostFor(t, l.lang, uitest.Borisov)
	h.School.Answers["/feed/n1/versions"] = uitest.FormerTexts()
	_, w = uitest.NoteOver(t, h, uitest.ANote())
	uitest.Snap(t, "note-read"+l.suffix(), w)
}
