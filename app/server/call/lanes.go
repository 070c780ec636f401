package call

import (
	"cmp"
	"slices"
	"time"

	"dozvon/app/phone"
)

// Lane is what one place of a call went through: a menu, a queue, an employee's telephones, an outside number.
type Lane struct {
	Place     Place
	Extension string
	Number    phone.Number // of a lane without an extension
	Spans     []Span       // in their order, none over another
	// End is why its last leg ended, with the PBX's own code or words.
	End   End
	Cause int
	Said  string
}

// Span is a part of a lane in one state; To is zero while it lasts.
type Span struct {
	State    LegState
	From, To time.Time
	// Outward: the employee waits for the other side, whose telephone rings.
	Outward bool
	// Unanswered: it rang, and neither here nor elsewhere at that moment did somebody pick up.
	Unanswered bool
}

// Move is a call that went on from one lane to another.
type Move struct {
	At       time.Time
	From, To int // places in the list of lanes
	// Asked: the colleague was asked while the client waited.
	Asked bool
}

// answeredNearby is how far apart the events may be of one leg that is answered and another that stops ringing.
const answeredNearby = 2 * time.Second

// Lanes tells a call's course: its lanes in the order in which they began, and how it went from one to another.
// None where the PBX told nothing but the whole.
func (c Call) Lanes() ([]Lane, []Move) {
	s, _ := sortOut(c)
	var lanes []Lane
	of := map[string]int{} // of a leg
	for i, l := range s.legs {
		if s.otherHalf(i) {
			continue
		}
		key := l.lane()
		at := slices.IndexFunc(lanes, func(had Lane) bool {
			return had.Place == key.Place && had.Extension == key.Extension && had.Number == key.Number
		})
		if at < 0 {
			at = len(lanes)
			lanes = append(lanes, key)
		}
		lanes[at].Spans = append(lanes[at].Spans, s.spans(l)...)
		if !l.live() {
			lanes[at].End, lanes[at].Cause, lanes[at].Said = l.last.End, l.last.Cause, l.last.Said
		}
		of[l.id] = at
	}
	for i := range lanes {
		lanes[i].Spans = flat(lanes[i].Spans)
	}
	return lanes, s.moves(of)
}

// lane is that of a leg, still empty.
func (l leg) lane() Lane {
	if l.place == PlaceMenu || l.place == PlaceQueue {
		return Lane{Place: l.place}
	}
	if ext := l.extension(); ext != "" {
		return Lane{Place: PlaceEmployee, Extension: ext}
	}
	return Lane{Place: l.place, Number: cmp.Or(l.last.To.Number, l.last.From.Number)}
}

// spans are what a leg went through.
func (s timeline) spans(l leg) []Span {
	if whole, late := s.toldLate(l); late {
		return l.within(whole)
	}
	events := slices.DeleteFunc(s.inTurn(l), func(e Event) bool { return e.State == LegEnded })
	slices.SortStableFunc(events, func(a, b Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq), cmp.Compare(stateRank(a.State), stateRank(b.State)))
	})
	var end time.Time
	if !l.live() {
		end = l.last.At
		if began := l.began(); end.Before(began) {
			end = began // it lost its fork before it was told of
		}
	}
	var all []Span
	for _, e := range events {
		if !end.IsZero() && e.At.After(end) {
			break // told of late
		}
		next := Span{State: e.State, From: e.At, To: end, Outward: l.outward(e)}
		if next.Outward {
			next.State = LegRinging
		}
		if n := len(all); n > 0 {
			if all[n-1].State == next.State && all[n-1].Outward == next.Outward {
				continue
			}
			all[n-1].To = e.At
		}
		all = append(all, next)
	}
	if l.rangInVain(s.legs) {
		for i := range all {
			all[i].Unanswered = all[i].State == LegRinging
		}
	}
	return all
}

