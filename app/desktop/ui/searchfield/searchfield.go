// Package searchfield draws the field that a page is searched by, with the key that leads to it.
package searchfield

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/keysheet"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// key leads to the field of the page in front, see ui/board.
const key = "/"

// New draws a field. Its key stands at its end while nobody is in it and nothing is typed, unless the field is so narrow
// that it would lie over the hint.
func New(entry *widgets.Entry) fyne.CanvasObject {
	e := &end{entry: entry, sign: keysheet.NewCap(key)}
	entry.OnFace = e.follow
	return widgets.Stack(widgets.Field(entry), &fyne.Container{Layout: e, Objects: []fyne.CanvasObject{e.sign}})
}

// end puts the key at the end of the field.
type end struct {
	entry  *widgets.Entry
	sign   fyne.CanvasObject
	narrow bool
}

const (
	// inset is beside the key, hint beside the words of the field.
	inset float32 = 8
	hint  float32 = 12
)

// MinSize is Fyne's.
func (e *end) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout is Fyne's.
func (e *end) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	least := e.sign.MinSize()
	e.sign.Resize(least)
	e.sign.Move(fyne.NewPos(size.Width-least.Width-inset, (size.Height-least.Height)/2))
	words := fyne.MeasureText(e.entry.PlaceHolder, theme.Body, fyne.TextStyle{}).Width
	e.narrow = words+hint > size.Width-least.Width-inset
	e.follow()
}

func (e *end) follow() {
	on := e.entry.Text == "" && !e.entry.Keyed() && !e.narrow
	switch {
	case on && !e.sign.Visible():
		e.sign.Show()
	case !on && e.sign.Visible():
		e.sign.Hide()
	}
}

// DownTo is for OnKey of a field that searches: ↓ goes to what was found, if there is anything.
func DownTo(found func() fyne.Focusable) func(fyne.KeyName) bool {
	return func(key fyne.KeyName) bool {
		if key != fyne.KeyDown {
			return false
		}
		to := found()
		object, ok := to.(fyne.CanvasObject)
		if !ok {
			return false
		}
		over := fyne.CurrentApp().Driver().CanvasForObject(object)
		if over != nil {
			over.Focus(to)
		}
		return over != nil
	}
}
