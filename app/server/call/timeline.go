package call

import (
	"cmp"
	"slices"
	"time"

	"dozvon/app/phone"
)

// timeline is a call's events sorted out for View.
type timeline struct {
	events                            []Event
	legs                              []leg
	summary, dialled, refused, closed *Event
	history, routed                   *Event
	summarised                        map[string]bool // the keys of which the PBX's last word is known
	told                              bool            // the summary came as an event, and not with the history
}

// sortOut makes a timeline; filled tells whether the PBX's own record had to fill a gap in it.
func sortOut(c Call) (s timeline, filled bool) {
	s = timeline{events: c.Events}
	s.legs, filled = legs(c.Events)
	var summaries, records []Event
	for i, e := range c.Events {
		switch e.Kind {
		case KindSummary:
			summaries = append(summaries, e)
		case KindDialled:
			s.dialled = &c.Events[i]
		case KindRefused:
			s.refused = &c.Events[i]
		case KindClosed:
			s.closed = &c.Events[i]
		case KindRouted:
			s.routed = &c.Events[i]
		case KindHistory:
			s.history = &c.Events[i]
			records = append(records, e)
		}
	}
	s.told = len(summaries) > 0
	if !s.told && len(records) > 0 {
		if last, ok := s.record(records); ok { // it says what the PBX's last event would have
			summaries = []Event{last}
		}
	}
	s.summarise(summaries)
	if s.closed != nil && (s.closed.Quiet || s.closed.Silent || !s.rangBy(s.closed.At)) && s.goesOnAfter(s.closed.At) {
		s.closed = nil
	}
	s.colleagueOutside()
	return s, filled
}

// summarise takes the PBX's last word on the call. Where several calls of the PBX are one, each may
// have its own: the whole call is from the first one's beginning to the last one's end.
func (s *timeline) summarise(all []Event) {
	s.summarised = map[string]bool{}
	last := map[string]Event{}
	var keys []string
	for _, e := range all {
		if !s.summarised[e.Key] {
			keys = append(keys, e.Key)
		}
		s.summarised[e.Key], last[e.Key] = true, e
	}
	if len(keys) == 0 {
		return
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Or(last[a].Began.Compare(last[b].Began), cmp.Compare(a, b))
	})
	whole := last[keys[0]]
	for _, key := range keys[1:] {
		whole = spanning(whole, last[key])
	}
	s.summary = &whole
}

// spanning is the summary of a call that b continues.
func spanning(a, b Event) Event {
	whole := a
	if !b.At.Before(a.At) {
		whole.At, whole.Cause, whole.End, whole.Said = b.At, b.Cause, b.End, b.Said
	}
	if whole.Answered.IsZero() || !b.Answered.IsZero() && b.Answered.Before(whole.Answered) {
		whole.Answered = b.Answered
	}
	whole.Line = cmp.Or(a.Line, b.Line)
	whole.Unsure = a.Unsure || b.Unsure
	return whole
}

// goesOnAfter reports whether an event tells that a party was on the call later than a moment.
func (s *timeline) goesOnAfter(at time.Time) bool {
	return slices.ContainsFunc(s.legs, func(l leg) bool {
		return slices.ContainsFunc(l.events, func(e Event) bool { return e.State != LegEnded && e.At.After(at) })
	})
}

// rangBy reports whether a leg is known that had begun by a moment: of a call without one nothing was
// known when it was closed.
func (s *timeline) rangBy(at time.Time) bool {
	return slices.ContainsFunc(s.legs, func(l leg) bool { return !l.began().After(at) })
}

// concluded reports whether the PBX has said its last word on all that lives.
func (s timeline) concluded() bool {
	return s.summary != nil && !slices.ContainsFunc(s.legs, func(l leg) bool {
		return l.live() && l.key() != "" && !s.summarised[l.key()] && !s.summarised[""]
	})
}

// callback: the call was ordered. A colleague who was asked by click-to-call while a client's call went
// on does not make that one a callback.
func (s timeline) callback() bool {
	return s.dialled != nil || slices.ContainsFunc(s.legs, func(l leg) bool { return l.callback && l.key() == s.legs[0].key() })
}

// direction trusts what was ordered, then the callback mark, then the summary, then the ends of the legs. Only the
// first leg counts: a transfer's leg goes from an employee to another.
func (s timeline) direction() Direction {
	switch {
	case orderedColleague(s), s.dialled == nil && s.callback() && withinSchool(s):
		return Internal // to the PBX every callback is an outbound call
	case s.callback():
		return Out
	case s.summary != nil && s.summary.Direction != "":
		return s.summary.Direction
	case len(s.legs) == 0:
		return In
	}
	first := s.legs[0].events[0]
	switch {
	case first.From.Extension == "":
		return In
	case first.To.Extension != "":
		return Internal
	}
	return Out
}

