package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"dozvon/app/desktop/ui/theme"
)

// Toggle is a switch with words beside it.
type Toggle struct {
	touched
	Label   string
	On      bool
	Changed func(bool)
}

// Switch reports each change of the toggle.
func Switch(label string, on bool, changed func(bool)) *Toggle {
	t := &Toggle{Label: label, On: on, Changed: changed}
	t.ExtendBaseWidget(t)
	return t
}

// Tapped is Fyne's.
func (t *Toggle) Tapped(*fyne.PointEvent) {
	t.On = !t.On
	t.Refresh()
	t.Changed(t.On)
}

// TypedKey switches on Space and Enter.
func (t *Toggle) TypedKey(key *fyne.KeyEvent) {
	if !presses(key) {
		t.leave(t, key)
		return
	}
	t.typed()
	t.Tapped(nil)
}

// CreateRenderer is Fyne's.
func (t *Toggle) CreateRenderer() fyne.WidgetRenderer {
	r := &toggleRenderer{
		t: t, track: canvas.NewRectangle(color.Transparent),
		knob: canvas.NewCircle(color.Transparent), text: canvas.NewText("", color.Black), outline: newOutline(),
	}
	r.Refresh()
	return r
}

type toggleRenderer struct {
	t     *Toggle
	track *canvas.Rectangle
	knob  *canvas.Circle
	text  *canvas.Text
	// outline goes round the track: the words beside it are only read.
	outline *canvas.Rectangle
}

// Sizes of the track and its knob.
const (
	trackWide float32 = 36
	trackHigh float32 = 20
	knobSize  float32 = 16
)

func (r *toggleRenderer) Layout(size fyne.Size) {
	top := (size.Height - trackHigh) / 2
	r.track.Move(fyne.NewPos(0, top))
	r.track.Resize(fyne.NewSize(trackWide, trackHigh))
	outlineAround(r.outline, r.track.Position(), r.track.Size(), trackHigh/2)
	x := float32(2)
	if r.t.On {
		x = trackWide - knobSize - 2
	}
	r.knob.Move(fyne.NewPos(x, top+2))
	r.knob.Resize(fyne.NewSize(knobSize, knobSize))
	height := r.text.MinSize().Height
	r.text.Move(fyne.NewPos(trackWide+12, (size.Height-height)/2))
	r.text.Resize(fyne.NewSize(max(0, size.Width-trackWide-12), height))
}

func (r *toggleRenderer) MinSize() fyne.Size {
	width := trackWide
	if r.t.Label != "" {
		width += 12 + fyne.MeasureText(r.t.Label, theme.Body, fyne.TextStyle{}).Width
	}
	return fyne.NewSize(width, 24)
}

func (r *toggleRenderer) Refresh() {
	p := theme.Colors()
	r.track.CornerRadius, r.track.StrokeWidth = trackHigh/2, 0
	r.track.FillColor, r.knob.FillColor = p.Muted, p.Surface
	if r.t.On {
		r.track.FillColor, r.knob.FillColor = p.Primary, p.OnAccent
	}
	r.text.Text, r.text.TextSize, r.text.Color = r.t.Label, theme.Body, p.Ink
	r.Layout(r.t.Size())
	r.track.Refresh()
	r.knob.Refresh()
	r.text.Refresh()
	showOutline(r.outline, r.t.outlined())
}

func (r *toggleRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.track, r.knob, r.text, r.outline}
}
func (r *toggleRenderer) Destroy() {}
