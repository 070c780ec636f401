// Package unscrolled draws an entry of several lines without a scroll of its own.
package unscrolled

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// New is what draws an entry of several lines, from Fyne's renderer of it.
func New(inner fyne.WidgetRenderer) fyne.WidgetRenderer { return &severalLines{inner} }

// severalLines draws an entry of several lines without the scroll that Fyne always puts into it, as long as
// all its words are seen: the wheel is then the page's, which the scroll would take and do nothing with.
type severalLines struct{ fyne.WidgetRenderer }

// Layout is Fyne's.
func (r *severalLines) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.place()
}

// Refresh is Fyne's.
func (r *severalLines) Refresh() {
	r.WidgetRenderer.Refresh()
	r.place()
}

// Objects are the entry's, with the words in place of the scroll that holds them.
func (r *severalLines) Objects() []fyne.CanvasObject {
	objects := r.WidgetRenderer.Objects()
	for n, o := range objects {
		if scroll, ok := o.(*container.Scroll); ok && seenWhole(scroll) {
			out := append([]fyne.CanvasObject(nil), objects...)
			out[n] = scroll.Content
			return out
		}
	}
	return objects
}

// place puts the words where the scroll has put itself, or back into it.
func (r *severalLines) place() {
	for _, o := range r.WidgetRenderer.Objects() {
		scroll, ok := o.(*container.Scroll)
		switch {
		case !ok:
		case seenWhole(scroll):
			scroll.Content.Move(scroll.Position())
		default:
			scroll.Content.Move(fyne.NewPos(-scroll.Offset.X, -scroll.Offset.Y))
		}
	}
}

func seenWhole(scroll *container.Scroll) bool {
	return scroll.Content != nil && scroll.Content.MinSize().Height <= scroll.Size().Height+.5
}
