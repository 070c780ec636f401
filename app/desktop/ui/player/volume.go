package player

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
)

// volume is a line with a knob: a click or a drag sets it, the arrows by a tenth.
type volume struct {
	widget.BaseWidget
	p       *Player
	focused bool
}

const (
	volumeWide float32 = 64
	knob       float32 = 14
	volumeStep         = 0.1
)

func newVolume(p *Player) *volume {
	v := &volume{p: p}
	v.ExtendBaseWidget(v)
	return v
}

func (v *volume) set(to float64) {
	how := v.p.Manner()
	how.Volume = to
	v.p.Change(how)
	v.Refresh()
}

func (v *volume) setAt(x float32) { v.set(float64((x - knob/2) / (volumeWide - knob))) }

// Tapped is Fyne's.
func (v *volume) Tapped(at *fyne.PointEvent) { v.setAt(at.Position.X) }

// Dragged is Fyne's.
func (v *volume) Dragged(at *fyne.DragEvent) { v.setAt(at.Position.X) }

// DragEnd is Fyne's.
func (v *volume) DragEnd() {}

// FocusGained is Fyne's.
func (v *volume) FocusGained() { v.focused = true; v.Refresh() }

// FocusLost is Fyne's.
func (v *volume) FocusLost() { v.focused = false; v.Refresh() }

// TypedRune is Fyne's.
func (v *volume) TypedRune(rune) {}

// TypedKey is Fyne's.
func (v *volume) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyLeft, fyne.KeyDown:
		v.set(v.p.Manner().Volume - volumeStep)
	case fyne.KeyRight, fyne.KeyUp:
		v.set(v.p.Manner().Volume + volumeStep)
	case fyne.KeyHome:
		v.set(0)
	case fyne.KeyEnd:
		v.set(1)
	}
}

// CreateRenderer is Fyne's.
func (v *volume) CreateRenderer() fyne.WidgetRenderer {
	r := &volumeRenderer{v: v, line: canvas.NewRectangle(color.Transparent), filled: canvas.NewRectangle(color.Transparent), knob: canvas.NewCircle(color.Transparent)}
	r.line.CornerRadius, r.filled.CornerRadius = 2, 2
	r.Refresh()
	return r
}

type volumeRenderer struct {
	v            *volume
	line, filled *canvas.Rectangle
	knob         *canvas.Circle
}

func (r *volumeRenderer) MinSize() fyne.Size { return fyne.NewSize(volumeWide, theme.Field) }

func (r *volumeRenderer) Layout(size fyne.Size) {
	middle := size.Height / 2
	at := knob/2 + float32(r.v.p.Manner().Volume)*(volumeWide-knob)
	r.line.Move(fyne.NewPos(0, middle-2))
	r.line.Resize(fyne.NewSize(volumeWide, 4))
	r.filled.Move(fyne.NewPos(0, middle-2))
	r.filled.Resize(fyne.NewSize(at, 4))
	r.knob.Move(fyne.NewPos(at-knob/2, middle-knob/2))
	r.knob.Resize(fyne.NewSize(knob, knob))
}

func (r *volumeRenderer) Refresh() {
	p := theme.Colors()
	r.Layout(r.v.Size())
	r.line.FillColor, r.filled.FillColor, r.knob.FillColor = theme.Alpha(p.Muted, 0x60), p.Accent, p.Accent
	r.knob.StrokeWidth, r.knob.StrokeColor = 0, p.Ink
	if r.v.focused {
		r.knob.StrokeWidth = 2
	}
	r.line.Refresh()
	r.filled.Refresh()
	r.knob.Refresh()
}

func (r *volumeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.line, r.filled, r.knob}
}
func (r *volumeRenderer) Destroy() {}
