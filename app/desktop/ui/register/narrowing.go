package register

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// mostTags bounds the menu of tags; the most frequent stand first, and the search finds the others.
const mostTags = 40

// narrowing is the second row over the list: status and tag, which narrow what the first row shows, and the
// columns.
type narrowing struct {
	view                       *View
	status, tag, columns, drop *widgets.Chip
	row                        *widgets.Bar
}

func newNarrowing(v *View) *narrowing {
	n := &narrowing{view: v}
	n.status = n.chip(func(over fyne.Canvas) { n.open(n.status, over, n.statuses()) })
	n.tag = n.chip(n.askTags)
	n.columns = n.chip(func(over fyne.Canvas) { n.open(n.columns, over, v.columnItems()) })
	n.drop = widgets.NewFilter(v.host.Text().T("filter.drop"), func() { n.set("", "") })
	n.row = widgets.NewChips(n.status, n.tag, n.columns, n.drop)
	n.paint()
	return n
}

// chip opens a menu.
func (n *narrowing) chip(tap func(over fyne.Canvas)) *widgets.Chip {
	var chip *widgets.Chip
	chip = widgets.NewFilter("", func() {
		if over := fyne.CurrentApp().Driver().CanvasForObject(chip); over != nil {
			tap(over)
		}
	})
	return chip
}

func (n *narrowing) open(chip *widgets.Chip, over fyne.Canvas, items []*fyne.MenuItem) {
	widget.ShowPopUpMenuAtRelativePosition(fyne.NewMenu("", items...), over, fyne.NewPos(0, chip.Size().Height+theme.Grid), chip)
}

// set shows the cards of a status and with a tag; empty: any. A chip of the first row that is a status itself
// gives way.
func (n *narrowing) set(status, tag string) {
	s := n.view.state
	if status != "" && filters(n.view.kind)[s.filter].query.Status != "" {
		s.filter = 0
	}
	s.status, s.tag, s.scroll, n.view.lines = status, tag, 0, nil
	n.view.paintChips()
	n.view.Reload()
}

func (n *narrowing) statuses() []*fyne.MenuItem {
	text, s := n.view.host.Text(), n.view.state
	one := func(words, status string) *fyne.MenuItem {
		item := fyne.NewMenuItem(words, func() { n.set(status, s.tag) })
		item.Checked = s.status == status
		return item
	}
	out := []*fyne.MenuItem{one(text.T("reg.any_status"), "")}
	for _, status := range model.Statuses(n.view.kind) {
		out = append(out, one(present.StatusWord(n.view.kind, status, text), status))
	}
	return out
}

// askTags asks which tags there are now, and opens their menu.
func (n *narrowing) askTags(over fyne.Canvas) {
	host := n.view.host
	var tags []client.TagUse
	host.Work(func(ctx context.Context, api *client.API) (err error) {
		tags, err = api.CardTags(ctx, n.view.kind)
		return err
	}, func(err error) {
		if err != nil {
			host.Tell(ui.Explain(err, host.Text()))
			return
		}
		n.open(n.tag, over, n.tags(tags))
	})
}

func (n *narrowing) tags(tags []client.TagUse) []*fyne.MenuItem {
	text, s := n.view.host.Text(), n.view.state
	one := func(words, tag string) *fyne.MenuItem {
		item := fyne.NewMenuItem(words, func() { n.set(s.status, tag) })
		item.Checked = s.tag == tag
		return item
	}
	if len(tags) == 0 {
		none := fyne.NewMenuItem(text.T("reg.no_tags"), func() {})
		none.Disabled = true
		return []*fyne.MenuItem{none}
	}
	out := []*fyne.MenuItem{one(text.T("reg.any_tag"), "")}
	for _, t := range tags[:min(len(tags), mostTags)] {
		out = append(out, one(fit.Line(t.Tag, tagMost, theme.Body, fyne.TextStyle{})+" · "+present.Grouped(t.Cards), t.Tag))
	}
	if more := len(tags) - mostTags; more > 0 {
		rest := fyne.NewMenuItem(text.T("reg.more_tags", "n", strconv.Itoa(more)), func() {})
		rest.Disabled = true
		out = append(out, rest)
	}
	return out
}

const (
	// tagMost is how wide a tag may stand in a menu, chipMost on its chip.
	tagMost  float32 = 260
	chipMost float32 = 140
)

// paint says on each chip what it filters by.
func (n *narrowing) paint() {
	s, text := n.view.state, n.view.host.Text()
	set := func(chip *widgets.Chip, words, none string) {
		if words == "" {
			chip.Set(text.T(none)+" ▾", theme.ToneMuted)
			return
		}
		chip.Set(fit.Line(words, chipMost, theme.Body, fyne.TextStyle{})+" ▾", theme.ToneAccent)
	}
	status := ""
	if s.status != "" {
		status = present.StatusWord(n.view.kind, s.status, text)
	}
	set(n.status, status, "crd.f_status")
	set(n.tag, s.tag, "reg.tag")
	set(n.columns, "", "reg.columns")
	shown(n.drop, s.status+s.tag != "")
	n.row.Refresh()
}
