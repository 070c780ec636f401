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

// bandSpot is the name of what ends the practice in the band of a card.
const bandSpot = "end_practice_band"

// band marks a card as one of a practice; at its right stands what aside is.
func band(text *i18n.Text, aside fyne.CanvasObject) fyne.CanvasObject {
	soft, ink := widgets.ToneSoft(theme.ToneHold), widgets.ToneInk(theme.ToneHold)
	line := widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, widgets.NewBold(text.T("practice.call"), theme.Caption, ink), aside)
	// The card's upper corners are round, the band's lower ones are not.
	return widgets.Stack(widgets.NewBox(soft, theme.RadiusCard), widgets.Pad(theme.RadiusCard, 0, 0, 0, widgets.NewBox(soft, 0)),
		widgets.Sized(widgets.Pad(0, theme.Inset, 0, theme.Inset, line), 0, bandHeight))
}

// outlineRoom is what the outline of a button that has the keyboard takes beside it.
const outlineRoom float32 = 4

// low makes the button of a band so low that its outline does not reach beyond the card's edge.
type low struct{}

// MinSize is Fyne's.
func (low) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(objects[0].MinSize().Width, bandHeight-2*outlineRoom)
}

// Layout is Fyne's.
func (low) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

// practice is the band of a card. Where no button ends the practice, the band does.
func (v *View) practice() fyne.CanvasObject {
	if slices.Contains(v.card.Acts, present.ActEndPractice) {
		return band(v.text, widgets.NewLabel(v.text.T("practice.unseen"), theme.Caption, widgets.ToneInk(theme.ToneHold)).Fixed())
	}
	button := v.spot(bandSpot, &fyne.Container{Layout: low{}, Objects: []fyne.CanvasObject{endPractice(v.text, v.intents)}})
	return band(v.text, widgets.Pad(outlineRoom, 0, outlineRoom, 0, button))
}

func endPractice(text *i18n.Text, intents Intents) *widgets.Button {
	return widgets.NewButton(text.T("practice.end"), widgets.Link, intents.EndPractice)
}
