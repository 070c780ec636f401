package telephony

import (
	"slices"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// kindHeight is the height of a row of the choice of kinds, markSize of the sign at its left.
const (
	kindHeight float32 = 52
	markSize   float32 = 32
)

// connect opens an empty form for a new integration; the brand may be none.
func (v *View) connect(k client.PBXKind, brand client.Brand) {
	state := newPageState()
	state.it = client.Integration{Kind: k.Kind, Name: brand.Title, Active: true, APIURL: k.DefaultURL}
	state.stepsOpen = true
	v.state.fresh, v.state.choosing = state, false
	v.fresh = newPage(v, state.it, state)
	v.open = v.fresh
	v.surface.Draw()
	v.fresh.credentials.focus()
}

// connected turns the form into the page of the integration that the server has made of it.
func (v *View) connected(it client.Integration) {
	v.fresh, v.state.fresh, v.open = nil, nil, nil
	v.put(it)
	v.Show(it.ID)
	v.surface.Draw()
}

// giveUp closes the form of a new integration.
func (v *View) giveUp() {
	v.fresh, v.state.fresh = nil, nil
	v.openFirst()
	v.surface.Draw()
}

func (v *View) choose() {
	v.state.choosing = !v.state.choosing
	if v.state.choosing && len(v.state.kinds) == 0 {
		v.Load()
	}
	v.surface.Draw()
}

// nothing is the face of a school without telephony: what there is not, and what can be connected.
func (v *View) nothing() fyne.CanvasObject {
	text := v.host.Text()
	rows := []fyne.CanvasObject{
		widgets.NewBold(text.T("set.none"), theme.Heading, widgets.InkNormal),
		panel.Wrapped(text.T("set.none_hint"), theme.Body, v.surface.Inner(), widgets.InkMuted),
	}
	// The rows' own ground reaches to the panel's edge, so that their words begin under the title.
	return panel.Ground(widgets.Column(12, append(rows, widgets.Pad(0, -12, 0, -12, widgets.Column(0, v.kindRows()...)))...))
}

// chooser is the list of what can be connected, under the list of what is.
func (v *View) chooser() fyne.CanvasObject {
	return widgets.Stack(widgets.NewBox(widgets.Raised, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(8, 8, 8, 8, widgets.Column(0, v.kindRows()...)))
}

// kindRows are the kinds without brands and the brands, and then whatever else a kind with brands fits.
func (v *View) kindRows() []fyne.CanvasObject {
	text := v.host.Text()
	if v.unkinds != nil && len(v.state.kinds) == 0 {
		return []fyne.CanvasObject{widgets.Broken(text.T("set.broken"), ui.Explain(v.unkinds, text), text.T("act.repeat"), v.Load)}
	}
	var out, others []fyne.CanvasObject
	for _, k := range v.state.kinds {
		needs := kind{k, true}.needs(text)
		if len(k.Brands) == 0 {
			out = append(out, v.kindRow(mark(k.Title), k.Title, needs, func() { v.connect(k, client.Brand{}) }))
			continue
		}
		for _, brand := range k.Brands {
			out = append(out, v.kindRow(mark(brand.Title), brand.Title, needs, func() { v.connect(k, brand) }))
		}
		others = append(others, v.kindRow("…", text.T("tel.other", "kind", k.Title), needs, func() { v.connect(k, client.Brand{}) }))
	}
	if len(others) > 0 {
		out = append(out, widgets.Pad(8, 12, 8, 12, widgets.Rule()))
	}
	return slices.Concat(out, others)
}

func (v *View) kindRow(sign, title, needs string, do func()) fyne.CanvasObject {
	words := widgets.Column(0, widgets.NewBold(title, theme.Body, widgets.InkNormal), widgets.NewLabel(needs, theme.Caption, widgets.InkMuted))
	row := widgets.Row(12, []float32{markSize, widgets.Wide}, signOf(sign, widgets.Hover, widgets.InkMuted), words)
	return widgets.Stack(widgets.Sized(widgets.Pad(0, 12, 0, 12, row), 0, kindHeight), widgets.NewPick(do))
}

// signOf is a square with initials.
func signOf(letters string, ground, ink widgets.Ink) fyne.CanvasObject {
	word := widgets.NewBold(letters, theme.Small, ink).Aligned(fyne.TextAlignCenter)
	return widgets.Sized(widgets.Stack(widgets.NewBox(ground, theme.RadiusButton), word), markSize, markSize)
}
