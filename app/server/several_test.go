package server_test

import (
	"fmt"
	"testing"
	"time"

	"dozvon/client"
)

// justNow is a second of the recent past, so that what happened then still goes on.
func justNow() int64 { return time.Now().Unix() - 60 }

// leg delivers one event of a leg of call n.
func (s *school) leg(n, seq int, state, from, ext string) {
	s.t.Helper()
	s.mustDeliver("events/call", fmt.Sprintf(`{"entry_id":"e%d","call_id":"c%d","timestamp":%d,"seq":%d,"call_state":%q,"location":"abonent","from":{"number":%q},"to":{"extension":%q,"line_number":"74951234567"}}`,
		n, n, s.recent+int64(seq), seq, state, from, ext))
}

// TestCalls_severalAtOnceStayApart: one number calls twice at the same time, and one operator talks
// on one call while another rings; none is taken for the other.
func TestCalls_severalAtOnceStayApart(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	s.leg(1, 1, "Appeared", "79000000501", "101")
	s.leg(2, 1, "Appeared", "79000000501", "102")
	s.leg(1, 2, "Connected", "79000000501", "101")
	s.leg(3, 1, "Appeared", "79000000502", "101")
	calls, err := s.api("105").ActiveCalls(t.Context())
	if err != nil || len(calls) != 3 {
		t.Fatalf("%d calls, %v", len(calls), err)
	}
	got := map[string]int{}
	for _, c := range calls {
		who := ""
		if c.Employee != nil {
			who = c.Employee.Name
		}
		got[fmt.Sprintf("%s %s %s", c.Phone, c.State, who)]++
	}
	for _, want := range []string{"+79000000501 talking Сотрудник 101", "+79000000501 ringing Сотрудник 102", "+79000000502 ringing Сотрудник 101"} {
		if got[want] != 1 {
			t.Errorf("no %q among %v", want, got)
		}
	}
	mine, err := s.api("101").ActiveCalls(t.Context())
	if err != nil || len(mine) != 2 {
		t.Errorf("101 sees %d calls, %v; want 2", len(mine), err)
	}
	people, err := s.api("101").Employees(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range people {
		want := map[string]client.PresenceState{"101": client.PresenceTalking, "102": client.PresenceRinging}[e.Extension]
		if want != "" && e.Presence != want {
			t.Errorf("%s is %s, want %s", e.Extension, e.Presence, want)
		}
	}
	s.leg(2, 2, "Connected", "79000000501", "102")
	s.leg(2, 3, "Disconnected", "79000000501", "102")
	if calls, err = s.api("105").ActiveCalls(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range calls {
		if c.Phone == "+79000000501" && c.Employee != nil && c.Employee.Name == "Сотрудник 101" && c.State != client.StateTalking {
			t.Errorf("the end of the second call changed the first: %s", c.State)
		}
	}
}
