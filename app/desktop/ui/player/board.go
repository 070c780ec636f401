package player

import (
	"image/color"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// bars of the waveform.
const bars = 133

// board is the waveform with its flags and its axis. A click goes there, one on a flag plays from it, a drag
// selects a part for a new flag.
type board struct {
	widget.BaseWidget
	p                *Player
	dragFrom, dragTo float32
	dragging         bool
	bare             bool        // no axis, and nothing is selected
	flags            []flagPlace // as they are drawn
}

func newBoard(p *Player) *board {
	b := &board{p: p}
	b.ExtendBaseWidget(b)
	return b
}

// Cursor is a hand.
func (b *board) Cursor() desktop.Cursor { return desktop.PointerCursor }

// Tapped plays from a flag, or seeks to where the click was.
func (b *board) Tapped(at *fyne.PointEvent) {
	if b.p.clip == nil || b.Size().Width <= 0 {
		return
	}
	if f, ok := flagAt(b.flags, at.Position.X, at.Position.Y); ok {
		b.p.marks.Open(f)
		return
	}
	b.p.Seek(momentOf(at.Position.X, b.p.clip.Duration(), b.Size().Width))
	if b.bare && b.p.playing == nil && !b.p.starting && !b.p.wish {
		b.p.start()
	}
}

// Dragged selects.
func (b *board) Dragged(at *fyne.DragEvent) {
	if b.p.clip == nil || b.bare {
		return
	}
	if !b.dragging {
		b.dragging, b.dragFrom = true, at.Position.X-at.Dragged.DX
	}
	b.dragTo = at.Position.X
	b.Refresh()
}

// DragEnd opens the flag's line for what was selected.
func (b *board) DragEnd() {
	if !b.dragging {
		return
	}
	b.dragging = false
	if b.p.clip != nil {
		if from, to, ok := marked(b.dragFrom, b.dragTo, b.p.clip.Duration(), b.Size().Width); ok {
			b.p.marks.Select(from, to)
			return
		}
	}
	b.Refresh()
}

// selection is where the selected part is drawn.
func (b *board) selection(length time.Duration, width float32) (left, right float32, shown bool) {
	switch {
	case b.dragging:
		return max(0, min(b.dragFrom, b.dragTo)), min(width, max(b.dragFrom, b.dragTo)), true
	case b.p.marks.open != nil && !b.bare:
		return placeOf(b.p.marks.open.from, length, width), placeOf(b.p.marks.open.to, length, width), true
	}
	return 0, 0, false
}

// CreateRenderer is Fyne's.
func (b *board) CreateRenderer() fyne.WidgetRenderer {
	r := &boardRenderer{b: b, ground: canvas.NewRectangle(color.Transparent), head: canvas.NewRectangle(color.Transparent)}
	r.ground.CornerRadius = 4
	for n := range r.edges {
		r.edges[n] = canvas.NewRectangle(color.Transparent)
	}
	for range bars {
		bar := canvas.NewRectangle(color.Transparent)
		bar.CornerRadius = 1
		r.bars = append(r.bars, bar)
	}
	r.Refresh()
	return r
}

type boardRenderer struct {
	b      *board
	ground *canvas.Rectangle    // of the selection
	edges  [2]*canvas.Rectangle // of the selection
	bars   []*canvas.Rectangle
	head   *canvas.Rectangle
	beside []fyne.CanvasObject // flags and axis; made anew when drawn changes
	drawn  drawn
}

// drawn is what flags and axis were made of.
type drawn struct {
	width  float32
	length time.Duration
	flags  []client.Flag
	ink    color.NRGBA // of the theme
}

func (d drawn) same(other drawn) bool {
	return d.width == other.width && d.length == other.length && d.ink == other.ink &&
		slices.EqualFunc(d.flags, other.flags, func(a, b client.Flag) bool { return a.ID == b.ID && a.Word == b.Word && a.FromMS == b.FromMS })
}

func (r *boardRenderer) MinSize() fyne.Size {
	if r.b.bare {
		return fyne.NewSize(0, stemTop+stemHigh)
	}
	return fyne.NewSize(200, boardHigh)
}

func (r *boardRenderer) Layout(size fyne.Size) {
	_, at, length, _ := r.b.p.Status()
	step := size.Width / bars
	for n, bar := range r.bars {
		peak := float32(0)
		if n < len(r.b.p.peaks) {
			peak = r.b.p.peaks[n]
		}
		high := max(2, peak*waveHigh)
		bar.Move(fyne.NewPos(float32(n)*step, waveTop+(waveHigh-high)/2))
		bar.Resize(fyne.NewSize(step*0.6, high))
	}
	r.head.Move(fyne.NewPos(placeOf(at, length, size.Width)-1, stemTop))
	r.head.Resize(fyne.NewSize(2, stemHigh))
	left, right, shown := r.b.selection(length, size.Width)
	r.ground.Hidden = !shown
	r.ground.Move(fyne.NewPos(left, stemTop))
	r.ground.Resize(fyne.NewSize(right-left, stemHigh))
	for n, edge := range r.edges {
		edge.Hidden = !shown
		edge.Move(fyne.NewPos([]float32{left, max(left, right-2)}[n], stemTop))
		edge.Resize(fyne.NewSize(2, stemHigh))
	}
	now := drawn{size.Width, length, r.b.p.marks.list(), theme.Colors().Ink}
	if !now.same(r.drawn) {
		r.drawn = now
		r.drawMarks(now)
	}
}

// drawMarks makes the flags and the axis.
func (r *boardRenderer) drawMarks(now drawn) {
	r.b.flags = placeFlags(now.flags, now.length, now.width, func(word string) float32 {
		return fyne.MeasureText(word, theme.Caption, fyne.TextStyle{Bold: true}).Width
	})
	r.beside = nil
	for _, at := range r.b.ticks(now) {
		words := canvas.NewText(r.b.p.host.Text().Timer(at), theme.Colors().Muted)
		words.TextSize = theme.Caption
		wide := words.MinSize().Width
		left := max(0, min(now.width-wide, placeOf(at, now.length, now.width)-wide/2))
		words.Move(fyne.NewPos(left, axisTop))
		words.Resize(words.MinSize())
		r.beside = append(r.beside, words)
	}
	for _, f := range r.b.flags {
		r.beside = append(r.beside, drawFlag(f)...)
	}
}

// ticks are the moments that the axis names.
func (b *board) ticks(now drawn) []time.Duration {
	if b.bare {
		return nil
	}
	return ticks(now.length, now.width)
}

// drawFlag is a flag's stem and box, and what is in the box.
func drawFlag(f flagPlace) []fyne.CanvasObject {
	p := theme.Colors()
	stem, box := canvas.NewRectangle(p.Accent), canvas.NewRectangle(p.AccentSoft)
	stem.Move(fyne.NewPos(f.stem, flagHigh))
	stem.Resize(fyne.NewSize(2, stemTop+stemHigh-flagHigh))
	box.CornerRadius = 6
	box.Move(fyne.NewPos(f.left, 0))
	box.Resize(fyne.NewSize(f.width, flagHigh))
	sign := widgets.NewSign('⚑', theme.Caption-2, widgets.ToneInk(theme.ToneAccent))
	sign.Move(fyne.NewPos(f.left+6, (flagHigh-flagSign)/2))
	sign.Resize(fyne.NewSize(flagSign, flagSign))
	all := []fyne.CanvasObject{stem, box, sign}
	if f.bare {
		return all
	}
	words := canvas.NewText(f.Word, p.Accent)
	words.TextSize, words.TextStyle = theme.Caption, fyne.TextStyle{Bold: true}
	high := words.MinSize().Height
	words.Move(fyne.NewPos(f.left+6+flagSign+4, (flagHigh-high)/2))
	words.Resize(fyne.NewSize(f.width-flagSign-flagEdge, high))
	return append(all, words)
}

func (r *boardRenderer) Refresh() {
	p := theme.Colors()
	_, at, length, _ := r.b.p.Status()
	r.Layout(r.b.Size())
	for n, bar := range r.bars {
		bar.FillColor = theme.Alpha(p.Muted, 0x60)
		if length > 0 && float64(n) < float64(at)/float64(length)*bars {
			bar.FillColor = p.Accent
		}
		bar.Refresh()
	}
	r.head.FillColor, r.ground.FillColor = p.Ink, p.AccentSoft
	if length == 0 {
		r.head.FillColor = color.Transparent
	}
	r.head.Refresh()
	r.ground.Refresh()
	for _, edge := range r.edges {
		edge.FillColor = p.Accent
		edge.Refresh()
	}
}

func (r *boardRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.ground}
	for _, bar := range r.bars {
		out = append(out, bar)
	}
	out = append(append(out, r.beside...), r.edges[0], r.edges[1])
	return append(out, r.head)
}
func (r *boardRenderer) Destroy() {}
