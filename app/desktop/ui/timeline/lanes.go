package timeline

import (
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present/course"
	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/theme"
)

// axis is the line of times above the lanes.
type axis struct {
	widget.BaseWidget
	s *Sheet
}

func newAxis(s *Sheet) *axis {
	a := &axis{s: s}
	a.ExtendBaseWidget(a)
	return a
}

// CreateRenderer is Fyne's.
func (a *axis) CreateRenderer() fyne.WidgetRenderer {
	return &drawnRenderer{least: func() fyne.Size { return fyne.NewSize(labelWide+200, axisHigh) }, draw: a.drawn, of: a}
}

func (a *axis) drawn(size fyne.Size) []fyne.CanvasObject {
	p, scale := theme.Colors(), scale{a.s.course.Length, size.Width}
	var all []fyne.CanvasObject
	head, shown := a.s.head()
	for n, at := range scale.ticks() {
		if shown && abs(scale.x(head)-scale.x(at)) < apart*0.8 {
			continue // the playhead's own time stands there
		}
		all = append(all, words(a.s.timeWords(at, n == 0), p.Muted, false, scale.x(at), axisHigh/2))
	}
	if shown {
		label := words(a.s.timeWords(head, true), p.Accent, true, scale.x(head), axisHigh/2)
		box := canvas.NewRectangle(p.AccentSoft)
		box.CornerRadius = 8
		wide := max(apart, label.Size().Width+12)
		box.Resize(fyne.NewSize(wide, 24))
		box.Move(fyne.NewPos(scale.x(head)-wide/2, 4))
		all = append(all, box, label)
	}
	return all
}

func abs(x float32) float32 { return max(x, -x) }

// words are a caption whose middle stands at a place.
func words(text string, ink color.NRGBA, bold bool, x, y float32) *canvas.Text {
	t := canvas.NewText(text, ink)
	t.TextSize, t.TextStyle = theme.Caption, fyne.TextStyle{Bold: bold}
	size := t.MinSize()
	t.Resize(size)
	t.Move(fyne.NewPos(x-size.Width/2, y-size.Height/2))
	return t
}

// lanes are the lines of a course. A click plays from there; the keyboard plays, seeks and closes.
type lanes struct {
	widget.BaseWidget
	s *Sheet
}

func newLanes(s *Sheet) *lanes {
	l := &lanes{s: s}
	l.ExtendBaseWidget(l)
	return l
}

// Tapped plays from where the click was.
func (l *lanes) Tapped(at *fyne.PointEvent) {
	if moment, ok := (scale{l.s.course.Length, l.Size().Width}).at(at.Position.X); ok {
		l.s.play(moment)
	}
}

// Cursor is a hand.
func (l *lanes) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn is Fyne's.
func (l *lanes) MouseIn(e *desktop.MouseEvent) { l.MouseMoved(e) }

// MouseMoved says what the bar under the pointer is.
func (l *lanes) MouseMoved(e *desktop.MouseEvent) {
	moment, ok := (scale{l.s.course.Length, l.Size().Width}).at(e.Position.X)
	n := int(e.Position.Y / laneHigh)
	if n < 0 || n >= len(l.s.course.Lanes) {
		l.s.hint("")
		return
	}
	lane := l.s.course.Lanes[n]
	if !ok { // on its name, which may be cut
		l.s.hint(lane.Name + ": " + lane.About)
		return
	}
	for _, bar := range lane.Bars {
		if moment >= bar.From && moment <= bar.To {
			l.s.hint(lane.Name + ": " + bar.Words + ", " + l.s.span(bar.From, bar.To))
			return
		}
	}
	l.s.hint("")
}

// MouseOut is Fyne's.
func (l *lanes) MouseOut() { l.s.hint("") }

// FocusGained is Fyne's.
func (l *lanes) FocusGained() {}

// FocusLost is Fyne's.
func (l *lanes) FocusLost() {}

// TypedRune is Fyne's.
func (l *lanes) TypedRune(rune) {}

// TypedKey closes on Escape; the rest is the player's.
func (l *lanes) TypedKey(e *fyne.KeyEvent) {
	switch {
	case e.Name == fyne.KeyEscape:
		l.s.Close()
	case l.s.wave != nil:
		l.s.wave.Key(e.Name)
	}
}

// CreateRenderer is Fyne's.
func (l *lanes) CreateRenderer() fyne.WidgetRenderer {
	least := func() fyne.Size {
		return fyne.NewSize(labelWide+200, laneHigh*float32(max(1, len(l.s.course.Lanes))))
	}
	return &drawnRenderer{least: least, draw: l.drawn, of: l}
}

