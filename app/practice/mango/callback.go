package mango

import (
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice/mango/api"
	"dozvon/app/practice/mango/cast"
)

// callback is what makes a PBX ring two parties one after the other and join them.
type callback struct {
	commandID mango.Text
	initiator mango.Text // callback_initiator of every leg
	task      mango.Int  // task_id, of a widget's
	headers   map[string]string
	// group stands in for the operator; clientFirst turns the order round (section 3.2.2).
	group       bool
	clientFirst bool
}

// initiatorAPI is the mark of the legs that our own commands make.
const initiatorAPI mango.Text = "API"

// ringback rings the employee, and when he has picked up, the client. The
// first leg looks like a call from the client. With a group the order of the
// two may be the other way round; what the legs then look like no source shows (inferred).
type ringback struct{ *call }

func (c ringback) play() {
	operator := mango.Party{Extension: mango.Text(c.operator), Number: cast.Device(c.operator)}
	if c.callback.group {
		operator = mango.Party{Extension: cast.GroupExtension}
	}
	client := mango.Party{Number: mango.Text(c.client)}
	if c.client == "" {
		client = c.firstRung(c.to)
	}
	c.from, c.called = operator, client

	first := c.ring(c.firstSide(operator, client), nil, api.KindHangup).answered
	if first == nil {
		return
	}
	cmd, disturbed := c.wait(c.timing.Join, func(cmd command) mango.Int { return c.judgeJoining(cmd, first) })
	switch {
	case cmd.stop:
		return
	case disturbed && cmd.device != nil:
		c.drop(first, first.endedBy(cmd.device))
		return
	case disturbed:
		c.drop(first, mango.CodeEndedByAPI)
		return
	}
	own := first.called
	first.called = nil // his telephone goes on to the second leg
	c.drop(first, mango.CodeDone)
	phones := c.secondSide(first, client)
	if own != nil {
		own.leg, phones[0].leg.caller = phones[0].leg, own
	}
	if second := c.ring(phones, nil, api.KindHangup).answered; second != nil {
		c.nameOperator(second)
		talk(c).begin(second)
	}
}

// judgeJoining judges a command while the one who was rung first waits for the other.
func (c ringback) judgeJoining(cmd command, first *leg) mango.Int {
	if cmd.device != nil && !cmd.hangsUp() {
		return mango.CodeImpossible
	}
	return c.judge(cmd, []*leg{first}, api.KindHangup, kindTelephone)
}

// firstSide rings who is rung first; his leg names the other one as the caller.
func (c ringback) firstSide(operator, client mango.Party) []ringing {
	if c.callback.clientFirst {
		client.LineNumber = c.line
		return c.rungBack(operator, client, c.client, true, answers)
	}
	return c.operators(client, c.line, c.autoAnswer())
}

// secondSide rings the other one, from the one who has picked up.
func (c ringback) secondSide(first *leg, client mango.Party) []ringing {
	from := mango.Party{
		Extension: first.event.To.Extension, Number: first.event.To.Number, TakenFromCallID: first.event.CallID,
	}
	if c.callback.clientFirst {
		return c.operators(from, "", answers)
	}
	if c.callback.group {
		c.from = mango.Party{Extension: from.Extension, Number: from.Number}
	}
	if c.client == "" {
		return c.rungBack(from, client, c.to.Extensions[0], false, answers)
	}
	return c.rungBack(from, client, c.client, true, answers)
}

// nameOperator lets the summary name who of a group it was in the end.
func (c ringback) nameOperator(second *leg) {
	if c.callback.clientFirst {
		c.from = mango.Party{Extension: second.event.To.Extension, Number: second.event.To.Number}
	}
}

// operators rings the employee of a callback, or all of its group.
func (c ringback) operators(from mango.Party, line mango.Text, rule Rule) []ringing {
	extensions, group := []string{c.operator}, mango.Text("")
	if c.callback.group {
		extensions, group = c.pbx.staff.Members(), cast.GroupExtension
	}
	var phones []ringing
	for _, extension := range extensions {
		to := mango.Party{Extension: mango.Text(extension), Number: cast.Device(extension), LineNumber: line, ACDGroup: group}
		phones = append(phones, c.rungBack(from, to, extension, false, rule)...)
	}
	return phones
}

func (c ringback) rungBack(from, to mango.Party, number string, outside bool, rule Rule) []ringing {
	l := c.newLeg(mango.CallEvent{
		Location: mango.LocationAbonent, From: from, To: to, CommandID: c.callback.commandID,
		CallbackInitiator: c.callback.initiator, TaskID: c.callback.task,
	})
	return []ringing{c.phone(l, number, outside, rule)}
}

// autoAnswer is the rule of a telephone that the command told to pick up by itself.
func (c ringback) autoAnswer() Rule {
	if delay, ok := c.callback.headers[mango.HeaderAnswerAfter]; ok {
		if d, err := time.ParseDuration(delay + "s"); err == nil {
			return Rule{Outcome: Answers, AfterMS: max(d.Milliseconds(), 1)}
		}
	}
	return answers
}

// CallBack starts the call of a callback command; its result comes before its first event, or after.
func (p *PBX) CallBack(r api.Callback) {
	c := &call{
		pbx: p, direction: mango.DirectionOutbound, timing: p.config.Timing,
		line: r.Line, operator: r.Operator, client: r.Client, to: r.To,
		script:   script{rule: answers, ends: mango.CodeEndedByCaller},
		callback: &callback{commandID: r.ID, initiator: initiatorAPI, headers: r.Headers, group: r.Group, clientFirst: r.ClientFirst},
	}
	if p.luck.resultAfter() {
		c.pending = append(c.pending, verdict{command{Command: r.Command}, mango.CodeDone})
	} else {
		p.Result(r.Command, mango.CodeDone)
	}
	if _, err := p.start(c, func(c *call) { ringback{c}.play() }); err != nil {
		p.config.Log.Warn("callback not started", "err", err)
	}
}
