package mango

import (
	"cmp"
	"slices"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice/mango/api"
)

// ringing is a telephone that rings.
type ringing struct {
	leg   *leg
	rule  Rule
	until time.Duration // on the call's clock
}

// rung is how the ringing ended: somebody answered, a command ended it, or neither.
type rung struct {
	answered *leg
	routed   *leg
	command  command
	stopped  bool
}

// phone starts to ring a telephone.
func (c *call) phone(l *leg, number string, outside bool, otherwise Rule) ringing {
	if !outside {
		if l.called = c.ringDevice(l, number); l.called != nil {
			patience := Rule{Outcome: NoAnswer}
			return ringing{l, patience, c.clock.Elapsed() + patience.After(c.timing, false)}
		}
	}
	rule := c.pbx.rule(number, otherwise)
	if c.script.forced {
		rule = otherwise
	}
	return ringing{l, rule, c.clock.Elapsed() + rule.After(c.timing, outside)}
}

// ring lets telephones ring until one answers or all have given up. held are
// legs that wait meanwhile, such as a queue's: a command may name them too.
func (c *call) ring(phones []ringing, held []*leg, may ...string) rung {
	for len(phones) > 0 {
		next := slices.MinFunc(phones, func(a, b ringing) int { return cmp.Compare(a.until, b.until) })
		cmd, disturbed := c.wait(next.until-c.clock.Elapsed(), func(cmd command) mango.Int {
			return c.judgeRinging(cmd, phones, held, may)
		})
		switch {
		case cmd.stop:
			return rung{stopped: true}
		case disturbed && cmd.device != nil:
			left, out, over := c.onTelephone(cmd, phones)
			if over {
				return out
			}
			phones = left
		case disturbed && cmd.Kind == api.KindHangup && find(held, cmd.Leg) == nil:
			phones = slices.DeleteFunc(phones, func(r ringing) bool {
				if string(r.leg.event.CallID) != cmd.Leg {
					return false
				}
				c.drop(r.leg, mango.CodeEndedByAPI)
				return true
			})
		case disturbed && cmd.Kind == api.KindRoute:
			return c.reroute(cmd, phones, held)
		case disturbed:
			for _, r := range phones {
				c.drop(r.leg, mango.CodeEndedByAPI)
			}
			return rung{command: cmd}
		case next.rule.Outcome == Answers:
			return c.pickUp(next, phones)
		default:
			c.drop(next.leg, c.unanswered(next.rule))
			phones = slices.DeleteFunc(phones, func(r ringing) bool { return r.leg == next.leg })
		}
	}
	return rung{}
}

func (c *call) judgeRinging(cmd command, phones []ringing, held []*leg, may []string) mango.Int {
	live := slices.Clone(held)
	for _, r := range phones {
		live = append(live, r.leg)
	}
	if l := find(held, cmd.Leg); l != nil && l.event.Location == mango.LocationQueue && cmd.Kind == api.KindHangup {
		return mango.CodeImpossible // section 3.2.3: hang-up works in ivr and abonent, not in queue
	}
	if cmd.Kind == api.KindCancel && find(held, cmd.Leg) == nil && find(live, cmd.Leg) != nil {
		return mango.CodeImpossible // it names the leg that is OnHold
	}
	return c.judge(cmd, live, append(slices.Clone(may), kindTelephone)...)
}

// pickUp connects the telephone that answered and silences the others.
func (c *call) pickUp(winner ringing, phones []ringing) rung {
	c.send(winner.leg, mango.StateConnected, nil)
	for _, r := range phones {
		if r.leg != winner.leg {
			r.leg.release(true)
			c.drop(r.leg, mango.CodeEnded)
		}
	}
	return rung{answered: winner.leg}
}

// unanswered is the code of a telephone that did not answer.
func (c *call) unanswered(rule Rule) mango.Int {
	if c.script.code != 0 && rule.Outcome != Answers {
		return c.script.code
	}
	return reasonOf(rule)
}

// reroute ends every leg of a call that a route command takes elsewhere.
func (c *call) reroute(cmd command, phones []ringing, held []*leg) rung {
	out := rung{command: cmd}
	for _, r := range phones {
		reason := mango.Int(mango.CodeEnded)
		if string(r.leg.event.CallID) == cmd.Leg {
			reason, out.routed = mango.CodePickedUp, r.leg
			c.intercept(r.leg)
		}
		c.drop(r.leg, reason)
	}
	for _, l := range held {
		if string(l.event.CallID) == cmd.Leg {
			out.routed = l
		}
		c.drop(l, mango.CodeEnded)
	}
	return out
}

// intercept marks a leg as taken over by somebody else, for the statistics.
func (c *call) intercept(l *leg) {
	c.pbx.mu.Lock()
	defer c.pbx.mu.Unlock()
	l.intercepted = true
}
