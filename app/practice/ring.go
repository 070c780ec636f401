package practice

import (
	"slices"
	"time"

	"dozvon/app/mango"
)

// ringing is a telephone that rings.
type ringing struct {
	leg   *leg
	rule  Rule
	until time.Time
}

// rung is how the ringing ended: somebody answered, a command took the leg away, or neither.
type rung struct {
	answered *leg
	routed   *leg
	command  command
	stopped  bool
}

// phone starts to ring a telephone.
func (c *call) phone(l *leg, number string, outside bool, otherwise Rule) ringing {
	rule := c.pbx.rule(number, otherwise)
	if c.script.forced {
		rule = otherwise
	}
	return ringing{l, rule, time.Now().Add(rule.after(c.timing, outside))}
}

// ring lets telephones ring until one answers or all have given up. held are
// legs that wait meanwhile, such as a queue's: a command may name them too.
func (c *call) ring(phones []ringing, held []*leg, may ...string) rung {
	for len(phones) > 0 {
		next := slices.MinFunc(phones, func(a, b ringing) int { return a.until.Compare(b.until) })
		live := slices.Clone(held)
		for _, r := range phones {
			live = append(live, r.leg)
		}
		cmd, disturbed := c.wait(time.Until(next.until), func(cmd command) mango.Int {
			for _, l := range held {
				if string(l.event.CallID) == cmd.leg && cmd.kind == kindHangup {
					return mango.CodeImpossible // the reference: hang-up works in ivr and abonent, not in queue
				}
			}
			return judge(cmd, live, may...)
		})
		switch {
		case cmd.stop:
			return rung{stopped: true}
		case disturbed && cmd.kind == kindHangup:
			phones = slices.DeleteFunc(phones, func(r ringing) bool {
				if string(r.leg.event.CallID) != cmd.leg {
					return false
				}
				c.drop(r.leg, mango.CodeEndedByAPI)
				return true
			})
		case disturbed:
			return c.reroute(cmd, phones, held)
		case next.rule.Outcome == Answers:
			c.send(next.leg, mango.StateConnected, nil)
			for _, r := range phones {
				if r.leg != next.leg {
					c.drop(r.leg, mango.CodeEnded)
				}
			}
			return rung{answered: next.leg}
		default:
			c.drop(next.leg, next.rule.reason())
			phones = slices.DeleteFunc(phones, func(r ringing) bool { return r.leg == next.leg })
		}
	}
	return rung{}
}

// reroute ends every leg of a call that a route command takes elsewhere.
func (c *call) reroute(cmd command, phones []ringing, held []*leg) rung {
	out := rung{command: cmd}
	for _, r := range phones {
		reason := mango.Int(mango.CodeEnded)
		if string(r.leg.event.CallID) == cmd.leg {
			reason, out.routed = mango.CodePickedUp, r.leg
		}
		c.drop(r.leg, reason)
	}
	for _, l := range held {
		if string(l.event.CallID) == cmd.leg {
			out.routed = l
		}
		c.drop(l, mango.CodeEnded)
	}
	return out
}
