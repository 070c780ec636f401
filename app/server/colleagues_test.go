package server_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/practice"
	practised "dozvon/app/practice/beeline"
	itoolabs "dozvon/app/practice/itoolabs"
	practisedMango "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// TestDialColleague_isAnInternalCallOfTheTwo: each sees the other, both are busy, the feed has nothing, the journal
// tells the two.
func TestDialColleague_isAnInternalCallOfTheTwo(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		timing := quickTiming()
		timing.Talk = time.Hour
		s, _ := withPBXOf(t, server.Config{Database: url}, practisedMango.Config{Timing: timing, NoLimits: true})
		caller, called := s.api("101"), s.api("103")
		begun, err := caller.Dial(t.Context(), client.Dial{EmployeeID: s.staff["103"].ID})
		if err != nil {
			t.Fatal(err)
		}
		if begun.Direction != client.Internal || begun.Step != 1 || begun.Phone != "" || !isEnd(begun.Caller, "101", s.staff["101"].ID) || !isEnd(begun.Called, "103", s.staff["103"].ID) {
			t.Errorf("begun as %+v", begun)
		}
		for who, api := range map[string]*client.API{"101": caller, "103": called} {
			eventually(t, who+" to see the talk", func() bool {
				all, err := api.ActiveCalls(t.Context())
				return err == nil && len(all) == 1 && all[0].ID == begun.ID && all[0].State == client.StateTalking && all[0].Step == 3 &&
					isEnd(all[0].Caller, "101", s.staff["101"].ID) && isEnd(all[0].Called, "103", s.staff["103"].ID)
			})
		}
		if all, err := s.api("102").ActiveCalls(t.Context()); err != nil || len(all) != 0 {
			t.Errorf("another operator sees %+v, %v", all, err)
		}
		busy := func(want client.PresenceState) bool {
			people, err := caller.Employees(t.Context())
			is := 0
			for _, p := range people {
				if (p.ID == s.staff["101"].ID || p.ID == s.staff["103"].ID) && p.Presence == want {
					is++
				}
			}
			return err == nil && is == 2
		}
		eventually(t, "both to talk", func() bool { return busy(client.PresenceTalking) })
		if err := called.Hangup(t.Context(), begun.ID); err != nil { // either of them ends it
			t.Fatal(err)
		}
		eventually(t, "the end", func() bool {
			c, err := caller.Call(t.Context(), begun.ID)
			return err == nil && c.State == client.StateEnded && c.Result == client.Answered && c.Direction == client.Internal
		})
		eventually(t, "neither to talk", func() bool { return busy(client.PresenceOffline) })
		if page, err := s.api("105").Feed(t.Context(), client.FeedQuery{}); err != nil || len(page.Items) != 0 {
			t.Errorf("the feed has %+v, %v; want nothing of an internal call", page.Items, err)
		}
	})
}

func isEnd(e *client.CallEnd, extension, employee string) bool {
	return e != nil && e.Extension == extension && e.Employee != nil && e.Employee.ID == employee
}

