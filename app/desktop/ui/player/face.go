package player

import (
	"errors"
	"image/color"
	"net/http"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/audio"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// trouble is why a recording cannot be heard now.
type trouble int

const (
	broken    trouble = iota // it did not come, or is no sound; it may be tried again
	preparing                // the PBX has not sent it yet
	gone                     // the PBX has deleted it
	notYours
	missing // there is none
)

// faceHigh is the height of what stands for the waveform: the same for all, so that nothing jumps.
const faceHigh float32 = 72

// face is what stands where the waveform would be, with its sign in the place of the button.
type face struct {
	sign        rune
	tone        theme.Tone
	title, hint string
	act         string // of its button; empty: none
	do          func()
}

// faceOf is what is shown of a recording that cannot be heard now.
func faceOf(p *Player) face {
	text := p.host.Text()
	switch {
	case p.state == NoAudio:
		return face{'!', theme.ToneMiss, text.T("player.no_audio_title"), p.why, text.T("act.repeat"), p.Toggle}
	case p.trouble == preparing && present.Goes(p.entry):
		return face{'◷', theme.ToneMuted, text.T("player.recording_title"), p.why, "", nil}
	case p.trouble == preparing:
		return face{'◷', theme.ToneMuted, text.T("player.preparing_title"), p.why, "", nil}
	case p.trouble == notYours:
		return face{'⚿', theme.ToneMuted, text.T("player.not_yours"), p.why, "", nil}
	case p.trouble == gone:
		return face{'♪', theme.ToneMuted, text.T("player.gone"), p.why, "", nil}
	case p.trouble == missing:
		f := face{'♪', theme.ToneMuted, text.T("player.none"), p.why, "", nil}
		if p.Where != nil && model.MayIntegrate(p.host.Model().Me().Role) {
			f.act, f.do = text.T("player.where"), p.Where
		}
		return f
	}
	return face{'!', theme.ToneMiss, text.T("player.broken"), p.why, text.T("act.repeat"), p.Toggle}
}

// troubleOf tells what an answer means, and says it.
func troubleOf(p *Player, err error) (trouble, string) {
	text := p.host.Text()
	var problem *client.Problem
	switch {
	case errors.Is(err, audio.ErrNoFrames):
		return broken, text.T("player.no_sound")
	case !errors.As(err, &problem):
		return broken, ui.Explain(err, text)
	case problem.Status == http.StatusTooEarly || problem.Code == "not_ready":
		return preparing, wordsOf(p, preparing)
	case problem.Code == "participants_only":
		return notYours, wordsOf(p, notYours)
	case problem.Code == "no_recording":
		return missing, wordsOf(p, missing)
	}
	return broken, ui.Explain(err, text) // the PBX's words, where it has some
}

// wordsOf says what to do about a trouble.
func wordsOf(p *Player, t trouble) string {
	text := p.host.Text()
	switch t {
	case preparing:
		if present.Goes(p.entry) {
			return text.T("player.recording")
		}
		return text.T("player.preparing")
	case gone:
		return text.T("player.gone_hint")
	case notYours:
		if by := p.entry.Employee; by != nil {
			return text.T("player.ask", "who", present.ShortName(by.Name))
		}
		return text.T("player.ask_manager")
	case missing:
		return text.T("player.none_hint")
	}
	return ""
}

// unplayable tells why the chosen recording cannot be heard, by what its entry says.
func (p *Player) unplayable() (t trouble, yes bool) {
	part := p.current()
	switch {
	case present.Unrecorded(p.entry) && present.RecordingHidden(p.entry, p.host.Model().Me(), p.host.Model().School()):
		return notYours, true
	case present.Unrecorded(p.entry):
		return missing, true
	case part.Gone:
		return gone, true
	case !part.Ready:
		return preparing, true
	}
	return broken, false
}

// faceView draws a face, or that the recording is on its way.
type faceView struct {
	p            *Player
	sign         *faceSign
	box          *fyne.Container
	words, comes *fyne.Container
	title, hint  *widgets.Label
	act          *widgets.Button
	caption      *widgets.Label
	progress     *progress
	do           func()
}

func newFaceView(p *Player) *faceView {
	f := &faceView{p: p, sign: newFaceSign(), progress: newProgress()}
	f.title = widgets.NewBold("", theme.Body, widgets.InkNormal)
	f.hint, f.caption = widgets.NewLabel("", theme.Caption, widgets.InkMuted), widgets.NewLabel("", theme.Caption, widgets.InkMuted)
	f.act = widgets.NewButton("", widgets.Quiet, func() {
		if f.do != nil {
			f.do()
		}
	})
	f.words = widgets.Row(12, []float32{widgets.Wide, 0}, widgets.Column(2, f.title, f.hint), f.act)
	f.comes = widgets.Row(12, []float32{widgets.Wide, 88}, widgets.Column(2, newSilentWave(), f.caption), f.progress)
	f.box = widgets.Stack(widgets.Space(0, faceHigh), f.words, f.comes)
	return f
}

// sync shows what there is to say; false: nothing, the waveform is there.
func (f *faceView) sync() bool {
	p := f.p
	loading := p.state == Loading
	stuck := p.state == Broken || p.state == NoAudio
	show(f.box, loading || stuck)
	show(f.words, stuck)
	show(f.comes, loading)
	show(f.sign, stuck)
	switch {
	case loading:
		words := ""
		if p.slow && p.percent > 0 {
			words = p.host.Text().T("player.loading_percent", "percent", p.percent)
		} else if p.slow {
			words = p.host.Text().T("player.loading")
		}
		f.caption.Set(words)
		f.progress.set(p.percent, p.slow)
	case stuck:
		now := faceOf(p)
		f.title.Set(now.title)
		f.hint.Set(now.hint)
		f.do = now.do
		if f.act.Label != now.act {
			f.act.SetLabel(now.act)
		}
		show(f.act, now.act != "")
		f.sign.set(now.sign, now.tone)
	}
	return loading || stuck
}

// faceSign is a sign on a soft circle, as large as the play button.
type faceSign struct {
	widget.BaseWidget
	sign rune
	tone theme.Tone
}

func newFaceSign() *faceSign {
	s := &faceSign{sign: '!'}
	s.ExtendBaseWidget(s)
	return s
}

func (s *faceSign) set(sign rune, tone theme.Tone) {
	if s.sign != sign || s.tone != tone {
		s.sign, s.tone = sign, tone
		s.Refresh()
	}
}

// CreateRenderer is Fyne's.
func (s *faceSign) CreateRenderer() fyne.WidgetRenderer {
	r := &faceSignRenderer{s: s, circle: canvas.NewCircle(color.Transparent)}
	r.Refresh()
	return r
}

type faceSignRenderer struct {
	s      *faceSign
	circle *canvas.Circle
	label  *widgets.Label
	sign   *widgets.Sign
}

func (r *faceSignRenderer) MinSize() fyne.Size { return fyne.NewSize(roundWide, roundWide) }

func (r *faceSignRenderer) Layout(size fyne.Size) {
	left, top := (size.Width-roundWide)/2, (size.Height-roundWide)/2
	r.circle.Move(fyne.NewPos(left, top))
	r.circle.Resize(fyne.NewSize(roundWide, roundWide))
	for _, o := range r.Objects()[1:] {
		least := o.MinSize()
		o.Resize(least)
		o.Move(fyne.NewPos(left+(roundWide-least.Width)/2, top+(roundWide-least.Height)/2))
	}
}

func (r *faceSignRenderer) Refresh() {
	r.label, r.sign = nil, nil
	if widgets.Drawn(r.s.sign) {
		r.sign = widgets.NewSign(r.s.sign, theme.Heading, widgets.ToneInk(r.s.tone))
	} else {
		r.label = widgets.NewBold(string(r.s.sign), theme.Heading, widgets.ToneInk(r.s.tone)).Fixed()
	}
	r.circle.FillColor = theme.Colors().ToneSoft(r.s.tone)
	r.Layout(r.s.Size())
	r.circle.Refresh()
}

func (r *faceSignRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.circle}
	if r.sign != nil {
		all = append(all, r.sign)
	}
	if r.label != nil {
		all = append(all, r.label)
	}
	return all
}
func (r *faceSignRenderer) Destroy() {}

