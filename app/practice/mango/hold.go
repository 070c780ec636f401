package mango

import (
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/mango/api"
)

// hold puts the other party of initiator on hold.
func (c talk) hold(l *leg, initiator string) {
	_, _, calls := sides(l, initiator)
	c.silence()
	c.send(l, mango.StateOnHold, func(e *mango.CallEvent) {
		if calls {
			e.From.HoldInitiator = true
		} else {
			e.To.HoldInitiator = true
		}
	})
}

// resume takes the held party back.
func (c talk) resume(l *leg) {
	c.send(l, mango.StateConnected, nil)
	c.connect(l)
}

// patience is how long a client lets a real telephone's owner keep him on hold.
const patience = 10 * time.Minute

// holdByTelephone is a hold that a telephone's owner began; he ends it, or the client loses patience.
// It reports false when the call has ended meanwhile.
func (c talk) holdByTelephone(l *leg, d *device) bool {
	c.hold(l, d.extension)
	taken, disturbed := c.wait(patience, func(cmd command) mango.Int { return c.judgeTalking(cmd, l) })
	switch {
	case taken.stop:
		return false
	case !disturbed:
		c.drop(l, c.endedByPlayed(l))
		return false
	case taken.Kind == api.KindHangup:
		c.drop(l, mango.CodeEndedByAPI)
		return false
	case taken.hangsUp():
		c.drop(l, l.endedBy(taken.device))
		return false
	case taken.device != nil && taken.does == practice.Transfers:
		taken.Initiator = taken.device.extension
		c.transfer(l, taken)
		return false
	}
	c.resume(l)
	return true
}

// holdByCommand is commands/call/hold/on (section 3.2.11). Nothing in the API ends the hold: the
// employee does, from his telephone, after Timing.Hold or when the control API says so. It reports
// false when the call has ended meanwhile.
func (c talk) holdByCommand(l *leg, cmd command) bool {
	c.hold(l, cmd.Initiator)
	taken, disturbed := c.wait(c.timing.Hold, func(cmd command) mango.Int { return c.judgeTalking(cmd, l) })
	switch {
	case taken.stop:
		return false
	case disturbed && taken.Kind == api.KindHangup:
		c.drop(l, mango.CodeEndedByAPI)
		return false
	case disturbed && taken.hangsUp():
		c.drop(l, l.endedBy(taken.device))
		return false
	case disturbed && taken.device != nil && taken.does == practice.Transfers:
		taken.Initiator = taken.device.extension
		c.transfer(l, taken)
		return false
	}
	c.resume(l)
	return true
}

// Resume lets the employee of a call take his client back from hold, as if he pressed the key on
// his telephone. The call may be told only while it is on hold.
func (p *PBX) Resume(entryID string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.entryID != entryID || c.over() {
			continue
		}
		p.dispatch(c, command{Command: api.Command{Kind: kindResume}})
		return nil
	}
	return ErrCall
}
