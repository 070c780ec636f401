// Package widgets holds Dozvon's own building blocks: lines of text, buttons, avatars,
// chips, fields, boxes and the layouts they stand in. They take their colours from the
// theme on every refresh, so a change of theme reaches them. They know no domain.
package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/theme"
)

// Ink picks a colour of the palette in use when drawing.
type Ink func(theme.Palette) color.NRGBA

// The usual inks.
var (
	InkNormal Ink = func(p theme.Palette) color.NRGBA { return p.Ink }
	InkMuted  Ink = func(p theme.Palette) color.NRGBA { return p.Muted }
	InkAccent Ink = func(p theme.Palette) color.NRGBA { return p.Accent }
)

// ToneInk is the text colour of a tone.
func ToneInk(t theme.Tone) Ink {
	return func(p theme.Palette) color.NRGBA { return p.ToneInk(t) }
}

// ToneSoft is the ground of a tone.
func ToneSoft(t theme.Tone) Ink {
	return func(p theme.Palette) color.NRGBA { return p.ToneSoft(t) }
}

// Label is one line of text that ends in … when it does not fit. Whole keeps its
// full width as the least one.
type Label struct {
	widget.BaseWidget
	Text  string
	Em    float32
	Bold  bool
	Mono  bool
	Whole bool
	Ink   Ink
	Align fyne.TextAlign
	cut   bool
}

// NewLabel is a line that may be cut.
func NewLabel(text string, size float32, ink Ink) *Label {
	l := &Label{Text: text, Em: size, Ink: ink}
	l.ExtendBaseWidget(l)
	return l
}

// NewBold is a semibold line that may be cut.
func NewBold(text string, size float32, ink Ink) *Label {
	l := NewLabel(text, size, ink)
	l.Bold = true
	return l
}

// NewMono is a line of fixed width, for codes and addresses; it may be cut.
func NewMono(text string, size float32, ink Ink) *Label {
	l := NewLabel(text, size, ink)
	l.Mono = true
	return l
}

// Fixed makes the label keep its full width.
func (l *Label) Fixed() *Label { l.Whole = true; return l }

// Aligned sets the alignment.
func (l *Label) Aligned(align fyne.TextAlign) *Label { l.Align = align; return l }

// Set changes the text.
func (l *Label) Set(text string) {
	if l.Text != text {
		l.Text = text
		l.Refresh()
	}
}

// Cut tells whether the text did not fit.
func (l *Label) Cut() bool { return l.cut }

// CreateRenderer is Fyne's.
func (l *Label) CreateRenderer() fyne.WidgetRenderer {
	r := &labelRenderer{label: l, text: canvas.NewText("", color.Black)}
	r.Refresh()
	return r
}

type labelRenderer struct {
	label *Label
	text  *canvas.Text
}

// lineHeight is the design's height of a line of this size: 12/16, 14/20, 16/20, 19/24, 20/28.
func lineHeight(size float32) float32 {
	switch {
	case size <= theme.Small:
		return 16
	case size <= theme.Heading:
		return 20
	case size < theme.Title:
		return 24
	}
	return 28
}

func (r *labelRenderer) style() fyne.TextStyle {
	return fyne.TextStyle{Bold: r.label.Bold, Monospace: r.label.Mono}
}

func (r *labelRenderer) Layout(size fyne.Size) {
	l := r.label
	shown := fit.Line(l.Text, size.Width, l.Em, r.style())
	l.cut = shown != l.Text
	if r.text.Text != shown {
		r.text.Text = shown
		r.text.Refresh()
	}
	height := r.text.MinSize().Height
	r.text.Move(fyne.NewPos(0, (size.Height-height)/2))
	r.text.Resize(fyne.NewSize(size.Width, height))
}

func (r *labelRenderer) MinSize() fyne.Size {
	width := float32(0)
	if r.label.Whole {
		width = fyne.MeasureText(r.label.Text, r.label.Em, r.style()).Width
	}
	return fyne.NewSize(width, lineHeight(r.label.Em))
}

