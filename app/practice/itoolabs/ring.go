package itoolabs

import (
	"cmp"
	"slices"
	"time"

	"dozvon/app/practice"
)

// ringing is a telephone that rings.
type ringing struct {
	leg   *leg
	rule  practice.Rule
	until time.Duration // on the call's clock
}

// phone starts to ring a telephone; number is an extension or, outside, a client's number.
func (c *call) phone(l *leg, number string, outside bool, otherwise practice.Rule) ringing {
	rule := c.pbx.telephones.rule(number, otherwise)
	if c.script.forced {
		rule = otherwise
	}
	return ringing{l, rule, c.clock.Elapsed() + rule.After(c.timing, outside)}
}

// ring lets employees' telephones ring until one answers or all have given up; ok is false when the PBX
// closes. That one was answered and that the others stopped comes in any order (section 5).
func (c *call) ring(phones []ringing) (winner *leg, ok bool) {
	for len(phones) > 0 {
		next := slices.MinFunc(phones, func(a, b ringing) int { return cmp.Compare(a.until, b.until) })
		if !c.wait(next.until - c.clock.Elapsed()) {
			return nil, false
		}
		if next.rule.Outcome != practice.Answers {
			c.cancel(next.leg)
			phones = slices.DeleteFunc(phones, func(r ringing) bool { return r.leg == next.leg })
			continue
		}
		moments := []func(){func() { c.accept(next.leg) }}
		for _, r := range phones {
			if r.leg != next.leg {
				moments = append(moments, func() { c.cancel(r.leg) })
			}
		}
		c.pbx.shuffle(len(moments), func(i, j int) { moments[i], moments[j] = moments[j], moments[i] })
		for _, happens := range moments {
			happens()
		}
		return next.leg, true
	}
	return nil, true
}