// progress is a thin line that fills.
type progress struct {
	widget.BaseWidget
	percent int
	on      bool
}

func newProgress() *progress {
	p := &progress{}
	p.ExtendBaseWidget(p)
	return p
}

func (p *progress) set(percent int, on bool) {
	if p.percent != percent || p.on != on {
		p.percent, p.on = percent, on
		p.Refresh()
	}
}

// CreateRenderer is Fyne's.
func (p *progress) CreateRenderer() fyne.WidgetRenderer {
	r := &progressRenderer{p: p, ground: canvas.NewRectangle(color.Transparent), filled: canvas.NewRectangle(color.Transparent)}
	r.ground.CornerRadius, r.filled.CornerRadius = 2, 2
	r.Refresh()
	return r
}

type progressRenderer struct {
	p              *progress
	ground, filled *canvas.Rectangle
}

func (r *progressRenderer) MinSize() fyne.Size { return fyne.NewSize(88, 4) }

func (r *progressRenderer) Layout(size fyne.Size) {
	r.ground.Resize(fyne.NewSize(size.Width, 4))
	r.filled.Resize(fyne.NewSize(size.Width*float32(r.p.percent)/100, 4))
}

func (r *progressRenderer) Refresh() {
	colors := theme.Colors()
	r.ground.FillColor, r.filled.FillColor = color.Transparent, color.Transparent
	if r.p.on && r.p.percent > 0 {
		r.ground.FillColor, r.filled.FillColor = colors.Line, colors.Accent
	}
	r.Layout(r.p.Size())
	r.ground.Refresh()
	r.filled.Refresh()
}

