package telephony

import (
	"strings"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// typed tells that something stands on the page that the server does not know, and that a new connection
// could take over: data from the cabinet, or a name. Extensions belong to what was deleted.
func (p *page) typed() bool {
	return p.credentials.changed() || p.state.naming && p.typedName() != p.name()
}

func (p *page) typedName() string { return strings.TrimSpace(p.state.name) }

// draft is a new connection with all that stands in the page's fields.
func (p *page) draft() *pageState {
	state := newPageState()
	state.it = client.Integration{Kind: p.it.Kind, Name: p.it.Name, Active: p.it.Active, APIURL: p.it.APIURL}
	if p.state.naming && p.typedName() != "" {
		state.it.Name = p.typedName()
	}
	for _, cred := range p.kind().Credentials {
		state.field(cred.Name).Text = p.credentials.of(cred).Text
	}
	state.address.Text = p.state.address.Text
	return state
}

// lostRow says that the page that was open is gone, and what became of what was typed; none otherwise.
func lostRow(v *View, inner float32) []fyne.CanvasObject {
	if v.state.lost == nil {
		return nil
	}
	text := v.host.Text()
	words := text.T("tel.lost_other", "name", v.state.lost.name)
	if v.state.lost.kept && v.fresh != nil {
		words += " " + text.T("tel.lost_kept")
	}
	close := widgets.NewButton("×", widgets.Bare, func() {
		v.state.lost = nil
		v.surface.Draw()
	})
	return []fyne.CanvasObject{panel.Ground(widgets.TopRow(theme.Gap, []float32{widgets.Wide, crossPart},
		panel.Signed(theme.ToneHold, words, inner-crossPart-theme.Gap), close))}
}
