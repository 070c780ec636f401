package mainwin

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// practiceBand stands over the main window while somebody practises: what comes next, and the way back.
type practiceBand struct {
	step   string
	words  *widgets.Paragraph
	object fyne.CanvasObject
}

const (
	// bandHeight is that of the band at least.
	bandHeight float32 = 40
	// bandLines is how many lines its words may take, bandBeside what stands beside them.
	bandLines          = 3
	bandBeside float32 = 240
)

// fit gives the words the room that there is, and tells whether that is another.
func (b *practiceBand) fit(room float32) bool {
	if b.words == nil || b.words.Width == room-bandBeside {
		return false
	}
	b.words.Width = room - bandBeside
	b.words.Refresh()
	return true
}

// show is the band of a step. The same step has the same band: its button may have the keyboard.
func (b *practiceBand) show(f *Frame, step string) fyne.CanvasObject {
	if b.object != nil && b.step == step {
		return b.object
	}
	ink := widgets.ToneInk(theme.ToneHold)
	b.words = widgets.NewParagraph(f.text.T("practice.step_"+step), theme.Caption, f.room()-bandBeside, bandLines, ink)
	line := widgets.Row(theme.Gap, []float32{0, widgets.Wide, 0},
		widgets.NewBold(f.text.T("practice.word"), theme.Small, ink).Fixed(),
		b.words,
		widgets.NewButton(f.text.T("practice.end"), widgets.Plain, func() {
			if f.EndPractice != nil {
				f.EndPractice()
			}
		}))
	b.step = step
	b.object = widgets.Stack(widgets.NewBox(widgets.ToneSoft(theme.ToneHold), 0),
		widgets.Sized(widgets.Pad(4, theme.Side, 4, theme.Side, line), 0, bandHeight))
	return b.object
}
