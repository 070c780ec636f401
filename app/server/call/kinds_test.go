package call_test

import (
	"testing"
	"time"

	"dozvon/app/server/call"
)

// The flows of PBXs that do not summarise a call, date events by their arrival, or tell a call under
// several keys: in no PBX's words, in any order, with repeats.
func TestFold_callOfAPBXThatTellsLess(t *testing.T) {
	t.Parallel()
	toClient := func(e *call.Event) { e.From, e.To = call.Party{Extension: "101"}, call.Party{Number: client} }
	asked := func(e *call.Event) {
		e.Key, e.From, e.To = "k2", call.Party{Extension: "101"}, call.Party{Extension: "102"}
	}
	queue := func(e *call.Event) { e.Place, e.To = call.PlaceQueue, call.Party{} }
	menu := func(e *call.Event) { e.Place, e.To = call.PlaceMenu, call.Party{} }
	closed := func(s *script, quiet bool) {
		s.at = s.at.Add(30 * time.Second)
		s.out = append(s.out, call.Event{Kind: call.KindClosed, Key: "k", At: s.at, Quiet: quiet})
	}
	tests := []struct {
		name  string
		write func(*script)
		want  string
	}{
		{"silence is the end", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndNoAnswer)
			closed(s, true)
		}, "ended missed by 101, rang 101"},
		{"silence was a gap between two employees", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndNoAnswer)
			closed(s, true)
			s.leg("102", call.LegRinging, nil)
		}, "ringing by 101, rang 101 102"},
		{"a time limit's end stays the end", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndNoAnswer)
			closed(s, false)
			s.leg("102", call.LegRinging, nil)
		}, "ended missed by 101, rang 101 102 (unconfirmed)"},
		{"an employee's own call ends with its only leg", func(s *script) {
			s.leg("101", call.LegRinging, toClient)
			s.leg("101", call.LegEnded, func(e *call.Event) { toClient(e); e.End, e.Final = call.EndBusy, true })
		}, "out: ended busy by 101"},
		{"a queue ends, the end of an employee's ringing is lost", func(s *script) {
			s.leg("queue", call.LegRinging, queue)
			s.leg("101", call.LegRinging, nil)
			s.leg("queue", call.LegEnded, func(e *call.Event) { queue(e); e.End, e.Final = call.EndByCaller, true })
		}, "ended missed by 101, rang 101"},
		{"a final end that something follows", func(s *script) {
			s.leg("queue", call.LegRinging, queue)
			s.leg("queue", call.LegEnded, func(e *call.Event) { queue(e); e.End, e.Final = call.EndMoved, true })
			s.leg("101", call.LegRinging, nil)
		}, "ringing by 101, rang 101"},
		{"a menu outlives the talk that it led to", func(s *script) {
			s.leg("menu", call.LegTalking, menu)
			s.leg("104", call.LegRinging, nil)
			s.leg("104", call.LegTalking, nil)
			s.ends("104", call.EndByCaller)
		}, "ended answered by 104, rang 104"},
		{"a menu outlives an employee who did not answer", func(s *script) {
			s.leg("menu", call.LegTalking, menu)
			s.leg("104", call.LegRinging, nil)
			s.ends("104", call.EndNoAnswer)
		}, "ringing by 104, rang 104"},
		{"queue and employee end in one moment", func(s *script) {
			s.leg("queue", call.LegRinging, queue)
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndNoAnswer)
			s.leg("queue", call.LegEnded, func(e *call.Event) { queue(e); e.End, e.At = call.EndByCaller, e.At.Add(-time.Second) })
		}, "ended missed by 101, rang 101"},
		{"the operator's stage of a callback is over when the client's begins", func(s *script) {
			s.leg("dial", call.LegRinging, func(e *call.Event) { e.Callback, e.From, e.To = true, call.Party{}, call.Party{Extension: "101"} })
			s.leg("101", call.LegRinging, toClient)
			s.out = append(s.out, call.Event{Kind: call.KindOver, Key: "k", Leg: "dial", At: s.at, End: call.EndMoved})
			s.leg("101", call.LegTalking, toClient)
			s.leg("101", call.LegEnded, func(e *call.Event) { toClient(e); e.End = call.EndByCalled })
		}, "out: ended answered by 101, rang 101"},
		{"an employee's own call has no stage to end", func(s *script) {
			s.leg("101", call.LegRinging, toClient)
			s.out = append(s.out, call.Event{Kind: call.KindOver, Key: "k", Leg: "dial", At: s.at, End: call.EndMoved})
		}, "out: ringing by 101"},
		{"a summary that cannot know undoes no talk", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.ends("101", call.EndByCaller)
			s.summary(call.In, time.Time{})
			s.out[len(s.out)-1].Unsure = true
		}, "ended answered by 101, rang 101"},
		{"a summary that knows does", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.ends("101", call.EndByCaller)
			s.summary(call.In, time.Time{})
		}, "ended missed by 101, rang 101"},
		{"the first half is summarised, the second goes on", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.ends("101", call.EndMoved)
			s.summary(call.In, noon.Add(2*time.Second))
			s.leg("102", call.LegTalking, func(e *call.Event) { e.Key = "k2" })
		}, "talking by 102, rang 101 102"},
		{"both halves are summarised", func(s *script) {
			s.leg("101", call.LegTalking, nil)
			s.ends("101", call.EndMoved)
			s.summary(call.In, noon.Add(time.Second))
			s.leg("102", call.LegTalking, func(e *call.Event) { e.Key = "k2" })
			s.leg("102", call.LegEnded, func(e *call.Event) { e.Key, e.End = "k2", call.EndByCaller })
			s.summary(call.In, noon.Add(4*time.Second))
			s.out[len(s.out)-1].Key, s.out[len(s.out)-1].Began = "k2", noon.Add(4*time.Second)
		}, "ended answered by 102, rang 101 102"},
		{"a consultation under a key of its own, then joined", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.leg("101", call.LegHeld, nil)
			s.leg("half1", call.LegRinging, asked)
			s.leg("half2", call.LegRinging, asked)
			s.leg("half2", call.LegTalking, asked)
			s.ends("101", call.EndMoved)
			s.leg("half1", call.LegEnded, func(e *call.Event) { asked(e); e.End = call.EndMoved })
			s.leg("half2", call.LegTalking, func(e *call.Event) { e.To.Extension = "102" })
			s.leg("half2", call.LegEnded, func(e *call.Event) { e.To.Extension, e.End = "102", call.EndByCaller })
		}, "ended answered by 102, rang 101 102"},
		{"a colleague was asked by click-to-call: the client's call stays inbound", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			dial := func(e *call.Event) {
				e.Key, e.Callback, e.From, e.To = "k2", true, call.Party{}, call.Party{Extension: "101"}
			}
			s.leg("dial", call.LegRinging, dial)
			s.leg("dial", call.LegEnded, func(e *call.Event) { dial(e); e.End = call.EndMoved })
			s.ends("101", call.EndByCaller)
		}, "ended answered by 101, rang 101"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &script{}
			tt.write(s)
			for i, order := range shuffledAndDoubled(s.out) {
				c := call.FoldAll(order)
				got := summaryOf(c)
				if c.View().Direction == call.Out {
					got = "out: " + got
				}
				if c.View().Unconfirmed {
					got += " (unconfirmed)"
				}
				if got != tt.want {
					t.Fatalf("order %d\n got %s\nwant %s", i, got, tt.want)
				}
			}
		})
	}
}

