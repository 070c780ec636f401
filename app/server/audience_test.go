package server_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// participantsOnly lets only those who took part, and managers, hear recordings.
func (s *school) participantsOnly() {
	s.t.Helper()
	only := client.ForParticipants
	if _, err := s.api("105").UpdateSettings(s.t.Context(), client.SchoolInput{RecordingsFor: &only}); err != nil {
		s.t.Fatal(err)
	}
}

// opens tells what an employee gets of a call: each line is the way, and 200 or the code of the refusal.
func (s *school) opens(api *client.API, callID, noteID string) string {
	s.t.Helper()
	ctx := s.t.Context()
	code := func(err error) string {
		var p *client.Problem
		switch {
		case err == nil:
			return "200"
		case asProblem(err, &p):
			return p.Code
		}
		s.t.Fatal(err)
		return ""
	}
	var got []string
	add := func(way string, err error) { got = append(got, way+" "+code(err)) }
	_, err := api.Call(ctx, callID)
	add("call", err)
	resp, err := api.Recording(ctx, callID, 0)
	if err == nil {
		resp.Body.Close()
	}
	add("recording", err)
	_, err = api.NoteCall(ctx, callID, client.CallNote{Text: "заметка"})
	add("note", err)
	_, err = api.NoteVersions(ctx, noteID)
	add("versions", err)
	_, err = api.UnbindCall(ctx, callID)
	add("bind", err)
	return strings.Join(got, ", ")
}

const (
	allOpen   = "call 200, recording 200, note 200, versions 200, bind 200"
	allClosed = "call participants_only, recording participants_only, note participants_only, versions participants_only, bind participants_only"
)

// shown tells whether an employee's feed shows the recording of a call, whether their list of calls has
// it, and whether a task that is tied to it tells of the recording.
func (s *school) shown(api *client.API, token, callID string) (inFeed, inCalls, inTask bool) {
	s.t.Helper()
	page, err := api.Feed(s.t.Context(), client.FeedQuery{Type: "call_in"})
	if err != nil {
		s.t.Fatal(err)
	}
	found := false
	for _, e := range page.Items {
		if e.CallID == callID {
			found, inFeed = true, e.Recording != nil && len(e.Recordings) > 0
			if (e.Recording == nil) != (len(e.Recordings) == 0) {
				s.t.Errorf("half of the recordings is hidden: %+v", e)
			}
		}
	}
	if !found {
		s.t.Errorf("the feed lacks call %s", callID)
	}
	inCalls = strings.Contains(s.get(token, "/api/v1/calls?limit=500"), callID)
	due := time.Now().Add(time.Hour)
	task, err := api.AddTask(s.t.Context(), client.NewTask{CallID: callID, Note: "перезвонить", DueAt: &due})
	if err != nil {
		s.t.Fatal(err)
	}
	tasks, err := api.Tasks(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, t := range tasks {
		if t.ID == task.ID && (t.Recording != nil) != (task.Recording != nil) {
			s.t.Errorf("the list of tasks tells of the recording: %v, the answer: %v", t.Recording != nil, task.Recording != nil)
		}
	}
	return inFeed, inCalls, task.Recording != nil
}

func (s *school) get(token, path string) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.http.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		s.t.Fatalf("%s answered %d, %v", path, resp.StatusCode, err)
	}
	return string(body)
}

