package server_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// past is what is told of calls that are over, but whose the name is: that follows the cards of today.
type past struct {
	Calls  map[string]pastCall
	Feed   map[string]string
	Missed map[string]string
	Lines  map[string]string
	Report map[string]string
}

type pastCall struct {
	Source, Line, LineName, Employee, Result, Reason, Why string
	Rang, Path, Recordings                                []string
}

func nameOf(p *client.Person) string {
	if p == nil {
		return "—"
	}
	return p.Name
}

// told reads everything that is told of the past through the API, with the calls as the store gives them.
func (s *school) told(t *testing.T) past {
	t.Helper()
	api := s.api("105")
	p := past{Calls: map[string]pastCall{}, Feed: map[string]string{}, Missed: map[string]string{}, Lines: map[string]string{}, Report: map[string]string{}}
	names := map[string]string{}
	for _, e := range s.staff {
		names[e.ID] = e.Name
	}
	all, _, err := s.parts.Calls.Reader.Calls(t.Context(), client.Employee{Role: client.RoleAdmin}, false, storeStart, 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		got := pastCall{Source: c.Source, Line: c.Line, LineName: c.LineName, Employee: nameOf(c.Employee), Result: string(c.Result)}
		_, got.Why, _ = strings.Cut(c.Why, "; ")
		if c.Reason != nil {
			got.Reason = c.Reason.Text
		}
		for _, id := range c.Rang {
			got.Rang = append(got.Rang, names[id])
		}
		for _, step := range c.Path {
			got.Path = append(got.Path, step.Extension+" "+nameOf(step.Employee))
		}
		for _, r := range c.Recordings {
			got.Recordings = append(got.Recordings, r.Extension+" "+nameOf(r.Employee))
		}
		p.Calls[cmp.Or(c.Phone, "internal")+" "+string(c.Direction)] = got
	}
	page, err := api.Feed(t.Context(), client.FeedQuery{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range page.Items {
		if e.Type != client.EntryNote && e.CallID != "" {
			_, why, _ := strings.Cut(e.Why, "; ")
			p.Feed[e.Phone+" "+string(e.Type)] = fmt.Sprint(e.Source, "|", e.SourceName, "|", nameOf(e.Employee), "|", e.Line, "|", why)
		}
	}
	missed, err := api.Missed(t.Context(), "", client.MissedWaiting, client.MissedTaken)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range missed.Items {
		p.Missed[m.Phone] = fmt.Sprint(m.Line, " ", m.LineName, " ", nameOf(m.TakenBy))
	}
	lines, err := api.Lines(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		p.Lines[l.Number] = l.Name
	}
	for _, group := range []client.ReportGroup{client.ByEmployee, client.ByLine} {
		r, err := api.CallReport(t.Context(), client.ReportQuery{From: time.Unix(1759900000, 0), To: time.Unix(1760500000, 0), Group: group})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range r.Items {
			raw, _ := json.Marshal(row)
			p.Report[string(group)+" "+row.Key] = string(raw)
		}
	}
	return p
}

func wantPast(t *testing.T, when string, was, now past) {
	t.Helper()
	for number, c := range was.Calls {
		if got := now.Calls[number]; fmt.Sprint(got) != fmt.Sprint(c) {
			t.Errorf("%s: the call of %s is told as\n%+v, was\n%+v", when, number, got, c)
		}
	}
	for what, pair := range map[string][2]map[string]string{
		"feed": {was.Feed, now.Feed}, "missed": {was.Missed, now.Missed}, "lines": {was.Lines, now.Lines}, "report": {was.Report, now.Report},
	} {
		if !maps.Equal(pair[0], pair[1]) {
			for _, k := range slices.Sorted(maps.Keys(pair[0])) {
				if pair[0][k] != pair[1][k] {
					t.Errorf("%s: %s of %s is told as\n%s, was\n%s", when, what, k, pair[1][k], pair[0][k])
				}
			}
		}
	}
}

// withPast is a school that has had calls of every kind, one of them sent to the responsible employee
// and one to whoever was asked to call back.
func withPast(t *testing.T, database string, now func() time.Time) (*school, *practice.PBX) {
	t.Helper()
	s, pbx := withPBXOf(t, server.Config{Database: database, Now: now}, untilRouted())
	lines := []client.Line{{Number: "+74950000010", Name: "Реклама"}}
	s.change(client.IntegrationInput{Lines: &lines, Forwarding: ptr(true)})
	s.student(longName, "+79000000701", "103")
	if _, err := pbx.Call(practice.CallRequest{From: "79000000701", To: "101", Scenario: "answered"}); err != nil {
		t.Fatal(err)
	}
	c := s.ended("79000000701")
	if !strings.Contains(c.Why, "переведён на ответственного за договор: Сотрудник 103") {
		t.Fatalf("the call was not sent to the responsible: %s", c.Why)
	}
	dirs, _ := filepath.Glob("../mango/testdata/samples/flows/*")
	for _, dir := range dirs {
		events, _ := readFlow(t, dir)
		for _, e := range events {
			s.mustDeliver(e.Path, string(e.JSON))
		}
	}
	return s, pbx
}

// TestPast_staysWhateverBecomesOfPBXEmployeesAndLines: what a call was is told from what was stored with
// it, also when it is written once more: by a note, another binding, or a late word of the PBX.
func TestPast_staysWhateverBecomesOfPBXEmployeesAndLines(t *testing.T) {
	t.Parallel()
	table := func(s *school, of func(ext string) string) error {
		var rows []client.ExtensionRow
		for ext := range s.staff {
			if id := of(ext); id != "" {
				rows = append(rows, client.ExtensionRow{EmployeeID: id, Extension: ext})
			}
		}
		_, err := s.api("105").SetExtensions(t.Context(), s.pbx.ID, rows)
		return err
	}
	next := map[string]string{"101": "102", "102": "103", "103": "104", "104": "105", "105": "101"}
	for name, change := range map[string]func(t *testing.T, s *school) error{
		"the PBX is deleted": func(t *testing.T, s *school) error { return s.api("105").DeleteIntegration(t.Context(), s.pbx.ID) },
		"the PBX's row is gone": func(t *testing.T, s *school) error {
			db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.Join(s.data, "dozvon.db")}).EscapedPath()+"?_pragma=busy_timeout(10000)")
			if err != nil {
				return err
			}
			defer db.Close()
			if _, err = db.Exec("DELETE FROM integrations"); err == nil {
				err = s.parts.Directory.Reload(t.Context())
			}
			return err
		},
		"every extension is another's": func(_ *testing.T, s *school) error {
			return table(s, func(ext string) string { return s.staff[next[ext]].ID })
		},
		"the extensions are nobody's": func(_ *testing.T, s *school) error { return table(s, func(string) string { return "" }) },
		"employees are switched off": func(t *testing.T, s *school) error {
			for _, ext := range []string{"101", "102", "103"} {
				if _, err := s.api("105").UpdateEmployee(t.Context(), s.staff[ext].ID, client.EmployeeInput{Active: ptr(false)}); err != nil {
					return err
				}
			}
			return nil
		},
		"the line is called otherwise": func(t *testing.T, s *school) error {
			s.change(client.IntegrationInput{Lines: &[]client.Line{{Number: "+74950000010", Name: "Сайт"}}})
			return nil
		},
		"the client is another's now": func(t *testing.T, s *school) error {
			page, err := s.api("105").Contracts(t.Context(), "", "")
			if err != nil {
				return err
			}
			_, err = s.api("105").UpdateContract(t.Context(), page.Items[0].ID, client.ContractInput{ResponsibleID: ptr(s.staff["101"].ID)})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := withPast(t, "", nil)
			was := s.told(t)
			if len(was.Calls) < 15 || len(was.Feed) < 12 || len(was.Missed) == 0 {
				t.Fatalf("only %d calls, %d entries, %d missed are known", len(was.Calls), len(was.Feed), len(was.Missed))
			}
			if was.Calls["+79000000101 in"].LineName != "Реклама" || !strings.Contains(was.Missed["+79000000103"], "Реклама") {
				t.Fatalf("the line has no name in %+v, %+v", was.Calls, was.Missed)
			}
			if err := change(t, s); err != nil {
				t.Fatal(err)
			}
			now := s.told(t)
			if name == "the line is called otherwise" {
				was.Lines, was.Report = now.Lines, now.Report // a list of lines is of today's
			}
			wantPast(t, "once "+name, was, now)
			s.writeAgain(t)
			wantPast(t, "once "+name+" and every call is written anew", was, s.told(t))
		})
	}
}

