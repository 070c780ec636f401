package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/theme"
)

// Paragraph is text of several lines in a known width, with at most Lines lines.
type Paragraph struct {
	widget.BaseWidget
	Text  string
	Em    float32
	Bold  bool
	Width float32
	Lines int
	Ink   Ink
}

// NewParagraph wraps text to width; lines 0 means as many as it takes.
func NewParagraph(text string, size, width float32, lines int, ink Ink) *Paragraph {
	p := &Paragraph{Text: text, Em: size, Width: width, Lines: lines, Ink: ink}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes the text.
func (p *Paragraph) Set(text string) {
	if p.Text != text {
		p.Text = text
		p.Refresh()
	}
}

// CreateRenderer is Fyne's.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	r := &paragraphRenderer{p: p}
	r.Refresh()
	return r
}

type paragraphRenderer struct {
	p     *Paragraph
	lines []fyne.CanvasObject
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	height := lineHeight(r.p.Em)
	for n, line := range r.lines {
		own := line.MinSize().Height
		line.Move(fyne.NewPos(0, float32(n)*height+(height-own)/2))
		line.Resize(fyne.NewSize(size.Width, own))
	}
}

func (r *paragraphRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.p.Width, float32(len(r.lines))*lineHeight(r.p.Em))
}

func (r *paragraphRenderer) Refresh() {
	style := fyne.TextStyle{Bold: r.p.Bold}
	r.lines = r.lines[:0]
	for _, words := range fit.Lines(r.p.Text, r.p.Width, r.p.Em, r.p.Lines, style) {
		line := canvas.NewText(words, r.p.Ink(theme.Colors()))
		line.TextSize, line.TextStyle = r.p.Em, style
		r.lines = append(r.lines, line)
	}
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *paragraphRenderer) Destroy()                     {}

// Rule is a hairline across.
func Rule() fyne.CanvasObject { return Sized(NewBox(Line, 0), 0, 1) }

// Sized gives an object a least size.
func Sized(object fyne.CanvasObject, width, height float32) fyne.CanvasObject {
	least := canvas.NewRectangle(color.Transparent)
	least.SetMinSize(fyne.NewSize(width, height))
	return &fyne.Container{Layout: stack{}, Objects: []fyne.CanvasObject{least, object}}
}
