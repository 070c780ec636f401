package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// touched is what every control that is clicked has in common: it knows whether the mouse is over
// it and whether it has the keyboard, and is drawn again when that changes.
type touched struct {
	focusable
	hovered bool
}

// Cursor is a hand.
func (t *touched) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn is Fyne's.
func (t *touched) MouseIn(*desktop.MouseEvent) { t.hovered = true; t.Refresh() }

// MouseMoved is Fyne's.
func (t *touched) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is Fyne's.
func (t *touched) MouseOut() { t.hovered = false; t.Refresh() }

// presses reports whether a key does what a click does.
func presses(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		return true
	}
	return false
}
