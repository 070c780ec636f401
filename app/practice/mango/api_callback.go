package mango

import (
	"net/http"

	"dozvon/app/mango"
)

// callbackCommand takes commands/callback. What the reference calls asynchronous
// comes as a result: an unknown employee is accepted here and told there.
func (p *PBX) callbackCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.CallbackRequest
	if code := read(raw, &r, &r.CommandID, &r.From.Extension, &r.ToNumber); code != mango.CodeDone {
		return code
	}
	to, ok := p.staff.Resolve(string(r.ToNumber))
	if !ok || to.Group != "" {
		return mango.CodeBadNumber
	}
	p.accepted(w)
	cmd := command{kind: kindCallback, id: r.CommandID}
	if _, ok := p.staff.Employee(string(r.From.Extension)); !ok {
		p.result(cmd, mango.CodeNumberNotFound)
		return mango.CodeDone
	}
	p.callBack(cmd, &call{
		line: lineOf(string(r.LineNumber)), operator: string(r.From.Extension), client: to.Outside, to: to,
		callback: &callback{headers: r.SIPHeaders},
	})
	return mango.CodeDone
}

// groupCallbackCommand takes commands/callback_group: an outside number and a group, either way
// round; the first of the two is rung first (section 3.2.2).
func (p *PBX) groupCallbackCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.GroupCallbackRequest
	if code := read(raw, &r, &r.CommandID, &r.From, &r.To, &r.LineNumber); code != mango.CodeDone {
		return code
	}
	from, known := p.staff.Resolve(string(r.From))
	to, alsoKnown := p.staff.Resolve(string(r.To))
	if !known || !alsoKnown || (from.Group != "") == (to.Group != "") || from.Outside == "" && to.Outside == "" {
		return mango.CodeBadNumber
	}
	p.accepted(w)
	c := &call{
		line: lineOf(string(r.LineNumber)), client: from.Outside + to.Outside, to: to,
		callback: &callback{group: true, clientFirst: from.Outside != ""},
	}
	p.callBack(command{kind: kindCallbackGroup, id: r.CommandID}, c)
	return mango.CodeDone
}

// callBack starts the call of a callback command; its result comes before its first event, or after.
func (p *PBX) callBack(cmd command, c *call) {
	c.pbx, c.direction, c.timing = p, mango.DirectionOutbound, p.config.Timing
	c.script = script{rule: answers, ends: mango.CodeEndedByCaller}
	c.callback.commandID, c.callback.initiator = cmd.id, initiatorAPI
	if p.luck.late() {
		c.late = append(c.late, verdict{cmd, mango.CodeDone})
	} else {
		p.result(cmd, mango.CodeDone)
	}
	if _, err := p.start(c, (*call).calledBack); err != nil {
		p.config.Log.Warn("callback not started", "err", err)
	}
}

// lineOf reads a line_number: digits, the name or the address of a SIP line, or nothing for the first line.
func lineOf(number string) mango.Text {
	switch {
	case number == SIPLine, number == "line01":
		return SIPLine
	case mango.Digits(number) != "":
		return mango.Text(mango.Digits(number))
	}
	return mango.Text(lines[0].Number)
}
