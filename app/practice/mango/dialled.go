package mango

import (
	"dozvon/app/mango"
	"dozvon/app/practice/mango/api"
	"dozvon/app/practice/mango/cast"
)

// dialled is a call from an employee's own telephone, to a client or a colleague.
func (c *call) dialled() {
	c.from = mango.Party{Extension: mango.Text(c.operator), Number: cast.Device(c.operator)}
	c.called = c.firstRung(c.to)
	e := mango.CallEvent{Location: mango.LocationAbonent, From: c.from, To: c.called}
	outside := c.to.Outside != ""
	if outside && !c.script.forced {
		// The live PBX names the caller's device only once the call is answered.
		e.From.Number = ""
	}
	l := c.newLeg(e)
	number := c.to.Outside
	if !outside {
		number = c.to.Extensions[0]
	}
	c.pbx.mu.Lock()
	l.event.From = c.from
	c.pbx.mu.Unlock()
	if out := c.ring([]ringing{c.phone(l, number, outside, c.script.rule)}, nil, api.KindHangup); out.answered != nil {
		talk{c}.begin(out.answered)
	}
}
