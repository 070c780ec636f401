package call

import (
	"cmp"
	"slices"
	"time"

	"dozvon/app/phone"
)

// timeline is a call's events sorted out for Show.
type timeline struct {
	events                            []Event
	legs                              []leg
	summary, dialled, refused, closed *Event
	history, routed                   *Event
}

func (s timeline) callback() bool {
	return s.dialled != nil || slices.ContainsFunc(s.legs, func(l leg) bool { return l.callback })
}

// direction trusts the summary, then the callback mark, then the ends of the legs. Only the
// first leg counts: a transfer's leg goes from an employee to another.
func (s timeline) direction() Direction {
	switch {
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
	if s.summary == nil {
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
	if len(s.legs) == 0 || s.summary != nil || s.closed != nil {
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
	for _, l := range s.legs {
		ext := l.extension()
		if ext == "" {
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
		}
		steps = append(steps, step)
	}
	return steps
}

// state is the whole call's: talking if an outside party talks, else held, else ringing. When
// no leg lives, a hang-up by either side ends the call at once; anything else may go on in the
// next leg, so the call waits for it (and Idle tells that it waits).
func (s timeline) state(internal, talked bool) (State, bool) {
	if s.summary != nil || s.closed != nil || (s.refused != nil && len(s.legs) == 0) {
		return Ended, false
	}
	state, live, internalTalk := Ringing, false, false
	for _, l := range s.legs {
		if !l.live() {
			continue
		}
		live = true
		_, talks := l.talk(internal)
		switch {
		case l.last.State == LegTalking && talks:
			return Talking, false
		case l.last.State == LegHeld:
			state = Held
		case l.last.State == LegTalking:
			internalTalk = true
		}
	}
	// The client is being joined with the colleague who was asked: nobody rings in that moment.
	if state == Ringing && internalTalk && talked {
		return Talking, false
	}
	if live || len(s.legs) == 0 {
		return state, false
	}
	last := s.lastEnded()
	if last.last.End == EndByCaller || last.last.End == EndByCalled || last.last.End == EndDeclined && s.callback() {
		return Ended, false
	}
	if talked {
		return Talking, true
	}
	return Ringing, true
}

func (s timeline) lastEnded() leg {
	return slices.MaxFunc(s.legs, func(a, b leg) int {
		return cmp.Or(a.last.At.Compare(b.last.At), a.began().Compare(b.began()), cmp.Compare(a.id, b.id))
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
