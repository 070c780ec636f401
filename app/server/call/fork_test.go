package call_test

import (
	"testing"

	"dozvon/app/server/call"
)

// TestFork_onceOneTalksTheOthersRingNoMore: of whom nothing else is told, and of whom it is told late.
func TestFork_onceOneTalksTheOthersRingNoMore(t *testing.T) {
	t.Parallel()
	fork := func(e *call.Event) { e.Fork = "k" }
	cancelled := func(e *call.Event) { e.Fork, e.End, e.Soft, e.Seq = "k", call.EndNoAnswer, true, 2 }
	tests := []struct {
		name  string
		write func(*script)
		want  string
	}{
		{"its end is lost", func(s *script) {
			s.leg("101", call.LegRinging, fork)
			s.leg("102", call.LegRinging, fork)
			s.leg("102", call.LegTalking, fork)
		}, "talking by 102, rang 101 102"},
		{"its ringing is told when another talks", func(s *script) {
			s.leg("102", call.LegRinging, fork)
			s.leg("102", call.LegTalking, fork)
			s.leg("101", call.LegRinging, fork)
		}, "talking by 102, rang 102 101"},
		{"its ringing is told after the talk", func(s *script) {
			s.leg("102", call.LegRinging, fork)
			s.leg("102", call.LegTalking, fork)
			s.leg("102", call.LegEnded, func(e *call.Event) { e.Fork, e.End = "k", call.EndByCaller })
			s.leg("101", call.LegRinging, fork)
		}, "ended answered by 102, rang 102 101"},
		{"its end is told after the talk", func(s *script) {
			s.leg("101", call.LegRinging, fork)
			s.leg("102", call.LegRinging, fork)
			s.leg("102", call.LegTalking, fork)
			s.leg("102", call.LegEnded, func(e *call.Event) { e.Fork, e.End = "k", call.EndByCaller })
			s.leg("101", call.LegEnded, cancelled)
		}, "ended answered by 102, rang 101 102"},
		{"nobody talks", func(s *script) {
			s.leg("101", call.LegRinging, fork)
			s.leg("102", call.LegRinging, fork)
			s.leg("101", call.LegEnded, cancelled)
		}, "ringing by 101, rang 101 102"},
		{"a leg of another fork rings on", func(s *script) {
			s.leg("101", call.LegRinging, fork)
			s.leg("101", call.LegTalking, fork)
			s.leg("101", call.LegEnded, func(e *call.Event) { e.Fork, e.End = "k", call.EndMoved })
			s.leg("102", call.LegRinging, func(e *call.Event) { e.Fork, e.Key = "other", "other" })
		}, "ringing by 101, rang 101 102"},
		{"rung again after an end that was soft, and answered", func(s *script) {
			s.leg("101", call.LegRinging, fork)
			s.leg("101", call.LegEnded, cancelled)
			s.leg("101", call.LegTalking, func(e *call.Event) { e.Fork, e.Seq = "k", 3 })
		}, "talking by 101, rang 101"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &script{}
			tt.write(s)
			for i, order := range shuffledAndDoubled(s.out) {
				if got := summaryOf(call.FoldAll(order)); got != tt.want {
					t.Fatalf("order %d\n got %s\nwant %s", i, got, tt.want)
				}
			}
		})
	}
}

// TestFork_nobodyRingsAnyMore: whose telephone has stopped loses the card at once.
func TestFork_nobodyRingsAnyMore(t *testing.T) {
	t.Parallel()
	s := &script{}
	fork := func(e *call.Event) { e.Fork = "k" }
	s.leg("101", call.LegRinging, fork)
	s.leg("102", call.LegRinging, fork)
	if v := call.FoldAll(s.out).View(); len(v.Ringing) != 2 {
		t.Errorf("%v ring", v.Ringing)
	}
	s.leg("102", call.LegTalking, fork)
	v := call.FoldAll(s.out).View()
	if len(v.Ringing) != 0 || len(v.Path) != 2 || v.Path[0].To.Before(v.Path[0].From) {
		t.Errorf("%v ring, %+v", v.Ringing, v.Path)
	}
}

// TestLeg_aGuessOfItsPartiesGivesWay: a PBX whose word that a leg was answered does not say who called whom.
func TestLeg_aGuessOfItsPartiesGivesWay(t *testing.T) {
	t.Parallel()
	s := &script{}
	s.leg("101", call.LegRinging, func(e *call.Event) { e.From, e.To = call.Party{Extension: "101"}, call.Party{Number: client} })
	s.leg("101", call.LegTalking, func(e *call.Event) { e.Guessed = true })
	for _, order := range shuffledAndDoubled(s.out) {
		v := call.FoldAll(order).View()
		if v.Direction != call.Out || len(v.Rang) != 0 || v.Extension != "101" || v.State != call.Talking {
			t.Fatalf("%s %s by %s, rang %v", v.Direction, v.State, v.Extension, v.Rang)
		}
	}
	if v := call.FoldAll(s.out[1:]).View(); v.Direction != call.In || v.Extension != "101" {
		t.Errorf("the guess alone: %s by %s", v.Direction, v.Extension)
	}
}
