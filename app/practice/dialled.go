package practice

import (
	"time"

	"dozvon/app/mango"
)

// dialled is a call from an employee's own telephone, to a client or a colleague.
func (c *call) dialled() {
	c.from = mango.Party{Extension: mango.Text(c.operator), Number: device(c.operator)}
	c.called = firstRung(c.to)
	e := mango.CallEvent{Location: mango.LocationAbonent, From: c.from, To: c.called}
	outside := c.to.outside != ""
	if outside && !c.script.forced {
		// The live PBX names the caller's device only once the call is answered.
		e.From.Number = ""
	}
	l := c.newLeg(e)
	number := c.to.outside
	if !outside {
		number = c.to.extensions[0]
	}
	c.pbx.mu.Lock()
	l.event.From = c.from
	c.pbx.mu.Unlock()
	if out := c.ring([]ringing{c.phone(l, number, outside, c.script.rule)}, nil, kindHangup); out.answered != nil {
		c.talk(out.answered)
	}
}

// calledBack is what commands/callback does: it rings the employee, and when he
// has picked up, the client. The first leg looks like a call from the client.
func (c *call) calledBack() {
	id := c.callback.CommandID
	operator := mango.Party{Extension: mango.Text(c.operator), Number: device(c.operator)}
	client := mango.Party{Number: mango.Text(c.client)}
	if c.client == "" {
		client = firstRung(c.to)
	}
	c.from, c.called = operator, client

	to := operator
	to.LineNumber = c.line
	first := c.newLeg(mango.CallEvent{
		Location: mango.LocationAbonent, From: client, To: to, CommandID: id, CallbackInitiator: "API",
	})
	out := c.ring([]ringing{c.phone(first, c.operator, false, c.autoAnswer())}, nil, kindHangup)
	if out.answered == nil {
		return
	}
	cmd, disturbed := c.wait(c.timing.Join, func(cmd command) mango.Int { return judge(cmd, []*leg{first}, kindHangup) })
	switch {
	case cmd.stop:
		return
	case disturbed:
		c.drop(first, mango.CodeEndedByAPI)
		return
	}
	c.drop(first, mango.CodeDone)
	operator.TakenFromCallID = first.event.CallID
	second := c.newLeg(mango.CallEvent{
		Location: mango.LocationAbonent, From: operator, To: client, CommandID: id, CallbackInitiator: "API",
	})
	number, outside := c.client, true
	if c.client == "" {
		number, outside = c.to.extensions[0], false
	}
	out = c.ring([]ringing{c.phone(second, number, outside, answers)}, nil, kindHangup)
	if out.answered != nil {
		c.talk(second)
	}
}

// autoAnswer is the rule of a telephone that the command told to pick up by itself.
func (c *call) autoAnswer() Rule {
	if delay, ok := c.callback.SIPHeaders[mango.HeaderAnswerAfter]; ok {
		if d, err := time.ParseDuration(delay + "s"); err == nil {
			return Rule{Outcome: Answers, AfterMS: max(d.Milliseconds(), 1)}
		}
	}
	return answers
}
