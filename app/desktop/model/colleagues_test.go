package model

import (
	"testing"
	"time"

	"dozvon/client"
)

// TestTalkOf_isTheCallOnWhichTheyTalk: with somebody on hold it was now one call, now the other.
func TestTalkOf_isTheCallOnWhichTheyTalk(t *testing.T) {
	t.Parallel()
	as := func(id string, minute int, how func(*client.Call)) client.Call {
		return call(how, of(id, egorov, minute))
	}
	for name, tt := range map[string]struct {
		calls []client.Call
		want  string
	}{
		"one on hold, one talks":           {[]client.Call{as("a", 0, holds(me)), as("b", 1, talks(me))}, "b"},
		"the one on hold began later":      {[]client.Call{as("a", 0, talks(me)), as("b", 1, holds(me))}, "a"},
		"one on hold while another rings":  {[]client.Call{as("a", 0, rings(me)), as("b", 1, holds(me))}, "b"},
		"two on hold":                      {[]client.Call{as("a", 1, holds(me)), as("b", 0, holds(me))}, "a"},
		"two on hold at the same time":     {[]client.Call{as("b", 0, holds(me)), as("a", 0, holds(me))}, "a"},
		"two ring":                         {[]client.Call{as("b", 0, rings(me)), as("a", 1, rings(me))}, "a"},
		"a colleague talks":                {[]client.Call{as("a", 0, talks(other))}, ""},
		"a test does not count as talking": {[]client.Call{as("a", 0, func(c *client.Call) { talks(me)(c); c.Test = true }), as("b", 1, holds(me))}, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			d.hears(tt.calls...)
			for n := range 60 { // a map is walked in another order each time
				d.wait(time.Second)
				if got, _ := TalkOf(d.Model, me); got.ID != tt.want {
					t.Fatalf("after %d s it is %q, want %q", n, got.ID, tt.want)
				}
			}
		})
	}
}
