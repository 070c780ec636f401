// Package panel holds what the parts of the settings are drawn with: titled panels, lines with a
// label, fields that know what the server holds, and sentences about what was done or refused.
// It knows none of the parts.
package panel

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// Sizes of the page, as designed.
const (
	// Gap is between panels, RowGap between the rows of one.
	Gap    float32 = 12
	RowGap float32 = 10
	// Padding is between a panel's edge and its rows, at the left and at the right.
	Padding float32 = 16

	labelWidth float32 = 260
	lineGap    float32 = 12
)

// Surface is the page that a panel stands on.
type Surface interface {
	// Inner is the width inside a panel.
	Inner() float32
	// Draw fills the part in front anew.
	Draw()
	// Settle lays the page out after a part of it has grown or shrunk.
	Settle()
	// Reveal scrolls the part in front until objects are seen: all of them where they fit, else from
	// the top of the highest. They must have been drawn.
	Reveal(objects ...fyne.CanvasObject)
}

// Section is a titled panel: its head stays, its rows are filled anew.
type Section struct {
	rows *fyne.Container
	Box  fyne.CanvasObject
}

// NewSection has a muted hint beside its title, and buttons at the right.
func NewSection(title, hint string, side ...fyne.CanvasObject) Section {
	s := Section{rows: widgets.Column(RowGap)}
	head := widgets.Row(theme.Gap, []float32{0, widgets.Wide}, append([]fyne.CanvasObject{
		widgets.NewBold(title, theme.Body, widgets.InkNormal).Fixed(), widgets.NewLabel(hint, theme.Caption, widgets.InkMuted),
	}, side...)...)
	s.Box = Ground(widgets.Fill(widgets.Pad(0, 0, RowGap, 0, head), s.rows, nil))
	return s
}

// Set fills the panel.
func (s Section) Set(rows []fyne.CanvasObject) { s.rows.Objects = rows }

// Ground is the ground of a section.
func Ground(object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(16, Padding, 16, Padding, object))
}

// Line is a muted label and what it is about.
func Line(label string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Row(lineGap, []float32{labelWidth, widgets.Wide}, append([]fyne.CanvasObject{
		widgets.NewLabel(label, theme.Body, widgets.InkMuted),
	}, objects...)...)
}

// Beside puts words at the right of what a line is about, in as many lines as the panel's width leaves.
func Beside(inner, wide float32, object fyne.CanvasObject, words string) fyne.CanvasObject {
	return widgets.Row(theme.Gap, []float32{wide, widgets.Wide}, object,
		Wrapped(words, theme.Body, ValueWidth(inner)-wide-theme.Gap, widgets.InkMuted))
}

// ValueWidth is what a panel's width leaves at the right of a label.
func ValueWidth(inner float32) float32 { return inner - labelWidth - lineGap }

// Below puts words about a line under what it is about.
func Below(inner float32, words string) fyne.CanvasObject {
	return Line("", Wrapped(words, theme.Body, ValueWidth(inner), widgets.InkMuted))
}

// Wrapped are words of as many lines as they take in a width.
func Wrapped(words string, size, width float32, ink widgets.Ink) fyne.CanvasObject {
	return widgets.NewParagraph(words, size, width, 0, ink)
}

// Told is a sentence about what was done or refused; the sign says the same as the colour.
type Told struct {
	Words string
	Tone  theme.Tone
}

// Done tells that something worked.
func Done(words string) Told { return Told{words, theme.ToneRing} }

// Warning tells what is still to be seen to.
func Warning(words string) Told { return Told{words, theme.ToneHold} }

// Fault tells what was refused, or is wrong.
func Fault(words string) Told { return Told{words, theme.ToneMiss} }

// Row is the sentence in a width; no row if there is none.
func (t Told) Row(width float32) []fyne.CanvasObject {
	if t.Words == "" {
		return nil
	}
	return []fyne.CanvasObject{Signed(t.Tone, t.Words, width)}
}

// Below is the sentence under what the line above is about, with buttons at the right.
func (t Told) Below(inner float32, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	width := ValueWidth(inner)
	for _, b := range buttons {
		width -= b.MinSize().Width + theme.Gap
	}
	return Line("", widgets.Row(theme.Gap, []float32{width}, append([]fyne.CanvasObject{Signed(t.Tone, t.Words, width)}, buttons...)...))
}

// Signs of the tones, for those who do not see colours.
var Signs = map[theme.Tone]string{
	theme.ToneRing: "✓", theme.ToneHold: "!", theme.ToneMiss: "×", theme.ToneMuted: "○", theme.ToneAccent: "○",
}

// SignColumn is the width of a sign before words.
const SignColumn float32 = 22

// Signed are words after the sign of a tone.
func Signed(tone theme.Tone, words string, width float32) fyne.CanvasObject {
	ink := widgets.InkNormal
	if tone == theme.ToneRing || tone == theme.ToneMuted {
		ink = widgets.InkMuted
	}
	return widgets.TopRow(theme.Gap, []float32{SignColumn, widgets.Wide},
		widgets.NewBold(Signs[tone], theme.Body, widgets.ToneInk(tone)),
		Wrapped(words, theme.Body, width-SignColumn-theme.Gap, ink))
}

// Right puts objects at the right end of a row.
func Right(objects ...fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Row(theme.Gap, []float32{widgets.Wide}, append([]fyne.CanvasObject{widgets.Space(0, 0)}, objects...)...)
}
