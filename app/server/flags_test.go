package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/call"
	"dozvon/client"
)

// recordedCall is a call of a number with 101 that has a recording of that name for each leg.
func (s *school) recordedCall(key, number string, at time.Time, recordings ...string) client.Call {
	s.t.Helper()
	s.tellEvents(inbound(key, "101", number, at).answered(call.EndByCalled)...)
	for i, id := range recordings {
		s.tellEvents(recordingNamed(key, id, at.Add(time.Duration(i)*time.Second)))
	}
	return s.onlyCall(s.t, number)
}

func recordingNamed(key, id string, at time.Time) call.Event {
	return call.Event{Kind: call.KindRecording, Key: key, Recording: id, RecordingState: call.RecordingReady, To: call.Party{Extension: "101"}, At: at}
}

// flagsOf tells the flags of a call as an employee's feed shows them: part, place, word.
func (s *school) flagsOf(ext, query, callID string) (found bool, flags string) {
	s.t.Helper()
	if err := s.parts.Indexer.Index(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	page, err := s.api(ext).Feed(s.t.Context(), client.FeedQuery{Q: query})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range page.Items {
		if e.CallID != callID {
			continue
		}
		var all []string
		for _, f := range e.Flags {
			all = append(all, fmt.Sprintf("%d:%d-%d %s", f.Part, f.FromMS, f.ToMS, f.Word))
		}
		return true, strings.Join(all, ", ")
	}
	return false, ""
}

func (s *school) wantFlags(when, ext, query, callID string, found bool, want string) {
	s.t.Helper()
	if has, got := s.flagsOf(ext, query, callID); has != found || got != want {
		s.t.Errorf("%s: %q finds the call for %s: %v with %q, want %v with %q", when, query, ext, has, got, found, want)
	}
}

func (s *school) setFlag(ext, callID string, in client.NewFlag) client.Flag {
	s.t.Helper()
	f, err := s.api(ext).SetFlag(s.t.Context(), callID, in)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

// TestFlags_standInTheFeedAndAreFound: a flag is shown in its call's entry, found by its word, heard of on the
// stream, audited, and taken away for a moment only.
func TestFlags_standInTheFeedAndAreFound(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openPlain(t, url, plainKind(&plain{}, nil))
		c := s.recordedCall("k", "+79145550148", now(), "r1")
		events := s.follow("102", 0)
		price := s.setFlag("101", c.ID, client.NewFlag{Part: 1, FromMS: 9000, ToMS: 9000, Word: "  цена  курса "})
		s.setFlag("101", c.ID, client.NewFlag{FromMS: 3000, ToMS: 5500, Word: "суббота"})
		const both = "1:3000-5500 суббота, 1:9000-9000 цена курса"
		for _, query := range []string{"", "суббота", "цена", "курса 9145550148"} {
			s.wantFlags("set", "102", query, c.ID, true, both)
		}
		eventually(t, "the stream to tell of both", func() bool {
			for _, e := range events() {
				if entry, ok := e.Data.(*client.FeedEntry); ok && len(entry.Flags) == 2 {
					return true
				}
			}
			return false
		})
		// An event of the call writes its entry anew.
		s.tellEvents(recordingNamed("k", "r1", now()))
		s.wantFlags("written anew", "101", "", c.ID, true, both)

		if again := s.setFlag("101", c.ID, client.NewFlag{Part: 1, FromMS: 9000, ToMS: 9000, Word: "цена курса"}); again.ID != price.ID {
			t.Errorf("the same once more is %s, want %s", again.ID, price.ID)
		}
		if err := s.api("101").DeleteFlag(t.Context(), c.ID, price.ID); err != nil {
			t.Fatal(err)
		}
		s.wantFlags("taken away", "101", "", c.ID, true, "1:3000-5500 суббота")
		s.wantFlags("taken away", "101", "цена", c.ID, false, "")
		undos, err := s.api("101").Undos(t.Context())
		if err != nil || len(undos) != 1 {
			t.Fatalf("%d offers to take back, %v", len(undos), err)
		}
		if err := s.api("101").Undo(t.Context(), undos[0].ID); err != nil {
			t.Fatal(err)
		}
		s.wantFlags("taken back", "101", "цена", c.ID, true, both)
		page, err := s.api("102").Audit(t.Context(), client.AuditQuery{Actions: []string{"flag_set", "flag_delete"}, Target: "call:" + c.ID})
		if err != nil || len(page.Items) != 3 || page.Items[0].Action != "flag_delete" || page.Items[0].Detail["word"] != "цена курса" {
			t.Errorf("the audit tells %+v, %v", page.Items, err)
		}
	})
}

