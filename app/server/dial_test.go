package server_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/access"
	"dozvon/client"
)

// withPBX is a school connected to a practice PBX whose pauses are milliseconds.
func withPBX(t *testing.T, database string) (*school, *practice.PBX) {
	t.Helper()
	return withPBXOf(t, server.Config{Database: database}, practice.Config{})
}

// withPBXOf is withPBX with other settings of either.
func withPBXOf(t testing.TB, ours server.Config, theirs practice.Config) (*school, *practice.PBX) {
	t.Helper()
	// The PBX must know the server's address and the server the PBX's: the handler comes later.
	var handler http.Handler
	pbxHTTP := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	s := openSchoolWith(t, ours, pbxHTTP.URL+"/vpbx/")
	if theirs.Timing == (practice.Timing{}) {
		theirs.Timing = quickTiming()
	}
	theirs.Key, theirs.Salt, theirs.Target = key, salt, s.http.URL+"/mango"
	pbx := practice.New(theirs)
	handler = pbx.Handler()
	t.Cleanup(func() {
		pbx.Close()
		pbxHTTP.Close()
	})
	return s, pbx
}

func quickTiming() practice.Timing {
	ms := 20 * time.Millisecond
	timing := practice.DefaultTiming()
	timing.IVR, timing.Ring, timing.NoAnswer, timing.Outside, timing.Talk, timing.Join, timing.RecordingDelay = ms, ms, 2*ms, ms, 5*ms, ms, ms
	return timing
}

func TestDial_ringsTheOperatorThenTheClient(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, _ := withPBX(t, url)
		api := s.api("101")
		begun, err := api.Dial(t.Context(), client.Dial{Phone: "8 914 555-01-48"})
		if err != nil {
			t.Fatal(err)
		}
		if begun.Direction != client.Out || begun.Step != 1 || begun.Phone != "+79145550148" {
			t.Errorf("begun as %+v", begun)
		}
		var c client.Call
		eventually(t, "the call to end", func() bool {
			c, err = api.Call(t.Context(), begun.ID)
			return err == nil && c.State == client.StateEnded
		})
		if c.Result != client.Answered || c.Step != 3 || c.Employee == nil || c.Employee.ID != s.staff["101"].ID {
			t.Errorf("ended as %+v", c)
		}
		if page, err := api.Feed(t.Context(), client.FeedQuery{Phone: begun.Phone}); err != nil || len(page.Items) != 1 || page.Items[0].Type != client.EntryCallOut {
			t.Errorf("the feed has %+v, %v; want one outgoing call", page.Items, err)
		}
	})
}

func TestDial_operatorDoesNotPickUp(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	if err := pbx.SetPhone("101", practice.Rule{Outcome: "no-answer"}); err != nil {
		t.Fatal(err)
	}
	api := s.api("101")
	begun, err := api.Dial(t.Context(), client.Dial{Phone: "+79145550148"})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the call to be told not started", func() bool {
		c, err := api.Call(t.Context(), begun.ID)
		return err == nil && c.State == client.StateEnded && c.Result == client.NotStarted
	})
}

