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

// kindHeight is the least height of a row of the choice of kinds, kindSide the room at its ends, markSize
// the width of the sign at its left.
const (
	kindHeight float32 = 52
	kindSide   float32 = 12
	markSize   float32 = 32
)

// connect opens an empty form for a new integration; the brand may be none.
func (v *View) connect(k client.PBXKind, brand client.Brand) {
	state := newPageState()
	state.it = client.Integration{Kind: k.Kind, Name: brand.Title, Active: true, APIURL: k.DefaultURL}
	state.stepsOpen = true
	v.state.fresh, v.state.choosing, v.state.lost = state, false, nil
	v.fresh = newPage(v, state.it, state)
	v.open, v.turned = v.fresh, true
	v.draw()
	v.fresh.credentials.focus()
}

// connected turns the form into the page of the integration that the server has made of it.
func (v *View) connected(it client.Integration) {
	v.fresh, v.state.fresh, v.open, v.state.lost = nil, nil, nil, nil
	v.put(it)
	v.Show(it.ID)
	v.turned = true
	v.draw()
}

// giveUp closes the form of a new integration.
func (v *View) giveUp() {
	v.fresh, v.state.fresh, v.state.lost = nil, nil, nil
	v.openFirst()
	v.draw()
}

func (v *View) choose() {
	v.state.choosing = !v.state.choosing
	if v.state.choosing && len(v.state.kinds) == 0 {
		v.Load()
	}
	v.surface.Draw()
	if v.state.choosing {
		v.surface.Reveal(v.list, v.choice)
	}
}

// nothing is the face of a school without telephony: what there is not, and what can be connected.
func nothing(v *View) fyne.CanvasObject {
	text := v.host.Text()
	rows := []fyne.CanvasObject{
		widgets.NewBold(text.T("set.none"), theme.Heading, widgets.InkNormal),
		panel.Wrapped(text.T("set.none_hint"), theme.Body, v.surface.Inner(), widgets.InkMuted),
	}
	// The rows' own ground reaches to the panel's edge, so that their words begin under the title.
	wide := v.surface.Inner() + 2*kindSide
	return panel.Ground(widgets.Column(12, append(rows, widgets.Pad(0, -kindSide, 0, -kindSide, kindRows(v, wide)))...))
}

// chooser is the list of what can be connected, under the list of what is.
func (v *View) chooser() fyne.CanvasObject {
	v.choice = widgets.Stack(widgets.NewBox(widgets.Raised, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(8, 8, 8, 8, kindRows(v, v.listWide()-2*8)))
	return v.choice
}

// noKinds says why there is nothing to choose. The page beside it has the filled button.
func noKinds(v *View, width float32) fyne.CanvasObject {
	text := v.host.Text()
	words := []fyne.CanvasObject{panel.Wrapped(text.T("set.loading"), theme.Body, width, widgets.InkMuted)}
	switch {
	case v.unkinds != nil:
		words = []fyne.CanvasObject{
			panel.Wrapped(text.T("tel.kinds_broken"), theme.Body, width, widgets.InkNormal),
			panel.Wrapped(ui.Explain(v.unkinds, text), theme.Caption, width, widgets.InkMuted),
			widgets.Row(0, nil, widgets.NewButton(text.T("act.repeat"), widgets.Quiet, v.Load)),
		}
	case v.state.told:
		words = []fyne.CanvasObject{panel.Wrapped(text.T("tel.kinds_none"), theme.Body, width, widgets.InkMuted)}
	}
	return widgets.Pad(8, kindSide, 8, kindSide, widgets.Column(6, words...))
}

// kindRows are the kinds without brands and the brands, and then whatever else a kind with brands fits.
func kindRows(v *View, wide float32) fyne.CanvasObject {
	text := v.host.Text()
	if len(v.state.kinds) == 0 {
		return noKinds(v, wide-2*kindSide)
	}
	wide -= 2*kindSide + markSize + 12
	var rows, others []fyne.CanvasObject
	var picks, last []*widgets.Pick
	add := func(sign, title string, of kind, brand client.Brand) (fyne.CanvasObject, *widgets.Pick) {
		pick := widgets.NewPick(func() { v.connect(of.PBXKind, brand) })
		return kindRow(wide, sign, title, of.needs(text), pick), pick
	}
	for _, k := range v.state.kinds {
		of := kind{k, true}
		if len(k.Brands) == 0 {
			row, pick := add(mark(k.Title), k.Title, of, client.Brand{})
			rows, picks = append(rows, row), append(picks, pick)
			continue
		}
		for _, brand := range k.Brands {
			row, pick := add(mark(brand.Title), brand.Title, of, brand)
			rows, picks = append(rows, row), append(picks, pick)
		}
		row, pick := add("…", text.T("tel.other", "kind", k.Title), of, client.Brand{})
		others, last = append(others, row), append(last, pick)
	}
	if len(others) > 0 {
		rows = append(rows, widgets.Pad(8, 12, 8, 12, widgets.Rule()))
	}
	return widgets.NewPicks(widgets.Column(0, slices.Concat(rows, others)...), slices.Concat(picks, last)...)
}

// kindRow has whole words: they say what to look for in the cabinet.
func kindRow(wide float32, sign, title, needs string, pick *widgets.Pick) fyne.CanvasObject {
	words := []fyne.CanvasObject{bold(title, wide, 0)}
	if needs != "" {
		words = append(words, panel.Wrapped(needs, theme.Caption, wide, widgets.InkMuted))
	}
	row := widgets.Row(12, []float32{markSize, widgets.Wide}, signOf(sign, widgets.Hover, widgets.InkMuted), widgets.Column(0, words...))
	return widgets.Stack(widgets.Sized(widgets.Pad(6, kindSide, 6, kindSide, row), 0, kindHeight), pick)
}

// bold are semibold words in as many lines as they take, lines at most; 0 is no bound.
func bold(words string, wide float32, lines int) *widgets.Paragraph {
	p := widgets.NewParagraph(words, theme.Body, wide, lines, widgets.InkNormal)
	p.Bold = true
	return p
}

// signOf is a square with initials.
func signOf(letters string, ground, ink widgets.Ink) fyne.CanvasObject {
	word := widgets.NewBold(letters, theme.Small, ink).Aligned(fyne.TextAlignCenter)
	return widgets.Sized(widgets.Stack(widgets.NewBox(ground, theme.RadiusButton), word), markSize, markSize)
}
