package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/theme"
)

// focusable is what everything has in common that the keyboard reaches and that is no field: it shows whether it
// has the keyboard after a key, and no more once the pointer is used.
type focusable struct {
	widget.BaseWidget
	focused  bool
	pointed  bool // the pointer was used since it got the keyboard
	disabled bool
	skipped  bool // Tab leaves it out
	// redraw shows whether it has the keyboard; nil: by drawing all of it again.
	redraw func()
}

// shows draws whether it has the keyboard.
func (f *focusable) shows() {
	if f.redraw != nil {
		f.redraw()
		return
	}
	f.Refresh()
}

// keyed is what has the keyboard now; nil: a field, or nothing. Fyne's goroutine only.
var keyed *focusable

// HideOutline hides where the keyboard is, as something comes to lie over it; the next key that is typed there
// shows it again.
func HideOutline() { point() }

// point says that the pointer is used: the outline of what has the keyboard goes.
func point() {
	if keyed != nil && !keyed.pointed {
		keyed.pointed = true
		keyed.shows()
	}
}

// FocusGained is Fyne's.
func (f *focusable) FocusGained() {
	f.focused, keyed = true, f
	f.shows()
	scrolling.Follow()
}

// FocusLost is Fyne's.
func (f *focusable) FocusLost() {
	f.focused, f.pointed = false, false
	if keyed == f {
		keyed = nil
	}
	f.shows()
}

// TypedRune is Fyne's.
func (f *focusable) TypedRune(rune) {}

// MouseDown is Fyne's.
func (f *focusable) MouseDown(*desktop.MouseEvent) { point() }

// MouseUp is Fyne's.
func (f *focusable) MouseUp(*desktop.MouseEvent) {}

// Disabled tells Fyne to leave it out when Tab is pressed.
func (f *focusable) Disabled() bool { return f.disabled || f.skipped }

// Enable is Fyne's.
func (f *focusable) Enable() { f.disabled = false; f.Refresh() }

// Disable is Fyne's.
func (f *focusable) Disable() { f.disabled = true; f.Refresh() }

// Reach lets Tab come here, or leaves it out: of many rows, only the controls of the one that people are at are
// worth a stop.
func (f *focusable) Reach(on bool) { f.skipped = !on }

// outlined tells whether the outline of what has the keyboard is shown; a key that is typed shows it again.
func (f *focusable) outlined() bool { return f.focused && !f.pointed }

// typed shows the outline again, as keys are used.
func (f *focusable) typed() {
	if f.pointed {
		f.pointed = false
		f.shows()
	}
}

// leave gives a key that has no use here to the window.
func (f *focusable) leave(self fyne.CanvasObject, key *fyne.KeyEvent) { keys.Leave(self, key) }

// The outline of what has the keyboard.
const (
	outline    float32 = 2 // how wide it is
	outlineGap float32 = 2 // between it and a control
)

// newOutline is an outline that is not shown yet.
func newOutline() *canvas.Rectangle {
	rect := canvas.NewRectangle(color.Transparent)
	rect.StrokeWidth = outline
	rect.Hide()
	return rect
}

// outlineAround puts an outline round a control with round corners.
func outlineAround(rect *canvas.Rectangle, at fyne.Position, size fyne.Size, radius float32) {
	const beside = outline + outlineGap
	rect.Move(at.SubtractXY(beside, beside))
	rect.Resize(size.AddWidthHeight(2*beside, 2*beside))
	rect.CornerRadius = radius + beside
}

// showOutline shows an outline or hides it.
func showOutline(rect *canvas.Rectangle, on bool) {
	rect.StrokeColor, rect.Hidden = theme.Colors().Accent, !on
	rect.Refresh()
}
