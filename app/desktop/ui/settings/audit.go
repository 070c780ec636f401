package settings

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// audit is the part of the page that tells who did, heard, exported and changed what, and from where.
type audit struct {
	section
	view    *View
	entries []client.AuditEntry
	next    string // where the next page begins; empty: there is none
	loaded  bool
	asked   int // numbers the readings, so that a late answer to former filters is dropped
	told    told

	person, group, period int // chosen; 0: everything
}

// Widths of the audit's columns and filters.
const (
	auditWhen float32 = 118
	auditWho  float32 = 200
	auditFrom float32 = 150
	auditPage         = 50
	// auditWide is the width from which the address has a column of its own.
	auditWide float32 = 760
	// auditAddress is how long an address is shown whole in its column; a whole IPv6 one gets a line.
	auditAddress = 20
)

// auditPeriods are the choices of time in days; 0 is without end.
var auditPeriods = []struct {
	key  string
	days int
}{{"audit.week", 7}, {"audit.month", 30}, {"audit.year", 365}, {"audit.ever", 0}}

func newAudit(view *View) *audit {
	text := view.host.Text()
	return &audit{view: view, section: newSection(text.T("set.tab_audit"), text.T("audit.hint"))}
}

// load reads the newest page with the filters as they are.
func (a *audit) load() {
	a.entries, a.next, a.loaded, a.told = nil, "", false, told{}
	a.read()
}

// read reads the next page.
func (a *audit) read() {
	host := a.view.host
	a.asked++
	asked, query := a.asked, a.query()
	var page client.Page[client.AuditEntry]
	host.Work(func(ctx context.Context, api *client.API) error {
		var err error
		page, err = api.Audit(ctx, query)
		return err
	}, func(err error) {
		if asked != a.asked {
			return
		}
		a.loaded = true
		if err != nil {
			a.told = told{ui.Explain(err, host.Text()), theme.ToneMiss}
		} else {
			a.entries, a.next = append(a.entries, page.Items...), page.NextCursor
		}
		a.redraw()
	})
}

func (a *audit) query() client.AuditQuery {
	q := client.AuditQuery{Cursor: a.next, Limit: auditPage, Actions: model.AuditGroups()[a.group].Actions}
	if people := a.view.host.Model().People(); a.person > 0 && a.person <= len(people) {
		q.Employee = people[a.person-1].ID
	}
	if days := auditPeriods[a.period].days; days > 0 {
		q.From = a.view.host.Now().Add(-time.Duration(days) * 24 * time.Hour)
	}
	return q
}

func (a *audit) redraw() {
	if a.view.audit != a || a.view.tab != tabAudit {
		return
	}
	a.fill()
	a.view.settle()
}

func (a *audit) fill() {
	text, width := a.view.host.Text(), a.view.inner()
	rows := append([]fyne.CanvasObject{a.filters()}, a.told.row(width)...)
	switch {
	case !a.loaded:
		rows = append(rows, wrapped(text.T("set.loading"), theme.Body, width, widgets.InkMuted))
	case len(a.entries) == 0 && a.told.words == "":
		rows = append(rows, wrapped(text.T("audit.none"), theme.Body, width, widgets.InkMuted))
	}
	var lines []fyne.CanvasObject
	for n, line := range model.AuditLines(a.entries, text, a.view.host.Now()) {
		if n > 0 {
			lines = append(lines, widgets.Rule())
		}
		lines = append(lines, a.row(line, width))
	}
	rows = append(rows, widgets.Column(0, lines...))
	switch {
	case a.told.words != "":
		rows = append(rows, rightAligned(widgets.NewButton(text.T("act.repeat"), widgets.Quiet, a.again)))
	case a.next != "":
		rows = append(rows, rightAligned(widgets.NewButton(text.T("audit.more"), widgets.Quiet, a.read)))
	}
	a.set(rows)
}

// again reads the page once more that did not come.
func (a *audit) again() {
	a.told = told{}
	a.read()
}

func (a *audit) filters() fyne.CanvasObject {
	text := a.view.host.Text()
	choose := func(kept *int) func(int) {
		return func(n int) {
			*kept = n
			a.load()
			a.redraw()
		}
	}
	people := []string{text.T("audit.everybody")}
	for _, person := range a.view.host.Model().People() {
		people = append(people, person.Name)
	}
	var groups, periods []string
	for _, group := range model.AuditGroups() {
		groups = append(groups, text.T("audit.group_"+group.Name))
	}
	for _, period := range auditPeriods {
		periods = append(periods, text.T(period.key))
	}
	return widgets.Row(theme.Gap, []float32{widgets.Wide, widgets.Wide, widgets.Wide},
		widgets.NewChoice("", people, a.person, choose(&a.person)),
		widgets.NewChoice("", groups, a.group, choose(&a.group)),
		widgets.NewChoice("", periods, a.period, choose(&a.period)))
}

func (a *audit) row(line model.AuditLine, width float32) fyne.CanvasObject {
	ink := widgets.InkNormal
	if line.Refused {
		ink = widgets.ToneInk(theme.ToneMiss)
	}
	who, address := auditWho, auditFrom
	if width < auditWide {
		who, address = 150, 0
	}
	columns := []float32{auditWhen, who, widgets.Wide, address}
	middle := width - auditWhen - who - address - 3*theme.Gap
	what := []fyne.CanvasObject{wrapped(line.What, theme.Body, middle, ink)}
	if line.About != "" {
		what = append(what, wrapped(line.About, theme.Caption, middle, widgets.InkMuted))
	}
	from := line.From
	if len(from) > auditAddress || address == 0 {
		what = append(what, wrapped(from, theme.Caption, middle, widgets.InkMuted))
		from = ""
	}
	return widgets.Pad(8, 0, 8, 0, widgets.TopRow(theme.Gap, columns,
		widgets.NewLabel(line.When, theme.Body, widgets.InkMuted), wrapped(line.Who, theme.Body, who, widgets.InkNormal),
		widgets.Column(0, what...), widgets.NewLabel(from, theme.Caption, widgets.InkMuted)))
}
