package server_test

import (
	"context"
	"strings"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

const longName = "Константинопольский-Преображенский Святослав Александрович"

// routable has a menu and a ringing that last long enough for a route to come in time.
func routable() practice.Config {
	t := quickTiming()
	t.IVR, t.Ring, t.NoAnswer, t.Talk = 300*time.Millisecond, 2*time.Second, 2*time.Second, 30*time.Millisecond
	return practice.Config{Timing: t}
}

// untilRouted keeps a caller in the menu until the call is routed: how long that takes is the machine's affair.
func untilRouted() practice.Config {
	cfg := routable()
	cfg.Timing.IVR = 5 * time.Minute
	return cfg
}

// ringsLong has a telephone ring long enough for a name to come to it on a busy machine.
func ringsLong() practice.Config {
	cfg := routable()
	cfg.Timing.Ring, cfg.Timing.NoAnswer = 10*time.Second, 10*time.Second
	return cfg
}

// student makes a contract whose number is known and whose responsible employee sits at an extension.
func (s *school) student(name, number, responsible string) client.Contract {
	s.t.Helper()
	in := client.ContractInput{Number: ptr("Д-" + number[len(number)-3:]), Name: ptr(name), Phones: &[]string{number}}
	if responsible != "" {
		in.ResponsibleID = ptr(s.staff[responsible].ID)
	}
	c, err := s.api("105").CreateContract(s.t.Context(), in)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *school) forward(on bool) {
	s.t.Helper()
	if _, err := s.parts.Directory.SaveIntegration(s.t.Context(), client.Employee{}, s.pbx.ID, client.IntegrationInput{Forwarding: &on}); err != nil {
		s.t.Fatal(err)
	}
}

// ended waits for the one call of a number to end.
func (s *school) ended(number string) client.Call {
	s.t.Helper()
	var c client.Call
	eventually(s.t, "the call of "+number+" to end", func() bool {
		page, err := s.parts.Store.Calls(s.t.Context(), storeStart, 500)
		if err != nil {
			s.t.Fatal(err)
		}
		n := 0
		for _, rec := range page {
			if strings.TrimPrefix(rec.View.Phone, "+") == number {
				c, n = rec.View, n+1
			}
		}
		if n > 1 {
			s.t.Fatalf("%d calls of %s", n, number)
		}
		return n == 1 && c.State == client.StateEnded
	})
	return c
}

func shownOn(pbx *practice.PBX, extension string) (name string, rings int) {
	for _, c := range pbx.Calls() {
		for _, l := range c.Legs {
			if l.Extension != extension {
				continue
			}
			rings++
			if l.ShownName != "" {
				name = l.ShownName
			}
		}
	}
	return name, rings
}

func TestRoute_sendsTheCallAndTheNameToTheResponsible(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, untilRouted())
	s.student(longName, "+79000000101", "103")
	s.forward(true)
	if _, err := pbx.Call(practice.CallRequest{From: "79000000101", To: "101", Scenario: "answered"}); err != nil {
		t.Fatal(err)
	}
	c := s.ended("79000000101")
	if name, _ := shownOn(pbx, "103"); name != "Константинопольский-П. С. А." {
		t.Errorf("the telephone of 103 showed %q", name)
	}
	if _, rings := shownOn(pbx, "101"); rings != 0 {
		t.Errorf("101 rang %d times, the call was for 103", rings)
	}
	if c.Employee == nil || c.Employee.ID != s.staff["103"].ID || c.Result != client.Answered || len(c.Rang) != 1 {
		t.Errorf("the call ended as %+v", c)
	}
	if !strings.Contains(c.Why, "переведён на ответственного за договор: Сотрудник 103") {
		t.Errorf("why: %s", c.Why)
	}
	if page, err := s.api("105").Feed(t.Context(), client.FeedQuery{Phone: "+79000000101"}); err != nil || len(page.Items) != 1 {
		t.Errorf("the feed has %d entries of the call, %v; want one", len(page.Items), err)
	}
	if n := pbx.Calls()[0].Legs; len(n) != 2 {
		t.Errorf("%d legs: the route's own echo was routed again", len(n))
	}
}

func TestRoute_withoutForwardingGivesTheNameOnThePBXsOwnWay(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, scenario, to, rings string }{
		{"straight to an employee", "direct", "102", "102"},
		{"through the menu: once it rings somebody", "answered", "102", "102"},
		{"a group that rings at once", "group", "900", "101"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, pbx := withPBXOf(t, server.Config{}, ringsLong())
			s.student("Шангутов Александр", "+79000000102", "104")
			if _, err := pbx.Call(practice.CallRequest{From: "79000000102", To: tt.to, Scenario: tt.scenario}); err != nil {
				t.Fatal(err)
			}
			c := s.ended("79000000102")
			if name, _ := shownOn(pbx, tt.rings); name != "Шангутов Александр" {
				t.Errorf("the telephone of %s showed %q; legs %+v", tt.rings, name, pbx.Calls()[0].Legs)
			}
			if _, rings := shownOn(pbx, "104"); rings != 0 {
				t.Errorf("the responsible employee's telephone rang although the switch is off")
			}
			if c.Result != client.Answered || strings.Contains(c.Why, "переведён") {
				t.Errorf("ended as %s: %s", c.Result, c.Why)
			}
		})
	}
}