func TestDialColleague_aDoubleClickIsOneCallTwoColleaguesAreTwo(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practisedMango.Config{NoLimits: true})
	if err := pbx.SetPhone("101", practisedMango.Rule{Outcome: "no-answer", AfterMS: 3_600_000}); err != nil {
		t.Fatal(err)
	}
	api := s.api("101")
	dial := func(in client.Dial) string {
		t.Helper()
		c, err := api.Dial(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	first, again := dial(client.Dial{Extension: "102"}), dial(client.Dial{EmployeeID: s.staff["102"].ID})
	other := dial(client.Dial{Extension: "103"})
	if first != again || first == other {
		t.Errorf("calls %s, %s of one colleague and %s of another", first, again, other)
	}
	named := dial(client.Dial{Extension: "104", CommandID: "x"})
	if repeat := dial(client.Dial{Extension: "104", CommandID: "x"}); repeat != named {
		t.Errorf("one command made %s and %s", named, repeat)
	}
	// Colleagues are no calls abroad.
	if _, err := s.api("105").UpdateSettings(t.Context(), client.SchoolInput{AbroadPerDay: ptr(1)}); err != nil {
		t.Fatal(err)
	}
	dial(client.Dial{Phone: "+48221234567"})
}

func TestDialColleague_refusalsComeInWords(t *testing.T) {
	t.Parallel()
	s, _ := withPBX(t, "")
	api := s.api("101")
	if _, err := s.parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: ptr("Без номера"), Login: ptr("u0"), Password: ptr(password)}); err != nil {
		t.Fatal(err)
	}
	people, err := api.Employees(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	without := people[slices.IndexFunc(people, func(p client.Employee) bool { return p.Name == "Без номера" })]
	for name, tt := range map[string]struct {
		in   client.Dial
		code string
	}{
		"oneself":                       {client.Dial{EmployeeID: s.staff["101"].ID}, "invalid"},
		"one's own extension":           {client.Dial{Extension: "101"}, "invalid"},
		"who has no extension":          {client.Dial{EmployeeID: without.ID}, "colleague_not_called"},
		"nobody":                        {client.Dial{EmployeeID: "nobody"}, "colleague_not_called"},
		"an extension of nobody":        {client.Dial{Extension: "777"}, "colleague_not_called"},
		"a number in extension's place": {client.Dial{Extension: "89145550148"}, "colleague_not_called"},
		"neither number nor colleague":  {client.Dial{}, "bad_phone"},
	} {
		var p *client.Problem
		if _, err := api.Dial(t.Context(), tt.in); !asProblem(err, &p) || p.Code != tt.code || p.Detail == "" {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
	var p *client.Problem
	if _, err := s.api("0").Dial(t.Context(), client.Dial{Extension: "102"}); !asProblem(err, &p) || p.Code != "no_extension" {
		t.Errorf("without an extension of one's own: %v", err)
	}
	if without.Callable || people[slices.IndexFunc(people, func(p client.Employee) bool { return p.Extension == "101" })].Callable ||
		!people[slices.IndexFunc(people, func(p client.Employee) bool { return p.Extension == "102" })].Callable {
		t.Errorf("who can be called is told as %+v", people)
	}
}

// TestDialColleague_overBeeline: it takes the number of the colleague's SIM; both halves are told.
func TestDialColleague_overBeeline(t *testing.T) {
	t.Parallel()
	s := openPractisedBeeline(t, practised.Config{})
	if err := s.pbx.SetPhone("202", practice.Rule{Outcome: practice.Answers, AfterMS: 1}); err != nil {
		t.Fatal(err)
	}
	api := s.api("201")
	eventually(t, "the PBX's people to be known", func() bool {
		people, err := api.Employees(t.Context())
		return err == nil && slices.ContainsFunc(people, func(p client.Employee) bool { return p.Extension == "202" && p.Callable })
	})
	begun, err := api.Dial(t.Context(), client.Dial{EmployeeID: s.staff["202"].ID})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end", func() bool {
		s.ahead.Add(int64(time.Second))
		c, err := api.Call(t.Context(), begun.ID)
		return err == nil && c.State == client.StateEnded && c.Result == client.Answered && c.Direction == client.Internal && c.Phone == "" &&
			isEnd(c.Caller, "201", s.staff["201"].ID) && isEnd(c.Called, "202", s.staff["202"].ID)
	})
	if all, err := s.parts.Store.Calls(t.Context(), storeStart, 10); err != nil || len(all) != 1 {
		t.Errorf("%d calls, %v, want the one", len(all), err)
	}
}

// TestDialColleague_whereThePBXCannot: its pages tell of no such command, so nobody is offered it.
func TestDialColleague_whereThePBXCannot(t *testing.T) {
	t.Parallel()
	s := openPractisedITooLabs(t, itoolabs.Config{})
	api := s.api("701")
	people, err := api.Employees(t.Context())
	if err != nil || slices.ContainsFunc(people, func(p client.Employee) bool { return p.Callable }) {
		t.Errorf("who can be called: %+v, %v", people, err)
	}
	var p *client.Problem
	if _, err := api.Dial(t.Context(), client.Dial{Extension: "702"}); !asProblem(err, &p) || p.Code != "colleague_not_called" || !strings.Contains(p.Detail, "Наберите") {
		t.Errorf("a colleague: %v", err)
	}
}
