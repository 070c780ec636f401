package reports

import (
	"image"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// none is no shape.
const none = -1

// chart is a picture whose bars can be pointed at and clicked, or gone through by the arrow keys.
type chart struct {
	widget.BaseWidget
	pen    pen
	text   *i18n.Text
	figure figure
	high   float32
	open   func(bar, part int, at fyne.Position)
	raster *canvas.Raster
	light  *canvas.Rectangle
	hint   *fyne.Container
	shapes shapes
	areas  []area
	picked int
	// keyed says that it was picked by a key, not by the pointer: only then it has the keyboard's outline.
	keyed bool
}

// newChart is a chart of a height; open hears of the bar and its part (below zero: the whole bar)
// that was clicked, and where.
func newChart(p pen, text *i18n.Text, f figure, high float32, open func(bar, part int, at fyne.Position)) *chart {
	c := &chart{pen: p, text: text, figure: f, high: high, open: open, picked: none}
	c.ExtendBaseWidget(c)
	c.raster = canvas.NewRaster(c.paint)
	c.light = canvas.NewRectangle(theme.Colors().Surface)
	c.light.CornerRadius, c.light.StrokeWidth = 3, 2
	c.light.Hide()
	c.hint = container.NewStack()
	c.hint.Hide()
	return c
}

// paint draws the picture in the pixels of the canvas that shows it, so that it is sharp at every scale.
func (c *chart) paint(wide, high int) image.Image {
	size, colors := c.Size(), theme.Colors()
	if size.Width < 1 || size.Height < 1 {
		return image.NewRGBA(image.Rect(0, 0, max(1, wide), max(1, high)))
	}
	scale := float64(wide) / float64(size.Width)
	return c.figure.lay(c.pen, c.text, colors, size, scale).draw(wide, high, colors.Surface)
}

// CreateRenderer is Fyne's.
func (c *chart) CreateRenderer() fyne.WidgetRenderer { return &chartRenderer{c: c} }

type chartRenderer struct {
	c    *chart
	laid fyne.Size
}

// Layout keeps what is picked: the canvas lays out again when the words about it have come.
func (r *chartRenderer) Layout(size fyne.Size) {
	r.c.raster.Resize(size)
	if r.c.shapes != nil && r.laid == size {
		return
	}
	r.laid = size
	sheet := r.c.figure.lay(r.c.pen, r.c.text, theme.Colors(), size, 1)
	r.c.shapes, r.c.areas = sheet.shapes, sheet.areas()
	if r.c.picked >= len(r.c.areas) {
		r.c.picked = none
	}
	r.c.pick(r.c.picked)
}

func (r *chartRenderer) MinSize() fyne.Size { return fyne.NewSize(200, r.c.high) }
func (r *chartRenderer) Refresh()           { r.c.raster.Refresh() }
func (r *chartRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.c.raster, r.c.light, r.c.hint}
}
func (r *chartRenderer) Destroy() {}

// at is the shape under a point: the one in front.
func (c *chart) at(point fyne.Position) int {
	for n := len(c.areas) - 1; n >= 0; n-- {
		if c.areas[n].holds(point) {
			return n
		}
	}
	return none
}

// words of a shape for the pointer.
func (c *chart) words(n int) string {
	m := c.shapes[n]
	if m.part >= 0 {
		return c.figure.bars[m.bar].Parts[m.part].Words
	}
	return c.figure.bars[m.bar].Words
}

// point picks what the pointer is on.
func (c *chart) point(n int) {
	if n != c.picked {
		c.keyed = false
		c.pick(n)
	}
}

// key picks a shape by the keyboard, and scrolls the chart into sight.
func (c *chart) key(n int) {
	c.keyed = true
	c.pick(n)
	scrolling.Reveal(c)
}

// pick outlines a shape and tells its figure.
func (c *chart) pick(n int) {
	c.picked = n
	if n == none {
		c.light.Hide()
		c.hint.Hide()
		return
	}
	p, colors := c.areas[n], theme.Colors()
	c.light.FillColor, c.light.StrokeColor = theme.Alpha(colors.Ink, 0x0A), theme.Alpha(colors.Ink, 0x60)
	if c.shapes[n].ink == nil {
		c.light.StrokeColor = theme.Alpha(colors.Ink, 0x18)
	}
	if c.keyed {
		c.light.StrokeColor = colors.Accent
	}
	c.light.Move(p.at.SubtractXY(1, 1))
	c.light.Resize(p.size.AddWidthHeight(2, 2))
	c.light.Show()
	c.tell(c.words(n), p)
}

