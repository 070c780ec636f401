package call_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/call"
)

// courseOf writes a call's course: "101: ringing! 1-3, talking 3-; 3: 101→102".
func courseOf(c call.Call) string {
	lanes, moves := c.Lanes()
	second := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return fmt.Sprint(int(at.Sub(noon).Seconds()))
	}
	name := func(l call.Lane) string {
		if l.Place != call.PlaceEmployee {
			return string(l.Place)
		}
		return l.Extension + string(l.Number)
	}
	var all []string
	for _, l := range lanes {
		var spans []string
		for _, s := range l.Spans {
			sign := ""
			if s.Unanswered {
				sign = "!"
			}
			if s.Outward {
				sign += ">"
			}
			spans = append(spans, fmt.Sprintf("%s%s %s-%s", s.State, sign, second(s.From), second(s.To)))
		}
		all = append(all, name(l)+": "+strings.Join(spans, ", "))
	}
	for _, m := range moves {
		sign := "→"
		if m.Asked {
			sign = "?"
		}
		all = append(all, second(m.At)+": "+name(lanes[m.From])+sign+name(lanes[m.To]))
	}
	return strings.Join(all, "; ")
}

// TestLanes_tellTheCourse: each step of a script is one second; the course is written by hand.
func TestLanes_tellTheCourse(t *testing.T) {
	t.Parallel()
	menu := func(e *call.Event) { e.Place, e.To = call.PlaceMenu, call.Party{} }
	dials := func(e *call.Event) { e.From, e.To = call.Party{Extension: "101"}, call.Party{Number: client} }
	asks := func(e *call.Event) { e.From, e.To = call.Party{Extension: "101"}, call.Party{Extension: "102"} }
	moved := func(e *call.Event) { e.End = call.EndMoved }
	tests := []struct {
		name  string
		write func(*script)
		want  string
	}{
		{"a menu, one who does not answer, one who does", func(s *script) {
			s.leg("m", call.LegRinging, menu)
			s.leg("m", call.LegEnded, func(e *call.Event) { menu(e); e.End = call.EndMoved })
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndNoAnswer)
			s.leg("102", call.LegRinging, nil)
			s.leg("102", call.LegTalking, nil)
			s.ends("102", call.EndByCaller)
		}, "menu: ringing 1-2; 101: ringing! 3-4; 102: ringing 5-6, talking 6-7"},
		{"a group of which one answers", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("102", call.LegRinging, nil)
			s.leg("103", call.LegRinging, nil)
			s.leg("102", call.LegTalking, nil)
			s.ends("101", call.EndMoved)
			s.ends("103", call.EndMoved)
			s.ends("102", call.EndByCalled)
		}, "101: ringing 1-5; 102: ringing 2-4, talking 4-7; 103: ringing 3-6"},
		{"two telephones of one extension", func(s *script) {
			s.leg("101a", call.LegRinging, nil)
			s.leg("101b", call.LegRinging, nil)
			s.leg("101b", call.LegTalking, nil)
			s.ends("101a", call.EndMoved)
			s.ends("101b", call.EndByCaller)
		}, "101: ringing 1-3, talking 3-5"},
		{"a queue that tries again", func(s *script) {
			s.leg("101a", call.LegRinging, nil)
			s.ends("101a", call.EndNoAnswer)
			s.leg("102", call.LegRinging, nil)
			s.ends("102", call.EndNoAnswer)
			s.leg("101b", call.LegRinging, nil)
		}, "101: ringing! 1-2, ringing 5-; 102: ringing! 3-4"},
		{"held twice", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.leg("101", call.LegHeld, nil)
			s.leg("101", call.LegTalking, nil)
			s.leg("101", call.LegHeld, nil)
			s.ends("101", call.EndByCaller)
		}, "101: ringing 1-2, talking 2-3, held 3-4, talking 4-5, held 5-6"},
		{"transferred at once", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.leg("101", call.LegEnded, moved)
			s.leg("102", call.LegRinging, func(e *call.Event) { e.After = "101" })
			s.leg("102", call.LegTalking, func(e *call.Event) { e.After = "101" })
			s.ends("102", call.EndByCaller)
		}, "101: ringing 1-2, talking 2-3; 102: ringing 4-5, talking 5-6; 4: 101→102"},
		{"transferred after a question", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.leg("101", call.LegHeld, nil)
			s.leg("102", call.LegRinging, asks)
			s.leg("102", call.LegTalking, asks)
			s.leg("101", call.LegEnded, moved)
			s.leg("102", call.LegTalking, nil)
			s.ends("102", call.EndByCaller)
		}, "101: ringing 1-2, talking 2-3, held 3-6; 102: ringing 4-5, talking 5-8; 4: 101?102; 6: 101→102"},
		{"asked, and taken back", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("101", call.LegTalking, nil)
			s.leg("101", call.LegHeld, nil)
			s.leg("102", call.LegRinging, asks)
			s.leg("102", call.LegEnded, func(e *call.Event) { asks(e); e.End = call.EndNoAnswer })
			s.leg("101", call.LegTalking, nil)
			s.ends("101", call.EndByCaller)
		}, "101: ringing 1-2, talking 2-3, held 3-6, talking 6-7; 102: ringing! 4-5; 4: 101?102"},
		{"outbound", func(s *script) {
			s.leg("101", call.LegRinging, dials)
			s.leg("101", call.LegTalking, dials)
			s.leg("101", call.LegEnded, func(e *call.Event) { dials(e); e.End = call.EndByCalled })
		}, "101: ringing> 1-2, talking 2-3"},
		{"ordered: the employee waits for the client", func(s *script) {
			order := func(e *call.Event) { e.Callback = true }
			s.leg("101a", call.LegRinging, order)
			s.leg("101a", call.LegTalking, order)
			s.leg("101b", call.LegRinging, func(e *call.Event) { dials(e); e.Callback, e.After = true, "101a" })
			s.leg("101a", call.LegEnded, func(e *call.Event) { order(e); e.End = call.EndMoved })
			s.leg("101b", call.LegTalking, func(e *call.Event) { dials(e); e.Callback, e.After = true, "101a" })
		}, "101: ringing 1-2, ringing> 2-5, talking 5-"},
		{"intercepted by us", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.leg("104", call.LegRinging, func(e *call.Event) { e.After, e.Command = "101", "cmd" })
			s.leg("101", call.LegEnded, moved)
			s.leg("104", call.LegTalking, func(e *call.Event) { e.After, e.Command = "101", "cmd" })
			s.ends("104", call.EndByCaller)
		}, "101: ringing 1-3; 104: ringing 2-4, talking 4-5"},
		{"the caller gives up", func(s *script) {
			s.leg("101", call.LegRinging, nil)
			s.ends("101", call.EndByCaller)
		}, "101: ringing! 1-2"},
		{"only the whole is known", func(s *script) {
			s.at = noon
			s.summary(call.In, noon.Add(2*time.Second))
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &script{}
			tt.write(s)
			for _, order := range shuffledAndDoubled(s.out) {
				if got := courseOf(call.FoldAll(order)); got != tt.want {
					t.Fatalf("%s\nwant %s", got, tt.want)
				}
			}
		})
	}
}

