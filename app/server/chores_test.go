package server_test

import (
	"sync/atomic"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// TestChores_compareAtTheStart: a server that was away for a whole call knows it soon after its
// start, although nobody asked for a comparison and no webhook told.
func TestChores_compareAtTheStart(t *testing.T) {
	t.Parallel()
	s, pbx := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true, Faults: practice.Faults{Drop: 1}})
	id, err := pbx.Call(practice.CallRequest{From: "79000000601", To: "101", Scenario: "direct"})
	if err != nil {
		t.Fatal(err)
	}
	ended, err := pbx.Ended(id)
	if err != nil {
		t.Fatal(err)
	}
	<-ended
	if n := len(s.known(t)); n != 0 {
		t.Fatalf("%d calls are known although every webhook was lost", n)
	}
	s.chores()
	c := s.until("79000000601", "be restored", func(c client.Call) bool { return c.State == client.StateEnded })
	if !c.Restored || c.Result != client.Answered {
		t.Errorf("restored as %+v", c)
	}
}

// TestChores_keepRawEventsAsLongAsToldTo: webhooks are there a day before their time, and gone after it.
func TestChores_keepRawEventsAsLongAsToldTo(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		set   int
		after time.Duration
		kept  int
	}{
		"ninety days unless told otherwise": {0, 89 * day, 1},
		"not longer":                        {0, 91 * day, 0},
		"as set":                            {7, 8 * day, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ahead atomic.Int64
			s := openSchoolWith(t, server.Config{RawDays: tt.set, Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }}, "")
			s.mustDeliver("events/call", ringing())
			ahead.Store(int64(tt.after))
			s.chores()
			if tt.kept > 0 {
				// The forgotten call is closed in the same round that cleans, after it.
				eventually(t, "a round of housekeeping", func() bool {
					calls, err := s.api("105").ActiveCalls(t.Context())
					return err == nil && len(calls) == 0
				})
			}
			eventually(t, "the raw events to be as they should", func() bool {
				n, err := s.parts.Store.CountRawEvents(t.Context())
				return err == nil && n == tt.kept
			})
		})
	}
}
