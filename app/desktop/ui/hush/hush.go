// Package hush lets a window take no keys for a moment: what somebody typed elsewhere, and goes on typing after it was
// taken from under their hands, must not do anything here.
package hush

import (
	"image/color"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui"
)

// Pause is for how long no key has come once the person has seen where they type.
const Pause = 1500 * time.Millisecond

// Hush lies over a window, unseen, and takes its keys until they have paused; a click ends it. All methods belong on
// Fyne's goroutine.
type Hush struct {
	widget.BaseWidget
	over  fyne.Canvas
	since time.Time // the last key
	on    bool
	delay ui.Delay

	// Now is the clock; Do runs something on Fyne's goroutine, nil means fyne.Do.
	Now func() time.Time
	Do  func(func())
}

// New is for a window; it takes nothing yet.
func New(over fyne.Canvas) *Hush {
	h := &Hush{over: over, Now: time.Now}
	h.ExtendBaseWidget(h)
	return h
}

// Begin takes the keys.
func (h *Hush) Begin() {
	h.on, h.since = true, h.Now()
	h.cover()
	h.look()
}

// cover lies over all that is there, with the keyboard.
func (h *Hush) cover() {
	if slices.Contains(h.over.Overlays().List(), fyne.CanvasObject(h)) {
		return
	}
	h.over.Overlays().Add(h)
	h.Move(fyne.Position{})
	h.Resize(h.over.Size())
	h.over.Focus(h)
}

// look ends it when the keys have paused. What uncovers the window meanwhile, such as another one who signs in, does not.
func (h *Hush) look() {
	h.delay.Do = h.Do
	h.delay.After(Pause/10, func() {
		if !h.on {
			return
		}
		// What was opened above it has the keys, and would go with it.
		top := h.over.Overlays().Top()
		if h.Now().Sub(h.since) >= Pause && (top == nil || top == fyne.CanvasObject(h)) {
			h.end()
			return
		}
		h.cover()
		h.look()
	})
}

func (h *Hush) end() {
	h.on = false
	h.delay.Stop()
	h.over.Overlays().Remove(h)
}

// CreateRenderer is Fyne's.
func (h *Hush) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// Tapped is Fyne's.
func (h *Hush) Tapped(*fyne.PointEvent) { h.end() }

// FocusGained is Fyne's.
func (h *Hush) FocusGained() {}

// FocusLost is Fyne's.
func (h *Hush) FocusLost() {}

// TypedRune is Fyne's.
func (h *Hush) TypedRune(rune) { h.since = h.Now() }

// TypedKey is Fyne's.
func (h *Hush) TypedKey(*fyne.KeyEvent) { h.since = h.Now() }

// TypedShortcut is Fyne's.
func (h *Hush) TypedShortcut(fyne.Shortcut) { h.since = h.Now() }

// AcceptsTab is Fyne's.
func (h *Hush) AcceptsTab() bool { return true }