func (s timeline) phone() phone.Number {
	if s.dialled != nil {
		return s.dialled.To.Number
	}
	for _, l := range s.legs {
		for _, e := range l.events {
			if e.From.Outside() && e.From.Number != "" {
				return e.From.Number
			}
			if e.To.Outside() && e.To.Number != "" && !e.From.Outside() {
				return e.To.Number
			}
		}
	}
	if s.summary != nil {
		if s.summary.Direction == In {
			return s.summary.From.Number
		}
		if s.summary.To.Outside() {
			return s.summary.To.Number
		}
	}
	if s.routed != nil {
		return s.routed.From.Number
	}
	return ""
}

func (s timeline) line() string {
	if s.summary != nil && s.summary.Line != "" {
		return s.summary.Line
	}
	for _, l := range s.legs {
		for _, e := range l.events {
			if e.Line != "" {
				return e.Line
			}
		}
	}
	if s.routed != nil {
		return s.routed.Line
	}
	return ""
}

func (s timeline) started() time.Time {
	if s.dialled != nil {
		return s.dialled.At
	}
	var at time.Time
	if len(s.legs) > 0 {
		at = s.legs[0].began()
	}
	if s.summary != nil && !s.summary.Began.IsZero() {
		at = s.summary.Began
	}
	if at.IsZero() && len(s.events) > 0 {
		at = s.events[0].At
	}
	return at
}

// answered tells when somebody first talked with the outside party, and who did last.
func (s timeline) answered(internal bool) (time.Time, string) {
	var first, last time.Time
	var who string
	for _, l := range s.legs {
		e, ok := l.talk(internal)
		if !ok {
			continue
		}
		if first.IsZero() || e.At.Before(first) {
			first = e.At
		}
		if !e.At.Before(last) {
			last, who = e.At, l.extension()
		}
	}
	if s.summary == nil || s.summary.Unsure && s.summary.Answered.IsZero() && !first.IsZero() {
		return first, who
	}
	if s.summary.Answered.IsZero() {
		return time.Time{}, ""
	}
	if who == "" {
		who = cmp.Or(s.summary.To.Extension, s.summary.From.Extension)
	}
	return s.summary.Answered, who
}

func (s timeline) rang(d Direction) (now, ever []string) {
	for _, l := range s.legs {
		ext := l.rings()
		if ext == "" {
			continue
		}
		if !slices.Contains(ever, ext) {
			ever = append(ever, ext)
		}
		if l.last.State == LegRinging && !slices.Contains(now, ext) {
			now = append(now, ext)
		}
	}
	if len(now) == 0 && d == In {
		now = s.handedOver()
	}
	if s.dialled != nil && len(s.legs) == 0 && s.refused == nil && s.closed == nil {
		now = []string{s.dialled.From.Extension}
	}
	return now, ever
}

// handedOver is whose telephone rang last, while no leg lives because the call is on its way from
// one leg to the next: a card must not blink in that moment.
func (s timeline) handedOver() []string {
	if len(s.legs) == 0 || s.concluded() || s.closed != nil || s.final() {
		return nil
	}
	for _, l := range s.legs {
		if l.live() {
			return nil
		}
		if _, talked := l.talk(false); talked {
			return nil
		}
	}
	last := s.lastEnded()
	if last.last.End != EndMoved || last.rings() == "" {
		return nil
	}
	return []string{last.rings()}
}

func (s timeline) asked(rang []string) string {
	if s.dialled != nil {
		return s.dialled.From.Extension
	}
	for _, l := range s.legs {
		if l.last.From.Extension != "" && l.events[0].After == "" {
			return l.last.From.Extension
		}
	}
	if len(rang) > 0 {
		return rang[0]
	}
	return ""
}

func (s timeline) path(internal bool) []Step {
	var steps []Step
	for i, l := range s.legs {
		ext := l.extension()
		if ext == "" || s.otherHalf(i) {
			continue
		}
		step := Step{Extension: ext, From: l.began(), State: Ringing}
		if _, ok := l.talk(internal); ok {
			step.State = Talking
		}
		if l.last.State == LegHeld {
			step.State = Held
		}
		if !l.live() {
			step.To = l.last.At
			if step.To.Before(step.From) { // it lost its fork before it was told of
				step.To = step.From
			}
		}
		steps = append(steps, step)
	}
	return steps
}

// otherHalf reports whether another leg shows the same two employees at the same time: some PBXs
// tell both halves of a call between colleagues, the caller's and the called one's. The half that goes
// on with a client is the one to show.
func (s timeline) otherHalf(i int) bool {
	l := s.legs[i]
	for j, other := range s.legs {
		if i == j || !sameColleagues(l, other) || !overlap(l, other) {
			continue
		}
		mine, theirs := slices.ContainsFunc(l.events, outside), slices.ContainsFunc(other.events, outside)
		if !mine && (theirs || j < i) {
			return true
		}
	}
	return false
}

