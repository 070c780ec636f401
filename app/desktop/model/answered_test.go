package model

import (
	"context"
	"testing"
	"time"

	"dozvon/client"
)

// TestAnswered_neverSetsACardBack: the answer to a click-to-call came after the call's events and
// set the card from talking back to dialling; after the end it brought a card that stayed for ever.
func TestAnswered_neverSetsACardBack(t *testing.T) {
	t.Parallel()
	me := client.Employee{ID: "e1"}
	mine := &client.Person{ID: "e1"}
	state := func(s client.CallState, step int) client.Call {
		c := client.Call{ID: "c", Direction: client.Out, State: s, Employee: mine, Step: step}
		if s == client.StateEnded {
			c.Result = client.Answered
		}
		return c
	}
	dialling, talking, ended := state(client.StateRinging, 1), state(client.StateTalking, 3), state(client.StateEnded, 0)
	for _, tt := range []struct {
		name   string
		before []client.Call // told by the stream before the request
		during []client.Call // while the answer was on its way
		tick   bool          // so long that the ended call was forgotten
		answer client.Call
		want   CardState
	}{
		{"the answer comes first", nil, nil, false, dialling, CardDialling},
		{"the client has taken it meanwhile", nil, []client.Call{dialling, talking}, false, dialling, CardTalking},
		{"it is over meanwhile", nil, []client.Call{dialling, talking, ended}, false, dialling, CardEnded},
		{"it is over and forgotten meanwhile", nil, []client.Call{dialling, talking, ended}, true, dialling, CardNone},
		{"the stream told of it before the request alone", []client.Call{dialling}, nil, false, talking, CardTalking},
		{"another call's events are not this one's", nil, []client.Call{{ID: "other", Direction: client.In, State: client.StateRinging}}, false, dialling, CardDialling},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := time.Unix(1_800_000_000, 0)
			m := New(Config{Me: me, Now: func() time.Time { return now }})
			tell := func(calls []client.Call) {
				for _, c := range calls {
					m.Apply(client.StreamEvent{Type: "call", Data: &c})
				}
			}
			tell(tt.before)
			asked := m.Mark()
			tell(tt.during)
			if tt.tick {
				now = now.Add(time.Hour)
				m.Tick()
				m.Tick()
			}
			m.Answered(tt.answer, asked)
			got := CardNone
			if cards := m.Cards(); len(cards) > 0 {
				got = cards[0].State
			}
			if got != tt.want {
				t.Errorf("the card is %q, want %q", got, tt.want)
			}
		})
	}
}

// slow answers with what was true before something happened.
type slow struct {
	Source
	active []client.Call
	during func()
}

func (s slow) ActiveCalls(context.Context) ([]client.Call, error) {
	s.during()
	return s.active, nil
}

// TestReloadCalls_isOlderThanTheStream: what the stream tells while the list is on its way holds.
func TestReloadCalls_isOlderThanTheStream(t *testing.T) {
	t.Parallel()
	mine := &client.Person{ID: "e1"}
	m := New(Config{Me: client.Employee{ID: "e1"}})
	ringing := client.Call{ID: "c", Direction: client.In, State: client.StateRinging, Ringing: []string{"e1"}}
	talking := client.Call{ID: "c", Direction: client.In, State: client.StateTalking, Employee: mine}
	other := client.Call{ID: "d", Direction: client.In, State: client.StateTalking, Employee: mine}
	dialled := m.Mark()
	err := m.ReloadCalls(t.Context(), slow{active: []client.Call{ringing}, during: func() {
		m.Apply(client.StreamEvent{Type: "call", Data: &talking})
		m.Apply(client.StreamEvent{Type: "call", Data: &other}) // it began after the list was made
	}})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]client.CallState{"c": client.StateTalking, "d": client.StateTalking} {
		if call, _ := m.Call(id); call.State != want {
			t.Errorf("call %s is %q, want %q", id, call.State, want)
		}
	}
	m.Answered(client.Call{ID: "gone", Direction: client.Out, State: client.StateRinging, Employee: mine}, dialled)
	if _, known := m.Call("gone"); known {
		t.Error("an answer older than the whole list brought a call that the list does not have")
	}
}
