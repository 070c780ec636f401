package settings

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
)

// Widths of the page: widest keeps lines readable in a wide window, narrowest the panels whole in a
// small one.
const (
	widest    float32 = 1000
	narrowest float32 = 560
)

// narrow gives the page the window's width, but never more than is easy to read. It asks for
// little, so that words wrapped for a wide window do not keep it from shrinking.
type narrow struct{}

// Layout is Fyne's.
func (narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(fyne.NewSize(min(size.Width, widest), size.Height))
	}
}

// MinSize is Fyne's.
func (narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	high := float32(0)
	for _, o := range objects {
		high = max(high, o.MinSize().Height)
	}
	return fyne.NewSize(narrowest, high)
}

// surface is the page as one of its parts sees it.
type surface struct {
	v   *View
	tab Tab
}

// Inner is the width inside a panel.
func (s surface) Inner() float32 {
	width := s.v.Size().Width
	if width == 0 {
		width = widest
	}
	return max(narrowest, min(width, widest)) - 2*theme.Side - 2*panel.Padding
}

// Draw fills the page anew if the part is in front.
func (s surface) Draw() {
	if s.v.state.Tab == s.tab {
		s.v.draw()
	}
}

// Reveal scrolls to objects if the part is in front.
func (s surface) Reveal(objects ...fyne.CanvasObject) {
	if s.v.state.Tab == s.tab {
		s.v.reveal(objects)
	}
}

// Settle lays the page out if the part is in front.
func (s surface) Settle() {
	if s.v.state.Tab == s.tab {
		s.v.settle()
	}
}