func TestDial_refusalsComeInWords(t *testing.T) {
	t.Parallel()
	s, _ := withPBX(t, "")
	var p *client.Problem
	if _, err := s.api("101").Dial(t.Context(), client.Dial{Phone: "мама"}); !asProblem(err, &p) || p.Code != "bad_phone" {
		t.Errorf("a word for a number: %v", err)
	}
	for _, code := range []string{"*21*89145550148#", "#31#+79145550148"} { // nobody wants to ring whom it names
		if _, err := s.api("101").Dial(t.Context(), client.Dial{Phone: code}); !asProblem(err, &p) || p.Code != "bad_phone" {
			t.Errorf("a service code: %v", err)
		}
		if _, err := s.api("101").SendSMS(t.Context(), client.SMSInput{Phone: code, Text: "x"}); !asProblem(err, &p) || p.Code != "bad_phone" {
			t.Errorf("a service code's SMS: %v", err)
		}
	}
	if _, err := s.parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: ptr("Без номера"), Login: ptr("u0"), Password: ptr(password)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.api("0").Dial(t.Context(), client.Dial{Phone: "+79145550148"}); !asProblem(err, &p) || p.Code != "no_extension" {
		t.Errorf("no extension: %v", err)
	}
	dead := openSchool(t, "", "") // nothing listens where its PBX should be
	if _, err := dead.api("101").Dial(t.Context(), client.Dial{Phone: "+79145550148"}); !asProblem(err, &p) || p.Code != "pbx_unreachable" {
		t.Errorf("a dead PBX: %v", err)
	}
	if calls, err := dead.api("101").ActiveCalls(t.Context()); err != nil || len(calls) != 0 {
		t.Errorf("a call that never began is still active: %+v, %v", calls, err)
	}
}

func TestRecording_isStreamedWithRangeAndAudited(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	api := s.api("101")
	if _, err := pbx.Call(practice.CallRequest{From: "79145550148", To: "101", Scenario: "answered"}); err != nil {
		t.Fatal(err)
	}
	var id string
	eventually(t, "the recording to be ready", func() bool {
		page, err := api.Feed(t.Context(), client.FeedQuery{Type: "call_in"})
		if err != nil || len(page.Items) == 0 || page.Items[0].Recording == nil || !page.Items[0].Recording.Ready {
			return false
		}
		id = page.Items[0].CallID
		return true
	})
	whole, status := fetch(t, api, id, 0)
	if status != http.StatusOK || len(whole) < 10_000 {
		t.Fatalf("got %d bytes with %d", len(whole), status)
	}
	part, status := fetch(t, api, id, 1000)
	if status != http.StatusPartialContent || !bytes.Equal(part, whole[1000:]) {
		t.Errorf("a range gave %d with %d bytes", status, len(part))
	}
	heard, err := s.api("105").Audit(t.Context(), client.AuditQuery{Actions: []string{access.ActionListen}, Target: "call:" + id})
	if err != nil || len(heard.Items) != 1 {
		t.Errorf("the audit tells %+v, %v; want one listening", heard.Items, err)
	}
}