// TestFlags_areForThoseWhoMayHear: neither the list, nor the stream, nor a search tells others of a word.
func TestFlags_areForThoseWhoMayHear(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openPlain(t, url, plainKind(&plain{}, nil))
		role := client.RoleOperator
		var err error
		s.staff["103"], err = s.parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{
			Name: ptr("Сотрудник 103"), Login: ptr("u103"), Password: ptr(password), Role: &role, Extension: ptr("103"),
		})
		if err != nil {
			t.Fatal(err)
		}
		c := s.recordedCall("k", "+79145550148", now(), "r1")
		theirs := s.setFlag("101", c.ID, client.NewFlag{FromMS: 1000, ToMS: 1000, Word: "рассрочка"})
		s.wantFlags("open to all", "103", "рассрочка", c.ID, true, "1:1000-1000 рассрочка")
		if err := s.api("103").DeleteFlag(t.Context(), c.ID, theirs.ID); problemCode(err) != "not_yours" {
			t.Errorf("103 takes another's flag away: %v", err)
		}
		only := client.ForParticipants
		if _, err := s.api("102").UpdateSettings(t.Context(), client.SchoolInput{RecordingsFor: &only}); err != nil {
			t.Fatal(err)
		}
		s.wantFlags("for participants", "103", "", c.ID, true, "")
		s.wantFlags("for participants", "103", "рассрочка", c.ID, false, "")
		s.wantFlags("for participants", "103", "9145550148", c.ID, true, "")
		s.wantFlags("for participants", "101", "рассрочка", c.ID, true, "1:1000-1000 рассрочка")
		if _, err := s.api("103").SetFlag(t.Context(), c.ID, client.NewFlag{Word: "мне тоже"}); problemCode(err) != "participants_only" {
			t.Errorf("103 sets a flag: %v", err)
		}
		events := s.follow("103", 0)
		s.setFlag("101", c.ID, client.NewFlag{FromMS: 2000, ToMS: 2000, Word: "паспорт"})
		eventually(t, "the stream to bring the entry", func() bool {
			for _, e := range events() {
				if entry, ok := e.Data.(*client.FeedEntry); ok && entry.CallID == c.ID {
					if len(entry.Flags) > 0 {
						t.Errorf("103's stream tells of %+v", entry.Flags)
					}
					return true
				}
			}
			return false
		})
		// A manager may take anybody's away.
		if err := s.api("102").DeleteFlag(t.Context(), c.ID, theirs.ID); err != nil {
			t.Error(err)
		}
	})
}

func problemCode(err error) string {
	var p *client.Problem
	if asProblem(err, &p) {
		return p.Code
	}
	return fmt.Sprint(err)
}

// TestFlags_goWithTheirRecording: when an earlier recording turns up, a flag's one is the second.
func TestFlags_goWithTheirRecording(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openPlain(t, url, plainKind(&plain{}, nil))
		at := now()
		c := s.recordedCall("k", "+79145550148", at, "late")
		s.setFlag("101", c.ID, client.NewFlag{FromMS: 1000, ToMS: 1000, Word: "цена"})
		s.tellEvents(recordingNamed("k", "early", at.Add(-time.Second)))
		s.wantFlags("an earlier recording", "101", "цена", c.ID, true, "2:1000-1000 цена")
		s.setFlag("101", c.ID, client.NewFlag{Part: 1, FromMS: 500, ToMS: 500, Word: "первая"})
		s.wantFlags("one in each", "101", "", c.ID, true, "1:500-500 первая, 2:1000-1000 цена")
	})
}

