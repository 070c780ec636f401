package beeline

import (
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/staff"
)

// inbound is a client's call to one of our lines.
type inbound struct{ *call }

func (c inbound) play() {
	if extension, ok := c.pbx.routing.Of(c.line, c.client); ok {
		c.toResponsible(extension)
		return
	}
	chain := []xsi.Redirection{{Party: c.pbx.directory.lineParty(c.line), Reason: "deflection"}}
	if c.script.menu {
		var over bool
		if chain, over = c.menu(chain); over {
			return
		}
	}
	switch c.to.Group {
	case QueueExtension:
		c.queue(chain)
	case GroupExtension:
		c.group(chain)
	default:
		c.employee(chain, c.to.Extensions[0])
	}
}

// toResponsible is the individual routing (section 12): it acts unconditionally, whatever the
// scenario wanted, menu included (inferred). What follows when he does not answer is his own rule's.
func (c inbound) toResponsible(extension string) {
	c.script.forwardTo, c.script.forced = "", false
	c.script.rule = answers
	c.employee([]xsi.Redirection{{Party: c.pbx.directory.lineParty(c.line), Reason: "deflection"}}, extension)
}

// frame is the leg of a menu, a group or a queue, which no employee has.
func (c inbound) frame(target string, chain []xsi.Redirection) *leg {
	return c.newLeg(leg{
		Call:   xsi.Call{Personality: xsi.Terminator, Remote: c.caller(), Redirections: chain},
		target: target, frame: true,
	}, xsi.Received)
}

// caller is the client as the first event of a leg names him.
func (c inbound) caller() xsi.Party {
	if c.script.lateNumber {
		return xsi.Party{Name: "MPBX_SYS_" + companyID, Number: serviceNumber, CallType: xsi.Network}
	}
	return c.party
}

// serviceNumber is what stands in a client's place until an update comes (section 6).
const serviceNumber = "2000000004721"

// menu is the stay in the voice menu, whose leg lives as long as the call. over says that the call ended there.
func (c inbound) menu(chain []xsi.Redirection) (next []xsi.Redirection, over bool) {
	target := c.pbx.directory.menuID(c.line)
	l := c.frame(target, chain)
	c.answer(l)
	if cmd, disturbed := c.wait(c.timing.IVR, nothing); disturbed && cmd.stop || c.script.abandoned {
		return nil, true
	}
	step := xsi.Redirection{
		Party:  xsi.Party{Name: menuName, Extension: menuExtension, UserID: target, CallType: xsi.Group},
		Reason: "voicexml-script-termination",
	}
	return append([]xsi.Redirection{step}, chain...), false
}

// rings starts an employee's leg.
func (c inbound) rings(extension string, chain []xsi.Redirection, more func(*leg)) *leg {
	l := leg{
		Call:      xsi.Call{Personality: xsi.Terminator, Remote: c.caller(), Redirections: chain},
		target:    c.pbx.directory.userIDOf(extension),
		extension: extension, rang: true,
	}
	if more != nil {
		more(&l)
	}
	made := c.newLeg(l, xsi.Received)
	if c.script.lateNumber {
		c.change(made, xsi.Updated, func(l *leg) { l.Remote = c.party })
		c.script.lateNumber = false
	}
	return made
}

// employee rings one employee, and the one that he forwards to if he does not answer.
func (c inbound) employee(chain []xsi.Redirection, extension string) {
	l := c.rings(extension, chain, nil)
	phone := c.phone(l, extension, false, c.script.rule)
	if c.script.forwardTo == "" {
		if winner, _ := c.ring([]ringing{phone}, c.gaveUp); winner != nil {
			talk(c).begin(winner)
		}
		return
	}
	to, _ := c.pbx.directory.resolve(c.script.forwardTo)
	winner, stopped := c.ring([]ringing{phone}, func(r ringing) { c.detach(to, "no-answer", r.leg) })
	switch {
	case stopped:
	case winner != nil:
		talk(c).begin(winner)
	default:
		c.forwarded(chain, extension, to, "no-answer")
	}
}