func (l *lanes) drawn(size fyne.Size) []fyne.CanvasObject {
	p, course := theme.Colors(), l.s.course
	scale := scale{course.Length, size.Width}
	var all []fyne.CanvasObject
	for _, at := range scale.ticks() {
		all = append(all, block(p.Line, scale.x(at), 0, 1, size.Height))
	}
	for n, lane := range course.Lanes {
		top := float32(n) * laneHigh
		all = append(all, block(p.Line, 0, top, size.Width, 1))
		all = append(all, laneLabel(lane, top)...)
		all = append(all, laneBars(lane, scale, top)...)
	}
	for _, step := range course.Steps {
		high, low := min(step.From, step.To), max(step.From, step.To)
		from := float32(high)*laneHigh + barTop + barHigh
		all = append(all, block(p.Accent, scale.x(step.At)-1, from, 2, float32(low)*laneHigh+barTop-from))
	}
	if head, shown := l.s.head(); shown {
		all = append(all, block(p.Accent, scale.x(head)-1, 0, 2, size.Height))
	}
	return all
}

func block(fill color.NRGBA, x, y, wide, high float32) *canvas.Rectangle {
	r := canvas.NewRectangle(fill)
	r.Move(fyne.NewPos(x, y))
	r.Resize(fyne.NewSize(wide, max(0, high)))
	return r
}

// laneLabel is a lane's name and its second line.
func laneLabel(lane course.Lane, top float32) []fyne.CanvasObject {
	p := theme.Colors()
	const left, wide float32 = theme.Side, labelWide - theme.Side - 12
	bold := fyne.TextStyle{Bold: true}
	who, at := lane.Name, ""
	if n := strings.LastIndex(who, " · "); n > 0 { // the extension is never cut
		who, at = who[:n], who[n:]
	}
	name := canvas.NewText(fit.Line(who, wide-fyne.MeasureText(at, theme.Body, bold).Width, theme.Body, bold)+at, p.Ink)
	name.TextSize, name.TextStyle = theme.Body, fyne.TextStyle{Bold: true}
	about := canvas.NewText(fit.Line(lane.About, wide, theme.Caption, fyne.TextStyle{}), p.Muted)
	about.TextSize = theme.Caption
	name.Move(fyne.NewPos(left, top+12))
	about.Move(fyne.NewPos(left, top+32))
	for _, t := range []*canvas.Text{name, about} {
		t.Resize(t.MinSize())
	}
	return []fyne.CanvasObject{name, about}
}

// looks of the bars: ground, frame and words.
func looks(kind course.BarKind) (ground, frame, ink color.NRGBA) {
	p := theme.Colors()
	switch kind {
	case course.BarRings:
		return p.RingSoft, p.Ring, p.Ring
	case course.BarMissed:
		return p.MissSoft, p.Miss, p.Miss
	case course.BarTalks:
		return p.Call, p.Call, p.OnCall
	case course.BarHeld:
		return p.HoldSoft, p.Hold, p.Hold
	}
	return p.Line, p.Line, p.Ink
}

// laneBars are a lane's bars, and what stands beside the last one.
func laneBars(lane course.Lane, scale scale, top float32) []fyne.CanvasObject {
	var all []fyne.CanvasObject
	right := labelWide
	for _, bar := range lane.Bars {
		ground, frame, ink := looks(bar.Kind)
		left, wide := scale.x(bar.From), max(3, scale.x(bar.To)-scale.x(bar.From)-1)
		box := block(ground, left, top+barTop, wide, barHigh)
		box.CornerRadius = min(6, wide/2)
		box.StrokeColor, box.StrokeWidth = frame, 1
		all = append(all, box)
		if label := words(bar.Words, ink, true, left+wide/2, top+barTop+barHigh/2); label.Size().Width+6 <= wide {
			all = append(all, label)
		}
		right = left + wide
	}
	beside := lane.Aside
	ink := theme.Colors().Accent
	if lane.Missed && beside == "" {
		beside, ink = "×", theme.Colors().Miss
	}
	if beside == "" {
		return all
	}
	label := words(beside, ink, true, 0, top+barTop+barHigh/2)
	x := min(right+8, scale.width-label.Size().Width-4)
	label.Move(fyne.NewPos(x, label.Position().Y))
	if x < right+8 { // no room at the right: under the bar
		label.Move(fyne.NewPos(x, top+barTop+barHigh))
	}
	return append(all, label)
}

// drawnRenderer draws anew what a widget shows now, at its size.
type drawnRenderer struct {
	of    fyne.Widget
	least func() fyne.Size
	draw  func(fyne.Size) []fyne.CanvasObject
	all   []fyne.CanvasObject
}

func (r *drawnRenderer) MinSize() fyne.Size { return r.least() }

func (r *drawnRenderer) Layout(size fyne.Size) { r.all = r.draw(size) }

func (r *drawnRenderer) Refresh() {
	r.Layout(r.of.Size())
	canvas.Refresh(r.of)
}

func (r *drawnRenderer) Objects() []fyne.CanvasObject { return r.all }
func (r *drawnRenderer) Destroy()                     {}
