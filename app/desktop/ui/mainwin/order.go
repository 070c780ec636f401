package mainwin

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
)

// order lays the window out. Its objects stand in the order in which Tab comes to them: what a person works with,
// the page and the card beside it, comes before the rail and the head.
type order struct{}

// The parts of the window, in the order of Tab.
const (
	partPage = iota
	partFoot
	partSide
	partRail
	partHead
)

func inOrder(page, foot, side, rail, head fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: order{}, Objects: []fyne.CanvasObject{partPage: page, partFoot: foot, partSide: side, partRail: rail, partHead: head}}
}

// Layout is Fyne's.
func (order) Layout(parts []fyne.CanvasObject, size fyne.Size) {
	put := func(part int, x, y, width, height float32) {
		parts[part].Move(fyne.NewPos(x, y))
		parts[part].Resize(fyne.NewSize(width, height))
	}
	side := sideRoom(parts)
	width := size.Width - theme.Rail - side
	head, foot := parts[partHead].MinSize().Height, parts[partFoot].MinSize().Height
	put(partRail, 0, 0, theme.Rail, size.Height)
	put(partHead, theme.Rail, 0, width, head)
	put(partPage, theme.Rail, head, width, size.Height-head-foot)
	put(partFoot, theme.Rail, size.Height-foot, width, foot)
	put(partSide, size.Width-side, 0, side, size.Height)
}

func sideRoom(parts []fyne.CanvasObject) float32 {
	if parts[partSide].Visible() {
		return theme.Panel
	}
	return 0
}

// MinSize is Fyne's.
func (order) MinSize(parts []fyne.CanvasObject) fyne.Size {
	head, page, foot := parts[partHead].MinSize(), parts[partPage].MinSize(), parts[partFoot].MinSize()
	high := max(head.Height+page.Height+foot.Height, parts[partRail].MinSize().Height)
	if parts[partSide].Visible() {
		high = max(high, parts[partSide].MinSize().Height)
	}
	return fyne.NewSize(theme.Rail+max(head.Width, page.Width, foot.Width)+sideRoom(parts), high)
}