// Events of a PBX that tells no time are dated by their arrival: the first to come of one fact counts,
// whichever is folded first, and what differs beside the time must not let the order decide.
func TestFold_oneFactIsOneEvent(t *testing.T) {
	t.Parallel()
	rings := func(after time.Duration, line string) call.Event {
		return call.Event{
			Kind: call.KindLeg, Key: "k", At: noon.Add(after), Fact: "101 rings", Leg: "101", State: call.LegRinging, Line: line,
			Place: call.PlaceEmployee, From: call.Party{Number: client}, To: call.Party{Extension: "101"},
		}
	}
	events := []call.Event{rings(4*time.Second, ""), rings(time.Second, "b"), rings(time.Second, "a"), rings(9*time.Second, "")}
	for _, order := range shuffledAndDoubled(events) {
		c := call.FoldAll(order)
		if len(c.Events) != 1 || !c.Events[0].At.Equal(noon.Add(time.Second)) || c.Events[0].Line != "a" {
			t.Fatalf("got %+v", c.Events)
		}
	}
	if a := call.FoldAll(events[:1]); call.Same(a, call.Fold(a, events[1])) {
		t.Error("an earlier time of a fact is no news")
	}
}

// Both halves of a call between colleagues are one step of its path.
func TestView_bothHalvesAreOneStep(t *testing.T) {
	t.Parallel()
	s := &script{}
	inside := func(e *call.Event) { e.From, e.To = call.Party{Extension: "101"}, call.Party{Extension: "102"} }
	for _, half := range []string{"caller", "called"} {
		s.leg(half, call.LegRinging, inside)
	}
	for _, half := range []string{"caller", "called"} {
		s.leg(half, call.LegTalking, inside)
	}
	v := call.FoldAll(s.out).View()
	if v.Direction != call.Internal || v.State != call.Talking || len(v.Path) != 1 || v.Path[0].Extension != "102" {
		t.Errorf("got %s %s %+v", v.Direction, v.State, v.Path)
	}
}
