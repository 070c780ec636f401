package popup

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

// outageFace is the face that tells of a connection that is back, in two lines.
func outageFace(v *View) []fyne.CanvasObject {
	parts := []fyne.CanvasObject{
		v.top(),
		widgets.Pad(8, theme.Inset, 2, theme.Inset, widgets.NewParagraph(v.card.Title, theme.Body, innerWidth, 2, widgets.InkNormal)),
		inside(12, widgets.NewLabel(v.card.Subtitle, theme.Body, widgets.InkMuted)),
	}
	var buttons []fyne.CanvasObject
	for n, act := range v.card.Acts {
		word, kind := "outage.feed", widgets.Quiet
		if act == present.ActShowMissed {
			word = "outage.show"
		}
		if n == 0 {
			kind = widgets.Primary
		}
		buttons = append(buttons, v.spot(string(act), widgets.NewButton(v.text.T(word), kind, func() { v.act(act) })))
	}
	if len(buttons) > 0 {
		widths := []float32{widgets.Wide, 0}
		parts = append(parts, inside(14, widgets.Row(theme.Gap, widths[:len(buttons)], buttons...)))
	}
	return parts
}
