package server_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

// entered is a call's row of the feed, as far as reports read it.
type entered struct {
	kind, result, employee, line, phone string
	at                                  time.Time
	wait, talk                          int
	restored                            bool
}

// write writes calls straight into the feed: a month of them by webhooks would take minutes.
func (s *school) write(database string, calls ...entered) {
	s.t.Helper()
	driver, place, marks := "sqlite", "file:"+filepath.Join(s.data, "dozvon.db")+"?_pragma=busy_timeout(10000)", "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
	if database != "" {
		driver, place, marks = "pgx", database, "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11"
	}
	db, err := sql.Open(driver, place)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		s.t.Fatal(err)
	}
	for n, c := range calls {
		view := fmt.Sprintf(`{"id":"e%d","padding":%q}`, n, strings.Repeat("x", 600))
		_, err := tx.Exec("INSERT INTO feed (id, type, at, phone, employee_id, line, result, wait_seconds, talk_seconds, restored, view, subject_kind, subject_id) VALUES ("+marks+", '', '')",
			fmt.Sprintf("e%d", n), c.kind, c.at.UnixMilli(), c.phone, c.employee, c.line, c.result, c.wait, c.talk, c.restored, view)
		if err != nil {
			s.t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		s.t.Fatal(err)
	}
}

func TestReports_countThePeriodAndNothingElse(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		zone := time.FixedZone("", 10*3600) // Vladivostok: most of the day lies in another day of UTC
		day := time.Date(2026, 11, 24, 0, 0, 0, 0, zone)
		at := func(hour, minute int) time.Time {
			return day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
		}
		anna, line := s.staff["101"].ID, "+74951234567"
		if _, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, s.pbx.ID, client.IntegrationInput{Lines: &[]client.Line{{Number: line, Name: "Сайт"}}}); err != nil {
			t.Fatal(err)
		}
		s.write(url,
			entered{kind: "call_in", result: "answered", employee: anna, line: line, phone: "+71", at: at(-1, 59), wait: 99, talk: 99},
			entered{kind: "call_in", result: "answered", employee: anna, line: line, phone: "+72", at: at(0, 0), wait: 4, talk: 60},
			entered{kind: "call_in", result: "answered", employee: anna, phone: "+73", at: at(9, 5), wait: 20, talk: 30, restored: true},
			entered{kind: "call_missed", result: "missed", line: line, phone: "+74", at: at(9, 10), wait: 31},
			entered{kind: "call_missed", result: "missed", line: line, at: at(23, 58), wait: 3},
			entered{kind: "call_missed", result: "missed", line: line, phone: "+75", at: at(23, 59), wait: 3},
			entered{kind: "call_out", result: "busy", employee: anna, phone: "+74", at: at(9, 12), wait: -1},
			entered{kind: "call_out", result: "answered", employee: anna, phone: "+74", at: at(9, 40), wait: 3, talk: 90},
			entered{kind: "call_out", result: "answered", employee: anna, phone: "+75", at: at(24, 3), wait: 3, talk: 90}, // the next day, but a call-back
			entered{kind: "note", employee: anna, at: at(10, 0), wait: -1},
		)
		api := s.api("105")
		read := func(group client.ReportGroup) client.Report {
			r, err := api.CallReport(t.Context(), client.ReportQuery{From: day, To: at(24, 0), Group: group, Zone: "600"})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		var got []string
		for _, group := range []client.ReportGroup{client.ByHour, client.ByDay, client.ByLine, client.ByEmployee, client.ByWeekdayHour} {
			r := read(group)
			got = append(got, fmt.Sprintf("%s: %s, %d restored", group, inWords(r.Total), r.Doubt.Restored))
			for _, item := range r.Items {
				if item.Calls > 0 {
					got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", strings.ReplaceAll(item.Key, anna, "anna"), item.Name, inWords(item.CallFigures))))
				}
			}
		}
		all := "7 calls, 2+3 in, 2 out, answer 4/20, talk 180, back 2 2 2 of 2, reached 1 1 2"
		want := []string{
			"hour: " + all + ", 1 restored",
			"2026-11-24T00:00:00+10:00  1 calls, 1+0 in, 0 out, answer 4/4, talk 60, back 0 0 0 of 0, reached 0 0 0",
			"2026-11-24T09:00:00+10:00  4 calls, 1+1 in, 2 out, answer 20/20, talk 120, back 1 1 1 of 1, reached 0 0 1",
			"2026-11-24T23:00:00+10:00  2 calls, 0+2 in, 0 out, answer -/-, talk 0, back 1 1 1 of 1, reached 1 1 1",
			"day: " + all + ", 1 restored",
			"2026-11-24T00:00:00+10:00  " + all,
			"line: " + all + ", 1 restored",
			"+74951234567 Сайт 4 calls, 1+3 in, 0 out, answer 4/4, talk 60, back 2 2 2 of 2, reached 1 1 2",
			"3 calls, 1+0 in, 2 out, answer 20/20, talk 120, back 0 0 0 of 0, reached 0 0 0",
			"employee: " + all + ", 1 restored",
			"anna Сотрудник 101 4 calls, 2+0 in, 2 out, answer 4/20, talk 180",
			"3 calls, 0+3 in, 0 out, answer -/-, talk 0",
			"weekday_hour: " + all + ", 1 restored",
			"2-0  1 calls, 1+0 in, 0 out, answer 4/4, talk 60, back 0 0 0 of 0, reached 0 0 0",
			"2-9  4 calls, 1+1 in, 2 out, answer 20/20, talk 120, back 1 1 1 of 1, reached 0 0 1",
			"2-23  2 calls, 0+2 in, 0 out, answer -/-, talk 0, back 1 1 1 of 1, reached 1 1 1",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func inWords(f client.CallFigures) string {
	seconds := func(n *int) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	out := fmt.Sprintf("%d calls, %d+%d in, %d out, answer %s/%s, talk %d", f.Calls, f.Answered, f.Missed, f.Out, seconds(f.AnswerMedian), seconds(f.AnswerP90), f.TalkSeconds)
	if b := f.CallBacks; b != nil {
		out += fmt.Sprintf(", back %d %d %d of %d, reached %d %d %d", b.Within5, b.Within15, b.Within60, b.Of, b.Reached5, b.Reached15, b.Reached60)
	}
	return out
}

func TestReports_sayWhatIsWrongWithAPeriod(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	now := time.Now()
	for _, q := range []client.ReportQuery{
		{From: now, To: now.Add(-time.Hour), Group: client.ByDay},
		{From: now.AddDate(-3, 0, 0), To: now, Group: client.ByDay},
		{From: now.Add(-time.Hour), To: now, Group: client.ByDay, Zone: "Nowhere/Land"},
		{From: now.Add(-time.Hour), To: now, Group: "moon"},
	} {
		var p *client.Problem
		if _, err := s.api("105").CallReport(t.Context(), q); !asProblem(err, &p) || p.Code != "invalid" || len(p.Fields) == 0 {
			t.Errorf("%v: got %v, want an invalid field", q, err)
		}
	}
}

func TestReports_countWhatTheWebhooksTold(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	s.ring(1, "79160000001", "101", true)
	s.ring(2, "79160000002", "102", false)
	all, err := s.api("105").Feed(t.Context(), client.FeedQuery{Type: "call_in,call_missed"})
	if err != nil || len(all.Items) != 2 {
		t.Fatalf("the feed has %d calls, %v", len(all.Items), err)
	}
	var from, to time.Time
	for _, e := range all.Items {
		if from.IsZero() || e.At.Before(from) {
			from = e.At
		}
		if e.At.After(to) {
			to = e.At
		}
	}
	r, err := s.api("105").CallReport(t.Context(), client.ReportQuery{From: from.Truncate(time.Second), To: to.Add(time.Second), Group: client.ByEmployee})
	if err != nil || r.Total.Answered != 1 || r.Total.Missed != 1 || r.Total.AnswerMedian == nil {
		t.Fatalf("counted %s, %v", inWords(r.Total), err)
	}
	for _, item := range r.Items {
		if item.Answered == 1 && item.Key != s.staff["101"].ID {
			t.Errorf("%q answered, want %q", item.Name, s.staff["101"].Name)
		}
	}
}
