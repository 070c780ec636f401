package telephony

import (
	"slices"

	"dozvon/app/desktop/ui/settings/telephony/standing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// listRow is an integration in the list.
type listRow struct {
	box   fyne.CanvasObject
	words *widgets.Paragraph // how it is
}

// mostNameLines and mostStateLines bound a row of the list: the page tells everything.
const (
	mostNameLines  = 2
	mostStateLines = 3
)

// listWide is the width of the list.
func (v *View) listWide() float32 {
	if v.stacked() {
		return v.width()
	}
	return listWidth
}

// drawList shows the integrations with how each is, in words; a click opens one's page. One that is being
// connected stands where it is seen together with its form: first beside the page, last above it.
func (v *View) drawList() fyne.CanvasObject {
	shown := slices.Clone(v.pages)
	switch {
	case v.fresh != nil && v.stacked():
		shown = append(shown, v.fresh)
	case v.fresh != nil:
		shown = append([]*page{v.fresh}, shown...)
	}
	v.rows = map[*page]*listRow{}
	var rows []fyne.CanvasObject
	var picks []*widgets.Pick
	for _, p := range shown {
		row, pick := v.listRow(p)
		rows, picks = append(rows, row), append(picks, pick)
	}
	v.places = widgets.NewPicks(widgets.Column(0, rows...), picks...)
	rows = []fyne.CanvasObject{v.places}
	add := widgets.NewButton("+ "+v.host.Text().T("act.add"), widgets.Soft, v.choose)
	rows = append(rows, widgets.Pad(8, 0, 0, 0, add))
	v.list = widgets.Stack(widgets.NewBox(widgets.Surface, theme.RadiusPanel).Outlined(widgets.Line),
		widgets.Pad(8, 8, 8, 8, widgets.Column(0, rows...)))
	return v.list
}

func (v *View) listRow(p *page) (fyne.CanvasObject, *widgets.Pick) {
	ground, square, ink := widgets.NewBox(widgets.Nothing, theme.RadiusButton), widgets.Hover, widgets.InkMuted
	if p == v.open {
		ground.Fill, square, ink = widgets.ToneSoft(theme.ToneAccent), widgets.Surface, widgets.InkAccent
	}
	wide := v.listWide() - 2*8 - 2*kindSide - markSize - 12
	one := &listRow{words: widgets.NewParagraph("", theme.Caption, wide, mostStateLines, widgets.InkMuted)}
	v.rows[p] = one
	v.tellState(p)
	row := widgets.Row(12, []float32{markSize, widgets.Wide}, signOf(mark(p.name()), square, ink),
		widgets.Column(0, bold(p.name(), wide, mostNameLines), one.words))
	open := widgets.NewPick(func() {
		v.state.lost = nil
		v.show(p)
		v.places.Again(func() *widgets.Bar { v.draw(); return v.places })
	})
	one.box = widgets.Stack(ground, widgets.Sized(widgets.Pad(6, kindSide, 6, kindSide, row), 0, theme.Row), open)
	return one.box, open
}

// tickList moves the words of the list on.
func (v *View) tickList() {
	grown := false
	for p, row := range v.rows {
		before := row.words.MinSize()
		v.tellState(p)
		grown = grown || row.words.MinSize() != before
	}
	if grown {
		v.surface.Settle()
	}
}

func (v *View) tellState(p *page) {
	text, now := v.host.Text(), v.host.Now()
	tone, words := theme.ToneMuted, text.T("tel.fill_in")
	if p != v.fresh {
		tone, words = standing.Words(p.it, text, now)
	}
	label := v.rows[p].words
	label.Ink = widgets.ToneInk(tone)
	label.Set(words)
}

// dotColumn is the width of a dot before words.
const dotColumn float32 = 10

func healthTone(state client.HealthState) theme.Tone {
	switch state {
	case client.HealthCareful:
		return theme.ToneHold
	case client.HealthBlocked:
		return theme.ToneMiss
	}
	return theme.ToneRing
}
