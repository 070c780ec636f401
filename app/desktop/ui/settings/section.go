package settings

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// Sizes of the page, as designed.
const (
	panelGap   float32 = 14
	panelSide  float32 = 18
	rowGap     float32 = 10
	labelWidth float32 = 260
	lineGap    float32 = 12
	// widest keeps lines readable in a wide window, narrowest the panels whole in a small one.
	widest    float32 = 1000
	narrowest float32 = 560
)

// narrow gives the page the window's width, but never more than is easy to read. It asks for
// little, so that words wrapped for a wide window do not keep it from shrinking.
type narrow struct{}

func (narrow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(fyne.NewSize(min(size.Width, widest), size.Height))
	}
}

func (narrow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	high := float32(0)
	for _, o := range objects {
		high = max(high, o.MinSize().Height)
	}
	return fyne.NewSize(narrowest, high)
}

// inner is the width inside a panel.
func (v *View) inner() float32 {
	width := v.Size().Width
	if width == 0 {
		width = widest
	}
	return max(narrowest, min(width, widest)) - 2*theme.Side - 2*panelSide
}

// section is a titled panel: its head stays, its rows are filled anew.
type section struct {
	rows *fyne.Container
	box  fyne.CanvasObject
}

// newSection has a muted hint beside its title, and buttons at the right.
func newSection(title, hint string, side ...fyne.CanvasObject) section {
	s := section{rows: widgets.Column(rowGap)}
	head := widgets.Row(theme.Gap, []float32{0, widgets.Wide}, append([]fyne.CanvasObject{
		widgets.NewBold(title, theme.Body, widgets.InkNormal).Fixed(), widgets.NewLabel(hint, theme.Caption, widgets.InkMuted),
	}, side...)...)
	s.box = panel(widgets.Fill(widgets.Pad(0, 0, rowGap, 0, head), s.rows, nil))
	return s
}

func (s section) set(rows []fyne.CanvasObject) { s.rows.Objects = rows }

// panel is the ground of a section.
func panel(object fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(16, panelSide, 16, panelSide, object))
}

func line(label string, objects ...fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Row(lineGap, []float32{labelWidth, widgets.Wide}, append([]fyne.CanvasObject{
		widgets.NewLabel(label, theme.Body, widgets.InkMuted),
	}, objects...)...)
}

// beside puts words at the right of what a line is about, in as many lines as the panel's width leaves.
func beside(inner, wide float32, object fyne.CanvasObject, words string) fyne.CanvasObject {
	return widgets.Row(theme.Gap, []float32{wide, widgets.Wide}, object,
		wrapped(words, theme.Body, inner-labelWidth-lineGap-wide-theme.Gap, widgets.InkMuted))
}

// wrapped are words of as many lines as they take in a width.
func wrapped(words string, size, width float32, ink widgets.Ink) fyne.CanvasObject {
	return widgets.NewParagraph(words, size, width, 0, ink)
}

// told is a sentence about what was done or refused; the sign says the same as the colour.
type told struct {
	words string
	tone  theme.Tone
}

func (t told) row(width float32) []fyne.CanvasObject {
	if t.words == "" {
		return nil
	}
	return []fyne.CanvasObject{signed(t.tone, t.words, width)}
}

// signs of the tones, for those who do not see colours.
var signs = map[theme.Tone]string{
	theme.ToneRing: "✓", theme.ToneHold: "!", theme.ToneMiss: "✕", theme.ToneMuted: "○", theme.ToneAccent: "○",
}

// signColumn is the width of a sign before words.
const signColumn float32 = 22

func signed(tone theme.Tone, words string, width float32) fyne.CanvasObject {
	ink := widgets.InkNormal
	if tone == theme.ToneRing || tone == theme.ToneMuted {
		ink = widgets.InkMuted
	}
	return widgets.TopRow(theme.Gap, []float32{signColumn, widgets.Wide},
		widgets.NewBold(signs[tone], theme.Body, widgets.ToneInk(tone)),
		wrapped(words, theme.Body, width-signColumn-theme.Gap, ink))
}

// rightAligned puts objects at the right end of a row.
func rightAligned(objects ...fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Row(theme.Gap, []float32{widgets.Wide}, append([]fyne.CanvasObject{widgets.Space(0, 0)}, objects...)...)
}
