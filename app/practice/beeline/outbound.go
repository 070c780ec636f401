package beeline

import (
	"dozvon/app/practice"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/staff"
)

// outbound is a call that an employee makes, from his telephone or by the command of the API.
type outbound struct{ *call }

// dialled is a call from an employee's own telephone, to a client (section 7.6) or a colleague (7.12).
func (c outbound) dialled() {
	c.hook(c.operator, "Off-Hook")
	defer c.hook(c.operator, "On-Hook")
	if c.to.Outside == "" {
		c.internal()
		return
	}
	c.toClient(c.originates(c.operator, c.party))
}

// originates starts the leg of an employee who dials.
func (c outbound) originates(extension string, to xsi.Party) *leg {
	target := c.pbx.directory.userIDOf(extension)
	return c.newLeg(leg{
		Call:   xsi.Call{Personality: xsi.Originator, Remote: to, Endpoint: target},
		target: target, extension: extension,
	}, xsi.Originated)
}

// toClient waits for the client of an employee's leg.
func (c outbound) toClient(own *leg) {
	phone := c.phone(own, c.client, true, c.script.rule)
	if cmd, disturbed := c.wait(phone.until-c.clock.Elapsed(), nothing); disturbed && cmd.stop {
		return
	}
	switch phone.rule.Outcome {
	case practice.Answers:
		c.answer(own)
		talk(c).begin(own)
	case practice.NoAnswer:
		if c.script.byEmployee {
			c.release(own, xsi.LocalRelease, "")
			return
		}
		c.fails(own, causeUnavailable)
	default:
		c.fails(own, causeBusy)
	}
}

// fails lets the employee hear a tone before the leg ends: Active is no talk then (section 5.1).
func (c outbound) fails(own *leg, cause string) {
	c.change(own, xsi.Releasing, func(l *leg) { l.State, l.Cause = xsi.Active, cause })
	if cmd, disturbed := c.wait(c.timing.Join, nothing); disturbed && cmd.stop {
		return
	}
	c.release(own, "", cause)
}

// internal is a call between two employees: both halves report.
func (c outbound) internal() {
	own := c.originates(c.operator, c.pbx.directory.colleague(c.to.Extensions[0]))
	theirs := c.rings(c.operator, c.to.Extensions[0], "")
	phone := c.phone(theirs, c.to.Extensions[0], false, c.script.rule)
	if cmd, disturbed := c.wait(phone.until-c.clock.Elapsed(), nothing); disturbed && cmd.stop {
		return
	}
	switch phone.rule.Outcome {
	case practice.Answers:
		c.answer(theirs)
		c.answer(own)
		talk(c).internal(theirs, own)
	case practice.NoAnswer:
		c.release(theirs, xsi.RemoteRelease, "")
		c.release(own, xsi.LocalRelease, "")
	default:
		c.release(theirs, "", causeBusy)
		c.release(own, "", causeBusy)
	}
}

// rings starts the leg of a colleague whom an employee calls; tracking is a consultation's.
func (c *call) rings(from, extension, tracking string) *leg {
	return c.newLeg(leg{
		Call: xsi.Call{
			Personality: xsi.Terminator, Remote: c.pbx.directory.colleague(from), Tracking: tracking,
		},
		target: c.pbx.directory.userIDOf(extension), extension: extension, rang: true,
	}, xsi.Received)
}

// clickToCall begins the call of the API's command: the employee's telephone rings first (section 7.7).
func (c outbound) clickToCall() *leg {
	e, _ := c.pbx.directory.Employee(c.operator)
	remote := xsi.Party{Number: e.Mobile, CallType: xsi.Unknown}
	if e.Mobile == "" {
		remote.Extension = e.Extension
	}
	if c.pbx.config.ClientInOriginating {
		remote = c.party
	}
	return c.newLeg(leg{
		Call:   xsi.Call{Personality: xsi.ClickToDial, Remote: remote},
		target: c.pbx.directory.userID(e), extension: c.operator, rang: true,
	}, xsi.Originating)
}

// calledBack rings the employee of a click-to-call, then the client.
func (c outbound) calledBack(own *leg) {
	phone := c.phone(own, c.operator, false, answers)
	if cmd, disturbed := c.wait(phone.until-c.clock.Elapsed(), nothing); disturbed && cmd.stop {
		return
	}
	switch phone.rule.Outcome {
	case practice.Answers:
	case practice.NoAnswer:
		c.release(own, "", causeTimeout)
		return
	default:
		cause := causeBusy
		if c.pbx.config.Softphones && phone.rule.Outcome == practice.Declines {
			cause = causeForbidden
		}
		c.release(own, "", cause)
		return
	}
	to := c.party
	if c.to.Outside == "" {
		to = c.pbx.directory.colleague(c.to.Extensions[0])
	}
	c.change(own, xsi.Originated, func(l *leg) { l.Personality, l.Remote, l.Endpoint = xsi.Originator, to, l.target })
	c.publish(xsi.Updated, own) // there are many of these (section 5.1)
	c.publish(xsi.Updated, own)
	if c.to.Outside == "" {
		c.toColleague(own)
		return
	}
	c.toClient(own)
}

// toColleague rings the colleague of a click-to-call.
func (c outbound) toColleague(own *leg) {
	extension := c.to.Extensions[0]
	theirs := c.rings(c.operator, extension, "")
	winner, stopped := c.ring([]ringing{c.phone(theirs, extension, false, answers)}, c.gaveUp)
	switch {
	case stopped:
	case winner != nil:
		c.answer(own)
		talk(c).internal(theirs, own)
	default:
		c.release(own, "", causeUnavailable)
	}
}

// newCallback is the call of the API's command.
func (p *PBX) newCallback(operator string, to staff.Destination) *call {
	c := &call{
		pbx: p, script: script{rule: answers}, timing: p.config.Timing, direction: practice.Outbound,
		operator: operator, to: to, client: to.Outside, callback: true,
		party: xsi.Party{Number: to.Outside, CallType: xsi.Network},
	}
	if to.Outside == "" {
		c.direction = practice.Internal
	}
	return c
}