// writeAgain lets everything that can write an old call do so.
func (s *school) writeAgain(t *testing.T) {
	t.Helper()
	api := s.api("105")
	card, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Кто-то")})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.parts.Store.Calls(t.Context(), storeStart, 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range all {
		if _, err := api.NoteCall(t.Context(), rec.ID, client.CallNote{Text: "вспомнили"}); err != nil {
			t.Errorf("a note on %s: %v", rec.Key, err)
		}
		if _, err := api.BindCall(t.Context(), rec.ID, client.SubjectRef{Kind: client.KindClient, ID: card.ID}); err != nil {
			t.Errorf("binding %s: %v", rec.Key, err)
		}
		if _, err := api.UnbindCall(t.Context(), rec.ID); err != nil {
			t.Errorf("binding %s back: %v", rec.Key, err)
		}
		// A late word of the PBX, while it is still connected: a leg's end that was heard already, a second later.
		s.deliver("events/dtmf", fmt.Sprintf(`{"seq":99,"dtmf":"9","timestamp":%d,"call_id":"late","entry_id":%q,"location":"ivr"}`, rec.View.StartedAt.Unix()+1, rec.Key))
	}
}

// TestPast_callsOfADeletedPBXEnd: a call that went on when its PBX was deleted, be it one that was sent to
// the responsible employee, is closed by its time, and so are the others.
func TestPast_callsOfADeletedPBXEnd(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		var ahead atomic.Int64
		s, pbx := withPBXOf(t, server.Config{Database: url, Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}, untilRouted())
		s.student(longName, "+79000000702", "103")
		s.forward(true)
		if _, err := pbx.Call(practice.CallRequest{From: "79000000702", To: "101", Scenario: "answered", TalkMS: 600_000}); err != nil {
			t.Fatal(err)
		}
		s.until("79000000702", "be sent to 103", func(c client.Call) bool {
			return c.State == client.StateTalking && strings.Contains(c.Why, "переведён")
		})
		if err := s.api("105").DeleteIntegration(t.Context(), s.pbx.ID); err != nil {
			t.Fatal(err)
		}
		ahead.Store(int64(2 * time.Minute))
		if err := s.parts.Calls.CloseForgotten(t.Context()); err != nil {
			t.Error(err)
		}
		active, err := s.parts.Store.ActiveCalls(t.Context())
		if err != nil || len(active) != 0 {
			t.Fatalf("%d calls still go on, %v", len(active), err)
		}
		c := s.ended("79000000702")
		if nameOf(c.Employee) != "Сотрудник 103" || c.Source != "mango" || !strings.Contains(c.Why, "ответственного за договор: Сотрудник 103") {
			t.Errorf("the call ended as %+v", c)
		}
		people, err := s.api("105").Employees(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range people {
			if e.Presence == client.PresenceTalking {
				t.Errorf("%s still talks", e.Name)
			}
		}
	})
}

