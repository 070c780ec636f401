package register

import (
	"net/url"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/searchfield"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// filter is one of the switches over the list: its word, and what it asks the server for.
type filter struct {
	key   string
	query client.CardQuery
}

// filters of each register; the last one is the place where deleted cards are found and returned.
func filters(kind client.SubjectKind) []filter {
	if kind == client.KindContract {
		return []filter{
			{"crd.filter_all", client.CardQuery{}},
			{"crd.filter_active", client.CardQuery{Status: client.StatusActive}},
			{"crd.filter_deleted", client.CardQuery{Deleted: true}},
		}
	}
	return []filter{
		{"crd.filter_all", client.CardQuery{}},
		{"crd.filter_leads", client.CardQuery{Kind: "lead"}},
		{"crd.filter_clients", client.CardQuery{Kind: "client"}},
		{"crd.filter_deleted", client.CardQuery{Deleted: true}},
	}
}

// head is the search with the filters beside it, what narrows them below, and the titles of the columns.
func (v *View) head() fyne.CanvasObject {
	for n, f := range filters(v.kind) {
		chip := widgets.NewFilter(v.host.Text().T(f.key), func() { v.Filter(n) })
		v.chips = append(v.chips, chip)
	}
	v.narrow, v.titles = newNarrowing(v), newTitles(v)
	v.paintChips()
	return widgets.Column(0,
		widgets.Pad(0, theme.Side, theme.Gap, theme.Side, widgets.Row(theme.Gap, []float32{widgets.Wide, 0}, searchfield.New(v.search), widgets.NewChips(v.chips...))),
		widgets.Pad(0, theme.Side, 12, theme.Side, v.narrow.row), v.titles)
}

// Filter shows the cards of one of the filters.
func (v *View) Filter(n int) {
	v.state.filter, v.lines = n, nil
	if filters(v.kind)[n].query.Status != "" {
		v.state.status = "" // the chip is a status itself
	}
	v.paintChips()
	v.Reload()
}

func (v *View) paintChips() {
	for n, chip := range v.chips {
		tone := theme.ToneMuted
		if n == v.state.filter {
			tone = theme.ToneAccent
		}
		chip.Set(chip.Label, tone)
	}
	v.narrow.paint()
}

func (v *View) query() client.CardQuery {
	q := filters(v.kind)[v.state.filter].query
	q.Q, q.Tag = v.state.search, v.state.tag
	if v.state.status != "" {
		q.Status = v.state.status
	}
	return q
}

// Query is the list's filter, as the server takes it.
func (v *View) Query() url.Values { return v.query().Values() }

// filtered tells whether the list leaves cards out.
func (v *View) filtered() bool { return v.query() != client.CardQuery{} }

// deleted tells whether the list shows the deleted cards.
func (v *View) deleted() bool { return v.query().Deleted }
