// Package reports draws the page of reports: figures as tiles, charts whose bars lead to their
// calls in the feed, and what the figures may lack. What is counted is the server's to say,
// what a bar says the model's.
package reports

import (
	"context"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Host is what the page asks of the program.
type Host interface {
	ui.Base
	Tell(sentence string)
}

// Feed opens the feed with a filter.
type Feed interface{ Open(q client.FeedQuery) }

// groups are the reports of the page; the first is drawn by hours or days, as the period asks.
type groups struct{ time, people, lines, week client.Report }

// View is the page. All methods belong on Fyne's goroutine.
type View struct {
	widget.BaseWidget
	host    Host
	feed    Feed
	pen     pen
	state   *State
	chips   map[present.Period]*widgets.Chip
	ownRow  *fyne.Container
	body    *fyne.Container
	content fyne.CanvasObject
	found   groups
	shown   bool // found is what stands on the page
	// generation numbers the readings, so that a late answer to a former one is dropped.
	generation int
}

// State is what outlasts the page's widgets: the period, what the charts measure, and where it stands.
type State struct {
	period        present.Period
	own           own
	people, lines present.Measure
	scroll        float32
}

// The measures that can be chosen of people and of lines.
var (
	ofPeople = []present.Measure{present.MeasureCalls, present.MeasureTalk, present.MeasureAnswer}
	ofLines  = []present.Measure{present.MeasureCalls, present.MeasureMissed, present.MeasureAnswer}
)

// New is an unread page for the period that was chosen on the one before; at first it is the week.
func New(host Host, feed Feed, state *State) *View {
	if state.period == "" {
		*state = State{period: present.PeriodWeek, people: present.MeasureCalls, lines: present.MeasureCalls}
	}
	v := &View{host: host, feed: feed, pen: newPen(), state: state, chips: map[present.Period]*widgets.Chip{}}
	v.ExtendBaseWidget(v)
	v.body, v.ownRow = container.NewStack(), container.NewStack()
	if state.period == present.PeriodOwn {
		v.ownRow.Objects = []fyne.CanvasObject{v.ownForm()}
	}
	v.content = widgets.Fill(widgets.Column(0, v.head(), v.ownRow), v.body, nil)
	return v
}

// CreateRenderer is Fyne's.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.content) }

// Resize is Fyne's; the charts stand beside each other or not by the width.
func (v *View) Resize(size fyne.Size) {
	changed := size.Width != v.Size().Width
	v.BaseWidget.Resize(size)
	if changed && v.shown {
		v.draw()
	}
}

func (v *View) head() fyne.CanvasObject {
	var chips []*widgets.Chip
	for _, p := range present.Periods {
		chip := widgets.NewFilter(v.host.Text().T("rep."+string(p)), func() { v.choose(p) })
		v.chips[p] = chip
		chips = append(chips, chip)
	}
	v.paintChips()
	return widgets.Pad(0, theme.Side, 12, theme.Side, widgets.NewChips(chips...))
}

func (v *View) paintChips() {
	for p, chip := range v.chips {
		tone := theme.ToneMuted
		if p == v.state.period {
			tone = theme.ToneAccent
		}
		chip.Set(chip.Label, tone)
	}
}

// Shown reads the figures whenever the page comes to the front: they change with every call.
func (v *View) Shown() { v.Reload() }

func (v *View) choose(p present.Period) {
	v.state.period = p
	v.paintChips()
	v.ownRow.Objects = nil
	if p == present.PeriodOwn {
		v.ownRow.Objects = []fyne.CanvasObject{v.ownForm()}
	}
	v.content.Refresh()
	if p != present.PeriodOwn || !v.state.own.from.IsZero() {
		v.Reload()
	}
}

// bounds is the period that is shown.
func (v *View) bounds() (from, to time.Time) {
	if v.state.period == present.PeriodOwn && !v.state.own.from.IsZero() {
		return v.state.own.from, v.state.own.to
	}
	return v.state.period.Bounds(v.host.Now())
}

// Queries are the reports of the page for its period, each with what it is called.
func (v *View) Queries() map[string]client.ReportQuery {
	from, to := v.bounds()
	text, zone := v.host.Text(), present.ZoneOf(v.host.Now())
	out := map[string]client.ReportQuery{}
	over := present.ReportGroup(from, to)
	for group, words := range map[client.ReportGroup]string{
		over: text.T("rep.by_" + string(over)), client.ByEmployee: text.T("rep.by_employee"),
		client.ByLine: text.T("rep.by_line"), client.ByWeekdayHour: text.T("rep.week_map"),
	} {
		out[words] = client.ReportQuery{From: from, To: to, Group: group, Zone: zone}
	}
	return out
}

// Reload reads the figures anew; what is shown stays until the new ones have come.
func (v *View) Reload() {
	v.generation++
	generation := v.generation
	if !v.shown {
		v.set(widgets.Skeleton(8))
	}
	from, to := v.bounds()
	zone := present.ZoneOf(v.host.Now())
	var found groups
	v.host.Work(func(ctx context.Context, api *client.API) error {
		return read(ctx, api, client.ReportQuery{From: from, To: to, Zone: zone}, &found)
	}, func(err error) {
		if generation != v.generation {
			return
		}
		text := v.host.Text()
		v.shown = err == nil
		if err != nil {
			v.set(widgets.Broken(text.T("rep.broken"), ui.Explain(err, text), text.T("act.repeat"), v.Reload))
			return
		}
		v.found = found
		v.draw()
	})
}

// read asks for all reports of the page at once.
func read(ctx context.Context, api *client.API, q client.ReportQuery, into *groups) error {
	var waiting sync.WaitGroup
	var once sync.Once
	var failed error
	for group, report := range map[client.ReportGroup]*client.Report{
		present.ReportGroup(q.From, q.To): &into.time, client.ByEmployee: &into.people,
		client.ByLine: &into.lines, client.ByWeekdayHour: &into.week,
	} {
		waiting.Go(func() {
			one := q
			one.Group = group
			found, err := api.CallReport(ctx, one)
			if err != nil {
				once.Do(func() { failed = err })
				return
			}
			*report = found
		})
	}
	waiting.Wait()
	return failed
}

func (v *View) set(object fyne.CanvasObject) {
	v.body.Objects = []fyne.CanvasObject{object}
	v.body.Refresh()
}