func (r *labelRenderer) Refresh() {
	r.text.TextSize, r.text.TextStyle = r.label.Em, r.style()
	r.text.Alignment, r.text.Color = r.label.Align, r.label.Ink(theme.Colors())
	r.Layout(r.label.BaseWidget.Size())
	r.text.Refresh()
}

func (r *labelRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.text} }
func (r *labelRenderer) Destroy()                     {}

// Box is a filled rectangle with round corners, and perhaps a hairline.
type Box struct {
	widget.BaseWidget
	Fill, Line Ink
	Radius     float32
}

// NewBox is a box without a hairline.
func NewBox(fill Ink, radius float32) *Box {
	b := &Box{Fill: fill, Radius: radius}
	b.ExtendBaseWidget(b)
	return b
}

// Outlined adds a hairline.
func (b *Box) Outlined(line Ink) *Box { b.Line = line; return b }

// CreateRenderer is Fyne's.
func (b *Box) CreateRenderer() fyne.WidgetRenderer {
	r := &boxRenderer{box: b, rect: canvas.NewRectangle(color.Transparent)}
	r.Refresh()
	return r
}

type boxRenderer struct {
	box  *Box
	rect *canvas.Rectangle
}

func (r *boxRenderer) Layout(size fyne.Size) { r.rect.Resize(size) }
func (r *boxRenderer) MinSize() fyne.Size    { return fyne.Size{} }
func (r *boxRenderer) Refresh() {
	p := theme.Colors()
	r.rect.FillColor, r.rect.CornerRadius, r.rect.StrokeWidth = r.box.Fill(p), r.box.Radius, 0
	if r.box.Line != nil {
		r.rect.StrokeColor, r.rect.StrokeWidth = r.box.Line(p), 1
	}
	r.rect.Refresh()
}
func (r *boxRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *boxRenderer) Destroy()                     {}

// Surface is the ground of panels, Raised of cards, Ground of windows; Line, Hover.
var (
	Ground  Ink = func(p theme.Palette) color.NRGBA { return p.Ground }
	Surface Ink = func(p theme.Palette) color.NRGBA { return p.Surface }
	Raised  Ink = func(p theme.Palette) color.NRGBA { return p.Raised }
	Line    Ink = func(p theme.Palette) color.NRGBA { return p.Line }
	Hover   Ink = func(p theme.Palette) color.NRGBA { return p.Hover }
	Nothing Ink = func(theme.Palette) color.NRGBA { return color.NRGBA{} }
)

// Area is an invisible thing to click; the keyboard reaches it as a row of a List, or not at all.
type Area struct {
	widget.BaseWidget
	Tap     func()
	OnHover func(in bool)
	OnMove  func() // the pointer moves over it
}

// NewArea reports clicks to tap.
func NewArea(tap func()) *Area {
	a := &Area{Tap: tap, OnHover: func(bool) {}, OnMove: func() {}}
	a.ExtendBaseWidget(a)
	return a
}

// CreateRenderer is Fyne's.
func (a *Area) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(color.Transparent))
}

// Tapped is Fyne's.
func (a *Area) Tapped(*fyne.PointEvent) {
	if a.Tap != nil {
		a.Tap()
	}
}

// MouseDown is Fyne's.
func (a *Area) MouseDown(*desktop.MouseEvent) { point() }

// MouseUp is Fyne's.
func (a *Area) MouseUp(*desktop.MouseEvent) {}

// Cursor is a hand over what can be clicked.
func (a *Area) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MouseIn is Fyne's.
func (a *Area) MouseIn(*desktop.MouseEvent) { a.OnHover(true) }

// MouseMoved is Fyne's.
func (a *Area) MouseMoved(*desktop.MouseEvent) { a.OnMove() }

// MouseOut is Fyne's.
func (a *Area) MouseOut() { a.OnHover(false) }
