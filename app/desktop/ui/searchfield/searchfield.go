// Package searchfield draws the field that a page is searched by, with the key that leads to it.
package searchfield

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/keysheet"
	"dozvon/app/desktop/ui/widgets"
)

// key leads to the field of the page in front, see ui/board.
const key = "/"

// New draws a field. Its key stands at its end while nobody is in it and nothing is typed.
func New(entry *widgets.Entry) fyne.CanvasObject {
	sign := keysheet.NewCap(key)
	entry.OnFace = func() {
		if on := entry.Text == "" && !entry.Keyed(); on != sign.Visible() {
			if on {
				sign.Show()
			} else {
				sign.Hide()
			}
		}
	}
	entry.OnFace()
	end := widgets.Pad(0, 8, 0, 0, widgets.Row(0, []float32{widgets.Wide, 0}, widgets.Space(0, 0), sign))
	return widgets.Stack(widgets.Field(entry), end)
}
