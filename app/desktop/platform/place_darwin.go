package platform

import "fyne.io/fyne/v2"

// Frame is not known.
func (d Placing) Frame(fyne.Window) Frame { return Frame{} }

// AsPlaced is not known.
func (d Placing) AsPlaced(fyne.Window) bool { return false }

// Content is not known.
func (d Placing) Content(fyne.Window) (Rect, error) { return Rect{}, nil }

// Move cannot.
func (d Placing) Move(fyne.Window, int, int) {}

// WorkAreas are not known.
func (d Placing) WorkAreas() []Rect { return nil }