func (r *progressRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.filled}
}
func (r *progressRenderer) Destroy() {}

// silentWave stands for a waveform that is not known yet.
type silentWave struct{ widget.BaseWidget }

func newSilentWave() *silentWave {
	w := &silentWave{}
	w.ExtendBaseWidget(w)
	return w
}

// silentBars and silentHigh are of the waveform that is not known yet.
const (
	silentBars         = 60
	silentHigh float32 = 24
)

// CreateRenderer is Fyne's.
func (w *silentWave) CreateRenderer() fyne.WidgetRenderer {
	r := &silentWaveRenderer{w: w}
	for range silentBars {
		bar := canvas.NewRectangle(color.Transparent)
		bar.CornerRadius = 1
		r.bars = append(r.bars, bar)
	}
	r.Refresh()
	return r
}

type silentWaveRenderer struct {
	w    *silentWave
	bars []fyne.CanvasObject
}

func (r *silentWaveRenderer) MinSize() fyne.Size { return fyne.NewSize(100, silentHigh) }

func (r *silentWaveRenderer) Layout(size fyne.Size) {
	step := size.Width / silentBars
	for n, bar := range r.bars {
		high := 4 + float32((n*n*7+n*3)%17) // it looks like speech, and is always the same
		bar.Move(fyne.NewPos(float32(n)*step, (silentHigh-high)/2))
		bar.Resize(fyne.NewSize(step*0.6, high))
	}
}

func (r *silentWaveRenderer) Refresh() {
	for _, bar := range r.bars {
		bar.(*canvas.Rectangle).FillColor = theme.Colors().Line
		bar.Refresh()
	}
}

func (r *silentWaveRenderer) Objects() []fyne.CanvasObject { return r.bars }
func (r *silentWaveRenderer) Destroy()                     {}
