package player

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// bars of the waveform, and its height.
const (
	bars             = 84
	waveHigh float32 = 36
)

// view is the player's line: button, waveform, time, speed.
type view struct {
	widget.BaseWidget
	p       *Player
	button  *round
	wave    *wave
	time    *widgets.Label
	speed   *widgets.Chip
	words   *widgets.Label
	line    *fyne.Container
	parts   *partLine
	content *fyne.Container
}

func newView(p *Player) *view {
	v := &view{p: p}
	v.ExtendBaseWidget(v)
	v.button = newRound(p.Toggle)
	v.wave = newWave(p)
	v.time = widgets.NewLabel("0:00 / 0:00", theme.Caption, widgets.InkMuted).Fixed()
	v.speed = widgets.NewChip("1×", theme.ToneMuted)
	v.speed.OnTap = p.NextSpeed
	v.words = widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	back := widgets.NewButton("−10", widgets.Link, func() { p.Seek(p.position() - 10*time.Second) })
	forth := widgets.NewButton("+10", widgets.Link, func() { p.Seek(p.position() + 10*time.Second) })
	v.line = widgets.Row(8, []float32{36, 0, widgets.Wide, 0, 88, 0}, v.button, back, v.wave, forth, v.time, v.speed)
	v.parts = newPartLine(p)
	v.content = widgets.Column(theme.Gap, v.parts.box,
		widgets.Stack(widgets.Sized(v.line, 0, waveHigh), widgets.Pad(0, 0, 0, 48, v.words)))
	if v.parts.box.Hidden {
		v.content.Objects = v.content.Objects[1:]
	}
	v.sync()
	return v
}

// CreateRenderer is Fyne's.
func (v *view) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

// Refresh draws what the player does now.
func (v *view) Refresh() {
	v.sync()
	v.BaseWidget.Refresh()
}

func (v *view) sync() {
	text := v.p.host.Text()
	_, at, length, speed := v.p.Status()
	v.time.Set(text.Timer(at) + " / " + text.Timer(length))
	v.speed.Set(strings.Replace(fmt.Sprintf("%g×", speed), ".", decimal(v.p), 1), theme.ToneMuted)
	v.button.playing = v.p.state == Playing
	v.button.Refresh()
	words := ""
	switch v.p.state {
	case Loading:
		words = text.T("player.loading")
	case Broken, NoAudio:
		words = v.p.why
	}
	v.words.Set(words)
	for n, object := range v.line.Objects {
		if n == 0 {
			continue
		}
		if words != "" {
			object.Hide()
		} else {
			object.Show()
		}
	}
	v.parts.sync()
	v.wave.Refresh()
}

func decimal(p *Player) string {
	if p.host.Text().Lang() == "ru" {
		return ","
	}
	return "."
}

// round is the play button.
type round struct {
	widget.BaseWidget
	tap     func()
	playing bool
}

func newRound(tap func()) *round {
	r := &round{tap: tap}
	r.ExtendBaseWidget(r)
	return r
}

// Tapped is Fyne's.
func (r *round) Tapped(*fyne.PointEvent) { r.tap() }

// CreateRenderer is Fyne's.
func (r *round) CreateRenderer() fyne.WidgetRenderer {
	out := &roundRenderer{r: r, circle: canvas.NewCircle(color.Transparent)}
	for range 2 {
		out.bars = append(out.bars, canvas.NewRectangle(color.Transparent))
	}
	// The triangle is made of thin columns: Fyne draws no polygons of free form.
	for range triangle {
		out.columns = append(out.columns, canvas.NewRectangle(color.Transparent))
	}
	out.Refresh()
	return out
}

// triangle is the width of the play sign.
const triangle = 11

type roundRenderer struct {
	r       *round
	circle  *canvas.Circle
	bars    []*canvas.Rectangle
	columns []*canvas.Rectangle
}

func (r *roundRenderer) Layout(size fyne.Size) {
	const d = 36
	left, top := (size.Width-d)/2, (size.Height-d)/2
	r.circle.Move(fyne.NewPos(left, top))
	r.circle.Resize(fyne.NewSize(d, d))
	for n, bar := range r.bars {
		bar.Move(fyne.NewPos(left+13+float32(n)*6, top+12))
		bar.Resize(fyne.NewSize(4, 12))
	}
	for n, column := range r.columns {
		high := 13 * (1 - float32(n)/triangle)
		column.Move(fyne.NewPos(left+14+float32(n), top+(d-high)/2))
		column.Resize(fyne.NewSize(1.2, high))
	}
}
func (r *roundRenderer) MinSize() fyne.Size { return fyne.NewSize(36, 36) }
func (r *roundRenderer) Refresh() {
	p := theme.Colors()
	r.circle.FillColor = p.Primary
	for _, bar := range r.bars {
		bar.FillColor = color.Transparent
		if r.r.playing {
			bar.FillColor = p.OnAccent
		}
		bar.Refresh()
	}
	for _, column := range r.columns {
		column.FillColor = p.OnAccent
		if r.r.playing {
			column.FillColor = color.Transparent
		}
		column.Refresh()
	}
	r.circle.Refresh()
}

func (r *roundRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.circle}
	for _, bar := range append(r.bars, r.columns...) {
		out = append(out, bar)
	}
	return out
}
func (r *roundRenderer) Destroy() {}

// wave is the waveform; a click goes there.
type wave struct {
	widget.BaseWidget
	p *Player
}

func newWave(p *Player) *wave {
	w := &wave{p: p}
	w.ExtendBaseWidget(w)
	return w
}

// Tapped seeks to where the click was.
func (w *wave) Tapped(at *fyne.PointEvent) {
	if w.p.clip != nil && w.Size().Width > 0 {
		share := float64(at.Position.X / w.Size().Width)
		w.p.Seek(time.Duration(share * float64(w.p.clip.Duration())))
	}
}

// CreateRenderer is Fyne's.
func (w *wave) CreateRenderer() fyne.WidgetRenderer {
	r := &waveRenderer{w: w}
	for range bars {
		r.bars = append(r.bars, canvas.NewRectangle(color.Transparent))
	}
	r.Refresh()
	return r
}

type waveRenderer struct {
	w    *wave
	bars []*canvas.Rectangle
}

func (r *waveRenderer) Layout(size fyne.Size) {
	step := size.Width / bars
	for n, bar := range r.bars {
		peak := float32(0)
		if n < len(r.w.p.peaks) {
			peak = r.w.p.peaks[n]
		}
		high := max(2, peak*size.Height)
		bar.Move(fyne.NewPos(float32(n)*step, (size.Height-high)/2))
		bar.Resize(fyne.NewSize(step*0.62, high))
		bar.CornerRadius = 1
	}
}
func (r *waveRenderer) MinSize() fyne.Size { return fyne.NewSize(100, waveHigh) }
func (r *waveRenderer) Refresh() {
	p := theme.Colors()
	_, at, length, _ := r.w.p.Status()
	r.Layout(r.w.Size())
	for n, bar := range r.bars {
		bar.FillColor = theme.Alpha(p.Muted, 0x60)
		if length > 0 && float64(n) < float64(at)/float64(length)*bars {
			bar.FillColor = p.Accent
		}
		bar.Refresh()
	}
}

func (r *waveRenderer) Objects() []fyne.CanvasObject {
	var out []fyne.CanvasObject
	for _, bar := range r.bars {
		out = append(out, bar)
	}
	return out
}
func (r *waveRenderer) Destroy() {}