// inTurn are a leg's events. Those that are dated by their coming may have come in another order than they went
// out: what came after its successor was over by then. Of a talk of which nothing but its end came in time, the whole
// call tells the beginning, where that lies within the leg; else it is taken for all of it.
func (s timeline) inTurn(l leg) []Event {
	events := slices.Clone(l.events)
	if !l.heard() {
		return events
	}
	for i := len(events) - 2; i >= 0; i-- {
		if next := events[i+1].At; !events[i+1].Soft && events[i].At.After(next) {
			events[i].At = next
		}
	}
	talks := slices.IndexFunc(events, func(e Event) bool { return e.State == LegTalking })
	if l.live() || talks < 0 || events[talks].At.Before(l.last.At) {
		return events
	}
	events[talks].At = l.began()
	for _, e := range s.events {
		if e.Kind == KindSummary && e.Key == l.key() && e.Answered.After(l.began()) && e.Answered.Before(l.last.At) {
			events[talks].At = e.Answered
		}
	}
	return events
}

// toldLate is the whole call of a leg whose events are dated by their coming, and came when it was over: they say
// nothing of when.
func (s timeline) toldLate(l leg) (whole Event, late bool) {
	var first *Event
	for i, e := range l.events {
		if e.State != LegEnded && (first == nil || e.At.Before(first.At)) {
			first = &l.events[i]
		}
	}
	if first == nil || first.Fact == "" {
		return whole, false
	}
	for _, e := range s.events {
		if e.Kind == KindSummary && (e.Key == l.key() || e.Key == "") && !e.Began.IsZero() && first.At.After(e.At.Add(answeredNearby)) {
			whole, late = e, true
		}
	}
	return whole, late
}

// within are the parts of a leg by what is told of the whole call.
func (l leg) within(whole Event) []Span {
	rings := Span{State: LegRinging, From: whole.Began, To: whole.At, Outward: l.last.From.Extension != "" && l.last.To.Outside()}
	if whole.Answered.IsZero() {
		rings.Unanswered = true
		return []Span{rings}
	}
	rings.To = whole.Answered
	var all []Span
	if rings.To.After(rings.From) {
		all = append(all, rings)
	}
	if l.talked() || whole.To.Extension == l.extension() || whole.From.Extension == l.extension() {
		all = append(all, Span{State: LegTalking, From: whole.Answered, To: whole.At})
	}
	return all
}

// outward: what rings is the other side's telephone. The employee of an ordered call, who has picked up, waits for
// that as well.
func (l leg) outward(e Event) bool {
	if l.firstOfCallback() {
		return e.State == LegTalking
	}
	return e.State == LegRinging && l.place != PlaceMenu && l.place != PlaceQueue && e.From.Extension != "" && e.To.Outside()
}

// rangInVain: an employee's telephone rang and nobody picked up, here or elsewhere.
func (l leg) rangInVain(all []leg) bool {
	if l.live() || l.lost || l.place == PlaceMenu || l.place == PlaceQueue || l.talked() {
		return false
	}
	return !slices.ContainsFunc(all, func(o leg) bool {
		if o.id == l.id {
			return false
		}
		taken := o.began().Before(l.last.At) || o.events[0].After == l.id && o.events[0].Command != ""
		at := slices.IndexFunc(o.events, func(e Event) bool { return e.State == LegTalking })
		picked := at >= 0 && o.place != PlaceMenu && o.place != PlaceQueue && o.events[at].At.Sub(l.last.At).Abs() <= answeredNearby
		return taken && picked || o.events[0].After == l.id && o.events[0].Command != "" && o.talked()
	})
}

func (l leg) talked() bool {
	return slices.ContainsFunc(l.events, func(e Event) bool { return e.State == LegTalking })
}

// stateRank orders the states of a leg that were told of for one moment.
func stateRank(s LegState) int {
	return slices.Index([]LegState{LegRinging, LegHeld, LegTalking, LegEnded}, s)
}