// tell puts words beside an area, inside the chart.
func (c *chart) tell(words string, p area) {
	var lines []fyne.CanvasObject
	for n, line := range strings.Split(words, "\n") {
		if n == 0 {
			lines = append(lines, widgets.NewBold(line, theme.Caption, widgets.InkNormal).Fixed())
			continue
		}
		lines = append(lines, widgets.NewLabel(line, theme.Caption, widgets.InkMuted).Fixed())
	}
	c.hint.Objects = []fyne.CanvasObject{
		widgets.NewBox(widgets.Raised, theme.RadiusButton).Outlined(widgets.Line),
		widgets.Pad(6, 10, 6, 10, widgets.Column(0, lines...)),
	}
	size := c.hint.MinSize()
	x := min(max(0, p.at.X+p.size.Width/2-size.Width/2), max(0, c.Size().Width-size.Width))
	y := p.at.Y - size.Height - theme.Grid
	if y < 0 { // no room above: beside it
		y = min(p.at.Y, max(0, c.Size().Height-size.Height))
		x = p.at.X + p.size.Width + theme.Gap
		if x+size.Width > c.Size().Width {
			x = max(0, p.at.X-size.Width-theme.Gap)
		}
	}
	c.hint.Resize(size)
	c.hint.Move(fyne.NewPos(x, y))
	c.hint.Show()
	c.hint.Refresh()
}

func (c *chart) press(n int) {
	if n != none {
		m, p := c.shapes[n], c.areas[n]
		c.open(m.bar, m.part, p.at.AddXY(p.size.Width/2, p.size.Height))
	}
}

// Tapped is Fyne's.
func (c *chart) Tapped(at *fyne.PointEvent) { c.press(c.at(at.Position)) }

// Cursor is a hand over what can be clicked.
func (c *chart) Cursor() desktop.Cursor {
	if c.picked == none {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// MouseIn is Fyne's.
func (c *chart) MouseIn(at *desktop.MouseEvent) { c.point(c.at(at.Position)) }

// MouseMoved is Fyne's.
func (c *chart) MouseMoved(at *desktop.MouseEvent) { c.point(c.at(at.Position)) }

// MouseOut is Fyne's.
func (c *chart) MouseOut() { c.point(none) }

// FocusGained outlines the first bar.
func (c *chart) FocusGained() { c.turn(0, none) }

// FocusLost is Fyne's.
func (c *chart) FocusLost() {
	c.keyed = false
	c.pick(none)
}

// TypedRune is Fyne's.
func (c *chart) TypedRune(rune) {}

// TypedKey goes from bar to bar along the axis, and across it through the parts of a bar; on the map of a week
// across it from day to day. Home and End go to the ends; Enter and Space open the calls behind.
func (c *chart) TypedKey(key *fyne.KeyEvent) {
	along, back, up, down := fyne.KeyRight, fyne.KeyLeft, fyne.KeyUp, fyne.KeyDown
	if c.figure.face == rows {
		along, back, up, down = fyne.KeyDown, fyne.KeyUp, fyne.KeyRight, fyne.KeyLeft
	}
	bar, part := 0, none
	if c.picked != none {
		bar, part = c.shapes[c.picked].bar, c.shapes[c.picked].part
	}
	week := c.figure.face == week
	switch key.Name {
	case along:
		c.turn(bar+1, none)
	case back:
		c.turn(bar-1, none)
	case up:
		if week {
			c.turn(bar-hoursOfDay, none)
			return
		}
		c.turn(bar, part+1)
	case down:
		if week {
			c.turn(bar+hoursOfDay, none)
			return
		}
		c.turn(bar, max(none, part-1))
	case fyne.KeyHome:
		c.turn(0, none)
	case fyne.KeyEnd:
		c.turn(len(c.figure.bars)-1, none)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		c.press(c.picked)
	default:
		keys.Leave(c, key)
	}
}

// turn goes to a bar, as a whole or to one of its parts; beyond the ends it stays. A bar as a whole is its room or
// cell: that is there for every bar.
func (c *chart) turn(bar, part int) {
	if bar < 0 || bar >= len(c.figure.bars) {
		bar = max(0, min(bar, len(c.figure.bars)-1))
		if c.picked != none {
			return
		}
	}
	for n, m := range c.shapes {
		if m.bar == bar && m.part == part {
			c.key(n)
			return
		}
	}
}
