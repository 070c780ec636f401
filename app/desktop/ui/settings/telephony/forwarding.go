package telephony

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/settings/telephony/standing"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func (x *extensions) setForwarding(on bool) {
	x.p.save(client.IntegrationInput{Forwarding: &on}, func(err error) {
		x.told = panel.Told{}
		if err != nil {
			x.told = panel.Fault(ui.Explain(err, x.p.v.host.Text()))
		}
	})
}

// forwardingRows are the switch that sends callers to their responsible, with what the PBX's rules say of
// it; none where this PBX cannot.
func (x *extensions) forwardingRows(width float32) []fyne.CanvasObject {
	if !x.p.kind().routes() {
		return nil
	}
	text := x.p.v.host.Text()
	x.forwarding.On = x.p.it.Forwarding
	x.forwarding.Refresh()
	width -= toggleWide + 12
	words := []fyne.CanvasObject{panel.Wrapped(text.T("set.forward"), theme.Body, width, widgets.InkNormal)}
	if rules := x.p.it.Rules; rules != nil {
		ink := widgets.InkMuted
		if rules.Error != "" || rules.Refused > 0 {
			ink = widgets.ToneInk(theme.ToneMiss)
		}
		words = append(words, panel.Wrapped(standing.RulesWords(*rules, x.p.it.Forwarding, text, x.p.v.host.Now()), theme.Caption, width, ink))
	}
	return []fyne.CanvasObject{widgets.Rule(), widgets.Row(12, []float32{toggleWide, widgets.Wide}, x.forwarding, widgets.Column(0, words...))}
}

// toggleWide is the width of a switch without words.
const toggleWide float32 = 36
