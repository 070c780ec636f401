package screens

import (
	"fmt"
	"image"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/reports"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// reported is the made-up month of the school: a curve over the day, less on Saturdays.
func reported(q url.Values) any {
	from, _ := time.Parse(time.RFC3339, q.Get("from"))
	to, _ := time.Parse(time.RFC3339, q.Get("to"))
	r := client.Report{From: from, To: to, Group: client.ReportGroup(q.Get("group"))}
	hour := func(at time.Time) int {
		h := float64(at.Hour()) + 0.5
		busy := 9*math.Exp(-(h-11)*(h-11)/8) + 7*math.Exp(-(h-16)*(h-16)/8)
		if at.After(now) {
			return 0
		}
		return int(busy * []float64{0, 1, 1.1, 0.9, 1, 0.8, 0.3}[at.Weekday()])
	}
	row := func(key, name string, calls int) client.ReportRow {
		return client.ReportRow{Key: key, Name: name, CallFigures: figuresOf(calls)}
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
			row("e1", kireeva.Name, total*5/10), row("e4", orlov.Name, total*3/10), row("e2", borisov.Name, total*2/10), row("", "", total/20),
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
	r.Total = figuresOf(total)
	if total > 0 {
		r.Total.CallBacks = &client.CallBacks{Of: 14, Within5: 5, Within15: 8, Within60: 12, Reached5: 3, Reached15: 6, Reached60: 9, Open: 1}
		r.Doubt = client.ReportDoubt{Restored: 2, Outages: []client.Outage{{From: now.Add(-3 * time.Hour), To: now.Add(-2 * time.Hour), Cause: "pbx"}}}
	}
	return r
}

func figuresOf(calls int) client.CallFigures {
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

// opened notes with which filters the feed was opened.
type opened struct{ queries []client.FeedQuery }

func (o *opened) Open(q client.FeedQuery) { o.queries = append(o.queries, q) }

// reportsWindow is the main window with the reports in front.
func reportsWindow(h *host, heard *opened) (fyne.CanvasObject, *reports.View) {
	view := reports.New(h, heard, &reports.State{})
	frame := mainwin.New(h.text, []mainwin.Page{
		{Name: "feed", Object: widgets.Space(0, 0)},
		{Name: "missed", Object: widgets.Space(0, 0)},
		{Name: "clients", Object: widgets.Space(0, 0)},
		{Name: "contracts", Object: widgets.Space(0, 0)},
		{Name: "colleagues", Object: widgets.Space(0, 0)},
		{Name: "reports", Object: view, Shown: view.Shown},
		{Name: "settings", Object: widgets.Space(0, 0)},
	}, func() {})
	frame.SetState(program{}.State())
	frame.Go("reports")
	return frame, view
}

// chips finds the chips under an object by their words.
func chips(object fyne.CanvasObject) map[string]*widgets.Chip {
	found := map[string]*widgets.Chip{}
	for _, chip := range all[*widgets.Chip](object) {
		found[chip.Label] = chip
	}
	return found
}

// drawReports draws the reports of a day, a week and a month, and their other faces.
func drawReports(t *testing.T, l look) {
	h := newHost(t, l.lang)
	for _, face := range []string{"today", "week", "month", "own", "empty", "broken", "narrow"} {
		h.school.answers["/reports/calls"] = reported
		size := fyne.NewSize(1180, 1560)
		switch face {
		case "empty":
			h.school.answers["/reports/calls"] = client.Report{}
			size.Height = 760
		case "broken":
			h.school.answers["/reports/calls"] = &client.Problem{Status: 500, Code: "internal", Detail: h.text.T("err.no_server")}
			size.Height = 760
		case "narrow":
			size = fyne.NewSize(860, 2300)
		}
		object, view := reportsWindow(h, &opened{})
		if chip := chips(view)[h.text.T("rep."+face)]; chip != nil {
			test.Tap(chip)
		}
		shoot(t, "reports-"+face+l.suffix()+"-1x", 1, size, object)
		if face == "month" && l.lang == i18n.Russian {
			shoot(t, "reports-"+face+l.suffix()+"-2x", 2, fyne.NewSize(1180, 760), object)
		}
	}
}

// shown puts an object in a window, as large as a tall window.
func shown(t *testing.T, object fyne.CanvasObject) fyne.Canvas {
	t.Helper()
	window := test.NewWindow(object)
	t.Cleanup(window.Close)
	window.SetPadded(false)
	window.Resize(fyne.NewSize(1180, 1560))
	return window.Canvas()
}

// pointed is something that follows the pointer and can be clicked.
type pointed interface {
	fyne.Widget
	fyne.Tappable
	desktop.Hoverable
	fyne.Focusable
}

// picture finds the charts of a page in their order: they are the only ones that take the pointer,
// the keyboard and clicks, and are no controls of widgets.
func pictures(object fyne.CanvasObject) []pointed {
	var out []pointed
	for _, p := range all[pointed](object) {
		if strings.HasSuffix(fmt.Sprintf("%T", p), "reports.chart") {
			out = append(out, p)
		}
	}
	return out
}

// words are all the words that are shown under an object.
func shownWords(object fyne.CanvasObject) string {
	var out []string
	for _, l := range all[*widgets.Label](object) {
		if l.Visible() {
			out = append(out, l.Text)
		}
	}
	return strings.Join(out, "\n")
}

func TestReports_everyColouredPointLeadsToItsCalls(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["/reports/calls"] = reported
	heard := &opened{}
	object, view := reportsWindow(h, heard)
	test.Tap(chips(view)["Вчера"])
	canvas := shown(t, object)
	drawn := canvas.Capture()
	chart := pictures(view)[0]
	types := map[[3]uint32]string{rgbOf(theme.Light.Ring): "call_in", rgbOf(theme.Light.Accent): "call_out", rgbOf(theme.Light.Miss): "call_missed"}
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject(chart)
	hit := map[string]int{}
	for row := 20; row < int(chart.Size().Height); row += 2 { // below the legend
		for column := 0; column < int(chart.Size().Width); column += 2 {
			at := place.AddXY(float32(column)+0.5, float32(row)+0.5)
			want, coloured := types[pixel(drawn, int(at.X), int(at.Y))]
			if !coloured {
				continue
			}
			heard.queries = nil
			test.TapCanvas(canvas, at)
			if len(heard.queries) != 1 || heard.queries[0].Type != want {
				t.Fatalf("a click on %v, drawn as %s, opened %+v", at, want, heard.queries)
			}
			from, err := time.Parse(time.RFC3339, heard.queries[0].From)
			if err != nil {
				t.Fatal(err)
			}
			hit[want]++
			test.MoveMouse(canvas, at)
			if clock := fmt.Sprintf("%02d:00–%02d:00", from.Hour(), from.Hour()+1); !strings.Contains(shownWords(chart), clock) {
				t.Fatalf("the pointer at %v is told %q, want %s", at, shownWords(chart), clock)
			}
		}
	}
	for _, one := range []string{"call_in", "call_out", "call_missed"} {
		if hit[one] < 20 {
			t.Errorf("%d points of %s were found on the chart", hit[one], one)
		}
	}
}

func rgbOf(c interface{ RGBA() (r, g, b, a uint32) }) [3]uint32 {
	r, g, b, _ := c.RGBA()
	return [3]uint32{r >> 8, g >> 8, b >> 8}
}

func pixel(img image.Image, x, y int) [3]uint32 { return rgbOf(img.At(x, y)) }

func TestReports_barsLeadToTheirCalls(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["/reports/calls"] = reported
	heard := &opened{}
	object, view := reportsWindow(h, heard)
	test.Tap(chips(view)["7 дней"])
	shown(t, object)
	charts := pictures(view)
	if len(charts) != 8 {
		t.Fatalf("%d charts, want 8", len(charts))
	}
	week := "2026-11-18T00:00:00Z…2026-11-25T00:00:00Z"
	for n, want := range []string{
		"call_in,call_missed,call_out 2026-11-18T00:00:00Z…2026-11-19T00:00:00Z",
		"call_in,call_missed 2026-11-18T00:00:00Z…2026-11-19T00:00:00Z",
		"call_in 2026-11-18T00:00:00Z…2026-11-19T00:00:00Z",
		"call_in,call_out 2026-11-18T00:00:00Z…2026-11-19T00:00:00Z",
		"call_missed " + week,
		"call_in,call_missed,call_out e1 " + week,
		"call_in,call_missed,call_out +74951234567 " + week,
	} {
		heard.queries = nil
		charts[n].FocusGained()
		charts[n].TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if got := strings.Join(said2(heard), "; "); got != want {
			t.Errorf("Enter on chart %d opened %q, want %q", n, got, want)
		}
	}
	// Monday, 10 o'clock, of the map: ten to the right.
	heard.queries = nil
	charts[7].FocusGained()
	for range 10 {
		charts[7].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	charts[7].TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if got, want := strings.Join(said2(heard), "; "), "call_in,call_missed,call_out 2026-11-23T10:00:00Z…2026-11-23T11:00:00Z"; got != want {
		t.Errorf("the cell opened %q, want %q", got, want)
	}
}

func said2(o *opened) []string {
	var out []string
	for _, q := range o.queries {
		out = append(out, strings.Join(strings.Fields(q.Type+" "+q.Employee+q.Line+" "+q.From+"…"+q.To), " "))
	}
	return out
}

func TestReports_aCellOfSeveralWeeksAsksWhichDay(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["/reports/calls"] = reported
	heard := &opened{}
	object, view := reportsWindow(h, heard)
	test.Tap(chips(view)["30 дней"])
	canvas := shown(t, object)
	chart := pictures(view)[7]
	chart.FocusGained()
	for range 10 {
		chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	}
	chart.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if canvas.Overlays().Top() == nil || len(heard.queries) > 0 {
		t.Fatalf("no menu; opened %v", said2(heard))
	}
}

func TestReports_askForTheOwnDays(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	var asked []string
	h.school.answers["/reports/calls"] = func(q url.Values) any {
		if q.Get("group") == "employee" {
			asked = append(asked, q.Get("from")+"…"+q.Get("to")+" "+q.Get("tz"))
		}
		return reported(q)
	}
	object, view := reportsWindow(h, &opened{})
	test.Tap(chips(view)["Период…"])
	shown(t, object)
	asked = nil
	fields := all[*widgets.Entry](view)
	for _, tt := range []struct{ from, to, told, asked string }{
		{"1.11", "3.11.2026", "", "2026-11-01T00:00:00Z…2026-11-04T00:00:00Z UTC"},
		{"5.11", "3.11", "Начало позже конца", ""},
		{"позавчера", "3.11", "Не похоже на дату: позавчера", ""},
		{"1.1.2020", "3.11.2026", "Это больше года", ""},
		{"25.12", "25.12", "", "2025-12-25T00:00:00Z…2025-12-26T00:00:00Z UTC"}, // the last one, not the one to come
	} {
		asked = nil
		fields[0].SetText(tt.from)
		fields[1].SetText(tt.to)
		fields[1].OnSubmitted("")
		if got := strings.Join(asked, " "); got != tt.asked {
			t.Errorf("%s–%s asked for %q, want %q", tt.from, tt.to, got, tt.asked)
		}
		if tt.told != "" && !strings.Contains(shownWords(view), tt.told) {
			t.Errorf("%s–%s is not told %q", tt.from, tt.to, tt.told)
		}
	}
}

func TestReports_figuresAndTheirDoubtStandAsText(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["/reports/calls"] = reported
	object, view := reportsWindow(h, &opened{})
	test.Tap(chips(view)["Вчера"])
	shown(t, object)
	words := shownWords(view)
	for _, want := range []string{"Звонков", "Пропущено", "Время ответа", "90 % — до", "12 из 14", "5/15/60 мин: 5 / 8 / 12"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	var doubts []string
	for _, p := range all[*widgets.Paragraph](view) {
		doubts = append(doubts, p.Text)
	}
	want := "2 звонка восстановлены сверкой с АТС · с 11:32 до 12:32 событий от АТС не было · 1 пропущенный моложе часа: ещё могут перезвонить"
	if !slices.Contains(doubts, want) {
		t.Errorf("the doubts are %q, want %q", doubts, want)
	}
}

func TestFeed_opensWithTheFilterOfAReportAndSaysSo(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	var asked []url.Values
	h.school.answers["/feed"] = func(q url.Values) any {
		asked = append(asked, q)
		return client.Page[client.FeedEntry]{Items: entries()}
	}
	view := feed.New(h, func() *client.API { return h.api }, player.New(h, t.TempDir()), &feed.State{})
	shown(t, view)
	view.OpenQuery(client.FeedQuery{
		Type: "call_missed", Employee: "e1", Line: "+74951234567",
		From: "2026-11-24T09:00:00Z", To: "2026-11-24T10:00:00Z",
	})
	last := asked[len(asked)-1]
	if last.Get("type") != "call_missed" || last.Get("line") != "+74951234567" || last.Get("to") != "2026-11-24T10:00:00Z" {
		t.Errorf("asked for %v", last)
	}
	for _, words := range []string{"24.11, 09:00–10:00 ▾", "Киреева А. С. ▾", "+7 495 123-45-67 ▾", "Входящие, пропущены ▾"} {
		if chips(view)[words] == nil {
			t.Errorf("no chip %q", words)
		}
	}
	const drop = "Сбросить ×"
	test.Tap(chips(view)[drop])
	if last := asked[len(asked)-1]; last.Has("from") || last.Has("employee") || last.Has("type") {
		t.Errorf("the filter is dropped, but %v was asked for", last)
	}
	if found := chips(view)[drop]; found != nil && found.Visible() {
		t.Error("the chip still stands there")
	}
}
