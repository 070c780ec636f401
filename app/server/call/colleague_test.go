package call_test

import (
	"testing"
	"time"

	"dozvon/app/server/call"
)

// toMobile is a call of 101 to the mobile of 102, as the PBX tells it: both have extensions.
func toMobile() *script {
	s := &script{}
	party := func(e *call.Event) {
		e.From, e.To = call.Party{Extension: "101"}, call.Party{Extension: "102", Number: "+79145550102", Device: "79145550102"}
	}
	s.leg("a", call.LegRinging, party)
	s.leg("a", call.LegTalking, party)
	s.leg("a", call.LegEnded, func(e *call.Event) { party(e); e.End = call.EndByCalled })
	return s
}

// TestColleague_hisMobileIsAnOutsideNumber: the telephone and the employee stay, whatever comes first.
func TestColleague_hisMobileIsAnOutsideNumber(t *testing.T) {
	t.Parallel()
	s := toMobile()
	s.out = append(s.out, call.Event{
		Kind: call.KindSummary, Key: "k", At: s.at.Add(time.Second), Began: noon, Direction: call.Out, Answered: noon.Add(2 * time.Second),
		From: call.Party{Extension: "101"}, To: call.Party{Extension: "102", Number: "+79145550102"},
	})
	for _, events := range [][]call.Event{s.out, s.out[:3], s.out[3:], s.out[2:]} {
		for _, order := range shuffledAndDoubled(events) {
			v := call.FoldAll(order).View()
			if v.Direction != call.Out || v.Phone != "+79145550102" || v.Extension != "101" || len(v.Rang) != 0 {
				t.Fatalf("of %d events: %s %s by %s, rang %v", len(events), v.Direction, v.Phone, v.Extension, v.Rang)
			}
		}
	}
	if v := call.FoldAll(s.out[:2]).View(); v.State != call.Talking || v.Extension != "101" {
		t.Errorf("while they talk: %s by %s", v.State, v.Extension)
	}
}

func TestColleague_hisMobileInAnInternalCallIsHisTelephone(t *testing.T) {
	t.Parallel()
	s := toMobile()
	s.summary(call.Internal, noon.Add(2*time.Second))
	s.out[len(s.out)-1].From = call.Party{Extension: "101"}
	v := call.FoldAll(s.out).View()
	if v.Direction != call.Internal || v.Phone != "" || v.Extension != "102" {
		t.Errorf("%s %s by %s", v.Direction, v.Phone, v.Extension)
	}
}

// TestColleague_askedOnHisMobileIsNoClient: a consultation leaves the client's call as it is.
func TestColleague_askedOnHisMobileIsNoClient(t *testing.T) {
	t.Parallel()
	s := &script{}
	s.leg("101", call.LegRinging, nil)
	s.leg("101", call.LegTalking, nil)
	s.leg("101", call.LegHeld, nil)
	asks := func(e *call.Event) {
		e.From, e.To, e.After = call.Party{Extension: "101"}, call.Party{Extension: "102", Number: "+79145550102"}, "101"
	}
	s.leg("b", call.LegRinging, asks)
	s.leg("b", call.LegTalking, asks)
	for _, order := range shuffledAndDoubled(s.out) {
		v := call.FoldAll(order).View()
		if v.Direction != call.In || v.Phone != client || v.Extension != "101" || v.Consulting == nil || v.Consulting.Extension != "102" {
			t.Fatalf("%s %s by %s, asking %+v", v.Direction, v.Phone, v.Extension, v.Consulting)
		}
	}
}

// TestColleague_calledBackOnHisMobile: a click-to-call to a colleague's number names him on both legs.
func TestColleague_calledBackOnHisMobile(t *testing.T) {
	t.Parallel()
	s := &script{}
	first := func(e *call.Event) {
		e.From, e.To, e.Callback = call.Party{Extension: "102", Device: "79145550102"}, call.Party{Extension: "101", Number: "+79145550101"}, true
	}
	second := func(e *call.Event) {
		e.From, e.To, e.After, e.Callback = call.Party{Extension: "101"}, call.Party{Extension: "102", Number: "+79145550102"}, "a", true
	}
	s.leg("a", call.LegRinging, first)
	s.leg("a", call.LegTalking, first)
	s.leg("a", call.LegEnded, func(e *call.Event) { first(e); e.End = call.EndMoved })
	s.leg("b", call.LegRinging, second)
	s.leg("b", call.LegTalking, second)
	for _, order := range shuffledAndDoubled(s.out) {
		v := call.FoldAll(order).View()
		if v.Direction != call.Out || v.Phone != "+79145550102" || v.Extension != "101" || v.State != call.Talking || v.Step != 3 {
			t.Fatalf("%s %s by %s, %s, step %d", v.Direction, v.Phone, v.Extension, v.State, v.Step)
		}
	}
}

func TestOver_endsALegUntilSomethingLaterIsTold(t *testing.T) {
	t.Parallel()
	s := &script{}
	s.leg("101", call.LegRinging, nil)
	s.leg("101", call.LegTalking, nil)
	over := call.Event{Kind: call.KindOver, Key: "k", Leg: "101", At: s.at.Add(time.Minute)}
	for _, order := range shuffledAndDoubled(append(s.out, over)) {
		v := call.FoldAll(order).View()
		if v.State != call.Ended || !v.Unconfirmed || v.Result != call.Answered || v.Talk != time.Minute {
			t.Fatalf("%s %s after %s, unconfirmed %v", v.State, v.Result, v.Talk, v.Unconfirmed)
		}
	}
	later := s.out[1]
	later.Seq, later.State, later.At = 3, call.LegHeld, over.At.Add(time.Second)
	if v := call.FoldAll(append(s.out, over, later)).View(); v.State != call.Held || v.Unconfirmed {
		t.Errorf("after a later event: %s", v.State)
	}
	ended := s.out[1]
	ended.Seq, ended.State, ended.End, ended.At = 3, call.LegEnded, call.EndByCaller, s.at.Add(5*time.Second)
	if v := call.FoldAll(append(s.out, over, ended)).View(); v.Talk != 5*time.Second || v.Unconfirmed {
		t.Errorf("after its real end: talked %s, unconfirmed %v", v.Talk, v.Unconfirmed)
	}
}
