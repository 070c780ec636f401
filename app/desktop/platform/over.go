package platform

import "fyne.io/fyne/v2"

// Over tells whether the pointer is within a window; also where the system does not say.
func (d *Desktop) Over(w fyne.Window) bool {
	at, _, err := d.Geometry(w)
	if err != nil {
		return true
	}
	x, y := d.Pointer()
	return x >= at.X && x < at.X+at.Width && y >= at.Y && y < at.Y+at.Height
}
