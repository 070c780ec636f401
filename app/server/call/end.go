package call

import (
	"slices"
	"time"
)

// end fills in what only an ended call has: when, why, with what result, how long the talk was.
func (s timeline) end(v *View) {
	v.EndedAt, v.Cause = s.ending()
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

func (s timeline) ending() (time.Time, int) {
	if s.summary != nil {
		return s.summary.At, s.summary.Cause
	}
	var at time.Time
	var cause int
	if len(s.legs) > 0 {
		last := s.lastEnded().last
		at, cause = last.At, last.Cause
	}
	if s.refused != nil && s.refused.At.After(at) {
		at, cause = s.refused.At, s.refused.Cause
	}
	if s.closed != nil && at.IsZero() {
		at, cause = s.closed.At, s.closed.Cause
	}
	return at, cause
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
