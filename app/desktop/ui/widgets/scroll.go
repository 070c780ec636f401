package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/ui/scrolling"
)

// NewScroll is a scroll that stands where at says, and keeps there where it is scrolled to: content that
// is drawn anew must not throw a reader back to the top.
func NewScroll(content fyne.CanvasObject, at *float32) *container.Scroll {
	scroll := scrolling.New(content)
	scroll.Offset.Y = *at
	scroll.OnScrolled = func(to fyne.Position) { *at = to.Y }
	return scroll
}