// TestFlags_refusals come in words, and leave nothing behind.
func TestFlags_refusals(t *testing.T) {
	t.Parallel()
	s := openPlainAt(t, server.Config{}, plainKind(&plain{}, nil))
	c := s.recordedCall("k", "+79145550148", now(), "r1")
	other := s.recordedCall("k2", "+79145550149", now(), "r2")
	bare := s.recordedCall("k3", "+79145550150", now())
	set := s.setFlag("101", c.ID, client.NewFlag{Word: "цена"})
	for _, test := range []struct {
		what, call string
		in         client.NewFlag
		code       string
	}{
		{"no word", c.ID, client.NewFlag{Word: "  \u00a0 "}, "invalid"},
		{"a long word", c.ID, client.NewFlag{Word: strings.Repeat("ж", 41)}, "invalid"},
		{"a control character", c.ID, client.NewFlag{Word: "це\x01на"}, "invalid"},
		{"only zero-width signs", c.ID, client.NewFlag{Word: "\u200b\u200d\u2060"}, "invalid"},
		{"a turned order of writing", c.ID, client.NewFlag{Word: "\u202eанец"}, "invalid"},
		{"letters that show nothing", c.ID, client.NewFlag{Word: "\u3164"}, "invalid"},
		{"hours after the end", c.ID, client.NewFlag{Word: "цена", FromMS: 80_000_000, ToMS: 80_000_000}, "invalid"},
		{"an end hours after the end", c.ID, client.NewFlag{Word: "цена", FromMS: 1000, ToMS: 80_000_000}, "invalid"},
		{"it ends before it begins", c.ID, client.NewFlag{Word: "цена", FromMS: 2, ToMS: 1}, "invalid"},
		{"before the beginning", c.ID, client.NewFlag{Word: "цена", FromMS: -2, ToMS: 1}, "invalid"},
		{"a recording that is not there", c.ID, client.NewFlag{Word: "цена", Part: 2}, "no_recording"},
		{"a call without recording", bare.ID, client.NewFlag{Word: "цена"}, "no_recording"},
		{"no such call", "nobody", client.NewFlag{Word: "цена"}, "not_found"},
	} {
		if _, err := s.api("101").SetFlag(t.Context(), test.call, test.in); problemCode(err) != test.code {
			t.Errorf("%s: %v, want %s", test.what, err, test.code)
		}
	}
	if f := s.setFlag("101", other.ID, client.NewFlag{Word: strings.Repeat("ж", 40)}); f.Part != 1 {
		t.Errorf("the longest word: %+v", f)
	}
	for call, flag := range map[string]string{other.ID: set.ID, c.ID: "nothing"} {
		if err := s.api("102").DeleteFlag(t.Context(), call, flag); problemCode(err) != "not_found" {
			t.Errorf("flag %s of call %s: %v", flag, call, err)
		}
	}
	if status, p := s.refusalTo(s.token("101"), http.MethodDelete, "/calls/"+c.ID+"/flags/"+s.setFlag("102", c.ID, client.NewFlag{Word: "моё"}).ID, "ru", nil); status != http.StatusForbidden ||
		p.Code != "not_yours" || !strings.Contains(p.Detail, "флажок") || strings.Contains(p.Detail, "звонок") {
		t.Errorf("another's flag: %d, %+v", status, p)
	}
	if status, p := s.refusalTo(s.token("101"), http.MethodPost, "/calls/"+c.ID+"/flags", "ru", map[string]any{"word": "", "from_ms": 0, "to_ms": 0}); status != http.StatusUnprocessableEntity || p.Detail == "" {
		t.Errorf("in words: %d, %+v", status, p)
	}
}

// TestFlags_areNotWithoutEnd: however many are set at once, a call has a hundred at most.
func TestFlags_areNotWithoutEnd(t *testing.T) {
	t.Parallel()
	s := openPlain(t, "", plainKind(&plain{}, nil))
	c := s.recordedCall("k", "+79145550148", now(), "r1")
	api := s.api("101")
	var all sync.WaitGroup
	for i := range 110 {
		all.Go(func() {
			_, err := api.SetFlag(t.Context(), c.ID, client.NewFlag{FromMS: int64(i) + 1, ToMS: int64(i) + 1, Word: "много"})
			if code := problemCode(err); err != nil && code != "invalid" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, flags := s.flagsOf("101", "", c.ID); strings.Count(flags, "много") != 100 {
		t.Errorf("%d flags, want 100", strings.Count(flags, "много"))
	}
}
