package mango

import (
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/mango/api"
)

// talk is the part of a call in which people speak, with the holds, transfers and consultations in it.
type talk struct{ *call }

// begin is the conversation on a leg that has just been answered.
func (c talk) begin(l *leg) {
	if c.talked == 0 {
		c.talked = int64(c.now())
		if c.direction == mango.DirectionInbound {
			c.called = mango.Party{Extension: l.event.To.Extension, Number: l.event.To.Number}
		}
	}
	c.with = append(c.with, string(employeeSide(l).Extension))
	c.connect(l)
	recorder(c).record(l, string(employeeSide(l).Extension))
	c.converse(l, c.timing.Talk, c.script)
}

// converse lets a talk last, with the holds and transfers that the script wants, all pieces of one length.
func (c talk) converse(l *leg, lasts time.Duration, s script) {
	if l.real() {
		// Its owner does what the script would.
		s.holds, s.transferTo, s.consult = 0, "", ""
	}
	// A talk with n holds has n+1 pieces of talk and n of hold.
	pieces := 2*s.holds + 1
	if s.transferTo != "" || s.consult != "" {
		pieces = 2
	}
	for piece := range pieces {
		if piece > 0 {
			switch {
			case s.transferTo != "":
				c.script.transferTo = ""
				c.transfer(l, command{Command: api.Command{Target: s.transferTo, Initiator: string(employeeSide(l).Extension)}})
				return
			case s.consult != "":
				// The scenario's telephone takes its time; the command's legs are the same.
				c.script.consult = ""
				cmd := command{Command: api.Command{Target: s.consult, Initiator: string(employeeSide(l).Extension), Consult: true}}
				if !c.consult(l, cmd, s.cancels) {
					return
				}
			case piece%2 == 1:
				c.hold(l, string(employeeSide(l).Extension))
			case l.event.State == mango.StateOnHold: // else he has been taken back before his time
				c.resume(l)
			}
		}
		if !c.speak(l, lasts/time.Duration(pieces)) {
			return
		}
	}
	c.drop(l, c.endedByPlayed(l))
}

// speak lets d pass on a leg that is Connected, or OnHold by the script. It reports false when the
// talk has ended meanwhile, and its legs with it.
func (c talk) speak(l *leg, d time.Duration) bool {
	until := c.clock.Elapsed() + d
	for {
		if d := l.deserted(); d != nil {
			c.drop(l, l.endedBy(d))
			return false
		}
		cmd, disturbed := c.wait(until-c.clock.Elapsed(), func(cmd command) mango.Int { return c.judgeTalking(cmd, l) })
		if !disturbed {
			return true
		}
		began := c.clock.Elapsed()
		switch {
		case cmd.stop:
			return false
		case cmd.Kind == api.KindHangup:
			c.drop(l, mango.CodeEndedByAPI)
			return false
		case cmd.hangsUp():
			c.drop(l, l.endedBy(cmd.device))
			return false
		case cmd.device != nil && cmd.does == practice.Holds:
			if !c.holdByTelephone(l, cmd.device) {
				return false
			}
		case cmd.device != nil && cmd.does == practice.Transfers:
			cmd.Initiator = cmd.device.extension
			c.transfer(l, cmd)
			return false
		case cmd.Kind == api.KindTransfer && !cmd.Consult:
			c.transfer(l, cmd)
			return false
		case cmd.Kind == api.KindTransfer:
			if !c.consult(l, cmd, false) {
				return false
			}
		case cmd.Kind == api.KindHold:
			if !c.holdByCommand(l, cmd) {
				return false
			}
		default: // the employee takes the client back, or the inferred hold/off does
			c.resume(l)
		}
		until += c.clock.Elapsed() - began
	}
}

// judgeTalking judges a command to a leg that has been answered.
func (c talk) judgeTalking(cmd command, l *leg) mango.Int {
	if cmd.Kind == kindResume {
		cmd.Leg = string(l.event.CallID)
	}
	code := c.judge(cmd, []*leg{l}, api.KindHangup, api.KindTransfer, api.KindHold, api.KindUnhold, kindResume, kindTelephone)
	if code != mango.CodeDone {
		return code
	}
	onHold := l.event.State == mango.StateOnHold
	if cmd.device != nil {
		return c.judgeTelephone(cmd, onHold)
	}
	switch cmd.Kind {
	case api.KindUnhold, kindResume:
		if !onHold {
			return mango.CodeImpossible
		}
	case api.KindHold, api.KindTransfer:
		if onHold || !isEmployee(l, cmd.Initiator) {
			return mango.CodeImpossible
		}
	}
	return mango.CodeDone
}

// judgeTelephone judges what a telephone's owner does in a talk.
func (c talk) judgeTelephone(cmd command, onHold bool) mango.Int {
	switch cmd.does {
	case practice.HangsUp:
		return mango.CodeDone
	case practice.Holds, practice.Resumes:
		if onHold == (cmd.does == practice.Resumes) {
			return mango.CodeDone
		}
	case practice.Transfers:
		if _, known := c.pbx.staff.Resolve(cmd.Target); known && cmd.Target != cmd.device.extension {
			return mango.CodeDone
		}
	}
	return mango.CodeImpossible
}

// employeeSide returns the employee of a leg; in an internal call, the called one.
func employeeSide(l *leg) mango.Party {
	if l.event.To.Extension != "" {
		return l.event.To
	}
	return l.event.From
}

// sides returns the party of a leg that initiator names, the other one, and whether the former is the caller.
func sides(l *leg, initiator string) (own, other mango.Party, calls bool) {
	if is(l.event.From, initiator) {
		return l.event.From, l.event.To, true
	}
	return l.event.To, l.event.From, false
}

func is(p mango.Party, value string) bool {
	return value != "" && (value == string(p.Extension) || value == string(p.Number))
}

// isEmployee reports whether a value names one side of the leg, and that side is an employee.
func isEmployee(l *leg, initiator string) bool {
	for _, p := range []mango.Party{l.event.To, l.event.From} {
		if p.Extension != "" && is(p, initiator) {
			return true
		}
	}
	return false
}
