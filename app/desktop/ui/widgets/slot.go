package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Control is something in a row that Tab may come to or leave out.
type Control interface {
	fyne.Focusable
	Reach(on bool)
}

// Slot is the place of a row in a List whose rows are drawn anew as a whole.
type Slot struct {
	widget.BaseWidget
	box      *fyne.Container
	controls []Control
	reached  bool
}

// NewSlot is an empty place.
func NewSlot() *Slot {
	s := &Slot{box: container.NewStack()}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is Fyne's.
func (s *Slot) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.box) }

// Fill shows a row and its controls. The keyboard stays at the control in the same place.
func (s *Slot) Fill(row fyne.CanvasObject, controls ...Control) {
	over := fyne.CurrentApp().Driver().CanvasForObject(s)
	at := -1
	if over != nil && over.Focused() != nil {
		at = slices.IndexFunc(s.controls, func(c Control) bool { return fyne.Focusable(c) == over.Focused() })
	}
	s.controls, s.box.Objects = controls, []fyne.CanvasObject{row}
	s.Reach(s.reached)
	s.box.Refresh()
	if at >= 0 && at < len(controls) {
		over.Focus(controls[at])
	}
}

// Row is the row that is shown, for who reads its words.
func (s *Slot) Row() (content fyne.CanvasObject, detail string) { return s.box, "" }

// Reach lets Tab come to the controls, or leaves them out.
func (s *Slot) Reach(on bool) {
	s.reached = on
	for _, c := range s.controls {
		c.Reach(on)
	}
}
