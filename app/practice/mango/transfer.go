package mango

import (
	"dozvon/app/mango"
	"dozvon/app/practice/mango/api"
	"dozvon/app/practice/mango/cast"
	"dozvon/app/practice/mango/stats"
	"dozvon/app/practice/staff"
)

// transfer hands the other party over without asking the target; if he does not
// answer, the party rings back at who sent him away.
func (c talk) transfer(l *leg, cmd command) {
	to, _ := c.pbx.staff.Resolve(cmd.Target)
	initiator, client, calls := sides(l, cmd.Initiator)
	c.leave(l, calls)
	client = mango.Party{Extension: client.Extension, Number: client.Number, TakenFromCallID: l.event.CallID}
	out := c.ring(c.transferred(client, to, stats.TransferBlind, cmd.ID), nil, api.KindHangup)
	if out.answered == nil && !out.stopped && c.reason != mango.CodeEndedByAPI {
		client.TakenFromCallID = c.lastLeg.event.CallID
		back, _ := c.pbx.staff.Resolve(string(initiator.Extension))
		out = c.ring(c.transferred(client, back, stats.TransferReturn, cmd.ID), nil, api.KindHangup)
	}
	if out.answered != nil {
		c.script.ends, c.script.holds = mango.CodeEndedByCalled, 0
		c.begin(out.answered)
	}
}

// leave ends the leg of an employee who handed the other party over: was_transferred stands in from
// when the called party left, in to when the calling one did (section 3.1.2).
func (c talk) leave(l *leg, calls bool) {
	c.dropWith(l, mango.CodeEndedByCalled, func(e *mango.CallEvent) {
		if calls {
			e.To.WasTransferred = true
		} else {
			e.From.WasTransferred = true
		}
	})
}

// transferred rings the target of a transfer. Its legs name no line, as the sample shows.
func (c talk) transferred(from mango.Party, to staff.Destination, kind, id mango.Text) []ringing {
	e := mango.CallEvent{Location: mango.LocationAbonent, From: from, Transfer: kind, CommandID: id}
	if to.Outside != "" {
		e.To = mango.Party{Number: mango.Text(to.Outside)}
		return []ringing{c.phone(c.newLeg(e), to.Outside, true, answers)}
	}
	var phones []ringing
	for _, extension := range to.Extensions {
		e.To = mango.Party{Extension: mango.Text(extension), Number: cast.Device(extension), ACDGroup: mango.Text(to.Group)}
		phones = append(phones, c.phone(c.newLeg(e), extension, false, answers))
	}
	return phones
}
