package widgets

import (
	"image/color"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

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
	for _, words := range Wrap(r.p.Text, r.p.Width, r.p.Em, r.p.Lines, style) {
		line := canvas.NewText(words, r.p.Ink(theme.Colors()))
		line.TextSize, line.TextStyle = r.p.Em, style
		r.lines = append(r.lines, line)
	}
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}
func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.lines }
func (r *paragraphRenderer) Destroy()                     {}

// Wrap breaks text into lines no wider than width; the last of most lines ends in ….
func Wrap(text string, width, size float32, most int, style fyne.TextStyle) []string {
	var out []string
	for _, part := range strings.Split(text, "\n") {
		line := ""
		for _, word := range words(part, width, size, style) {
			longer := line + word
			if line != "" && !strings.HasSuffix(line, "-") {
				longer = line + " " + word
			}
			if line != "" && fyne.MeasureText(longer, size, style).Width > width {
				out = append(out, line)
				line = word
				continue
			}
			line = longer
		}
		out = append(out, line)
	}
	if most > 0 && len(out) > most {
		out[most-1] = Fit(out[most-1]+" "+out[most]+"…", width, size, style)
		out = out[:most]
	}
	for n := range out {
		out[n] = Fit(out[n], width, size, style)
	}
	if len(out) == 1 && out[0] == "" {
		return nil
	}
	return out
}

// words are what a line may break between: words, and the parts of one with hyphens that is too
// long for a line, such as a double surname.
func words(text string, width, size float32, style fyne.TextStyle) []string {
	var out []string
	for word := range strings.FieldsSeq(text) {
		if fyne.MeasureText(word, size, style).Width <= width {
			out = append(out, word)
			continue
		}
		out = append(out, slices.DeleteFunc(strings.SplitAfter(word, "-"), func(part string) bool { return part == "" })...)
	}
	return out
}

// Rule is a hairline across.
func Rule() fyne.CanvasObject { return Sized(NewBox(Line, 0), 0, 1) }

// Sized gives an object a least size.
func Sized(object fyne.CanvasObject, width, height float32) fyne.CanvasObject {
	least := canvas.NewRectangle(color.Transparent)
	least.SetMinSize(fyne.NewSize(width, height))
	return &fyne.Container{Layout: stack{}, Objects: []fyne.CanvasObject{least, object}}
}
