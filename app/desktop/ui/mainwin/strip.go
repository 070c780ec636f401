package mainwin

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// SetTrouble shows what is wrong with a PBX in a quiet strip at the top, or nothing; a click
// opens where it can be looked into.
func (f *Frame) SetTrouble(words string, open func()) {
	if words == f.words {
		return
	}
	f.words = words
	f.strip.Objects = nil
	if words != "" {
		ink := widgets.ToneInk(theme.ToneHold)
		line := widgets.Row(theme.Gap, []float32{0, widgets.Wide},
			widgets.NewBold("!", theme.Small, ink).Fixed(), widgets.NewLabel(words, theme.Small, ink))
		f.strip.Objects = []fyne.CanvasObject{
			widgets.NewBox(widgets.ToneSoft(theme.ToneHold), 0), widgets.Pad(8, theme.Side, 8, theme.Side, line), widgets.NewPick(open),
		}
	}
	f.strip.Refresh()
	f.body.Refresh()
}
