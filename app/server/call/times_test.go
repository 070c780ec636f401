package call_test

import (
	"testing"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
)

// TestView_theTimesOfACallAreInOrder whatever its PBX tells of them, in any order of its events.
func TestView_theTimesOfACallAreInOrder(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Date(2026, 5, 4, 12, 0, s, 0, time.UTC) }
	leg := func(state call.LegState, s int, seq int64) call.Event {
		e := call.Event{Kind: call.KindLeg, Key: "k", Leg: "l", At: at(s), Seq: seq, State: state, Place: call.PlaceEmployee}
		e.From, e.To = call.Party{Number: phone.Number("+79990000101")}, call.Party{Extension: "101"}
		if state == call.LegEnded {
			e.End = call.EndByCaller
		}
		return e
	}
	for name, events := range map[string][]call.Event{
		"the end before the answer":      {leg(call.LegRinging, 10, 1), leg(call.LegTalking, 30, 2), leg(call.LegEnded, 20, 3)},
		"the end before the beginning":   {leg(call.LegRinging, 10, 1), leg(call.LegEnded, 5, 3)},
		"the answer before the ringing":  {leg(call.LegRinging, 10, 1), leg(call.LegTalking, 5, 2), leg(call.LegEnded, 20, 3)},
		"all backwards":                  {leg(call.LegRinging, 30, 1), leg(call.LegTalking, 20, 2), leg(call.LegEnded, 10, 3)},
		"a summary that ends before":     {leg(call.LegTalking, 30, 2), {Kind: call.KindSummary, Key: "k", Began: at(10), Answered: at(30), At: at(20)}},
		"a summary that is all backward": {{Kind: call.KindSummary, Key: "k", Began: at(30), Answered: at(20), At: at(10)}},
		"dialled by a clock that is ahead": {
			{Kind: call.KindDialled, Key: "k", At: at(40), From: call.Party{Extension: "101"}, To: call.Party{Number: "+79990000101"}},
			{Kind: call.KindLeg, Key: "k", Leg: "l", At: at(20), Seq: 2, State: call.LegTalking, From: call.Party{Extension: "101"}, To: call.Party{Number: "+79990000101"}},
			{Kind: call.KindLeg, Key: "k", Leg: "l", At: at(30), Seq: 3, State: call.LegEnded, From: call.Party{Extension: "101"}, To: call.Party{Number: "+79990000101"}, End: call.EndByCaller},
		},
	} {
		for from := range events {
			var c call.Call
			for i := range events {
				c = call.Fold(c, events[(from+i)%len(events)])
			}
			v := c.View()
			if v.State != call.Ended || v.StartedAt.IsZero() || v.EndedAt.Before(v.StartedAt) || v.Talk < 0 {
				t.Errorf("%s: %s, began %s, ended %s, talked for %s", name, v.State, v.StartedAt, v.EndedAt, v.Talk)
			}
			if !v.AnsweredAt.IsZero() && (v.AnsweredAt.Before(v.StartedAt) || v.EndedAt.Before(v.AnsweredAt)) {
				t.Errorf("%s: began %s, answered %s, ended %s", name, v.StartedAt, v.AnsweredAt, v.EndedAt)
			}
			for _, step := range v.Path {
				if !step.To.IsZero() && step.To.Before(step.From) {
					t.Errorf("%s: a step from %s to %s", name, step.From, step.To)
				}
			}
		}
	}
}
