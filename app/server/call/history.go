package call

import (
	"cmp"
	"slices"
	"time"
)

// nearby is how far the PBX's record and its events may differ about when a leg began: both
// are whole seconds, cut at different places.
const nearby = 2 * time.Second

// nearbyUnsure is the same for an unsure record, whose times are not known to be those of the events.
const nearbyUnsure = 5 * time.Second

// fill completes the legs from the PBX's own record of them: what an event told stays as it
// is, what no event told is added. An unsure record adds no leg beside those that events told. It
// reports whether anything was.
func fill(byID map[string]*leg, events []Event) bool {
	filled, known := false, len(byID) > 0
	for _, h := range events {
		if h.Kind != KindHistoryLeg {
			continue
		}
		l := recorded(byID, h)
		if l == nil && h.Unsure && known {
			continue
		}
		if l == nil {
			id := h.Leg
			if id == "" {
				id = "history " + string(h.Place) + " " + h.From.Extension + h.To.Extension + " " + h.Began.Format(time.RFC3339)
			}
			l = &leg{id: id}
			byID[id] = l
		}
		filled = l.complete(h) || filled
	}
	return filled
}

// recorded finds the leg that h is about: by its id, or, where the record has none, by whose
// telephone it was and when it began.
func recorded(byID map[string]*leg, h Event) *leg {
	if h.Leg != "" {
		return byID[h.Leg]
	}
	within := nearby
	if h.Unsure {
		within = nearbyUnsure
	}
	var found *leg
	for _, l := range byID {
		if !l.mayBe(h) || h.Began.Sub(l.began()).Abs() > within {
			continue
		}
		// Two legs may fit; the choice must not depend on the order of a map.
		if found == nil || nearer(l, found, h.Began) {
			found = l
		}
	}
	return found
}

// mayBe reports whether a record without the leg's id may be about it, by its ends. Those of a leg
// change when a colleague who was asked takes the client over: then the client's row is meant.
func (l *leg) mayBe(h Event) bool {
	same := func(e Event) bool {
		return e.Place == h.Place && e.From.Extension == h.From.Extension && e.To.Extension == h.To.Extension
	}
	if !h.Unsure {
		return same(l.events[0])
	}
	return slices.ContainsFunc(l.events, same) && (outside(h) || !slices.ContainsFunc(l.events, outside))
}

func nearer(a, b *leg, at time.Time) bool {
	return cmp.Or(cmp.Compare(at.Sub(a.began()).Abs(), at.Sub(b.began()).Abs()), cmp.Compare(a.id, b.id)) < 0
}

func outside(e Event) bool { return e.From.Outside() || e.To.Outside() }

// complete adds the states that the record proves and no event told.
func (l *leg) complete(h Event) bool {
	like := h
	if len(l.events) > 0 {
		like = l.events[0]
		for _, e := range l.events {
			if e.Seq < like.Seq {
				like = e
			}
		}
	}
	added := false
	add := func(state LegState, at time.Time) {
		for _, e := range l.events {
			// A talk with the outside party is another one than a consultation on the same leg.
			if e.State == state && !e.Soft && (state != LegTalking || outside(e) == outside(h)) {
				return
			}
		}
		e := like
		e.Kind, e.Seq, e.State, e.At, e.Began, e.Answered, e.Cause, e.End = KindLeg, 0, state, at, time.Time{}, time.Time{}, 0, ""
		e.Leg, e.Fact, e.Guessed, e.Soft = l.id, "", false, false
		switch state {
		case LegTalking:
			e.From, e.To = h.From, h.To
		case LegEnded:
			e.Cause, e.End = h.Cause, h.End
		}
		l.events = append(l.events, e)
		added = true
	}
	if len(l.events) == 0 {
		add(LegRinging, h.Began)
	}
	if !h.Answered.IsZero() && h.Place == PlaceEmployee {
		add(LegTalking, h.Answered)
	}
	add(LegEnded, h.At)
	return added
}
