package player

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/audio"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// view is the player's line: button, waveform with flags, time, and how it is played.
type view struct {
	widget.BaseWidget
	p        *Player
	button   *round
	board    *board
	flag     *flagLine
	time     *widgets.Label
	speed    *widgets.Chip
	silence  *widgets.Button
	volume   *volume
	resumed  *widgets.Label
	channels []*widgets.Button
	heard    *fyne.Container // which channels
	controls *fyne.Container
	face     *faceView
	parts    *partLine
	content  *fyne.Container
	high     float32 // as the row has it
	wide     float32 // what the controls have; 0: not known yet
}

// buttonWide is the room of the play button and the gap behind it.
const buttonWide float32 = 60

func newView(p *Player) *view {
	v := &view{p: p}
	v.ExtendBaseWidget(v)
	v.button, v.board, v.flag, v.volume, v.parts = newRound(p.Toggle), newBoard(p), newFlagLine(p), newVolume(p), newPartLine(p)
	v.face = newFaceView(p)
	v.controls, v.heard = v.newControls(), v.newChannels()
	under := func(object fyne.CanvasObject) fyne.CanvasObject { return widgets.Pad(0, 0, 0, buttonWide, object) }
	v.content = container.New(lines{}, v.parts.box,
		widgets.Row(12, []float32{48, widgets.Wide}, widgets.Stack(v.button, v.face.sign), widgets.Stack(v.board, v.face.box)),
		under(v.flag.box), under(v.controls), under(v.heard))
	v.sync()
	v.high = v.content.MinSize().Height
	return v
}

// lines puts what has a height under each other; a line of which nothing is shown leaves no gap.
type lines struct{}

// MinSize is Fyne's.
func (lines) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var least fyne.Size
	for _, o := range objects {
		size := o.MinSize()
		if !o.Visible() || size.Height == 0 {
			continue
		}
		if least.Height > 0 {
			least.Height += theme.Gap
		}
		least = fyne.NewSize(max(least.Width, size.Width), least.Height+size.Height)
	}
	return least
}

// Layout is Fyne's.
func (lines) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	top := float32(0)
	for _, o := range objects {
		high := o.MinSize().Height
		o.Move(fyne.NewPos(0, top))
		o.Resize(fyne.NewSize(size.Width, high))
		if o.Visible() && high > 0 {
			top += high + theme.Gap
		}
	}
}

// newControls is the line of time, jumps, speed, silence and volume.
func (v *view) newControls() *fyne.Container {
	p, text := v.p, v.p.host.Text()
	v.time = widgets.NewLabel("0:00 / 0:00", theme.Caption, widgets.InkMuted).Fixed()
	v.speed = widgets.NewChip("1×", theme.ToneMuted)
	v.speed.OnTap = p.NextSpeed
	v.silence = widgets.NewButton("", widgets.Quiet, func() {
		how := p.Manner()
		how.SkipSilence = !how.SkipSilence
		p.Change(how)
	})
	back := widgets.NewButton("−10", widgets.Quiet, func() { p.Seek(p.position() - 10*time.Second) })
	forth := widgets.NewButton("+10", widgets.Quiet, func() { p.Seek(p.position() + 10*time.Second) })
	flag := widgets.NewButton(text.T("player.flag"), widgets.Quiet, p.marks.SelectHere)
	loud := widgets.Row(8, []float32{0, volumeWide}, widgets.NewSign('🔉', theme.Body, widgets.InkMuted), v.volume)
	return container.New(controlLines{v}, v.time, back, forth, v.speed, v.silence, flag, loud)
}

// newChannels is the line that tells which channels are heard.
func (v *view) newChannels() *fyne.Container {
	text := v.p.host.Text()
	widths, objects := []float32{0}, []fyne.CanvasObject{widgets.NewLabel(text.T("player.channels"), theme.Caption, widgets.InkMuted).Fixed()}
	for _, channel := range []audio.Channel{audio.Both, audio.Left, audio.Right} {
		button := widgets.NewButton(text.T(channelWords[channel]), widgets.Quiet, func() {
			how := v.p.Manner()
			how.Channel = channel
			v.p.Change(how)
		})
		v.channels = append(v.channels, button)
		objects, widths = append(objects, button), append(widths, 0)
	}
	v.resumed = widgets.NewLabel("", theme.Caption, widgets.InkMuted).Aligned(fyne.TextAlignTrailing)
	return widgets.Row(theme.Gap, append(widths, widgets.Wide), append(objects, v.resumed)...)
}

