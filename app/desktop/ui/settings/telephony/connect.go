package telephony

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// kinds are the PBXs that can be connected; the name is a key in the words.
var kinds = []struct{ kind, name string }{
	{"mango", "set.kind_mango"},
}

// connect opens an empty form for a new integration.
func (t *View) connect(kind string) {
	t.adding = false
	t.draft = newPage(t, client.Integration{Kind: kind, Active: true, APIURL: defaultURL(kind)})
	t.open = t.draft
	t.page.Draw()
}

// defaultURL is where the PBX's API stands for everybody who does not say otherwise.
func defaultURL(kind string) string {
	return map[string]string{"mango": "https://app.mango-office.ru/vpbx/"}[kind]
}

// connected turns the form into the page of the integration that the server has made of it.
func (t *View) connected(it client.Integration) {
	t.draft, t.open = nil, nil
	t.put(it)
	t.Show(it.ID)
	t.page.Draw()
}

// giveUp closes the form of a new integration.
func (t *View) giveUp() {
	t.draft, t.open = nil, nil
	if len(t.pages) > 0 {
		t.open = t.pages[0]
	}
	t.page.Draw()
}

func (t *View) add() {
	t.adding = !t.adding
	t.page.Draw()
}

func (t *View) addButton(kind widgets.Kind) fyne.CanvasObject {
	return widgets.NewButton(t.host.Text().T("act.add"), kind, t.add)
}

// nothing is the face of a school without telephony: what there is not, and what to do.
func (t *View) nothing() fyne.CanvasObject {
	text := t.host.Text()
	return panel.Ground(widgets.Column(12,
		widgets.NewBold(text.T("set.none"), theme.Heading, widgets.InkNormal),
		panel.Wrapped(text.T("set.none_hint"), theme.Body, t.page.Inner(), widgets.InkMuted),
		t.kindButtons(widgets.Primary)))
}

func (t *View) chooser() fyne.CanvasObject {
	text := t.host.Text()
	return widgets.Row(12, []float32{widgets.Wide}, widgets.NewLabel(text.T("set.which"), theme.Body, widgets.InkMuted),
		t.kindButtons(widgets.Quiet), widgets.NewButton(text.T("act.cancel"), widgets.Link, t.add))
}

func (t *View) kindButtons(kind widgets.Kind) fyne.CanvasObject {
	var buttons []fyne.CanvasObject
	for _, k := range kinds {
		buttons = append(buttons, widgets.NewButton(t.host.Text().T(k.name), kind, func() { t.connect(k.kind) }))
	}
	return widgets.Row(theme.Gap, nil, buttons...)
}
