package uitest

import (
	"math"
	"net/url"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/reports"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Reported is the made-up month of the school: a curve over the day, less on Saturdays.
func Reported(q url.Values) any {
	from, _ := time.Parse(time.RFC3339, q.Get("from"))
	to, _ := time.Parse(time.RFC3339, q.Get("to"))
	r := client.Report{From: from, To: to, Group: client.ReportGroup(q.Get("group"))}
	hour := func(at time.Time) int {
		h := float64(at.Hour()) + 0.5
		busy := 9*math.Exp(-(h-11)*(h-11)/8) + 7*math.Exp(-(h-16)*(h-16)/8)
		if at.After(Now) {
			return 0
		}
		return int(busy * []float64{0, 1, 1.1, 0.9, 1, 0.8, 0.3}[at.Weekday()])
	}
	row := func(key, name string, calls int) client.ReportRow {
		return client.ReportRow{Key: key, Name: name, CallFigures: FiguresOf(calls)}
	}
	total := 0
	for at := from; at.Before(to); at = at.Add(time.Hour) {
		total += hour(at)
	}
	switch r.Group {
	case client.ByHour, client.ByDay:
		step := time.Hour
		if r.Group == client.ByDay {
			step = 24 * time.Hour
		}
		for at := from; at.Before(to); at = at.Add(step) {
			n := 0
			for h := at; h.Before(at.Add(step)); h = h.Add(time.Hour) {
				n += hour(h)
			}
			one, end := at, at.Add(step)
			item := row(at.Format(time.RFC3339), "", n)
			item.From, item.To = &one, &end
			r.Items = append(r.Items, item)
		}
	case client.ByEmployee:
		r.Items = []client.ReportRow{
			row("e1", Kireeva.Name, total*5/10), row("e4", Orlov.Name, total*3/10), row("e2", Borisov.Name, total*2/10), row("", "", total/20),
		}
	case client.ByLine:
		r.Items = []client.ReportRow{row("+74951234567", "Сайт", total*6/10), row("+74957654321", "Яндекс.Карты и рекламные щиты", total*3/10), row("+79991112233", "", total/10)}
	case client.ByWeekdayHour:
		r.Items = make([]client.ReportRow, 168)
		for at := from; at.Before(to); at = at.Add(time.Hour) {
			cell := &r.Items[(int(at.Weekday())+6)%7*24+at.Hour()]
			cell.Calls += hour(at)
			cell.Missed = cell.Calls / 8
			if hour(at) > 0 {
				cell.Hours = append(cell.Hours, client.ReportHour{From: at, Calls: hour(at)})
			}
		}
	}
	r.Total = FiguresOf(total)
	if total > 0 {
		r.Total.CallBacks = &client.CallBacks{Of: 14, Within5: 5, Within15: 8, Within60: 12, Reached5: 3, Reached15: 6, Reached60: 9, Open: 1}
		r.Doubt = client.ReportDoubt{Restored: 2, Outages: []client.Outage{{From: Now.Add(-3 * time.Hour), To: Now.Add(-2 * time.Hour), Cause: "pbx"}}}
	}
	return r
}

func FiguresOf(calls int) client.CallFigures {
	f := client.CallFigures{Calls: calls, Answered: calls * 5 / 10, Out: calls * 35 / 100, OutAnswered: calls * 3 / 10}
	f.Missed = calls - f.Answered - f.Out
	if calls > 0 {
		f.MissedShare = float64(f.Missed) / float64(f.Missed+f.Answered)
		median, p90 := 6+calls%7, 17+calls%23
		f.AnswerMedian, f.AnswerP90 = &median, &p90
		f.TalkAverage = 95 + calls%40
		f.TalkSeconds = f.TalkAverage * (f.Answered + f.OutAnswered)
	}
	return f
}

// Opened notes with which filters the feed was opened.
type Opened struct{ Queries []client.FeedQuery }

func (o *Opened) Open(q client.FeedQuery) { o.Queries = append(o.Queries, q) }

// ReportsWindow is the main window with the reports in front.
func ReportsWindow(h *Host, heard *Opened) (fyne.CanvasObject, *reports.View) {
	view := reports.New(h, heard, &reports.State{})
	frame := mainwin.New(h.Words, []mainwin.Page{
		{Name: "feed", Object: widgets.Space(0, 0)},
		{Name: "missed", Object: widgets.Space(0, 0)},
		{Name: "clients", Object: widgets.Space(0, 0)},
		{Name: "contracts", Object: widgets.Space(0, 0)},
		{Name: "colleagues", Object: widgets.Space(0, 0)},
		{Name: "reports", Object: view, Shown: view.Shown},
		{Name: "settings", Object: widgets.Space(0, 0)},
	}, func() {})
	frame.SetState(Program{}.State())
	frame.Go("reports")
	return frame, view
}

// Chips finds the chips under an object by their words.
func Chips(object fyne.CanvasObject) map[string]*widgets.Chip {
	found := map[string]*widgets.Chip{}
	for _, chip := range All[*widgets.Chip](object) {
		found[chip.Label] = chip
	}
	return found
}

// Shown puts an object in a window, as large as a tall window.
func Shown(t *testing.T, object fyne.CanvasObject) fyne.Canvas {
	t.Helper()
	window := test.NewWindow(object)
	t.Cleanup(window.Close)
	window.SetPadded(false)
	window.Resize(fyne.NewSize(1180, 1560))
	return window.Canvas()
}
