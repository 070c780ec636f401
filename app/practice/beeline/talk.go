package beeline

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/staff"
)

// Why a call does not do what a command asks.
var (
	errNotTalking = errors.New("the call is not talking")
	errNotHeld    = errors.New("nobody is on hold")
	errSilent     = errors.New("the call does not answer")
)

// talk is the part of a call in which people speak, with the holds, transfers and consultations in it.
type talk struct{ *call }

// begin is the conversation of a client with the employee of a leg that has just been answered.
func (c talk) begin(l *leg) {
	if c.talked == 0 {
		c.talked = c.now()
	}
	c.with = append(c.with, l.extension)
	c.record(l)
	pieces, s := 2*c.script.holds+1, c.script
	if s.transferTo != "" || s.consult != "" {
		pieces = 2
	}
	for piece := range pieces {
		if piece > 0 {
			switch {
			case s.transferTo != "":
				to, _ := c.pbx.directory.resolve(s.transferTo)
				c.transfer(l, to)
				return
			case s.consult != "":
				if !c.consult(l, s.consult, s.cancels) {
					return
				}
			case piece%2 == 1:
				c.hold(l)
			case l.State == xsi.OnHold: // else he has been taken back before his time
				c.retrieve(l)
			}
		}
		if !c.speak(l, c.timing.Talk/time.Duration(pieces)) {
			return
		}
	}
	c.hangUp(l)
}

// hangUp ends a talk as the script has it.
func (c talk) hangUp(l *leg) {
	if c.script.byEmployee {
		c.release(l, xsi.LocalRelease, "")
		return
	}
	c.release(l, xsi.RemoteRelease, "")
}

// internal is the conversation of two employees, who both have a leg.
func (c talk) internal(theirs, own *leg) {
	c.talked = c.now()
	c.with = append(c.with, theirs.extension)
	cmd, disturbed := c.wait(c.timing.Talk, func(cmd command) error {
		if cmd.kind == commandMerge && cmd.leg == own.ID {
			return nil
		}
		return errNotTalking
	})
	if c.merged = disturbed && !cmd.stop; disturbed {
		return
	}
	c.release(theirs, xsi.LocalRelease, "")
	c.release(own, xsi.RemoteRelease, "")
}

// speak lets d pass on a leg that talks, or is on hold by the script. It reports false when the
// talk has ended meanwhile, and its leg with it.
func (c talk) speak(l *leg, d time.Duration) bool {
	until := c.clock.Elapsed() + d
	for {
		cmd, disturbed := c.wait(until-c.clock.Elapsed(), func(cmd command) error { return c.may(l, cmd) })
		switch {
		case !disturbed:
			return true
		case cmd.stop:
			return false
		case cmd.kind == commandTransfer:
			c.transfer(l, cmd.to)
			return false
		case cmd.kind == commandMerge:
			c.merged = true
			return false
		case cmd.kind == commandConnect:
			c.absorb(l, cmd)
			return false
		}
		c.retrieve(l)
	}
}

// may judges a command to a leg that has been answered.
func (c talk) may(l *leg, cmd command) error {
	switch {
	case cmd.kind == commandResume && l.State != xsi.OnHold:
		return errNotHeld
	case cmd.kind == commandResume:
		return nil
	case cmd.leg != l.ID, cmd.kind != commandConnect && l.State != xsi.Active:
		return errNotTalking
	case cmd.kind == commandConnect && cmd.with == nil:
		return errNotTalking
	case cmd.kind == commandConnect:
		return c.pbx.ask(cmd.with, command{kind: commandMerge, leg: cmd.other})
	}
	return nil
}

// absorb joins the client with whom the employee has called by a call of its own, such as a
// click-to-call: that call is part of this one from now on.
func (c talk) absorb(l *leg, cmd command) {
	<-cmd.with.ended
	other := cmd.with
	var own, theirs *leg
	c.pbx.mu.Lock()
	c.aliases = append(append(c.aliases, other.id), other.aliases...)
	c.legs, c.recordings = append(c.legs, other.legs...), append(c.recordings, other.recordings...)
	for _, one := range other.legs {
		c.pbx.legs[one.ID] = c.call
		if one.ID == cmd.other {
			own = one
		} else if one.State == xsi.Active {
			theirs = one
		}
	}
	c.pbx.calls = slices.DeleteFunc(c.pbx.calls, func(known *call) bool { return known == other })
	c.pbx.mu.Unlock()
	if theirs != nil {
		c.join(l, own, theirs)
		return
	}
	c.detach(staff.Destination{Outside: other.client}, "transfer", l, own)
	c.wait(c.timing.Talk, nothing) // two outside telephones talk: finish ends the legs that they left
}

func (c talk) hold(l *leg) {
	c.change(l, xsi.Held, func(l *leg) { l.State, l.HeldAt = xsi.OnHold, c.now() })
}

func (c talk) retrieve(l *leg) {
	c.change(l, xsi.Retrieved, func(l *leg) {
		l.settleHold(c.now())
		l.State = xsi.Active
	})
}

