package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"dozvon/client"
)

// Facts is what the database tells of a period.
type Facts struct {
	// Tallies are by hour, by day, by employee or by line, as the group asks; for
	// client.ByWeekdayHour by hour.
	Tallies []Tally
	// Tries are the missed calls of the period, and the outgoing calls until CallBackLimit after it.
	Tries []Try
	// Names of employees and lines by their keys.
	Names map[string]string
	Doubt client.ReportDoubt
	Now   time.Time
}

// row is a line of the report that is being added up.
type row struct {
	figures
	out   client.ReportRow
	hours map[int64]int
	order int64
}

// builder adds a report up.
type builder struct {
	Query
	rows map[string]*row
}

// Build makes the report.
func Build(q Query, facts Facts) client.Report {
	b := &builder{Query: q, rows: map[string]*row{}}
	b.lay(facts.Names)
	var total figures
	for _, t := range facts.Tallies {
		total.add(t)
		at := time.UnixMilli(t.Start)
		r := b.row(at, t.Key, facts.Names)
		r.add(t)
		if q.Group == client.ByWeekdayHour {
			from, _ := b.within(b.hour(at))
			r.hours[from.UnixMilli()] += t.Calls
		}
	}
	all := &client.CallBacks{}
	for _, a := range attempts(facts.Tries) {
		count(all, a, facts.Now)
		if q.Group != client.ByEmployee {
			r := b.row(time.UnixMilli(a.missed.At), a.missed.Line, facts.Names)
			count(r.CallBacks, a, facts.Now)
		}
	}
	out := client.Report{From: q.From.UTC(), To: q.To.UTC(), Group: q.Group, Total: total.sum(), Items: b.items(), Doubt: facts.Doubt}
	out.Total.CallBacks = all
	if out.Doubt.Outages == nil {
		out.Doubt.Outages = []client.Outage{}
	}
	return out
}

// lay makes the rows that stand in a report even without calls.
func (b *builder) lay(names map[string]string) {
	step := map[client.ReportGroup]func(time.Time) (time.Time, time.Time){client.ByHour: b.hour, client.ByDay: b.day}[b.Group]
	if step != nil {
		for at := b.From; at.Before(b.To); {
			b.row(at, "", names)
			_, at = step(at)
		}
	}
	if b.Group == client.ByWeekdayHour {
		monday := time.Date(2024, 1, 1, 0, 0, 0, 0, b.Zone) // a Monday without a turned clock anywhere
		for day := range 7 {
			for hour := range 24 {
				b.row(monday.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour), "", names)
			}
		}
	}
}

// row finds or makes the row that a moment, an employee or a line belongs to.
func (b *builder) row(at time.Time, key string, names map[string]string) *row {
	r := &row{hours: map[int64]int{}}
	switch b.Group {
	case client.ByHour, client.ByDay:
		from, to := b.hour(at)
		if b.Group == client.ByDay {
			from, to = b.day(at)
		}
		r.order, r.out.Key = from.UnixMilli(), from.Format(time.RFC3339)
		from, to = b.within(from, to)
		r.out.From, r.out.To = &from, &to
	case client.ByWeekdayHour:
		local := at.In(b.Zone)
		weekday := (int(local.Weekday())+6)%7 + 1
		r.order, r.out.Key = int64(weekday*24+local.Hour()), fmt.Sprintf("%d-%d", weekday, local.Hour())
	default:
		r.out.Key, r.out.Name = key, names[key]
	}
	if known := b.rows[r.out.Key]; known != nil {
		return known
	}
	if b.Group != client.ByEmployee {
		r.CallBacks = &client.CallBacks{}
	}
	b.rows[r.out.Key] = r
	return r
}

// within cuts an hour or day at the ends of the period, so that its bounds hold the calls that
// were counted and no others.
func (b *builder) within(from, to time.Time) (time.Time, time.Time) {
	if from.Before(b.From) {
		from = b.From
	}
	if to.After(b.To) {
		to = b.To
	}
	return from.UTC(), to.UTC()
}

// items are the rows in order: of time, or the most calls first.
func (b *builder) items() []client.ReportRow {
	rows := make([]*row, 0, len(b.rows))
	for _, r := range b.rows {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(x, y *row) int {
		if c := cmp.Compare(x.order, y.order); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(x.out.Name, y.out.Name), cmp.Compare(x.out.Key, y.out.Key))
	})
	out := make([]client.ReportRow, 0, len(rows))
	for _, r := range rows {
		item := r.out
		item.CallFigures = r.sum()
		for start, calls := range r.hours {
			item.Hours = append(item.Hours, client.ReportHour{From: time.UnixMilli(start).UTC(), Calls: calls})
		}
		slices.SortFunc(item.Hours, func(x, y client.ReportHour) int { return x.From.Compare(y.From) })
		out = append(out, item)
	}
	return out
}