// flat are spans without two over each other: of what goes on at once, a talk is shown before a hold, and that
// before ringing.
func flat(all []Span) []Span {
	var edges []time.Time
	for _, s := range all {
		edges = append(edges, s.From)
		if !s.To.IsZero() {
			edges = append(edges, s.To)
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	var out []Span
	for i, from := range edges {
		to := time.Time{}
		if i+1 < len(edges) {
			to = edges[i+1]
		}
		s, ok := shown(all, from, to)
		if !ok {
			continue
		}
		if n := len(out); n > 0 && out[n-1].To.Equal(from) && out[n-1].sameAs(s) {
			out[n-1].To = to
			continue
		}
		s.From, s.To = from, to
		out = append(out, s)
	}
	return out
}

func (s Span) sameAs(o Span) bool {
	return s.State == o.State && s.Outward == o.Outward && s.Unanswered == o.Unanswered
}

// shown is what is shown from one moment to the next; zero: for good.
func shown(all []Span, from, to time.Time) (best Span, ok bool) {
	rank := func(s Span) int { return slices.Index([]LegState{LegRinging, LegHeld, LegTalking}, s.State) }
	for _, s := range all {
		over := !s.From.After(from) && (s.To.IsZero() || !to.IsZero() && !s.To.Before(to))
		if over && (!ok || rank(s) > rank(best) || rank(s) == rank(best) && best.Unanswered && !s.Unanswered) {
			best, ok = s, true
		}
	}
	return best, ok
}

// moves are how the call went from one employee to another; of are the lanes of the legs.
func (s timeline) moves(of map[string]int) []Move {
	var all []Move
	for _, b := range s.legs {
		to, known := of[b.id]
		if !known || b.place == PlaceMenu || b.place == PlaceQueue {
			continue
		}
		for _, a := range s.legs {
			from, known := of[a.id]
			if !known || from == to || !a.handedTo(b) {
				continue
			}
			if b.asksFor(a) {
				all = append(all, Move{At: momentOn(s, b, b.began()), From: from, To: to, Asked: true})
			}
			if at, ok := a.leftTo(b); ok {
				all = append(all, Move{At: momentOn(s, b, at), From: from, To: to})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Move) int { return a.At.Compare(b.At) })
	return slices.CompactFunc(all, func(a, b Move) bool {
		return a.At.Equal(b.At) && a.From == b.From && a.To == b.To && a.Asked == b.Asked
	})
}

// momentOn is when a talk went to a leg: of one that was told of late, when its call began.
func momentOn(s timeline, to leg, told time.Time) time.Time {
	if whole, late := s.toldLate(to); late {
		return whole.Began
	}
	return told
}

// handedTo reports whether a talk may have gone on from one leg to another.
func (l leg) handedTo(b leg) bool {
	if l.id == b.id || l.firstOfCallback() || !l.talked() || l.place == PlaceMenu || l.place == PlaceQueue || b.rings() == "" {
		return false
	}
	after := slices.ContainsFunc(b.events, func(e Event) bool { return e.After == l.id })
	return after || b.asksFor(l) || !l.live() && l.last.End == EndMoved && b.began().Sub(l.last.At).Abs() <= answeredNearby
}

// asksFor reports whether a leg began as the question of an employee whose client waits on another.
func (l leg) asksFor(client leg) bool {
	first := l.events[0]
	return first.From.Extension != "" && first.From.Extension == client.extension() && first.To.Extension != "" && (client.live() || l.began().Before(client.last.At))
}

// leftTo is when a talk went on on another leg; false when it has not.
func (l leg) leftTo(b leg) (time.Time, bool) {
	switch {
	case l.live() || byParty(l.last.End) && !b.liveAfter(l.last.At):
		return time.Time{}, false
	case b.began().After(l.last.At):
		return b.began(), true
	case b.liveAfter(l.last.At):
		return l.last.At, true
	}
	return time.Time{}, false
}

func (l leg) liveAfter(at time.Time) bool { return l.live() || l.last.At.After(at) }
