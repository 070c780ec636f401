package reports

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/theme"
)

// face is how a chart stands.
type face int

const (
	columns face = iota // bars side by side, upwards, mostly over time
	rows                // bars under each other with their names at the left
	week                // a cell for each hour of each weekday
)

// figure is what a chart draws.
type figure struct {
	face face
	bars []present.Bar
	unit present.Unit
}

// sheet is a figure laid out at a size: all lengths are pixels at a scale of so many to a unit.
type sheet struct {
	plot   *plot.Plot
	shapes shapes
	size   fyne.Size
	scale  float64
}

const (
	// barShare is how much of its room a bar takes.
	barShare = 0.72
	// rowShare is the same where bars lie under each other.
	rowShare = 0.6
	// cornerRound and stackGap are in units of the screen.
	cornerRound = 2.0
	stackGap    = 1.0
	cellGap     = 2.0
	// nameWidth is what names at the left may take.
	nameWidth float32 = 150
)

// lay makes the sheet of a figure.
func (f figure) lay(p pen, text *i18n.Text, colors theme.Palette, size fyne.Size, scale float64) *sheet {
	s := &sheet{plot: plot.New(), size: size, scale: scale}
	s.plot.TextHandler, s.plot.BackgroundColor = p.handler, colors.Surface
	p.axis(&s.plot.X, colors, scale)
	p.axis(&s.plot.Y, colors, scale)
	grid := plotter.NewGrid()
	line := draw.LineStyle{Color: colors.Line, Width: vg.Length(scale)}
	switch f.face {
	case columns:
		f.columns(s, text, colors)
		grid.Horizontal, grid.Vertical.Color = line, nil
	case rows:
		f.rows(s, text, colors)
		grid.Vertical, grid.Horizontal.Color = line, nil
	case week:
		f.week(s, text, colors)
		grid.Vertical.Color, grid.Horizontal.Color = nil, nil
	}
	s.plot.Add(grid, s.shapes)
	return s
}

// most is the largest value of the figure.
func (f figure) most() float64 {
	most := 0.0
	for _, b := range f.bars {
		for _, part := range b.Parts {
			most = max(most, part.To)
		}
	}
	return most
}

func (f figure) ticks(text *i18n.Text) (ticks plot.ConstantTicks, last float64) {
	for _, v := range present.Ticks(f.most(), f.unit) {
		ticks = append(ticks, plot.Tick{Value: v, Label: present.Tick(v, f.unit, text)})
		last = v
	}
	return ticks, last
}

func (f figure) columns(s *sheet, text *i18n.Text, colors theme.Palette) {
	ticks, last := f.ticks(text)
	s.plot.Y.Tick.Marker, s.plot.Y.Min, s.plot.Y.Max = ticks, 0, last
	s.plot.X.Min, s.plot.X.Max = 0, float64(len(f.bars))
	s.plot.X.Tick.Marker = f.names(s.size.Width)
	for n := range f.bars {
		s.shapes = append(s.shapes, shape{x0: float64(n), x1: float64(n) + 1, y0: 0, y1: last, bar: n, part: -1})
	}
	for n, b := range f.bars {
		for k, part := range b.Parts {
			m := shape{
				x0: float64(n) + (1-barShare)/2, x1: float64(n) + (1+barShare)/2, y0: part.From, y1: part.To,
				ink: inkOf(part.Tone, colors), bar: n, part: k, radius: s.units(cornerRound),
			}
			if part.From > 0 {
				m.foot = s.units(stackGap)
			}
			s.shapes = append(s.shapes, m)
		}
	}
}

// names are the labels under the bars, as many as have room beside each other.
func (f figure) names(width float32) plot.ConstantTicks {
	wide := float32(0)
	for _, b := range f.bars {
		wide = max(wide, fyne.MeasureText(b.Label, theme.Caption, fyne.TextStyle{}).Width)
	}
	// 48 is about what the labels of the other axis take.
	room := max(1, width-48) / float32(max(1, len(f.bars)))
	every := 1
	for _, every = range []int{1, 2, 3, 6, 7, 12, 14, 30, 60, 90} {
		if room*float32(every) >= wide+10 {
			break
		}
	}
	var out plot.ConstantTicks
	for n := 0; n < len(f.bars); n += every {
		out = append(out, plot.Tick{Value: float64(n) + 0.5, Label: f.bars[n].Label})
	}
	return out
}

func (f figure) rows(s *sheet, text *i18n.Text, colors theme.Palette) {
	ticks, last := f.ticks(text)
	s.plot.X.Tick.Marker, s.plot.X.Min, s.plot.X.Max = ticks, 0, last
	s.plot.Y.Min, s.plot.Y.Max = 0, float64(len(f.bars))
	names := plot.ConstantTicks{}
	top := float64(len(f.bars)) - 1 // the first bar stands highest
	for n, b := range f.bars {
		y := top - float64(n)
		label := fit.Line(b.Label, nameWidth, theme.Caption, fyne.TextStyle{})
		names = append(names, plot.Tick{Value: y + 0.5, Label: label})
		s.shapes = append(s.shapes, shape{x0: 0, x1: last, y0: y, y1: y + 1, bar: n, part: -1})
	}
	s.plot.Y.Tick.Marker = names
	for n, b := range f.bars {
		y := top - float64(n)
		for k, part := range b.Parts {
			m := shape{
				x0: part.From, x1: part.To, y0: y + (1-rowShare)/2, y1: y + (1+rowShare)/2,
				ink: inkOf(part.Tone, colors), bar: n, part: k, radius: s.units(cornerRound),
			}
			if part.From > 0 {
				m.left = s.units(stackGap)
			}
			s.shapes = append(s.shapes, m)
		}
	}
}