// channelWords are the names of what can be heard. Which side is whose, no PBX says.
var channelWords = map[audio.Channel]string{audio.Both: "player.both", audio.Left: "player.left", audio.Right: "player.right"}

// CreateRenderer is Fyne's.
func (v *view) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

// Refresh draws what the player does now.
func (v *view) Refresh() {
	v.sync()
	v.BaseWidget.Refresh()
	v.grow()
}

func (v *view) sync() {
	_, _, _, speed := v.p.Status()
	v.time.Set(clock(v.p))
	v.speed.Set(strings.Replace(fmt.Sprintf("%g×", speed), ".", decimal(v.p), 1), theme.ToneMuted)
	v.button.sync(v.p)
	covered := v.face.sync()
	show(v.button, !v.face.sign.Visible())
	show(v.board, !covered)
	show(v.controls, !covered)
	v.syncManner()
	show(v.heard, !covered && v.heard.Visible())
	v.parts.sync()
	v.flag.sync()
	v.board.Refresh()
	v.volume.Refresh()
}

// syncManner shows how it is played.
func (v *view) syncManner() {
	text, how := v.p.host.Text(), v.p.Manner()
	stereo, saved := false, time.Duration(0)
	if v.p.clip != nil {
		stereo, saved = v.p.clip.Stereo(), v.p.clip.Silence()
	}
	label, kind := text.T("player.silence"), widgets.Quiet
	if saved >= time.Second {
		label = text.T("player.silence_saves", "time", text.Timer(saved))
	}
	if how.SkipSilence {
		kind = widgets.Soft
	}
	if v.silence.Label != label {
		v.silence.SetLabel(label)
	}
	v.silence.SetKind(kind)
	for n, button := range v.channels {
		kind := widgets.Quiet
		if audio.Channel(n) == how.Channel {
			kind = widgets.Soft
		}
		button.SetKind(kind)
	}
	resumed := ""
	if v.p.resumed > 0 {
		resumed = text.T("player.resumed", "at", text.Timer(v.p.resumed))
	}
	v.resumed.Set(resumed)
	for _, object := range v.heard.Objects[:len(v.heard.Objects)-1] {
		show(object, stereo)
	}
	show(v.heard, stereo || resumed != "")
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
	quiet   bool // there is nothing to play yet
}

func newRound(tap func()) *round {
	r := &round{tap: tap}
	r.ExtendBaseWidget(r)
	return r
}

// sync shows whether it plays.
func (r *round) sync(p *Player) {
	r.playing, r.quiet = p.state == Playing, p.state == Loading && !p.wish
	r.Refresh()
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
const triangle = 13

// roundWide is the width of the play button.
const roundWide float32 = 48

type roundRenderer struct {
	r       *round
	circle  *canvas.Circle
	bars    []*canvas.Rectangle
	columns []*canvas.Rectangle
}

func (r *roundRenderer) Layout(size fyne.Size) {
	const d = roundWide
	left, top := (size.Width-d)/2, (size.Height-d)/2
	r.circle.Move(fyne.NewPos(left, top))
	r.circle.Resize(fyne.NewSize(d, d))
	for n, bar := range r.bars {
		bar.Move(fyne.NewPos(left+18+float32(n)*8, top+17))
		bar.Resize(fyne.NewSize(4, 14))
	}
	for n, column := range r.columns {
		high := 16 * (1 - float32(n)/triangle)
		column.Move(fyne.NewPos(left+19+float32(n), top+(d-high)/2))
		column.Resize(fyne.NewSize(1.2, high))
	}
}
func (r *roundRenderer) MinSize() fyne.Size { return fyne.NewSize(roundWide, roundWide) }
func (r *roundRenderer) Refresh() {
	p := theme.Colors()
	ground, ink := p.Primary, p.OnAccent
	if r.r.quiet {
		ground, ink = p.Hover, p.Muted
	}
	r.circle.FillColor = ground
	for _, bar := range r.bars {
		bar.FillColor = color.Transparent
		if r.r.playing {
			bar.FillColor = ink
		}
		bar.Refresh()
	}
	for _, column := range r.columns {
		column.FillColor = ink
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
