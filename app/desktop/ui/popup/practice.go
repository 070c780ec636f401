package popup

import (
	"slices"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// bandHeight is that of the band which marks a practice.
const bandHeight float32 = 32

// band marks a card as one of a practice; at its right stands what aside is.
func band(text *i18n.Text, aside fyne.CanvasObject) fyne.CanvasObject {
	soft, ink := widgets.ToneSoft(theme.ToneHold), widgets.ToneInk(theme.ToneHold)
	line := widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, widgets.NewBold(text.T("practice.call"), theme.Caption, ink), aside)
	// The card's upper corners are round, the band's lower ones are not.
	return widgets.Stack(widgets.NewBox(soft, theme.RadiusCard), widgets.Pad(theme.RadiusCard, 0, 0, 0, widgets.NewBox(soft, 0)),
		widgets.Sized(widgets.Pad(0, theme.Inset, 0, theme.Inset, line), 0, bandHeight))
}

// practice is the band of a card. Where no button ends the practice, the band does.
func (v *View) practice() fyne.CanvasObject {
	if slices.Contains(v.card.Acts, present.ActEndPractice) {
		return band(v.text, widgets.NewLabel(v.text.T("practice.unseen"), theme.Caption, widgets.ToneInk(theme.ToneHold)).Fixed())
	}
	return band(v.text, v.spot("end_practice", endPractice(v.text, v.intents)))
}

func endPractice(text *i18n.Text, intents Intents) *widgets.Button {
	return widgets.NewButton(text.T("practice.end"), widgets.Link, intents.EndPractice)
}