// TestRecordings_areForParticipantsWhereTheSchoolSaysSo: a call goes from 101 over 102 to 103, each of
// them takes part; 104, whose client the caller is, does not. Without the setting everybody may.
func TestRecordings_areForParticipantsWhereTheSchoolSaysSo(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, pbx := withPBXOf(t, server.Config{Database: url}, practice.Config{NoLimits: true})
		s.student("Петрова Мария", "+79000000601", "104")
		c := s.talking(pbx, "79000000601")
		s.transfer("101", "102", c.ID)
		s.transfer("102", "103", c.ID)
		if err := s.api("103").Hangup(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		c = s.until("79000000601", "have its recording", func(c client.Call) bool { return c.Recording != nil && c.Recording.Ready })
		note, err := s.api("101").NoteCall(t.Context(), c.ID, client.CallNote{Text: "первая"})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.opens(s.api("104"), c.ID, note.ID); got != allOpen {
			t.Errorf("for all, another operator gets %s", got)
		}
		if feed, calls, task := s.shown(s.api("104"), s.token("104"), c.ID); !feed || !calls || !task {
			t.Errorf("for all, another operator sees it: %v in the feed, %v in the list, %v in a task", feed, calls, task)
		}

		s.participantsOnly()
		for _, who := range []struct {
			ext   string
			takes bool
		}{{"101", true}, {"102", true}, {"103", true}, {"104", false}, {"105", true}} {
			want := allClosed
			if who.takes {
				want = allOpen
			}
			if got := s.opens(s.api(who.ext), c.ID, note.ID); got != want {
				t.Errorf("%s gets %s,\nwant %s", who.ext, got, want)
			}
			if feed, calls, task := s.shown(s.api(who.ext), s.token(who.ext), c.ID); feed != who.takes || calls != who.takes || task != who.takes {
				t.Errorf("%s sees it: %v in the feed, %v in the list, %v in a task; want %v", who.ext, feed, calls, task, who.takes)
			}
		}
		var p *client.Problem
		if _, err := s.api("104").EditNote(t.Context(), s.noteOf(t, "104"), "иначе"); !asProblem(err, &p) || p.Code != "participants_only" {
			t.Errorf("104 changes a note on it: %v", err)
		}

		// Whoever gets the extension later was not there, and a manager who is none any more neither.
		if _, err := s.api("105").SetExtensions(t.Context(), s.pbx.ID, []client.ExtensionRow{{EmployeeID: s.staff["104"].ID, Extension: "101"}}); err != nil {
			t.Fatal(err)
		}
		if got := s.opens(s.api("104"), c.ID, note.ID); got != allClosed {
			t.Errorf("104, at 101's telephone today, gets %s", got)
		}
		// Opening writes a note, and with it the call anew.
		if got := s.opens(s.api("101"), c.ID, note.ID); got != allOpen {
			t.Errorf("101, who has no telephone any more, gets %s", got)
		}
		if got := s.opens(s.api("104"), c.ID, note.ID); got != allClosed {
			t.Errorf("104, at 101's telephone, after the call was written again, gets %s", got)
		}
	})
}

// TestRecordings_aManagerWhoIsAnOperatorNowHearsTheirOwnOnly with the token they had.
func TestRecordings_aManagerWhoIsAnOperatorNowHearsTheirOwnOnly(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true})
	s.participantsOnly()
	c := s.recorded(pbx, "79000000602")
	role := func(r client.Role) {
		if _, err := s.api("105").UpdateEmployee(t.Context(), s.staff["104"].ID, client.EmployeeInput{Role: &r}); err != nil {
			t.Fatal(err)
		}
	}
	role(client.RoleManager)
	api := s.api("104")
	if _, err := api.Call(t.Context(), c.ID); err != nil {
		t.Errorf("a manager: %v", err)
	}
	role(client.RoleOperator)
	var p *client.Problem
	if _, err := api.Call(t.Context(), c.ID); !asProblem(err, &p) || p.Status < 401 || p.Status > 403 {
		t.Errorf("the same as an operator: %v", err)
	}
	if _, err := s.api("104").Recording(t.Context(), c.ID, 0); !asProblem(err, &p) || p.Code != "participants_only" {
		t.Errorf("the recording, signed in anew: %v", err)
	}
}

// TestRecordings_theColleagueWhoWasAskedTookPart: 102 talked about the client and did not take the call.
func TestRecordings_theColleagueWhoWasAskedTookPart(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true})
	s.participantsOnly()
	if _, err := pbx.Call(practice.CallRequest{From: "79000000603", Scenario: "transfer-consult-cancelled"}); err != nil {
		t.Fatal(err)
	}
	c := s.until("79000000603", "have its recording", func(c client.Call) bool { return c.Recording != nil && c.Recording.Ready })
	for ext, want := range map[string]bool{"101": true, "102": true, "103": false} {
		if _, err := s.api(ext).Call(t.Context(), c.ID); (err == nil) != want {
			t.Errorf("%s opens it: %v, want %v", ext, err, want)
		}
	}
}

