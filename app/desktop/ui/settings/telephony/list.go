package telephony

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// list shows several integrations; a click opens one's page.
func (t *View) list() fyne.CanvasObject {
	text := t.host.Text()
	var rows []fyne.CanvasObject
	for _, p := range t.pages {
		rows = append(rows, t.listRow(p))
	}
	if t.draft != nil {
		rows = append(rows, t.listRow(t.draft))
	}
	head := widgets.Row(theme.Gap, []float32{widgets.Wide},
		widgets.NewBold(text.T("set.list"), theme.Body, widgets.InkNormal), t.addButton(widgets.Quiet))
	return panel.Ground(widgets.Column(panel.RowGap, head, widgets.Column(2, rows...)))
}

func (t *View) listRow(p *page) fyne.CanvasObject {
	text := t.host.Text()
	ground := widgets.NewBox(widgets.Nothing, theme.RadiusButton)
	name := widgets.NewLabel(p.name(), theme.Body, widgets.InkNormal)
	if p == t.open {
		ground.Fill, name.Ink, name.Bold = widgets.ToneSoft(theme.ToneAccent), widgets.InkAccent, true
	}
	active := text.T("set.on")
	tone, words := healthTone(p.it.Health.State), text.T("set.health_"+healthWord(p.it.Health.State))
	switch {
	case p == t.draft:
		active, tone, words = text.T("set.new"), theme.ToneMuted, ""
	case !p.it.Active:
		active, tone, words = text.T("set.off"), theme.ToneMuted, ""
	}
	dot := widgets.NewDot(tone, false)
	if words == "" {
		dot.Hide() // an integration that is off has no health
	}
	row := widgets.Row(theme.Gap, []float32{widgets.Wide, 110, dotColumn, healthColumn}, name,
		widgets.NewLabel(active, theme.Body, widgets.InkMuted),
		widgets.Stack(widgets.Space(dotColumn, 0), dot), widgets.NewLabel(words, theme.Body, widgets.ToneInk(tone)))
	open := widgets.NewPick(func() {
		t.open = p
		t.page.Draw()
	})
	return widgets.Stack(ground, widgets.Sized(widgets.Pad(0, 10, 0, 10, row), 0, 36), open)
}

// Widths of the columns of a list with states.
const (
	dotColumn    float32 = 10
	healthColumn float32 = 190
)

func healthWord(state client.HealthState) string {
	if state == "" {
		return string(client.HealthOK)
	}
	return string(state)
}

func healthTone(state client.HealthState) theme.Tone {
	switch state {
	case client.HealthCareful:
		return theme.ToneHold
	case client.HealthBlocked:
		return theme.ToneMiss
	}
	return theme.ToneRing
}
