package practice

import (
	"time"

	"dozvon/app/mango"
)

// talk is the conversation on a leg that has just been answered.
func (c *call) talk(l *leg) {
	if c.talked == 0 {
		c.talked = int64(c.now())
		if c.direction == mango.DirectionInbound {
			c.called = mango.Party{Extension: l.event.To.Extension, Number: l.event.To.Number}
		}
	}
	c.record(l, string(c.employeeSide(l).Extension))

	// A talk with n holds has n+1 pieces of talk and n of hold, all of one length.
	pieces := 2*c.script.holds + 1
	if c.script.transferTo != "" {
		pieces = 2
	}
	for piece := range pieces {
		if piece > 0 {
			if to := c.script.transferTo; to != "" {
				c.script.transferTo = ""
				c.transfer(l, command{target: to})
				return
			}
			c.toggleHold(l)
		}
		cmd, disturbed := c.wait(c.timing.Talk/time.Duration(pieces), func(cmd command) mango.Int {
			code := judge(cmd, []*leg{l}, kindHangup, kindTransfer)
			if code == mango.CodeDone && cmd.kind == kindTransfer && l.event.State != mango.StateConnected {
				return mango.CodeImpossible
			}
			if code == mango.CodeDone && cmd.kind == kindTransfer && !c.isEmployee(l, cmd.initiator) {
				return mango.CodeImpossible
			}
			return code
		})
		switch {
		case cmd.stop:
			return
		case disturbed && cmd.kind == kindHangup:
			c.drop(l, mango.CodeEndedByAPI)
			return
		case disturbed:
			c.transfer(l, cmd)
			return
		}
	}
	c.drop(l, c.script.ends)
}

// toggleHold puts the client on hold, or takes him back. The employee is the holder.
func (c *call) toggleHold(l *leg) {
	if l.event.State == mango.StateOnHold {
		c.send(l, mango.StateConnected, nil)
		return
	}
	c.send(l, mango.StateOnHold, func(e *mango.CallEvent) {
		if e.To.Extension != "" {
			e.To.HoldInitiator = true
		} else {
			e.From.HoldInitiator = true
		}
	})
}

// employeeSide returns the employee of a leg; in an internal call, the called one.
func (c *call) employeeSide(l *leg) mango.Party {
	if l.event.To.Extension != "" {
		return l.event.To
	}
	return l.event.From
}

func (c *call) isEmployee(l *leg, initiator string) bool {
	side := c.employeeSide(l)
	return initiator == string(side.Extension) || initiator == string(side.Number)
}

// transfer hands the client over without asking the target; if he does not
// answer, the client rings back at who sent him away.
func (c *call) transfer(l *leg, cmd command) {
	to, _ := resolve(cmd.target)
	initiator := c.employeeSide(l)
	called := l.event.To.Extension != ""
	c.reason = mango.CodeEndedByCalled
	c.send(l, mango.StateDisconnected, func(e *mango.CallEvent) {
		e.DisconnectReason = mango.CodeEndedByCalled
		if called {
			e.From.WasTransferred = true
		} else {
			e.To.WasTransferred = true
		}
	})
	client := mango.Party{Number: mango.Text(c.client), TakenFromCallID: l.event.CallID}
	out := c.ring(c.transferred(client, to, "blind", cmd.id), nil, kindHangup)
	if out.answered == nil && !out.stopped && c.reason != mango.CodeEndedByAPI {
		client.TakenFromCallID = c.lastLeg.event.CallID
		back, _ := resolve(string(initiator.Extension))
		out = c.ring(c.transferred(client, back, "return_blind", cmd.id), nil, kindHangup)
	}
	if out.answered != nil {
		c.script.ends, c.script.holds = mango.CodeEndedByCalled, 0
		c.talk(out.answered)
	}
}

// transferred rings the target of a transfer. Its legs name no line, as the sample shows.
func (c *call) transferred(client mango.Party, to destination, kind mango.Text, id mango.Text) []ringing {
	e := mango.CallEvent{Location: mango.LocationAbonent, From: client, Transfer: kind, CommandID: id}
	if to.outside != "" {
		e.To = mango.Party{Number: mango.Text(to.outside)}
		return []ringing{c.phone(c.newLeg(e), to.outside, true, answers)}
	}
	var phones []ringing
	for _, extension := range to.extensions {
		e.To = mango.Party{Extension: mango.Text(extension), Number: device(extension), ACDGroup: mango.Text(to.group)}
		phones = append(phones, c.phone(c.newLeg(e), extension, false, answers))
	}
	return phones
}