func TestRoute_isNotSentWhereItWouldHarm(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, scenario, to, number, responsible string
		prepare                                 func(t *testing.T, s *school, pbx *practice.PBX)
	}{
		{"an unknown caller has no name", "answered", "101", "79000000199", "", nil},
		{"a caller in a queue would lose the place", "queue-answered", "900", "79000000103", "", nil},
		{"a colleague who talks is not disturbed", "answered", "101", "79000000103", "103", func(t *testing.T, s *school, pbx *practice.PBX) {
			if _, err := pbx.Call(practice.CallRequest{From: "79000000150", To: "103", Scenario: "direct", RingMS: 1, TalkMS: 60_000}); err != nil {
				t.Fatal(err)
			}
			eventually(t, "103 to talk", func() bool {
				calls, err := s.api("105").ActiveCalls(t.Context())
				return err == nil && len(calls) == 1 && calls[0].State == client.StateTalking
			})
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, pbx := withPBXOf(t, server.Config{}, routable())
			s.student("Петрова Мария", "+79000000103", tt.responsible)
			s.forward(true)
			if tt.prepare != nil {
				tt.prepare(t, s, pbx)
			}
			if _, err := pbx.Call(practice.CallRequest{From: tt.number, To: tt.to, Scenario: tt.scenario}); err != nil {
				t.Fatal(err)
			}
			c := s.ended(tt.number)
			if strings.Contains(c.Why, "переведён") {
				t.Errorf("the call was forwarded: %s", c.Why)
			}
			if tt.responsible != "" {
				return // its own way may still carry the name
			}
			for _, ext := range []string{"101", "102", "103"} {
				if name, _ := shownOn(pbx, ext); name != "" {
					t.Errorf("the telephone of %s showed %q", ext, name)
				}
			}
		})
	}
}

// TestRoute_keepsToOneInTwoSeconds lets three known clients call at once: the PBX's own limit is
// on, and refuses nothing.
func TestRoute_keepsToOneInTwoSeconds(t *testing.T) {
	t.Parallel()
	cfg := untilRouted()
	cfg.Timing.Ring = 3 * time.Second
	s, pbx := withPBXOf(t, server.Config{}, cfg)
	s.forward(true)
	for i, number := range []string{"+79000000111", "+79000000112", "+79000000113"} {
		s.student("Клиент "+number[10:], number, []string{"102", "103", "104"}[i])
	}
	began := time.Now()
	for _, number := range []string{"79000000111", "79000000112", "79000000113"} {
		if _, err := pbx.Call(practice.CallRequest{From: number, To: "101", Scenario: "answered"}); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "every call to ring its responsible employee", func() bool {
		_, a := shownOn(pbx, "102")
		_, b := shownOn(pbx, "103")
		_, c := shownOn(pbx, "104")
		return a+b+c == 3
	})
	if took := time.Since(began); took < 4*time.Second {
		t.Errorf("three routes took %s, the PBX takes one in two seconds", took)
	}
	eventually(t, "three accepted routes to be noted", func() bool {
		last, n, err := s.parts.Store.LastCommand(context.Background(), s.pbx.ID, "route", time.Time{})
		return err == nil && n == 3 && last.State != client.CommandRefused
	})
}

// TestRoute_neverToSomebodySwitchedOff: neither as the responsible nor as whom a colleague asked to call
// back, before they went.
func TestRoute_neverToSomebodySwitchedOff(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, routable())
	s.student("Гусева Анна", "+79000000101", "103")
	s.student("Гусев Борис", "+79000000102", "")
	s.forward(true)
	if _, err := s.api("105").AddTask(t.Context(), client.NewTask{Phone: "+79000000102", AssigneeID: s.staff["104"].ID}); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"103", "104"} {
		if _, err := s.api("105").UpdateEmployee(t.Context(), s.staff[gone].ID, client.EmployeeInput{Active: ptr(false)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, from := range []string{"79000000101", "79000000102"} {
		if _, err := pbx.Call(practice.CallRequest{From: from, To: "101", Scenario: "answered"}); err != nil {
			t.Fatal(err)
		}
		if c := s.ended(from); c.Employee == nil || c.Employee.ID != s.staff["101"].ID {
			t.Errorf("the call of %s was answered by %+v, want 101", from, c.Employee)
		}
	}
	for _, gone := range []string{"103", "104"} {
		if _, rings := shownOn(pbx, gone); rings != 0 {
			t.Errorf("%s rang %d times", gone, rings)
		}
	}
}
