package beeline

import (
	"cmp"
	"slices"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/xsi"
)

// Causes of failures (section 14).
const (
	causeBusy        = "Busy"
	causeUnavailable = "Temporarily Unavailable"
	causeForbidden   = "Forbidden"
	causeTimeout     = "Request Timeout"
)

var answers = practice.Rule{Outcome: practice.Answers}

// ringing is a telephone that rings.
type ringing struct {
	leg   *leg
	rule  practice.Rule
	until time.Duration // on the call's clock
}

// phone starts to ring a telephone; number is an extension or, outside, a client's number.
func (c *call) phone(l *leg, number string, outside bool, otherwise practice.Rule) ringing {
	rule := c.pbx.cabinet.rule(number, otherwise)
	if c.script.forced {
		rule = otherwise
	}
	return ringing{l, rule, c.clock.Elapsed() + rule.After(c.timing, outside)}
}

// ring lets employees' telephones ring until one answers or all have given up. gaveUp is how those
// end that nobody answered: the caller left, or the PBX gave up.
func (c *call) ring(phones []ringing, unanswered func(ringing)) (winner *leg, stopped bool) {
	for len(phones) > 0 {
		next := slices.MinFunc(phones, func(a, b ringing) int { return cmp.Compare(a.until, b.until) })
		if cmd, disturbed := c.wait(next.until-c.clock.Elapsed(), nothing); disturbed && cmd.stop {
			return nil, true
		}
		if next.rule.Outcome == practice.Answers {
			c.answer(next.leg)
			for _, r := range phones {
				if r.leg != next.leg {
					c.release(r.leg, xsi.RemoteRelease, "")
				}
			}
			return next.leg, false
		}
		unanswered(next)
		phones = slices.DeleteFunc(phones, func(r ringing) bool { return r.leg == next.leg })
	}
	return nil, false
}

// gaveUp ends a telephone that was not answered, as its rule says.
func (c *call) gaveUp(r ringing) {
	switch {
	case r.rule.Outcome == practice.Busy, r.rule.Outcome == practice.Declines:
		c.release(r.leg, "", causeBusy) // declined looks like busy (section 16)
	case c.script.callerLeaves:
		c.release(r.leg, xsi.RemoteRelease, "")
	default:
		c.release(r.leg, "", causeUnavailable)
	}
}