func sameColleagues(a, b leg) bool {
	return slices.ContainsFunc(a.events, func(e Event) bool {
		return e.From.Extension != "" && e.To.Extension != "" && slices.ContainsFunc(b.events, func(o Event) bool {
			return o.From.Extension == e.From.Extension && o.To.Extension == e.To.Extension
		})
	})
}

func overlap(a, b leg) bool {
	return (a.live() || a.last.At.After(b.began())) && (b.live() || b.last.At.After(a.began()))
}

// state is the whole call's: talking if an outside party talks, else held, else ringing. When
// no leg lives, a hang-up by either side ends the call at once; anything else may go on in the
// next leg, so the call waits for it (and Idle tells that it waits).
func (s timeline) state(internal, talked bool) (State, bool) {
	if s.concluded() || s.closed != nil || s.refused != nil && len(s.legs) == 0 || s.final() {
		return Ended, false
	}
	state, live := s.living(internal, talked)
	if s.hungUp(live) {
		return Ended, false
	}
	if live > 0 || len(s.legs) == 0 {
		// The PBX has asked about a call, and nothing came of it yet.
		return state, len(s.legs) == 0 && s.dialled == nil && s.routed != nil
	}
	if talked {
		return Talking, true
	}
	return Ringing, true
}

// living is the state by the legs that live, and how many employees' legs do, or how many at all
// where no employee's does.
func (s timeline) living(internal, talked bool) (State, int) {
	state, internalTalk := Ringing, false
	live, system := 0, 0
	for _, l := range s.legs {
		if !l.live() {
			continue
		}
		if l.place == PlaceMenu || l.place == PlaceQueue {
			system++
		} else {
			live++
		}
		_, talks := l.talk(internal)
		switch {
		case l.last.State == LegTalking && talks:
			return Talking, live
		case l.last.State == LegHeld:
			state = Held
		case l.last.State == LegTalking:
			internalTalk = true
		}
	}
	// The client is being joined with the colleague who was asked: nobody rings in that moment.
	if state == Ringing && internalTalk && talked {
		return Talking, live
	}
	return state, live + system
}

// hungUp reports whether a party has ended the call by hanging up. A menu or queue through which the
// call came may outlive the talk that it led to.
func (s timeline) hungUp(live int) bool {
	if len(s.legs) == 0 {
		return false
	}
	last := s.lastEnded()
	if live > 0 {
		_, talked := last.talk(false)
		return !last.live() && talked && last.place == PlaceEmployee && byParty(last.last.End) && s.onlySystemSince(last)
	}
	return s.byPartyAt(last.last.At) || last.last.End == EndDeclined && s.callback()
}

func byParty(e End) bool { return e == EndByCaller || e == EndByCalled }

// byPartyAt: legs that end in one moment end for one reason, and a hang-up is the one that counts.
func (s timeline) byPartyAt(at time.Time) bool {
	return slices.ContainsFunc(s.legs, func(l leg) bool { return l.last.At.Equal(at) && byParty(l.last.End) })
}

// onlySystemSince reports whether all that lives are menus and queues that began before a leg ended.
func (s timeline) onlySystemSince(ended leg) bool {
	return !slices.ContainsFunc(s.legs, func(l leg) bool {
		system := l.place == PlaceMenu || l.place == PlaceQueue
		return l.live() && (!system || l.began().After(ended.began()))
	})
}

// final reports whether the PBX told the end of the whole call with that of a leg.
func (s timeline) final() bool {
	var at time.Time
	for _, l := range s.legs {
		if !l.live() && l.last.Final && l.last.At.After(at) {
			at = l.last.At
		}
	}
	return !at.IsZero() && !s.goesOnAfter(at)
}

// lastEnded is the leg that ended last; of several the one whose end was told. What became of a leg
// that lost its fork says nothing of the call.
func (s timeline) lastEnded() leg {
	return slices.MaxFunc(s.legs, func(a, b leg) int {
		switch {
		case a.lost && !b.lost:
			return -1
		case b.lost && !a.lost:
			return 1
		}
		return cmp.Or(a.last.At.Compare(b.last.At), cmp.Compare(rankOfEnd(a), rankOfEnd(b)), a.began().Compare(b.began()), cmp.Compare(a.id, b.id))
	})
}

// step tells how far a click-to-call has come.
func (s timeline) step(v View) int {
	if !s.callback() {
		return 0
	}
	if !v.AnsweredAt.IsZero() {
		return 3
	}
	for _, l := range s.legs {
		if !l.firstOfCallback() || slices.ContainsFunc(l.events, func(e Event) bool { return e.State == LegTalking }) {
			return 2
		}
	}
	return 1
}

// rankOfEnd orders legs that ended in one moment by how much their end tells of the whole call's.
func rankOfEnd(l leg) int {
	switch {
	case l.live():
		return 0
	case l.last.Final:
		return 2
	}
	return 1
}
