package uitest

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/theme"
)

// DrawnLine is a line of words as it is drawn.
type DrawnLine struct {
	Words    string
	Contrast float64 // of the words with what is drawn under them
	Ink, On  color.NRGBA
}

// Lines are all the words that are drawn of an object that was laid out, with the contrast that they have
// there: whatever is drawn under them, and what is drawn over both, counts.
func Lines(object fyne.CanvasObject) []DrawnLine {
	var drawn []painted
	paint(object, fyne.Position{}, &drawn)
	var out []DrawnLine
	for n, line := range drawn {
		if line.words == "" {
			continue
		}
		ground, ink := theme.Colors().Ground, color.NRGBA{}
		hidden := false
		for i, other := range drawn {
			switch {
			case i == n:
				ink = upon(line.fill, ground)
			case other.words != "" || !other.holds(line.middle()):
			case i < n:
				ground = upon(other.fill, ground)
			default:
				hidden = hidden || other.fill.A == 255
				ink, ground = upon(other.fill, ink), upon(other.fill, ground)
			}
		}
		if !hidden {
			out = append(out, DrawnLine{line.words, Contrast(ink, ground), ink, ground})
		}
	}
	return out
}

// painted is one shape, or one line of words, in the order in which they are drawn.
type painted struct {
	at    fyne.Position
	size  fyne.Size
	fill  color.NRGBA
	words string
}

func (p painted) holds(at fyne.Position) bool {
	return at.X >= p.at.X && at.Y >= p.at.Y && at.X < p.at.X+p.size.Width && at.Y < p.at.Y+p.size.Height
}

func (p painted) middle() fyne.Position {
	return p.at.AddXY(p.size.Width/2, p.size.Height/2)
}

func paint(object fyne.CanvasObject, from fyne.Position, out *[]painted) {
	if object == nil || !object.Visible() {
		return
	}
	at := from.Add(object.Position())
	add := func(size fyne.Size, fill color.Color, words string) {
		if c := color.NRGBAModel.Convert(fill).(color.NRGBA); c.A > 0 {
			*out = append(*out, painted{at, size, c, words})
		}
	}
	switch o := object.(type) {
	case *canvas.Rectangle:
		if o.FillColor != nil {
			add(o.Size(), o.FillColor, "")
		}
	case *canvas.Circle:
		add(o.Size(), o.FillColor, "")
	case *canvas.Text:
		wide := fyne.MeasureText(o.Text, o.TextSize, o.TextStyle).Width
		switch o.Alignment {
		case fyne.TextAlignCenter:
			at.X += (o.Size().Width - wide) / 2
		case fyne.TextAlignTrailing:
			at.X += o.Size().Width - wide
		}
		if o.Text != "" {
			add(fyne.NewSize(wide, o.Size().Height), o.Color, o.Text)
		}
	case *fyne.Container:
		for _, child := range o.Objects {
			paint(child, at, out)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			paint(child, at, out)
		}
	}
}

// upon is a colour over a ground.
func upon(c, ground color.NRGBA) color.NRGBA {
	mix := func(above, below uint8) uint8 {
		return uint8((int(above)*int(c.A) + int(below)*(255-int(c.A)) + 127) / 255)
	}
	return color.NRGBA{R: mix(c.R, ground.R), G: mix(c.G, ground.G), B: mix(c.B, ground.B), A: 255}
}

// Contrast is that of WCAG 2: 1 to 21.
func Contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	channel := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}
