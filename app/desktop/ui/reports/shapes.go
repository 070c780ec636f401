package reports

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shape is a rectangle of a chart in the plot's own units: a part of a bar, a cell, or, without an
// ink, the room that belongs to a bar.
type shape struct {
	x0, x1, y0, y1 float64
	ink            color.Color
	bar, part      int // part: below zero where the shape is the bar's room or a cell
	// left and foot are how much of its left and lower edge a shape leaves free, so that what
	// stands on or beside another is seen apart; in the drawing's units, as is radius.
	left, foot, radius vg.Length
}

// shapes draw themselves on a plot. Where they stand is computed in one place for the drawing and for
// the pointer, so a click cannot miss what is seen.
type shapes []shape

// boxes are the areas of the shapes on a canvas.
func (ms shapes) boxes(c draw.Canvas, p *plot.Plot) []vg.Rectangle {
	x, y := p.Transforms(&c)
	out := make([]vg.Rectangle, len(ms))
	for n, m := range ms {
		box := vg.Rectangle{Min: vg.Point{X: x(m.x0), Y: y(m.y0)}, Max: vg.Point{X: x(m.x1), Y: y(m.y1)}}
		// A bar of one among hundreds must not vanish behind its own gap.
		box.Min.X += min(m.left, (box.Max.X-box.Min.X)/2)
		box.Min.Y += min(m.foot, (box.Max.Y-box.Min.Y)/2)
		out[n] = box
	}
	return out
}

// Plot is the plotting library's.
func (ms shapes) Plot(c draw.Canvas, p *plot.Plot) {
	for n, box := range ms.boxes(c, p) {
		if ms[n].ink == nil {
			continue
		}
		c.SetColor(ms[n].ink)
		c.Fill(rounded(box, ms[n].radius))
	}
}

// rounded is a rectangle with round corners.
func rounded(r vg.Rectangle, radius vg.Length) vg.Path {
	radius = min(radius, (r.Max.X-r.Min.X)/2, (r.Max.Y-r.Min.Y)/2)
	if radius <= 0 {
		return r.Path()
	}
	var p vg.Path
	corner := func(x, y vg.Length, start float64) {
		p.Arc(vg.Point{X: x, Y: y}, radius, start, math.Pi/2)
	}
	p.Move(vg.Point{X: r.Min.X + radius, Y: r.Min.Y})
	p.Line(vg.Point{X: r.Max.X - radius, Y: r.Min.Y})
	corner(r.Max.X-radius, r.Min.Y+radius, -math.Pi/2)
	p.Line(vg.Point{X: r.Max.X, Y: r.Max.Y - radius})
	corner(r.Max.X-radius, r.Max.Y-radius, 0)
	p.Line(vg.Point{X: r.Min.X + radius, Y: r.Max.Y})
	corner(r.Min.X+radius, r.Max.Y-radius, math.Pi/2)
	p.Line(vg.Point{X: r.Min.X, Y: r.Min.Y + radius})
	corner(r.Min.X+radius, r.Min.Y+radius, math.Pi)
	p.Close()
	return p
}
