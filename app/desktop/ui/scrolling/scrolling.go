// Package scrolling lets a scroll follow the keyboard: what Tab comes to is scrolled into sight. It knows no widget.
package scrolling

import (
	"slices"
	"weak"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// gap is what is left between the edge and what is scrolled into sight.
const gap float32 = 12

// known are the scrolls that follow. Fyne's goroutine only.
var known []weak.Pointer[container.Scroll]

// New is a vertical scroll that follows the keyboard.
func New(content fyne.CanvasObject) *container.Scroll {
	scroll := container.NewVScroll(content)
	known = append(slices.DeleteFunc(known, func(p weak.Pointer[container.Scroll]) bool { return p.Value() == nil }), weak.Make(scroll))
	return scroll
}

// paused tells that the keyboard is on its way.
var paused bool

// Pause lets nothing be scrolled while do moves the keyboard through what people do not stop at.
func Pause(do func()) {
	paused = true
	defer func() { paused = false }()
	do()
}

// Follow scrolls what has the keyboard into sight, in every window.
func Follow() {
	if paused {
		return
	}
	for _, w := range fyne.CurrentApp().Driver().AllWindows() {
		if at, ok := w.Canvas().Focused().(fyne.CanvasObject); ok {
			Reveal(at)
		}
	}
}

// Reveal scrolls an object into sight.
func Reveal(at fyne.CanvasObject) {
	for _, p := range known {
		if scroll := p.Value(); scroll != nil && scroll.Visible() && holds(scroll, at) {
			reveal(scroll, at)
		}
	}
}

// reveal scrolls something of a scroll's content into sight.
func reveal(scroll *container.Scroll, object fyne.CanvasObject) {
	driver := fyne.CurrentApp().Driver()
	top := driver.AbsolutePositionForObject(object).Y - driver.AbsolutePositionForObject(scroll.Content).Y
	bottom, seen, at := top+object.Size().Height, scroll.Size().Height, scroll.Offset.Y
	switch {
	case top-gap < at || bottom-top > seen:
		at = top - gap
	case bottom+gap > at+seen:
		at = bottom + gap - seen
	default:
		return
	}
	most := max(0, scroll.Content.Size().Height-seen)
	scroll.ScrollToOffset(fyne.NewPos(scroll.Offset.X, max(0, min(at, most))))
}

// holds tells whether an object is part of a scroll's content: Fyne's objects do not know in what they lie, but
// what lies in the content moves with it.
func holds(scroll *container.Scroll, object fyne.CanvasObject) bool {
	driver, content := fyne.CurrentApp().Driver(), scroll.Content
	if content == nil || driver.CanvasForObject(scroll) == nil || driver.CanvasForObject(scroll) != driver.CanvasForObject(object) {
		return false
	}
	stood, before := content.Position(), driver.AbsolutePositionForObject(object)
	content.Move(stood.AddXY(0, 1))
	moved := driver.AbsolutePositionForObject(object) != before
	content.Move(stood)
	return moved
}