// hoursOfDay and daysOfWeek are the sides of the map of a week.
const (
	hoursOfDay = 24
	daysOfWeek = 7
)

func (f figure) week(s *sheet, text *i18n.Text, colors theme.Palette) {
	s.plot.X.Min, s.plot.X.Max = 0, hoursOfDay
	s.plot.Y.Min, s.plot.Y.Max = 0, daysOfWeek
	var hours, days plot.ConstantTicks
	for hour := 0; hour < hoursOfDay; hour += 3 {
		hours = append(hours, plot.Tick{Value: float64(hour) + 0.5, Label: text.T("rep.clock", "h", hour)})
	}
	for day := range daysOfWeek {
		days = append(days, plot.Tick{Value: float64(daysOfWeek-day) - 0.5, Label: text.T(weekday(day))})
	}
	s.plot.X.Tick.Marker, s.plot.Y.Tick.Marker = hours, days
	most := f.most()
	for n, b := range f.bars {
		x, y := float64(n%hoursOfDay), float64(daysOfWeek-1-n/hoursOfDay)
		value := 0.0
		if len(b.Parts) > 0 {
			value = b.Parts[0].To
		}
		s.shapes = append(s.shapes, shape{
			x0: x, x1: x + 1, y0: y, y1: y + 1, bar: n, part: -1, ink: heat(value, most, colors),
			left: s.units(cellGap), foot: s.units(cellGap), radius: s.units(cornerRound),
		})
	}
}

// heat is the colour of a cell: the more calls, the deeper. The root lifts the few, which else would
// all look like none.
func heat(value, most float64, colors theme.Palette) color.NRGBA {
	if value == 0 || most == 0 {
		return colors.Hover
	}
	return mix(colors.Surface, colors.Accent, 0.15+0.85*math.Sqrt(value/most))
}

// pale is how much of a colour is left in what stands behind another bar.
const pale = 0.4

func inkOf(tone present.Tone, colors theme.Palette) color.NRGBA {
	switch tone {
	case present.ToneRing:
		return colors.Ring
	case present.ToneMiss:
		return colors.Miss
	case present.TonePale:
		return mix(colors.Surface, colors.Ring, pale)
	}
	return colors.Accent
}

// mix is a colour between two, opaque, so that what lies beneath does not shine through.
func mix(ground, ink color.NRGBA, share float64) color.NRGBA {
	at := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share)) }
	return color.NRGBA{R: at(ground.R, ink.R), G: at(ground.G, ink.G), B: at(ground.B, ink.B), A: 0xFF}
}

// units turns units of the screen into pixels.
func (s *sheet) units(n float64) vg.Length { return vg.Length(n * s.scale) }

// rectangle is the whole sheet.
func (s *sheet) rectangle() vg.Rectangle {
	return vg.Rectangle{Max: vg.Point{X: s.units(float64(s.size.Width)), Y: s.units(float64(s.size.Height))}}
}

// areas are where the shapes stand, in units of the screen from the top left.
func (s *sheet) areas() []area {
	whole := draw.Canvas{Rectangle: s.rectangle()}
	boxes := s.shapes.boxes(s.plot.DataCanvas(whole), s.plot)
	out := make([]area, len(boxes))
	for n, b := range boxes {
		out[n] = area{
			at:   fyne.NewPos(float32(float64(b.Min.X)/s.scale), s.size.Height-float32(float64(b.Max.Y)/s.scale)),
			size: fyne.NewSize(float32(float64(b.Max.X-b.Min.X)/s.scale), float32(float64(b.Max.Y-b.Min.Y)/s.scale)),
		}
	}
	return out
}

// area is a rectangle in units of the screen.
type area struct {
	at   fyne.Position
	size fyne.Size
}

func (p area) holds(at fyne.Position) bool {
	return at.X >= p.at.X && at.Y >= p.at.Y && at.X < p.at.X+p.size.Width && at.Y < p.at.Y+p.size.Height
}

// dpi makes a point of the plotting library one pixel.
const dpi = 72

// draw paints the sheet on so many pixels.
func (s *sheet) draw(wide, high int, ground color.Color) image.Image {
	canvas := vgimg.NewWith(vgimg.UseWH(vg.Length(wide), vg.Length(high)), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(ground))
	s.plot.Draw(draw.Canvas{Canvas: canvas, Rectangle: s.rectangle()})
	return canvas.Image()
}

// weekday is the key of a weekday's short name, Monday being 0.
func weekday(day int) string { return "wd." + string(rune('1'+day)) }
