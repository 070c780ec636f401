package telephony

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
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
		words = append(words, panel.Wrapped(rulesWords(*rules, x.p.it.Forwarding, text, x.p.v.host.Now()), theme.Caption, width, ink))
	}
	return []fyne.CanvasObject{widgets.Rule(), widgets.Row(12, []float32{toggleWide, widgets.Wide}, x.forwarding, widgets.Column(0, words...))}
}

// toggleWide is the width of a switch without words.
const toggleWide float32 = 36

// rulesWords say how the PBX's rules stand: ours, others', what is on its way, and when they were compared.
func rulesWords(r client.RouteRules, on bool, text *i18n.Text, now time.Time) string {
	if r.Error != "" {
		return text.T("tel.rules_failed", "why", text.Either(r.Error, r.ErrorEN))
	}
	var out []string
	if on || r.Ours > 0 {
		out = append(out, text.N("tel.rules_ours", r.Ours))
	}
	if r.Foreign > 0 {
		out = append(out, text.N("tel.rules_foreign", r.Foreign))
	}
	if r.Waiting > 0 {
		out = append(out, text.N("tel.rules_waiting", r.Waiting))
	}
	if r.Refused > 0 {
		out = append(out, text.N("tel.rules_refused", r.Refused))
	}
	words := ""
	if len(out) > 0 {
		words = text.T("tel.rules", "what", strings.Join(out, ", "))
	}
	if r.At != nil {
		words = strings.TrimSpace(words + " " + text.T("tel.rules_at", "when", text.Short(*r.At, now)))
	}
	if words == "" {
		return text.T("tel.rules_none")
	}
	return words
}
