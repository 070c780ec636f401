package model

import (
	"context"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/model/modeltest"
	"dozvon/client"
)

const (
	me    = modeltest.Me
	other = modeltest.Other
)

var noon = modeltest.Noon

// Calls and tasks as the stream tells them.
var (
	call   = modeltest.Call
	rings  = modeltest.Rings
	talks  = modeltest.Talks
	holds  = modeltest.Holds
	ends   = modeltest.Ends
	out    = modeltest.Out
	remind = modeltest.Remind
	asked  = modeltest.Asked
)

// desk is a model with a clock that the test moves.
type desk struct {
	*Model
	at time.Time
}

func newDesk() *desk {
	d := &desk{at: noon}
	d.Model = New(Config{
		Me:  client.Employee{ID: me, Name: "Киреева Анна Сергеевна"},
		Now: func() time.Time { return d.at },
	})
	return d
}

func (d *desk) hears(calls ...client.Call) {
	for _, call := range calls {
		d.Apply(client.StreamEvent{Type: "call", Data: &call})
	}
}

func (d *desk) wait(by time.Duration) { d.at = d.at.Add(by); d.Tick() }

// faces is what a person sees: states of the cards, lowest first.
func (d *desk) faces() string {
	var out []string
	for _, card := range d.Cards() {
		out = append(out, string(card.State))
	}
	return strings.Join(out, " ")
}

