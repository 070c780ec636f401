package call

import (
	"cmp"
	"slices"
	"time"
)

// leg is one party's part of a call, put together from its events.
type leg struct {
	id       string
	events   []Event // by seq
	last     Event
	callback bool
	place    Place
	// over says when the leg was over at the latest, though no event told its end; nil: nothing does.
	over *Event
	// guessed: only over tells the end, and no event how it ended.
	guessed bool
	// lost: another leg of its fork was answered.
	lost bool
}

// key is the PBX's id of the call that the leg was told of under. Calls that turned out to be one
// have several.
func (l leg) key() string { return l.events[0].Key }

// legs groups the call's leg events, ordered by when each leg began. restored tells whether the
// PBX's own record had to fill a gap.
func legs(events []Event) (all []leg, restored bool) {
	byID := map[string]*leg{}
	for _, e := range events {
		if e.Kind != KindLeg {
			continue
		}
		l := byID[e.Leg]
		if l == nil {
			l = &leg{id: e.Leg}
			byID[e.Leg] = l
		}
		l.events = append(l.events, e)
	}
	restored = fill(byID, events)
	for _, e := range events {
		if l := byID[e.Leg]; e.Kind == KindOver && l != nil {
			l.over = &e
		}
	}
	all = make([]leg, 0, len(byID))
	for _, l := range byID {
		all = append(all, l.settled())
	}
	settleForks(all)
	// A PBX's times are whole seconds: of two legs that began in the same one, the leg that
	// continues the other is the later, whatever their ids. Else a colleague asked at once would
	// make the client's call an internal one.
	slices.SortFunc(all, func(a, b leg) int {
		return cmp.Or(a.began().Compare(b.began()), cmp.Compare(depth(byID, a.id), depth(byID, b.id)), cmp.Compare(a.id, b.id))
	})
	return all, restored
}

// depth is how many legs a leg continues, one after the other.
func depth(byID map[string]*leg, id string) int {
	n := 0
	for l := byID[id]; l != nil && n < len(byID); n++ {
		after := ""
		for _, e := range l.events {
			after = cmp.Or(after, e.After)
		}
		if after == "" {
			return n
		}
		l = byID[after]
	}
	return n
}

// settled orders a leg's events by seq. An ended leg stays ended whatever else is told of it:
// a stale event may carry a higher number when a PBX counts per node.
func (l *leg) settled() leg {
	slices.SortStableFunc(l.events, func(a, b Event) int { return cmp.Compare(a.Seq, b.Seq) })
	l.correctParties()
	l.last = l.events[len(l.events)-1]
	for _, e := range l.events {
		if e.State == LegEnded && !e.Soft {
			l.last = e
		}
		l.callback = l.callback || e.Callback
		if e.Place != "" {
			l.place = e.Place
		}
	}
	l.give()
	return *l
}

// correctParties puts what an event told in the place of what others guessed.
func (l *leg) correctParties() {
	told := slices.IndexFunc(l.events, func(e Event) bool { return !e.Guessed })
	if told < 0 {
		return
	}
	for i, e := range l.events {
		if e.Guessed {
			l.events[i].From, l.events[i].To = l.events[told].From, l.events[told].To
		}
	}
}

// give ends a leg whose end no event told, if it is known to be over.
func (l *leg) give() {
	if l.over == nil || l.last.State == LegEnded || slices.ContainsFunc(l.events, func(e Event) bool { return e.At.After(l.over.At) }) {
		return
	}
	end := l.last
	end.State, end.At, end.Cause, end.End = LegEnded, l.over.At, 0, cmp.Or(l.over.End, EndByCaller)
	l.last, l.guessed = end, l.over.End == ""
}

// ToldInTime reports whether events of a leg are known that told of it while it went on.
func (c Call) ToldInTime(id string) bool {
	told := false
	for _, e := range c.Events {
		if e.Leg != id {
			continue
		}
		if e.Kind == KindOver {
			return false
		}
		told = told || e.Kind == KindLeg
	}
	return told
}

func (l leg) began() time.Time {
	at := l.events[0].At
	for _, e := range l.events {
		if e.At.Before(at) {
			at = e.At
		}
	}
	return at
}

func (l leg) live() bool { return l.last.State != LegEnded }

// firstOfCallback is the leg on which the PBX rings the operator before the client; it looks
// inbound, and being answered on it is no conversation.
func (l leg) firstOfCallback() bool {
	return l.callback && l.events[0].After == "" && l.last.To.Extension != ""
}

// extension is the employee's end of the leg, empty for menus, queues and outside-only legs.
func (l leg) extension() string {
	if l.place == PlaceMenu || l.place == PlaceQueue {
		return ""
	}
	return cmp.Or(l.last.To.Extension, l.last.From.Extension)
}

// rings tells whose telephone rings or rang on this leg: the called employee's. A leg from an
// employee to the outside rings nobody of ours.
func (l leg) rings() string {
	if l.place == PlaceMenu || l.place == PlaceQueue {
		return ""
	}
	return l.last.To.Extension
}

// talk is the first moment on which an outside party and an employee talked on this leg.
func (l leg) talk(internal bool) (Event, bool) {
	if l.place == PlaceMenu || l.place == PlaceQueue || l.firstOfCallback() {
		return Event{}, false
	}
	for _, e := range l.events {
		if e.State == LegTalking && (internal || e.From.Outside() || e.To.Outside()) {
			return e, true
		}
	}
	return Event{}, false
}

// LegSince reports whether a leg is known that had begun by at, to the second.
func (c Call) LegSince(id string, at time.Time) bool {
	return slices.ContainsFunc(c.Events, func(e Event) bool {
		return e.Kind == KindLeg && e.Leg == id && !e.At.After(at)
	})
}
