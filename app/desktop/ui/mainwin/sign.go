package mainwin

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// signs are the pictures of the rail: paths on a square of 24, drawn by a pen of 2.
var signs = map[string]string{
	"feed":       "M4 6 H20 M4 12 H20 M4 18 H14",
	"missed":     "M19 5 L7 17 M7 8 V17 H16 M4 21 H20",
	"tasks":      "M12 4 A8.5 8.5 0 1 1 11.9 4 Z M12 8 V12.5 L15 15",
	"clients":    "M12 4 A4 4 0 1 1 11.9 4 Z M4 21 C4 16 8 14.5 12 14.5 C16 14.5 20 16 20 21",
	"contracts":  "M6 3 H15 L19 7 V21 H6 Z M9 11 H16 M9 15 H16",
	"colleagues": "M9 5 A3.5 3.5 0 1 1 8.9 5 Z M2.5 20 C2.5 16 6 14.5 9 14.5 C12 14.5 15.5 16 15.5 20 M16 5.5 A3 3 0 0 1 16 11.5 M18 15 C20 15.8 21.5 17.3 21.5 20",
	"reports":    "M4 20 H20 M7 16 V11 M12 16 V5 M17 16 V8",
	"settings":   "M4 7 H13 M17 7 H20 M4 17 H7 M11 17 H20 M15 4.5 V9.5 M9 14.5 V19.5",
}

// sign is one picture in the colour of its word.
type sign struct {
	widget.BaseWidget
	name string
	ink  widgets.Ink
}

func newSign(name string) *sign {
	s := &sign{name: name, ink: widgets.InkMuted}
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is Fyne's.
func (s *sign) CreateRenderer() fyne.WidgetRenderer {
	r := &signRenderer{s: s, image: &canvas.Image{FillMode: canvas.ImageFillContain}}
	r.Refresh()
	return r
}

type signRenderer struct {
	s     *sign
	image *canvas.Image
}

func (r *signRenderer) Layout(size fyne.Size) { r.image.Resize(size) }
func (r *signRenderer) MinSize() fyne.Size    { return fyne.NewSize(18, 18) }

func (r *signRenderer) Refresh() {
	ink := r.s.ink(theme.Colors())
	hex := fmt.Sprintf("#%02x%02x%02x", ink.R, ink.G, ink.B)
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">`+
		`<path d="%s" fill="none" stroke="%s" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
		signs[r.s.name], hex)
	// The colour is part of the name: Fyne keeps drawn pictures by it.
	r.image.Resource = fyne.NewStaticResource(r.s.name+hex+".svg", []byte(svg))
	r.image.Refresh()
}

func (r *signRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.image} }
func (r *signRenderer) Destroy()                     {}
