package call

import (
	"slices"
	"time"
)

// end fills in what only an ended call has: when, why, with what result, how long the talk was.
func (s timeline) end(v *View) {
	end := s.ending()
	v.EndedAt, v.Cause, v.Said = end.At, end.Cause, end.Said
	for _, before := range []time.Time{v.StartedAt, v.AnsweredAt} {
		if v.EndedAt.Before(before) {
			v.EndedAt = before // a PBX may tell an end before the answer
		}
	}
	v.Ringing = nil
	if !v.AnsweredAt.IsZero() {
		v.Talk = max(v.EndedAt.Sub(v.AnsweredAt), 0)
		v.Result = Answered
		return
	}
	if v.Direction == In {
		v.Result = Missed
		return
	}
	v.Result = s.unanswered()
}

// ending is the event that told the end last: of the summary, or, for what it does not tell of, of the
// legs, a refusal or a time limit.
func (s timeline) ending() Event {
	if s.summary != nil {
		return s.endOfRest(*s.summary)
	}
	var end Event
	if len(s.legs) > 0 {
		end = s.lastEnded().last
	}
	if s.refused != nil && s.refused.At.After(end.At) {
		end = *s.refused
	}
	if s.closed != nil && end.At.IsZero() {
		end = *s.closed
	}
	return end
}

// endOfRest is a summary's end, or a later one of a leg that another key of the call told of.
func (s timeline) endOfRest(end Event) Event {
	for _, l := range s.legs {
		if !l.live() && l.key() != "" && !s.summarised[l.key()] && !s.summarised[""] && l.last.At.After(end.At) {
			end = l.last
		}
	}
	return end
}

// unanswered is the result of an outbound or internal call on which nobody talked. A refused
// callback failed; one whose operator never picked up has not started.
func (s timeline) unanswered() Result {
	if s.refused != nil && len(s.legs) == 0 {
		return Failed
	}
	if s.callback() && s.step(View{}) == 1 {
		return NotStarted
	}
	end := s.lastEnd()
	switch end {
	case EndBusy:
		return Busy
	case EndDeclined:
		return Declined
	case EndFailed:
		return Failed
	}
	return NoAnswer
}

func (s timeline) lastEnd() End {
	if s.summary != nil && s.summary.End != "" {
		return s.summary.End
	}
	if len(s.legs) == 0 {
		return EndNoAnswer
	}
	return s.lastEnded().last.End
}

// guessed reports whether nobody but we tells the end of a leg.
func (s timeline) guessed() bool {
	return slices.ContainsFunc(s.legs, func(l leg) bool { return l.guessed })
}