// detach tells in one event that legs of one employee leave him for to; they end with the call.
func (c *call) detach(to staff.Destination, reason string, legs ...*leg) {
	redirect := xsi.Redirect{Reason: reason, At: c.now(), Number: to.Outside}
	if to.Outside == "" {
		redirect.Extension = to.Extensions[0]
	}
	c.pbx.mu.Lock()
	for _, l := range legs {
		l.settleHold(redirect.At)
		l.State, l.DetachedAt, l.Redirect, l.forwarded = xsi.Detached, redirect.At, &redirect, to.Outside
		if l.Personality == xsi.Terminator {
			l.Endpoint = "" // as the samples have it
		}
		if l.record != nil {
			l.record.End(redirect.At)
		}
	}
	c.pbx.mu.Unlock()
	c.publish(xsi.Redirected, legs...)
}

// answeredOutside lets a call be answered and end at an outside telephone, of which no event tells.
func (c *call) answeredOutside(number string, otherwise practice.Rule) {
	phone := c.phone(nil, number, true, otherwise)
	if cmd, disturbed := c.wait(phone.until-c.clock.Elapsed(), nothing); disturbed && cmd.stop || phone.rule.Outcome != practice.Answers {
		return
	}
	if c.talked == 0 {
		c.talked = c.now()
	}
	c.wait(c.timing.Talk, nothing) // what ends it does not matter: finish follows
}

// transfer hands the client over without asking the target (section 7.9); if he does not answer, the
// client rings back at who sent him away.
func (c talk) transfer(l *leg, to staff.Destination) {
	c.detach(to, "transfer", l)
	c.script.holds, c.script.transferTo, c.script.consult, c.script.byEmployee = 0, "", "", false
	if to.Outside != "" {
		c.answeredOutside(to.Outside, answers)
		return
	}
	step := xsi.Redirection{Party: c.pbx.directory.colleague(l.extension), Reason: "transfer"}
	chain := append([]xsi.Redirection{step}, l.Redirections...)
	next := c.arrives(to.Extensions[0], chain, "")
	rule := answers
	if c.script.transferFails {
		rule = practice.Rule{Outcome: practice.NoAnswer}
	}
	winner, stopped := c.ring([]ringing{c.phone(next, to.Extensions[0], false, rule)}, c.gaveUp)
	if winner == nil && !stopped {
		back := c.arrives(l.extension, l.Redirections, "Transfer Recall")
		winner, _ = c.ring([]ringing{c.phone(back, l.extension, false, answers)}, c.gaveUp)
	}
	if winner != nil {
		c.begin(winner)
	}
}

// arrives rings an employee to whom the client of a running call comes.
func (c talk) arrives(extension string, chain []xsi.Redirection, recall string) *leg {
	return c.newLeg(leg{
		Call:   xsi.Call{Personality: xsi.Terminator, Remote: c.party, Redirections: chain, Recall: recall},
		target: c.pbx.directory.userIDOf(extension), extension: extension, rang: true,
	}, xsi.Received)
}

// consult puts the client on hold and calls a colleague from the same telephone, which makes a second
// extTrackingId (section 7.10). The two are joined when the employee hangs up (by Timing.Consult) or
// callTransferConsult says so. It reports true if the client has come back to the employee instead.
func (c talk) consult(l *leg, extension string, cancels bool) bool {
	c.script.consult, c.script.holds = "", 0
	c.hold(l)
	tracking := c.newAlias()
	own := c.newLeg(leg{
		Call: xsi.Call{
			Personality: xsi.Originator, Remote: c.pbx.directory.colleague(extension), Endpoint: l.target, Tracking: tracking,
		},
		target: l.target, extension: l.extension,
	}, xsi.Originated)
	theirs := c.rings(l.extension, extension, tracking)
	winner, stopped := c.ring([]ringing{c.phone(theirs, extension, false, answers)}, c.gaveUp)
	switch {
	case stopped:
		return false
	case winner == nil:
		c.release(own, xsi.LocalRelease, "")
		c.retrieve(l)
		return true
	}
	c.answer(own)
	cmd, disturbed := c.wait(c.timing.Consult, func(cmd command) error {
		if cmd.kind == commandConnect && cmd.leg == l.ID && cmd.other == own.ID {
			return nil
		}
		return errNotTalking
	})
	switch {
	case disturbed && cmd.stop:
		return false
	case !disturbed && cancels:
		c.release(own, xsi.LocalRelease, "")
		c.release(theirs, xsi.RemoteRelease, "")
		c.retrieve(l)
		return true
	}
	c.join(l, own, theirs)
	return false
}

// newAlias is an extTrackingId of this call beyond its own.
func (c talk) newAlias() string {
	c.pbx.mu.Lock()
	defer c.pbx.mu.Unlock()
	alias := c.pbx.newTracking()
	if c.pbx.config.IDs == IDsPair {
		alias = fmt.Sprintf("%s:%d", c.id[:len(c.id)-len(":1")], len(c.aliases)+2)
	}
	c.aliases = append(c.aliases, alias)
	return alias
}

// join lets the client talk to the colleague: one event tells that both of the employee's calls leave
// him, and the colleague's leg gets the client and his extTrackingId.
func (c talk) join(l, own, theirs *leg) {
	c.detach(staff.Destination{Extensions: []string{theirs.extension}}, "transfer", l, own)
	c.change(theirs, xsi.Transferred, func(t *leg) { t.Tracking, t.Remote = c.id, c.party })
	c.script.byEmployee = false
	c.begin(theirs)
}