func TestCards_showTheCallsOfThisEmployeeOnly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		calls []client.Call
		want  string
	}{
		{"rings me", []client.Call{call(rings(me))}, "ringing"},
		{"rings me and a colleague", []client.Call{call(rings(other, me))}, "ringing"},
		{"rings a colleague: nothing, though a manager hears of it", []client.Call{call(rings(other))}, ""},
		{"a colleague talks", []client.Call{call(talks(other))}, ""},
		{"I answer", []client.Call{call(rings(me)), call(talks(me))}, "talking"},
		{"I hold", []client.Call{call(talks(me)), call(holds(me))}, "held"},
		{"answered elsewhere", []client.Call{call(rings(me, other)), call(talks(other))}, "answered_elsewhere"},
		{"answered elsewhere, the silent leg first", []client.Call{call(rings(me, other)), call(rings(other)), call(talks(other))}, "answered_elsewhere"},
		{"the call went on to a colleague", []client.Call{call(rings(me)), call(rings(other))}, ""},
		{"missed stays", []client.Call{call(rings(me)), call(ends(client.Missed))}, "missed"},
		{"missed after the leg had ended", []client.Call{call(rings(me)), call(rings()), call(ends(client.Missed))}, "missed"},
		{"missed by a colleague", []client.Call{call(rings(other)), call(ends(client.Missed))}, ""},
		{"talk over", []client.Call{call(talks(me)), call(ends(client.Answered))}, "ended"},
		{"handed over", []client.Call{call(talks(me)), call(talks(other))}, "ended"},
		{"handed over, and the colleague rings first", []client.Call{call(talks(me)), call(rings(other)), call(talks(other))}, "ended"},
		{"handed over from hold, with a moment of nobody", []client.Call{call(holds(me)), call(rings()), call(talks(other))}, "ended"},
		{"handed over and come back", []client.Call{call(talks(me)), call(rings(other)), call(rings(me)), call(talks(me))}, "talking"},
		{"an end that was never begun here", []client.Call{call(ends(client.Missed))}, ""},
		{"ended is final, whatever comes late", []client.Call{call(rings(me)), call(ends(client.Missed)), call(rings(me))}, "missed"},
		{"repeats change nothing", []client.Call{call(rings(me)), call(rings(me)), call(talks(me)), call(talks(me))}, "talking"},
		{"click-to-call", []client.Call{call(out(1))}, "dialling"},
		{"click-to-call reaches the client", []client.Call{call(out(1)), call(out(2)), call(out(3), talks(me))}, "talking"},
		{"click-to-call fails", []client.Call{call(out(2)), call(out(2), ends(client.Busy))}, "failed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			d.hears(tt.calls...)
			if got := d.faces(); got != tt.want {
				t.Errorf("cards %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTick_takesAwayWhatStoodLongEnough(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		calls []client.Call
		stays time.Duration // zero: for ever
	}{
		{"answered elsewhere", []client.Call{call(rings(me)), call(talks(other))}, 4 * time.Second},
		{"ended", []client.Call{call(talks(me)), call(ends(client.Answered))}, 12 * time.Second},
		{"missed", []client.Call{call(rings(me)), call(ends(client.Missed))}, 0},
		{"ringing", []client.Call{call(rings(me))}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			d.hears(tt.calls...)
			if tt.stays == 0 {
				d.wait(time.Hour)
				if d.faces() == "" {
					t.Error("the card went by itself")
				}
				return
			}
			d.wait(tt.stays - time.Millisecond)
			if d.faces() == "" {
				t.Errorf("the card went before %v", tt.stays)
			}
			d.wait(time.Millisecond)
			if got := d.faces(); got != "" {
				t.Errorf("after %v there is still %q", tt.stays, got)
			}
		})
	}
}

func TestKeep_holdsACardWhileANoteIsTyped(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.hears(call(talks(me)), call(ends(client.Answered)))
	d.Keep("c1")
	d.wait(20 * time.Second)
	if got := d.faces(); got != "ended" {
		t.Errorf("cards %q, want the ended one to stay", got)
	}
}

func TestDismiss_hidesTheRingingOnly(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.hears(call(rings(me)))
	d.Dismiss("c1")
	d.hears(call(rings(me, other)))
	if got := d.faces(); got != "" {
		t.Fatalf("a dismissed card came back while ringing: %q", got)
	}
	d.hears(call(talks(me)))
	if got := d.faces(); got != "talking" {
		t.Errorf("cards %q, want the talk to be shown", got)
	}
}

// fakeServer answers a reload.
type fakeServer struct {
	Source
	active []client.Call
	calls  map[string]client.Call
}

func (f fakeServer) ActiveCalls(context.Context) ([]client.Call, error) { return f.active, nil }
func (f fakeServer) Call(_ context.Context, id string) (client.Call, error) {
	if c, ok := f.calls[id]; ok {
		return c, nil
	}
	return client.Call{}, &client.Problem{Status: 404, Code: "not_found"}
}

func TestReloadCalls_catchesUpAfterALostConnection(t *testing.T) {
	t.Parallel()
	second := call(rings(me), func(c *client.Call) { c.ID = "c2" })
	tests := []struct {
		name   string
		server fakeServer
		want   string
	}{
		{"it ended missed meanwhile", fakeServer{calls: map[string]client.Call{"c1": call(ends(client.Missed))}}, "missed"},
		{"a colleague took it and it is over", fakeServer{calls: map[string]client.Call{"c1": call(talks(other), ends(client.Answered))}}, "answered_elsewhere"},
		{"it rings still, and another too", fakeServer{active: []client.Call{call(rings(me)), second}}, "ringing ringing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk()
			d.hears(call(rings(me)))
			if err := d.ReloadCalls(t.Context(), tt.server); err != nil {
				t.Fatal(err)
			}
			if got := d.faces(); got != tt.want {
				t.Errorf("cards %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMissedCount_fallsWhenSomebodyTalkedWithTheCaller(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.hears(call(rings(me)), call(ends(client.Missed)))
	entry := client.FeedEntry{ID: "f1", Type: client.EntryCallMissed, CallID: "c1"}
	d.Apply(client.StreamEvent{Type: "feed", Data: &entry})
	caller := client.MissedCaller{Phone: "+79145550148", State: client.MissedWaiting, Rings: 2}
	d.Apply(client.StreamEvent{Type: "missed", Data: &caller})
	if got := d.MissedCount(); got != 1 {
		t.Fatalf("missed %d, want 1", got)
	}
	settled := entry
	settled.Settled = &client.Settled{At: noon}
	d.Apply(client.StreamEvent{Type: "feed", Data: &settled})
	caller.State = client.MissedSettled
	d.Apply(client.StreamEvent{Type: "missed", Data: &caller})
	if got := d.MissedCount(); got != 0 {
		t.Errorf("missed %d after settling, want 0", got)
	}
	if got := d.faces(); got != "" {
		t.Errorf("the missed card stays: %q", got)
	}
}

func TestTrack_callThatIsAnotherOneLosesItsCard(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.hears(call(func(c *client.Call) { c.Ringing = []string{me} }), call(func(c *client.Call) { c.ID, c.Ringing = "c2", []string{me} }))
	if len(d.Cards()) != 2 {
		t.Fatalf("cards %s", d.faces())
	}
	d.hears(call(func(c *client.Call) { c.State, c.Deleted, c.MergedInto = client.StateEnded, true, "c2" }))
	if _, known := d.Call("c1"); known || len(d.Cards()) != 1 {
		t.Errorf("cards %s", d.faces())
	}
}
