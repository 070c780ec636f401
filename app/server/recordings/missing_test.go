package recordings

import (
	"fmt"
	"testing"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/store"
)

// talked is a call of one talk of an extension, told of under a key.
func talked(key, extension string, at time.Time) store.CallRecord {
	leg := func(state call.LegState, after time.Duration, end call.End) call.Event {
		return call.Event{
			Kind: call.KindLeg, Key: key, Leg: key + extension, At: at.Add(after), State: state, Place: call.PlaceEmployee, End: end,
			From: call.Party{Number: "+79145550148"}, To: call.Party{Extension: extension},
		}
	}
	return store.CallRecord{ID: key, Key: key, Facts: call.FoldAll([]call.Event{
		leg(call.LegRinging, 0, ""), leg(call.LegTalking, time.Second, ""), leg(call.LegEnded, time.Minute, call.EndByCaller),
	})}
}

// TestGivenUp_isFoundAmongManyWithoutLookingThroughThem: a morning asks for each call of some days.
func TestGivenUp_isFoundAmongManyWithoutLookingThroughThem(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	at := time.UnixMilli(1_000_000_000)
	searches := func(n int) []store.RecordingSearch {
		all := []store.RecordingSearch{{Key: "k", Extension: "102", Tries: 7}}
		for i := range n {
			all = append(all, store.RecordingSearch{Key: fmt.Sprint("x", i), Extension: "101", Tries: 5})
		}
		return append(all, store.RecordingSearch{Key: "k", Extension: "101", Tries: 3})
	}
	cost := func(rec store.CallRecord, n, want int) float64 {
		ended := givenUp(searches(n))
		return testing.AllocsPerRun(5, func() {
			if got := ended.Tries(rec); got != want {
				t.Fatalf("%s was asked for %d times, want %d", rec.Key, got, want)
			}
		})
	}
	for want, rec := range map[int]store.CallRecord{3: talked("k", "101", at), 7: talked("k", "102", at), 0: talked("other", "101", at)} {
		few, many := cost(rec, 1, want), cost(rec, 1000, want)
		if many > few+5 {
			t.Errorf("%s %d: %v allocations beside one, %v beside a thousand", rec.Key, want, few, many)
		}
	}
}
