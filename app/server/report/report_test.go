package report_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/server/report"
	"dozvon/client"
)

var moscow = time.FixedZone("", 3*3600)

// monday is a Monday at midnight in Moscow.
var monday = time.Date(2026, 11, 23, 0, 0, 0, 0, moscow)

func query(group client.ReportGroup, length time.Duration) report.Query {
	return report.Query{From: monday, To: monday.Add(length), Group: group, Zone: moscow}
}

// in, missed and out are calls that began so long after monday.
func in(at time.Duration, wait, calls, talk int) report.Tally {
	return report.Tally{Start: monday.Add(at).UnixMilli(), Type: entry.CallIn, Answered: true, Wait: wait, Calls: calls, Talk: talk}
}

func missed(at time.Duration, calls int) report.Tally {
	return report.Tally{Start: monday.Add(at).UnixMilli(), Type: entry.CallMissed, Wait: 30, Calls: calls}
}

func out(at time.Duration, answered bool, calls, talk int) report.Tally {
	return report.Tally{Start: monday.Add(at).UnixMilli(), Type: entry.CallOut, Answered: answered, Wait: 4, Calls: calls, Talk: talk}
}

func TestBuild_countsWhatPeopleAskFor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		tallies []report.Tally
		want    string
	}{
		{
			"no calls: no share, no time, no average", nil,
			"0 calls: 0 answered, 0 missed (0.00), 0 out (0 answered); answer -/-; talk 0, on average 0",
		},
		{
			"the share is of inbound calls, outgoing ones do not thin it",
			[]report.Tally{in(0, 5, 3, 300), missed(0, 1), out(0, true, 96, 960)},
			"100 calls: 3 answered, 1 missed (0.25), 96 out (96 answered); answer 5/5; talk 1260, on average 13",
		},
		{
			"the wait of a missed or outgoing call is no time to answer",
			[]report.Tally{missed(0, 9), out(0, true, 9, 0), in(0, 7, 1, 0)},
			"19 calls: 1 answered, 9 missed (0.90), 9 out (9 answered); answer 7/7; talk 0, on average 0",
		},
		{
			"the median is a wait that really was, nine of ten wait no longer than p90",
			[]report.Tally{in(0, 2, 1, 0), in(0, 4, 1, 0), in(0, 6, 1, 0), in(0, 8, 1, 0), in(0, 10, 1, 0), in(0, 12, 1, 0), in(0, 14, 1, 0), in(0, 16, 1, 0), in(0, 18, 1, 0), in(0, 90, 1, 0)},
			"10 calls: 10 answered, 0 missed (0.00), 0 out (0 answered); answer 10/18; talk 0, on average 0",
		},
		{
			"a wait that nobody noted is left out of the median, not counted as none",
			[]report.Tally{in(0, report.Unknown, 5, 0), in(0, 8, 1, 0)},
			"6 calls: 6 answered, 0 missed (0.00), 0 out (0 answered); answer 8/8; talk 0, on average 0",
		},
		{
			"an average is over conversations, not over tries",
			[]report.Tally{out(0, false, 8, 0), out(0, true, 1, 61), in(0, 1, 1, 60)},
			"10 calls: 1 answered, 0 missed (0.00), 9 out (1 answered); answer 1/1; talk 121, on average 61",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := figures(report.Build(query(client.ByDay, 24*time.Hour), report.Facts{Tallies: tt.tallies}).Total); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func figures(f client.CallFigures) string {
	seconds := func(n *int) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	return fmt.Sprintf("%d calls: %d answered, %d missed (%.2f), %d out (%d answered); answer %s/%s; talk %d, on average %d",
		f.Calls, f.Answered, f.Missed, f.MissedShare, f.Out, f.OutAnswered, seconds(f.AnswerMedian), seconds(f.AnswerP90), f.TalkSeconds, f.TalkAverage)
}

func TestBuild_callBacks(t *testing.T) {
	t.Parallel()
	miss := func(phone string, minute float64) report.Try { return report.Try{Phone: phone, At: after(minute)} }
	call := func(phone string, minute float64, answered bool) report.Try {
		return report.Try{Phone: phone, At: after(minute), Out: true, Answered: answered}
	}
	tests := []struct {
		name  string
		tries []report.Try
		want  string
	}{
		{"nobody was missed", nil, "0 of 0: tried 0 0 0, reached 0 0 0, open 0"},
		{"a hidden number cannot be called back", []report.Try{miss("", 0)}, "0 of 0: tried 0 0 0, reached 0 0 0, open 0"},
		{"a call before the missed one is no call-back", []report.Try{call("1", 0, true), miss("1", 1)}, "0 of 1: tried 0 0 0, reached 0 0 0, open 0"},
		{"on the minute still counts", []report.Try{miss("1", 0), call("1", 5, true)}, "1 of 1: tried 1 1 1, reached 1 1 1, open 0"},
		{"a moment later does not", []report.Try{miss("1", 0), call("1", 5.001, true)}, "1 of 1: tried 0 1 1, reached 0 1 1, open 0"},
		{"tried at once, reached later", []report.Try{miss("1", 0), call("1", 2, false), call("1", 14, true)}, "1 of 1: tried 1 1 1, reached 0 1 1, open 0"},
		{"tried, never reached", []report.Try{miss("1", 0), call("1", 2, false)}, "1 of 1: tried 1 1 1, reached 0 0 0, open 0"},
		{"another number's call is not his", []report.Try{miss("1", 0), call("2", 2, true)}, "0 of 1: tried 0 0 0, reached 0 0 0, open 0"},
		{"one call answers for both of his calls", []report.Try{miss("1", 0), miss("1", 20), call("1", 30, true)}, "2 of 2: tried 0 1 2, reached 0 1 2, open 0"},
		{"after an hour it is too late to count", []report.Try{miss("1", 0), call("1", 61, true)}, "0 of 1: tried 0 0 0, reached 0 0 0, open 0"},
		{"the order in which they were read does not matter", []report.Try{call("1", 14, true), call("1", 2, false), miss("1", 0)}, "1 of 1: tried 1 1 1, reached 0 1 1, open 0"},
		{"missed within the last hour there is still time", []report.Try{miss("1", 23*60+30), miss("2", 23*60+30), call("2", 23*60+31, false)}, "1 of 2: tried 1 1 1, reached 0 0 0, open 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := report.Build(query(client.ByDay, 24*time.Hour), report.Facts{Tries: tt.tries, Now: monday.Add(24 * time.Hour)})
			for where, b := range map[string]*client.CallBacks{"total": r.Total.CallBacks, "day": r.Items[0].CallBacks} {
				got := fmt.Sprintf("%d of %d: tried %d %d %d, reached %d %d %d, open %d", b.Within60, b.Of, b.Within5, b.Within15, b.Within60, b.Reached5, b.Reached15, b.Reached60, b.Open)
				if got != tt.want {
					t.Errorf("%s:\n got %s\nwant %s", where, got, tt.want)
				}
			}
		})
	}
}

func after(minutes float64) int64 {
	return monday.Add(time.Duration(minutes * float64(time.Minute))).UnixMilli()
}

func TestBuild_hoursAndDaysWithoutCallsStandInIt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		query report.Query
		want  string
	}{
		{"the hours of a day", query(client.ByHour, 24*time.Hour), "24 rows, first 2026-11-23T00:00:00+03:00, last 2026-11-23T23:00:00+03:00, calls at 14: 2"},
		{"the days of a week", query(client.ByDay, 7*24*time.Hour), "7 rows, first 2026-11-23T00:00:00+03:00, last 2026-11-29T00:00:00+03:00, calls at 0: 2"},
		{"the cells of a week", query(client.ByWeekdayHour, 24*time.Hour), "168 rows, first 1-0, last 7-23, calls at 14: 2"},
	}
	for _, tt := range tests {
		r := report.Build(tt.query, report.Facts{Tallies: []report.Tally{in(14*time.Hour, 3, 1, 0), missed(14*time.Hour, 1)}})
		at := slices.IndexFunc(r.Items, func(i client.ReportRow) bool { return i.Calls > 0 })
		got := fmt.Sprintf("%d rows, first %s, last %s, calls at %d: %d", len(r.Items), r.Items[0].Key, r.Items[len(r.Items)-1].Key, at, r.Items[max(0, at)].Calls)
		if got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestBuild_aRowsBoundsHoldTheCallsThatWereCounted(t *testing.T) {
	t.Parallel()
	q := report.Query{From: monday.Add(12*time.Hour + 10*time.Minute), To: monday.Add(14*time.Hour + 5*time.Minute), Group: client.ByHour, Zone: moscow}
	var got []string
	for _, item := range report.Build(q, report.Facts{}).Items {
		got = append(got, item.From.In(moscow).Format("15:04")+"–"+item.To.In(moscow).Format("15:04"))
	}
	if want := "12:10–13:00 13:00–14:00 14:00–14:05"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestBuild_aCellNamesTheHoursItIsMadeOf(t *testing.T) {
	t.Parallel()
	week := 7 * 24 * time.Hour
	r := report.Build(query(client.ByWeekdayHour, 2*week), report.Facts{Tallies: []report.Tally{
		in(week+14*time.Hour, 3, 5, 0), in(14*time.Hour, 3, 2, 0), missed(14*time.Hour, 1),
	}})
	var got []string
	for _, h := range r.Items[14].Hours {
		got = append(got, fmt.Sprintf("%s: %d", h.From.In(moscow).Format("02.01 15:04"), h.Calls))
	}
	if want := "23.11 14:00: 3, 30.11 14:00: 5"; strings.Join(got, ", ") != want || r.Items[14].Key != "1-14" {
		t.Errorf("%s has %v, want 1-14 with %s", r.Items[14].Key, got, want)
	}
}

func TestBuild_theBusiestStandFirst(t *testing.T) {
	t.Parallel()
	by := func(key string, calls int) report.Tally {
		return report.Tally{Key: key, Type: entry.CallOut, Calls: calls}
	}
	r := report.Build(query(client.ByEmployee, time.Hour), report.Facts{
		Tallies: []report.Tally{by("a", 1), by("b", 5), by("", 2), by("a", 3)},
		Names:   map[string]string{"a": "Анна", "b": "Борис"},
		Tries:   []report.Try{{Phone: "1", At: after(1)}},
	})
	var got []string
	for _, item := range r.Items {
		got = append(got, fmt.Sprintf("%s %s %d", item.Key, item.Name, item.Calls))
		if item.CallBacks != nil {
			t.Errorf("%q has call-backs, but a missed call is nobody's", item.Key)
		}
	}
	if want := "b Борис 5|a Анна 4|  2"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
	if r.Total.CallBacks.Of != 1 {
		t.Errorf("the total has %d missed to call back, want 1", r.Total.CallBacks.Of)
	}
}

func TestQuery_isCutWhereTheClockIsTurned(t *testing.T) {
	t.Parallel()
	berlin, err := report.Zone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	q := report.Query{From: time.Date(2026, 10, 1, 0, 0, 0, 0, berlin), To: time.Date(2026, 11, 1, 0, 0, 0, 0, berlin), Zone: berlin}
	var got []string
	for _, s := range q.Segments() {
		got = append(got, fmt.Sprintf("%s–%s %v", s.From.UTC().Format("02.01 15:04"), s.To.UTC().Format("02.01 15:04"), s.Offset))
	}
	if want := "30.09 22:00–25.10 01:00 2h0m0s, 25.10 01:00–31.10 23:00 1h0m0s"; strings.Join(got, ", ") != want {
		t.Errorf("got %v\nwant %s", got, want)
	}
	q.Group = client.ByDay
	if days := len(report.Build(q, report.Facts{}).Items); days != 31 {
		t.Errorf("October has %d days, want 31", days)
	}
}

func TestNewQuery_refusesWhatItCannotCount(t *testing.T) {
	t.Parallel()
	now := monday
	tests := []struct {
		name, zone string
		from, to   time.Time
		want       error
	}{
		{"a week until now when nothing is said", "", time.Time{}, time.Time{}, nil},
		{"an offset", "-210", now.Add(-time.Hour), now, nil},
		{"the other way round", "", now, now.Add(-time.Hour), report.ErrOrder},
		{"nothing", "", now, now, report.ErrOrder},
		{"two years", "", now.AddDate(-2, 0, 0), now, report.ErrLong},
		{"a leap year", "", now.AddDate(-1, 0, -1), now, nil},
		{"no such place", "Mars/Olympus", now.Add(-time.Hour), now, report.ErrZone},
		{"the server's own zone", "Local", now.Add(-time.Hour), now, report.ErrZone},
		{"an offset of days", "100000", now.Add(-time.Hour), now, report.ErrZone},
	}
	for _, tt := range tests {
		if _, err := report.NewQuery(tt.from, tt.to, client.ByDay, tt.zone, now); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestTable_isTheReportInRows(t *testing.T) {
	t.Parallel()
	r := report.Build(query(client.ByLine, time.Hour), report.Facts{
		Tallies: []report.Tally{
			{Key: "+74951234567", Type: entry.CallIn, Wait: 6, Calls: 2, Talk: 90, Answered: true},
			{Key: "+74951234567", Type: entry.CallMissed, Wait: 6, Calls: 1},
			{Key: "", Type: entry.CallOut, Wait: report.Unknown, Calls: 1},
		},
		Tries: []report.Try{{Phone: "1", Line: "+74951234567", At: after(1)}, {Phone: "1", At: after(3), Out: true}},
		Names: map[string]string{"+74951234567": "Сайт"},
	})
	rows := report.Table(r, "ru")
	var got []string
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			t.Errorf("%v has %d cells, the head %d", row, len(row), len(rows[0]))
		}
		got = append(got, strings.Join(row, ";"))
	}
	want := []string{
		"Линия;Звонков;Принято;Пропущено;Пропущено, %;Исходящих;Исходящих с разговором;Ответ, медиана, с;Ответ, 90 %, с;Разговоры, с;Разговор в среднем, с;Пропущено с номером;Перезвонили за 5 мин;Перезвонили за 15 мин;Перезвонили за 60 мин;Дозвонились за 60 мин",
		"Сайт +74951234567;3;2;1;33.3;0;0;6;6;90;45;1;1;1;1;0",
		"—;1;0;0;0.0;1;0;;;0;0;0;0;0;0;0",
		"Всего;4;2;1;33.3;1;0;6;6;90;45;1;1;1;1;0",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for group, first := range map[client.ReportGroup]string{
		client.ByHour: "2026-11-23 00:00", client.ByDay: "2026-11-23", client.ByWeekdayHour: "Mon 0:00",
	} {
		if rows := report.Table(report.Build(query(group, time.Hour), report.Facts{}), "en"); rows[1][0] != first {
			t.Errorf("by %s the first row is %q, want %q", group, rows[1][0], first)
		}
	}
}

// TestWithDoubts_saysInTheFileWhatTheFiguresLack: below the total, in the zone of whoever asked.
func TestWithDoubts_saysInTheFileWhatTheFiguresLack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 23, 5, 0, 0, time.UTC)
	r := client.Report{Doubt: client.ReportDoubt{Restored: 2, Outages: []client.Outage{
		{From: at, To: at.Add(time.Hour), Cause: "pbx"}, {From: at.Add(2 * time.Hour), To: at.Add(3 * time.Hour), Cause: "server"},
	}}}
	r.Total.CallBacks = &client.CallBacks{Of: 3, Open: 1}
	rows := report.WithDoubts([][]string{{"День"}, {"Всего"}}, r, time.FixedZone("", 10*3600), "ru")
	want := [][]string{
		{"День"},
		{"Всего"},
		{""},
		{"Звонков, восстановленных сверкой с АТС: 2"},
		{"С 25.11.2026 09:05 до 25.11.2026 10:05 событий от АТС не было"},
		{"С 25.11.2026 11:05 до 25.11.2026 12:05 сервер не работал"},
		{"Пропущенных моложе часа, им ещё могут перезвонить: 1"},
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("got\n%s\nwant\n%s", rows, want)
	}
	whole := client.Report{}
	whole.Total.CallBacks = &client.CallBacks{Of: 3}
	if rows := report.WithDoubts([][]string{{"День"}}, whole, time.UTC, "en"); len(rows) != 1 {
		t.Errorf("a report without doubts has the rows %v", rows)
	}
}
