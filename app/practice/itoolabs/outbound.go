package itoolabs

import (
	"dozvon/app/itoolabs"
	"dozvon/app/practice"
)

// outbound is a call that an employee makes, from his telephone or by the command of the API.
type outbound struct{ *call }

// dialled is a call from an employee's own telephone, to a client or a colleague.
func (c outbound) dialled() {
	own := c.dials()
	if c.to.Outside == "" {
		c.internal(own)
		return
	}
	c.toClient(own)
}

// dials begins the employee's leg.
func (c outbound) dials() *leg {
	l := leg{callID: c.id, extension: c.operator, other: c.pbx.config.spelled(c.client), direction: itoolabs.DirectionOut, dials: true}
	if c.to.Outside == "" {
		l.other, l.direction = c.to.Extensions[0], itoolabs.DirectionInternal
	}
	return c.newLeg(l)
}

// toClient waits for the client of an employee's leg.
func (c outbound) toClient(own *leg) {
	main := c.newPart(c.id, own)
	phone := c.phone(own, c.client, true, c.script.rule)
	if !c.wait(phone.until - c.clock.Elapsed()) {
		return
	}
	switch phone.rule.Outcome {
	case practice.Answers:
		c.accept(own)
		talk(c).begin(main, own)
		return
	case practice.NoAnswer:
		main.result = itoolabs.ResultCancel
	default:
		main.result = itoolabs.ResultBusy
	}
	if c.comesEarly() {
		main.end = c.clock.Now()
		c.sumUp(main)
	}
	c.cancel(own)
}

// internal rings the colleague; both have a leg in one callid.
func (c outbound) internal(own *leg) {
	main := c.newPart(c.id, own)
	main.result = itoolabs.ResultCancel
	extension := c.to.Extensions[0]
	theirs := c.newLeg(leg{callID: c.id, extension: extension, other: c.operator, direction: itoolabs.DirectionInternal})
	winner, ok := c.ring([]ringing{c.phone(theirs, extension, false, c.script.rule)})
	switch {
	case !ok:
		return
	case winner == nil:
		c.cancel(own)
		return
	}
	c.accept(own)
	main.talk, main.result = c.clock.Now(), itoolabs.ResultSuccess
	if !c.wait(c.timing.Talk) {
		return
	}
	main.end = c.clock.Now()
	c.complete(own)
	c.complete(theirs)
}

// callback rings the operator first, and then the client (section 5). When the operator does not pick
// up, no history follows (what the real PBX does is unknown).
func (c outbound) callback() {
	late := c.pbx.config.OutgoingLate
	var own *leg
	if !late {
		own = c.dials()
	}
	phone := c.phone(own, c.operator, false, answers)
	if !c.wait(phone.until - c.clock.Elapsed()) {
		return
	}
	if phone.rule.Outcome != practice.Answers {
		if own != nil {
			c.cancel(own)
		}
		return
	}
	if late {
		own = c.dials()
	}
	c.toClient(own)
}
