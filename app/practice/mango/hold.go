package mango

import (
	"dozvon/app/mango"
	"dozvon/app/practice/mango/api"
)

// hold puts the other party of initiator on hold.
func (c talk) hold(l *leg, initiator string) {
	_, _, calls := sides(l, initiator)
	c.send(l, mango.StateOnHold, func(e *mango.CallEvent) {
		if calls {
			e.From.HoldInitiator = true
		} else {
			e.To.HoldInitiator = true
		}
	})
}

// resume takes the held party back.
func (c talk) resume(l *leg) { c.send(l, mango.StateConnected, nil) }

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
