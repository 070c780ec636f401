package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"dozvon/app/desktop/ui/theme"
)

// Pick lies over a row and makes the whole of it something to press, by mouse or keyboard.
type Pick struct {
	touched
	tap func()
}

// NewPick reports clicks, Enter and Space to tap.
func NewPick(tap func()) *Pick {
	p := &Pick{tap: tap}
	p.ExtendBaseWidget(p)
	return p
}

// Tapped is Fyne's.
func (p *Pick) Tapped(*fyne.PointEvent) { p.tap() }

// TypedKey presses on Enter and Space.
func (p *Pick) TypedKey(key *fyne.KeyEvent) {
	if !presses(key) {
		p.leave(p, key)
		return
	}
	p.typed()
	p.tap()
}

// CreateRenderer is Fyne's.
func (p *Pick) CreateRenderer() fyne.WidgetRenderer {
	r := &pickRenderer{p: p, rect: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type pickRenderer struct {
	p    *Pick
	rect *canvas.Rectangle
}

func (r *pickRenderer) Layout(size fyne.Size) { r.rect.Resize(size) }
func (r *pickRenderer) MinSize() fyne.Size    { return fyne.Size{} }
func (r *pickRenderer) Refresh() {
	colors := theme.Colors()
	r.rect.CornerRadius, r.rect.FillColor, r.rect.StrokeWidth = theme.RadiusButton, color.Transparent, 0
	if r.p.hovered {
		r.rect.FillColor = theme.Alpha(colors.Ink, 0x0A)
	}
	if r.p.outlined() {
		r.rect.StrokeColor, r.rect.StrokeWidth = colors.Accent, 2
	}
	r.rect.Refresh()
}
func (r *pickRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *pickRenderer) Destroy()                     {}