func fetch(t *testing.T, api *client.API, id string, from int64) ([]byte, int) {
	t.Helper()
	resp, err := api.Recording(t.Context(), id, from)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if kind := resp.Header.Get("Content-Type"); !strings.HasPrefix(kind, "audio/mpeg") {
		t.Errorf("content type %q", kind)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body, resp.StatusCode
}

func TestCall_hangupEndsItAndOthersMayNot(t *testing.T) {
	t.Parallel()
	s, pbx := withPBX(t, "")
	if err := pbx.SetPhone("101", practice.Rule{Outcome: "answers", AfterMS: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := pbx.Call(practice.CallRequest{From: "79145550148", To: "101", Scenario: "direct", TalkMS: 60_000}); err != nil {
		t.Fatal(err)
	}
	api := s.api("101")
	var id string
	eventually(t, "the talk", func() bool {
		calls, err := api.ActiveCalls(t.Context())
		if err != nil || len(calls) != 1 || calls[0].State != client.StateTalking {
			return false
		}
		id = calls[0].ID
		return true
	})
	var p *client.Problem
	if err := s.api("102").Hangup(t.Context(), id); !asProblem(err, &p) || p.Code != "not_yours" {
		t.Errorf("a stranger's hang-up: %v", err)
	}
	if calls, err := s.api("102").ActiveCalls(t.Context()); err != nil || len(calls) != 0 {
		t.Errorf("a stranger sees %+v, %v", calls, err)
	}
	if err := api.Hangup(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end", func() bool {
		c, err := api.Call(t.Context(), id)
		return err == nil && c.State == client.StateEnded && c.Result == client.Answered
	})
}

func TestRecording_severalOfOneCallAreAllThere(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{RecordEachEmployee: true, NoLimits: true})
	if _, err := pbx.Call(practice.CallRequest{From: "79000000401", Scenario: "transfer-blind"}); err != nil {
		t.Fatal(err)
	}
	c := s.until("79000000401", "have both recordings", func(c client.Call) bool {
		return len(c.Recordings) == 2 && c.Recordings[0].Ready && c.Recordings[1].Ready
	})
	api := s.api("101")
	for part, ext := range []string{"101", "103"} {
		r := c.Recordings[part]
		if r.Part != part+1 || r.Extension != ext || r.Employee == nil || r.Employee.ID != s.staff[ext].ID {
			t.Errorf("part %d is %+v, want the one of %s", part+1, r, ext)
		}
		resp, err := api.RecordingPart(t.Context(), c.ID, part+1, 0)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || len(body) < 10_000 {
			t.Errorf("part %d has %d bytes, %v", part+1, len(body), err)
		}
	}
	var p *client.Problem
	if _, err := api.RecordingPart(t.Context(), c.ID, 3, 0); !asProblem(err, &p) || p.Code != "no_recording" {
		t.Errorf("a third part: %v", err)
	}
	if page, err := api.Feed(t.Context(), client.FeedQuery{Phone: "+79000000401"}); err != nil || len(page.Items) != 1 || len(page.Items[0].Recordings) != 2 {
		t.Errorf("the feed has %+v, %v", page.Items, err)
	}
}

// TestRecording_deletedAtThePBXIsSaidInWords: soon after the call it may not be ready yet, later
// it is gone, and the screens are told.
func TestRecording_deletedAtThePBXIsSaidInWords(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	s, pbx := withPBXOf(t, server.Config{Now: now}, practice.Config{NoLimits: true})
	if _, err := pbx.Call(practice.CallRequest{From: "79000000402", Scenario: "direct"}); err != nil {
		t.Fatal(err)
	}
	c := s.until("79000000402", "have its recording", func(c client.Call) bool { return c.Recording != nil && c.Recording.Ready })
	if err := pbx.DeleteRecording(pbx.List()[0].Recordings[0]); err != nil {
		t.Fatal(err)
	}
	api := s.api("101")
	var p *client.Problem
	if _, err := api.Recording(t.Context(), c.ID, 0); !asProblem(err, &p) || p.Code != "not_ready" {
		t.Errorf("right after the call: %v", err)
	}
	ahead.Store(int64(time.Hour))
	if _, err := api.Recording(t.Context(), c.ID, 0); !asProblem(err, &p) || p.Code != "recording_gone" || !strings.Contains(p.Detail, "удалена") {
		t.Errorf("an hour later: %v", err)
	}
	s.until("79000000402", "say that its recording is gone", func(c client.Call) bool { return c.Recordings[0].Gone && !c.Recording.Ready })
}

// TestRecording_archiveFetchesByItself: with the policy "archive" a recording is there although
// nobody has listened to it.
func TestRecording_archiveFetchesByItself(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{Recordings: "archive"}, practice.Config{NoLimits: true})
	if _, err := pbx.Call(practice.CallRequest{From: "79000000403", Scenario: "direct"}); err != nil {
		t.Fatal(err)
	}
	c := s.until("79000000403", "have its recording", func(c client.Call) bool { return c.Recording != nil && c.Recording.Ready })
	s.chores()
	eventually(t, "the file", func() bool { return len(s.files(t)) == 1 })
	if err := pbx.DeleteRecording(pbx.List()[0].Recordings[0]); err != nil {
		t.Fatal(err)
	}
	if body, status := fetch(t, s.api("101"), c.ID, 0); status != http.StatusOK || len(body) < 10_000 {
		t.Errorf("after the PBX deleted its own: %d bytes with %d", len(body), status)
	}
}

func (s *school) files(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(s.data, "recordings", "*.mp3"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}
