package school

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/settings/panel"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Audit is the part that tells who did, heard, exported and changed what, and from where.
type Audit struct {
	panel.Section
	host    ui.Base
	page    panel.Surface
	state   *AuditState
	entries []client.AuditEntry
	next    string // where the next page begins; empty: there is none
	loaded  bool
	asked   int // numbers the readings, so that a late answer to former filters is dropped
	told    panel.Told
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

// NewAudit is the part with its filters as they were.
func NewAudit(host ui.Base, page panel.Surface, state *AuditState) *Audit {
	text := host.Text()
	return &Audit{host: host, page: page, state: state, Section: panel.NewSection(text.T("set.tab_audit"), text.T("audit.hint"))}
}

// Load reads the newest page with the filters as they are.
func (a *Audit) Load() {
	a.entries, a.next, a.loaded, a.told = nil, "", false, panel.Told{}
	a.read()
}

// read reads the next page.
func (a *Audit) read() {
	host := a.host
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
			a.told = panel.Fault(ui.Explain(err, host.Text()))
		} else {
			a.entries, a.next = append(a.entries, page.Items...), page.NextCursor
		}
		a.redraw()
	})
}

func (a *Audit) query() client.AuditQuery {
	q := client.AuditQuery{Cursor: a.next, Limit: auditPage, Actions: present.AuditGroups()[a.state.Group].Actions}
	if people := a.host.Model().People(); a.state.Person > 0 && a.state.Person <= len(people) {
		q.Employee = people[a.state.Person-1].ID
	}
	if days := auditPeriods[a.state.Period].days; days > 0 {
		q.From = a.host.Now().Add(-time.Duration(days) * 24 * time.Hour)
	}
	return q
}

func (a *Audit) redraw() {
	a.fill()
	a.page.Settle()
}

func (a *Audit) fill() {
	text, width := a.host.Text(), a.page.Inner()
	rows := append([]fyne.CanvasObject{a.filters()}, a.told.Row(width)...)
	switch {
	case !a.loaded:
		rows = append(rows, panel.Wrapped(text.T("set.loading"), theme.Body, width, widgets.InkMuted))
	case len(a.entries) == 0 && a.told.Words == "":
		rows = append(rows, panel.Wrapped(text.T("audit.none"), theme.Body, width, widgets.InkMuted))
	}
	var lines []fyne.CanvasObject
	for n, line := range present.AuditLines(a.entries, text, a.host.Now()) {
		if n > 0 {
			lines = append(lines, widgets.Rule())
		}
		lines = append(lines, a.row(line, width))
	}
	rows = append(rows, widgets.Column(0, lines...))
	switch {
	case a.told.Words != "":
		rows = append(rows, panel.Right(widgets.NewButton(text.T("act.repeat"), widgets.Quiet, a.again)))
	case a.next != "":
		rows = append(rows, panel.Right(widgets.NewButton(text.T("audit.more"), widgets.Quiet, a.read)))
	}
	a.Set(rows)
}

// again reads the page once more that did not come.
func (a *Audit) again() {
	a.told = panel.Told{}
	a.read()
}

func (a *Audit) filters() fyne.CanvasObject {
	text := a.host.Text()
	choose := func(kept *int) func(int) {
		return func(n int) {
			*kept = n
			a.Load()
			a.redraw()
		}
	}
	people := []string{text.T("audit.everybody")}
	for _, person := range a.host.Model().People() {
		people = append(people, person.Name)
	}
	var groups, periods []string
	for _, group := range present.AuditGroups() {
		groups = append(groups, text.T("audit.group_"+group.Name))
	}
	for _, period := range auditPeriods {
		periods = append(periods, text.T(period.key))
	}
	return widgets.Row(theme.Gap, []float32{widgets.Wide, widgets.Wide, widgets.Wide},
		widgets.NewChoice("", people, a.state.Person, choose(&a.state.Person)),
		widgets.NewChoice("", groups, a.state.Group, choose(&a.state.Group)),
		widgets.NewChoice("", periods, a.state.Period, choose(&a.state.Period)))
}

func (a *Audit) row(line present.AuditLine, width float32) fyne.CanvasObject {
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
	what := []fyne.CanvasObject{panel.Wrapped(line.What, theme.Body, middle, ink)}
	if line.About != "" {
		what = append(what, panel.Wrapped(line.About, theme.Caption, middle, widgets.InkMuted))
	}
	from := line.From
	if len(from) > auditAddress || address == 0 {
		what = append(what, panel.Wrapped(from, theme.Caption, middle, widgets.InkMuted))
		from = ""
	}
	return widgets.Pad(8, 0, 8, 0, widgets.TopRow(theme.Gap, columns,
		widgets.NewLabel(line.When, theme.Body, widgets.InkMuted), panel.Wrapped(line.Who, theme.Body, who, widgets.InkNormal),
		widgets.Column(0, what...), widgets.NewLabel(from, theme.Caption, widgets.InkMuted)))
}

// Objects is the part as it stands now.
func (a *Audit) Objects() []fyne.CanvasObject {
	a.fill()
	return []fyne.CanvasObject{a.Box}
}