// forwarded rings whom a leg was redirected to.
func (c inbound) forwarded(chain []xsi.Redirection, from string, to staff.Destination, reason string) {
	if to.Outside != "" {
		// Nothing tells of the mobile that the call goes to (section 7.11).
		c.answeredOutside(to.Outside, answers)
		return
	}
	step := xsi.Redirection{Party: c.pbx.directory.colleague(from), Reason: reason}
	l := c.rings(to.Extensions[0], append([]xsi.Redirection{step}, chain...), nil)
	if winner, _ := c.ring([]ringing{c.phone(l, to.Extensions[0], false, answers)}, c.gaveUp); winner != nil {
		talk(c).begin(winner)
	}
}

// group rings a group's telephones at once (section 7.3).
func (c inbound) group(chain []xsi.Redirection) {
	target := c.pbx.directory.groupID(c.line)
	c.frame(target, chain)
	step := xsi.Redirection{
		Party:  xsi.Party{Name: groupName, Extension: GroupExtension, UserID: target, CallType: xsi.Group},
		Reason: "hunt-group",
	}
	chain = append([]xsi.Redirection{step}, chain...)
	var phones []ringing
	for _, extension := range c.to.Extensions {
		l := c.rings(extension, chain, func(l *leg) { l.HuntGroup = target })
		phones = append(phones, c.phone(l, extension, false, c.ruleOf(extension)))
	}
	c.script.callerLeaves = true // when nobody answers, all end as the caller leaves
	if winner, _ := c.ring(phones, c.gaveUp); winner != nil {
		talk(c).begin(winner)
	}
}

// ruleOf is what a member's telephone does that has no rule of its own: the winner answers.
func (c inbound) ruleOf(extension string) practice.Rule {
	if c.script.winner != "" && extension != c.script.winner {
		return practice.Rule{Outcome: practice.NoAnswer}
	}
	return c.script.rule
}

// queue is the call centre (section 7.4): one agent after another rings for AgentRing, and the leg of
// who let it ring ends as if the caller had given up.
func (c inbound) queue(chain []xsi.Redirection) {
	target := c.pbx.directory.queueID()
	frame := c.frame(target, chain)
	step := xsi.Redirection{
		Party:  xsi.Party{Name: queueName, Extension: QueueExtension, UserID: target, CallType: xsi.Group},
		Reason: "call-center",
	}
	chain = append([]xsi.Redirection{step}, chain...)
	agents := c.pbx.cabinet.atWork(c.pbx.directory.Members())
	for i, extension := range agents {
		l := c.rings(extension, chain, func(l *leg) {
			l.ACD = &xsi.ACD{
				UserID: target, Name: queueName, Number: QueueExtension, Wait: (c.now() - frame.Start) / 1000, Caller: c.party,
			}
		})
		phone := c.phone(l, extension, false, c.ruleOf(extension))
		if phone.rule.Outcome == practice.NoAnswer && phone.rule.AfterMS == 0 {
			phone.until = c.clock.Elapsed() + c.agentRing()
		}
		winner, stopped := c.ring([]ringing{phone}, func(r ringing) {
			// After the last one the queue gives up.
			if r.rule.Outcome == practice.NoAnswer && i < len(agents)-1 {
				c.release(r.leg, xsi.RemoteRelease, "")
				return
			}
			c.gaveUp(r)
		})
		switch {
		case stopped:
			return
		case winner != nil:
			talk(c).begin(winner)
			return
		}
	}
}

// agentRing is how long an agent rings; a call with times of its own has them here, too.
func (c inbound) agentRing() time.Duration {
	if c.timing.NoAnswer < c.pbx.config.Timing.NoAnswer {
		return min(c.timing.NoAnswer, c.pbx.config.AgentRing)
	}
	return c.pbx.config.AgentRing
}
