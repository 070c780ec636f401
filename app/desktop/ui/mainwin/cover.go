package mainwin

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// Cover shows something that is no page of the rail in the place of all of them, under a name of its own, until one of
// them comes to the front.
func (f *Frame) Cover(name string, object fyne.CanvasObject) {
	f.page = name
	for _, item := range f.nav {
		item.setOn(false)
	}
	f.head.Hide()
	f.Calm("", "")
	f.center.Objects = []fyne.CanvasObject{object}
	f.showSide()
	f.Refresh()
}

// Calm puts one quiet line over the page, an empty one takes it away.
func (f *Frame) Calm(title, hint string) {
	f.calm.Objects = nil
	if title != "" {
		mark := widgets.NewAvatar("✓", theme.ToneRing, 28)
		mark.Sign = true
		words := widgets.Column(0, widgets.NewBold(title, theme.Body, widgets.InkNormal), widgets.NewLabel(hint, theme.Caption, widgets.InkMuted))
		line := widgets.Row(12, []float32{28, widgets.Wide, 0}, mark, words, widgets.NewButton("×", widgets.Quiet, func() { f.Calm("", "") }))
		f.calm.Objects = []fyne.CanvasObject{widgets.Pad(0, theme.Side, 12, theme.Side, widgets.Stack(
			widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line), widgets.Pad(8, 8, 8, theme.Inset, line)))}
	}
	f.calm.Refresh()
	f.body.Refresh()
}

// uncover goes to the first page from what covers all of them; false: nothing does.
func (f *Frame) uncover() bool {
	for _, page := range f.pages {
		if page.Name == f.page {
			return false
		}
	}
	return len(f.pages) > 0 && f.Go(f.pages[0].Name)
}
