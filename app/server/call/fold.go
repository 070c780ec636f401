// Package call holds the telephone call: its legs, its states, and Fold, which
// turns the PBX's events into the call that people see.
//
// Fold is pure. The same events give the same call in any order and with any
// repeats, because a PBX promises neither: a Call is the set of its events,
// without repeats and in one canonical order, and what people see is computed from
// that set. Nothing here does I/O, reads a clock or knows whose PBX it was;
// adapters translate before they call.
package call

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Call is everything known of one call. The zero value is a call of which nothing is known.
type Call struct {
	Events []Event `json:"events"`
}

// Fold adds an event. An event that is already known changes nothing.
func Fold(c Call, e Event) Call {
	if e.Fact != "" {
		if at := slices.IndexFunc(c.Events, func(had Event) bool { return had.Fact == e.Fact }); at >= 0 {
			if compare(e, c.Events[at]) >= 0 {
				return c
			}
			c = Call{Events: slices.Delete(slices.Clone(c.Events), at, at+1)}
		}
	}
	at, found := slices.BinarySearchFunc(c.Events, e, compare)
	if found {
		return c
	}
	return Call{Events: slices.Insert(slices.Clone(c.Events), at, e)}
}

// Same reports whether nothing more is known of one call than of the other.
func Same(a, b Call) bool {
	return slices.EqualFunc(a.Events, b.Events, func(a, b Event) bool { return compare(a, b) == 0 })
}

// FoldAll folds events into a new call.
func FoldAll(events []Event) Call {
	var c Call
	for _, e := range events {
		c = Fold(c, e)
	}
	return c
}

// compare orders events by what they tell, never by when they arrived. Two events are the
// same only if all of their content is.
func compare(a, b Event) int {
	if a == b {
		return 0
	}
	order := cmp.Or(
		a.At.Compare(b.At),
		cmp.Compare(rank(a), rank(b)),
		cmp.Compare(a.Leg, b.Leg),
		cmp.Compare(a.Seq, b.Seq),
		cmp.Compare(a.Recording, b.Recording),
	)
	if order != 0 {
		return order
	}
	return cmp.Compare(content(a), content(b)) // the dearest comparison, and seldom needed
}

// rank orders kinds within one second, so that a call dialled and rung in the same second
// reads as it happened.
func rank(e Event) int {
	return slices.Index([]Kind{
		KindDialled, KindLeg, KindDigits, KindRouted, KindRecording, KindRefused, KindOver, KindSummary, KindClosed, KindHistoryLeg, KindHistory,
	}, e.Kind)
}

func content(e Event) string {
	raw, _ := json.Marshal(e)
	return string(raw)
}
