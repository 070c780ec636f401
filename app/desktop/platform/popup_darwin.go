package platform

import "fyne.io/fyne/v2"

// Desktop cannot place the card on macOS yet: that needs a non-activating NSPanel, and
// Fyne's windows are NSWindows. Notifications take its place.
type Desktop struct{}

// OpenDesktop says so.
func OpenDesktop() (*Desktop, error) {
	return nil, &Unsupported{"placing the call card", "a window that does not take the focus is not made yet"}
}

// Close has nothing to give back.
func (d *Desktop) Close() {}

// Prepare cannot.
func (d *Desktop) Prepare(fyne.Window) bool { return false }

// Vanish cannot.
func (d *Desktop) Vanish(fyne.Window) {}

// Shape cannot.
func (d *Desktop) Shape(fyne.Window, []Rect, int) {}

// Place cannot.
func (d *Desktop) Place(fyne.Window, int, int) {}

// Geometry is not known.
func (d *Desktop) Geometry(fyne.Window) (Rect, bool, error) {
	return Rect{}, false, &Unsupported{"asking a window's place", "not made yet"}
}

// Focus cannot.
func (d *Desktop) Focus(fyne.Window) {}

// Unfocus cannot.
func (d *Desktop) Unfocus(fyne.Window) {}

// WorkArea is not known.
func (d *Desktop) WorkArea() Rect { return Rect{} }

// Pointer is not known.
func (d *Desktop) Pointer() (x, y int) { return 0, 0 }

// FullScreen is not known.
func (d *Desktop) FullScreen() bool { return false }