// TestLanes_ofEventsInDisorder: of a PBX that tells no times, an event counts from its coming. Whatever order they come
// in, who talked is seen to have talked, and nobody rings once he has.
func TestLanes_ofEventsInDisorder(t *testing.T) {
	t.Parallel()
	at := func(second int) time.Time { return noon.Add(time.Duration(second) * time.Second) }
	leg := func(second int, seq int64, state call.LegState) call.Event {
		return call.Event{
			Kind: call.KindLeg, Key: "k", Leg: "101", Seq: seq, State: state, At: at(second), Fact: fmt.Sprint("101 ", state),
			Place: call.PlaceEmployee, From: call.Party{Number: client}, To: call.Party{Extension: "101"},
		}
	}
	whole := func(answered int) call.Event {
		return call.Event{
			Kind: call.KindSummary, Key: "k", Direction: call.In, From: call.Party{Number: client}, To: call.Party{Extension: "101"},
			Began: at(0), Answered: at(answered), At: at(9),
		}
	}
	for _, tt := range []struct {
		name               string
		rings, talks, ends int
		whole              []call.Event
		want               string
	}{
		{"in order", 1, 3, 9, []call.Event{whole(3)}, "101: ringing 1-3, talking 3-9"},
		{"the ringing after the answer", 4, 3, 9, nil, "101: talking 3-9"},
		{"the answer after the end", 1, 10, 9, []call.Event{whole(3)}, "101: ringing 1-3, talking 3-9"},
		{"the answer after the end, of which the whole tells nothing", 1, 10, 9, nil, "101: talking 1-9"},
		{"the answer after the end, and before the leg by the PBX's clock", 5, 10, 9, []call.Event{whole(3)}, "101: talking 5-9"},
		{"the ringing after all", 11, 3, 9, []call.Event{whole(3)}, "101: talking 3-9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			events := append([]call.Event{leg(tt.rings, 1, call.LegRinging), leg(tt.talks, 2, call.LegTalking), leg(tt.ends, 3, call.LegEnded)}, tt.whole...)
			again := leg(tt.ends, 2, call.LegTalking) // who tells of the end of a talk tells of the talk
			again.Fact += ", and it is over"
			for _, order := range append(shuffledAndDoubled(events), shuffledAndDoubled(append(events, again))...) {
				if got := courseOf(call.FoldAll(order)); got != tt.want {
					t.Fatalf("%s\nwant %s", got, tt.want)
				}
			}
		})
	}
}

func TestEvent_nameStaysWhatItIs(t *testing.T) {
	t.Parallel()
	e := call.Event{Kind: call.KindLeg, Key: "k", At: noon, Leg: "101", State: call.LegRinging}
	same, other := e, e
	other.At = noon.Add(time.Millisecond)
	fact := call.Event{Kind: call.KindLeg, Key: "k", At: noon, Fact: "101 rings"}
	later := fact
	later.At = noon.Add(time.Minute)
	if e.ID() != same.ID() || e.ID() == other.ID() || fact.ID() != later.ID() || fact.ID() == e.ID() {
		t.Errorf("%s %s %s %s", e.ID(), other.ID(), fact.ID(), later.ID())
	}
}