// TestPast_aPBXConnectedAgainKnowsItsCalls: whoever deletes a PBX and connects it once more has each of
// its calls once, and their recordings.
func TestPast_aPBXConnectedAgainKnowsItsCalls(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, pbx := withPBXOf(t, server.Config{Database: url}, practice.Config{NoLimits: true})
		api := s.api("105")
		connect := client.IntegrationInput{Kind: &s.pbx.Kind, Active: ptr(true), APIKey: ptr(key), APISalt: ptr(salt), APIURL: &s.pbx.APIURL}
		for again := range 3 {
			number := fmt.Sprintf("7900000071%d", again)
			if _, err := pbx.Call(practice.CallRequest{From: number, To: "101", Scenario: "answered"}); err != nil {
				t.Fatal(err)
			}
			c := s.until(number, "have its recording", func(c client.Call) bool { return c.Recording != nil && c.Recording.Ready })
			if err := pbx.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := api.DeleteIntegration(t.Context(), s.pbx.ID); err != nil {
				t.Fatal(err)
			}
			var err error
			if s.pbx, err = api.CreateIntegration(t.Context(), connect); err != nil {
				t.Fatal(err)
			}
			if err := s.parts.Reconciler.Reconcile(t.Context(), s.pbx.ID); err != nil {
				t.Fatal(err)
			}
			calls, err := api.Feed(t.Context(), client.FeedQuery{Type: string(client.EntryCallIn)})
			if err != nil || len(calls.Items) != again+1 {
				t.Fatalf("connected again, the feed has %d calls, %v; want %d", len(calls.Items), err, again+1)
			}
			if body, status := fetch(t, api, c.ID, 0); status != http.StatusOK || len(body) == 0 {
				t.Errorf("the recording is answered %d with %d bytes", status, len(body))
			}
		}
		connect.APIKey = ptr("another")
		if other, err := api.CreateIntegration(t.Context(), connect); err != nil || other.ID == s.pbx.ID {
			t.Errorf("another PBX is connected as %+v, %v", other, err)
		}
	})
}