// TestStream_hidesRecordingsFromThoseWhoTookNoPart, also in what is replayed from before the school said
// so.
func TestStream_hidesRecordingsFromThoseWhoTookNoPart(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true})
	was := s.recorded(pbx, "79000000604") // told while everybody might hear
	live := map[string]func() []client.StreamEvent{"101": s.follow("101", 0), "102": s.follow("102", 0), "105": s.follow("105", 0)}
	s.participantsOnly()
	for ext, events := range live {
		eventually(t, ext+" to be told to read its lists anew", func() bool {
			for _, e := range events() {
				if e.Type == "reset" {
					return true
				}
			}
			return false
		})
	}
	now := s.recorded(pbx, "79000000605")
	replayed := map[string]func() []client.StreamEvent{"101": s.follow("101", 1), "102": s.follow("102", 1), "105": s.follow("105", 1)}
	tells := func(events []client.StreamEvent, callID string) (entries, recordings, calls int) {
		for _, e := range events {
			switch data := e.Data.(type) {
			case *client.FeedEntry:
				if data.CallID == callID {
					entries++
					if data.Recording != nil || data.Recordings != nil {
						recordings++
					}
				}
			case *client.Call:
				if data.ID == callID {
					calls++
				}
			}
		}
		return entries, recordings, calls
	}
	for _, tt := range []struct {
		name, ext, call string
		events          func() []client.StreamEvent
	}{
		{"live", "101", now.ID, live["101"]},
		{"live", "102", now.ID, live["102"]},
		{"live", "105", now.ID, live["105"]},
		{"replayed from before", "101", was.ID, replayed["101"]},
		{"replayed from before", "102", was.ID, replayed["102"]},
		{"replayed from before", "105", was.ID, replayed["105"]},
		{"replayed", "102", now.ID, replayed["102"]},
	} {
		took := tt.ext != "102"
		// 101's own stream shows when all of it has come: the entry with its recording is the last word.
		eventually(t, tt.name+": the entry to reach 101", func() bool {
			_, n, _ := tells(live["101"](), now.ID)
			return n > 0
		})
		eventually(t, tt.name+": the entry to reach "+tt.ext, func() bool {
			entries, _, _ := tells(tt.events(), tt.call)
			return entries > 0
		})
		if took {
			eventually(t, tt.name+": the recording to reach "+tt.ext, func() bool {
				_, recordings, _ := tells(tt.events(), tt.call)
				return recordings > 0
			})
			continue
		}
		if _, recordings, calls := tells(tt.events(), tt.call); recordings > 0 || calls > 0 {
			t.Errorf("%s: %s was told of %d recordings and %d calls", tt.name, tt.ext, recordings, calls)
		}
	}
}

// follow collects what an employee's stream brings, after a sequence.
func (s *school) follow(ext string, after int64) func() []client.StreamEvent {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	s.t.Cleanup(cancel)
	var mu sync.Mutex
	var all []client.StreamEvent
	live := make(chan struct{})
	var once sync.Once
	go s.api(ext).Stream(ctx, client.StreamConfig{
		LastID: after,
		State: func(st client.StreamState) {
			if st.Live {
				once.Do(func() { close(live) })
			}
		},
		Handle: func(e client.StreamEvent) {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, e)
		},
	})
	<-live
	return func() []client.StreamEvent {
		mu.Lock()
		defer mu.Unlock()
		return append([]client.StreamEvent{}, all...)
	}
}

// transfer hands a call that goes on from one extension to another, and waits until it is there.
func (s *school) transfer(from, to, callID string) {
	s.t.Helper()
	if err := s.api(from).Transfer(s.t.Context(), callID, client.Transfer{Extension: to}); err != nil {
		s.t.Fatal(err)
	}
	eventually(s.t, "the call to be "+to+"'s", func() bool {
		c, err := s.api("105").Call(s.t.Context(), callID)
		return err == nil && c.State == client.StateTalking && c.Employee != nil && c.Employee.ID == s.staff[to].ID
	})
}

// noteOf is a note that the employee at an extension wrote.
func (s *school) noteOf(t *testing.T, ext string) string {
	t.Helper()
	page, err := s.api("105").Feed(t.Context(), client.FeedQuery{Type: "note", Employee: s.staff[ext].ID})
	if err != nil || len(page.Items) == 0 {
		t.Fatalf("no note of %s: %v", ext, err)
	}
	return page.Items[0].ID
}

// TestRecordings_whoAskedForTheCallTookPart: 104 lets the group call a client back, and may see what came
// of it.
func TestRecordings_whoAskedForTheCallTookPart(t *testing.T) {
	t.Parallel()
	s, _ := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true})
	s.participantsOnly()
	begun, err := s.api("104").Dial(t.Context(), client.Dial{Phone: "+79000000606", Group: "900"})
	if err != nil {
		t.Fatal(err)
	}
	s.ended("79000000606")
	if _, err := s.api("104").Call(t.Context(), begun.ID); err != nil {
		t.Errorf("104, who asked for it: %v", err)
	}
}
