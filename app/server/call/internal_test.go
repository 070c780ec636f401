package call_test

import (
	"testing"
	"time"

	"dozvon/app/server/call"
)

// orderedColleague is a click-to-call of 101 to 102 as a PBX plays it: his own telephone first, on a leg that looks as
// if 102 called, then hers. mobile is the telephone behind her extension where it is one.
func orderedColleague(mobile string) (*script, call.Event) {
	s := &script{}
	order := call.Event{Kind: call.KindDialled, At: noon, Command: "c", From: call.Party{Extension: "101"}, To: call.Party{Extension: "102"}}
	first := func(e *call.Event) {
		e.Command, e.Callback = "c", true
		e.From, e.To = call.Party{Extension: "102", Device: mobile}, call.Party{Extension: "101"}
	}
	second := func(e *call.Event) {
		e.Command, e.After = "c", "a"
		e.From, e.To = call.Party{Extension: "101"}, call.Party{Extension: "102", Device: mobile}
		if mobile != "" {
			e.To.Number = call.Party{Number: "+79145550102"}.Number
		}
	}
	s.leg("a", call.LegRinging, first)
	s.leg("a", call.LegTalking, first)
	s.leg("a", call.LegEnded, func(e *call.Event) { first(e); e.End = call.EndMoved })
	s.leg("b", call.LegRinging, second)
	s.leg("b", call.LegTalking, second)
	s.leg("b", call.LegEnded, func(e *call.Event) { second(e); e.End = call.EndByCalled })
	// To this PBX every callback is outbound.
	s.summary(call.Out, noon.Add(5*time.Second))
	s.out[len(s.out)-1].From, s.out[len(s.out)-1].To = call.Party{Extension: "101"}, call.Party{Extension: "102"}
	return s, order
}

func TestOrdered_toAColleagueIsAnInternalCallOfTheTwo(t *testing.T) {
	t.Parallel()
	for name, mobile := range map[string]string{"at the desk": "", "whose telephone is a mobile": "79145550102"} {
		s, order := orderedColleague(mobile)
		for n := range len(s.out) + 1 {
			for _, events := range shuffledAndDoubled(append([]call.Event{order}, s.out[:n]...)) {
				v := call.FoldAll(events).View()
				if v.Direction != call.Internal || v.Phone != "" || v.Caller != "101" || v.Called != "102" {
					t.Fatalf("%s, %d events: %s %q from %s to %s", name, n, v.Direction, v.Phone, v.Caller, v.Called)
				}
			}
		}
		steps := []int{1, 1, 2, 2, 2, 3}
		for n, want := range steps {
			if v := call.FoldAll(append([]call.Event{order}, s.out[:n]...)).View(); v.Step != want {
				t.Errorf("%s, %d events: step %d, want %d", name, n, v.Step, want)
			}
		}
		if v := call.FoldAll(append([]call.Event{order}, s.out[:4]...)).View(); v.State != call.Ringing || len(v.Ringing) != 1 || v.Ringing[0] != "102" {
			t.Errorf("%s: her telephone rings: %s %v", name, v.State, v.Ringing)
		}
		if v := call.FoldAll(append([]call.Event{order}, s.out...)).View(); v.Result != call.Answered || v.Talk <= 0 {
			t.Errorf("%s: ended %s after %s", name, v.Result, v.Talk)
		}
	}
}

// TestOrdered_inTheCabinetToAColleagueIsInternal: the order is not ours, its legs tell.
func TestOrdered_inTheCabinetToAColleagueIsInternal(t *testing.T) {
	t.Parallel()
	s, _ := orderedColleague("")
	for n := 1; n <= len(s.out); n++ {
		for _, events := range shuffledAndDoubled(s.out[:n]) {
			if v := call.FoldAll(events).View(); v.Direction != call.Internal || v.Phone != "" || v.Caller != "101" || v.Called != "102" {
				t.Fatalf("%d events: %s %q from %s to %s", n, v.Direction, v.Phone, v.Caller, v.Called)
			}
		}
	}
}

func TestOrdered_toAColleagueEndsAsItEnded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		legs int
		end  call.End
		want call.Result
	}{
		"he does not pick up": {1, call.EndNoAnswer, call.NotStarted},
		"she is busy":         {4, call.EndBusy, call.Busy},
		"she lets it ring":    {4, call.EndNoAnswer, call.NoAnswer},
	} {
		s, order := orderedColleague("")
		last := s.out[tt.legs-1]
		last.State, last.Seq, last.At, last.End = call.LegEnded, last.Seq+1, last.At.Add(time.Second), tt.end
		events := append([]call.Event{order}, append(s.out[:tt.legs:tt.legs], last)...)
		whole := s.out[len(s.out)-1]
		if whole.Kind != call.KindSummary {
			t.Fatal("no summary")
		}
		whole.Answered, whole.End = time.Time{}, tt.end
		if v := call.FoldAll(append(events, whole)).View(); v.State != call.Ended || v.Result != tt.want || v.Direction != call.Internal {
			t.Errorf("%s: %s %s %s, want %s", name, v.Direction, v.State, v.Result, tt.want)
		}
	}
}
