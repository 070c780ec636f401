package panel

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// Unsaved is the foot of a panel in which something was changed: it says so, and how to keep
// or drop it. A form that was never saved says nothing of changes. The kind of the button that saves is
// the page's to choose: only one on it is filled.
func Unsaved(text *i18n.Text, changes bool, kind widgets.Kind, drop, save func()) fyne.CanvasObject {
	words := ""
	if changes {
		words = text.T("set.unsaved")
	}
	return widgets.Row(theme.Gap, []float32{widgets.Wide},
		widgets.NewLabel(words, theme.Body, widgets.ToneInk(theme.ToneHold)),
		widgets.NewButton(text.T("act.cancel"), widgets.Quiet, drop),
		widgets.NewButton(text.T("act.save"), kind, save))
}
