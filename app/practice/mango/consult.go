package mango

import (
	"dozvon/app/mango"
	"dozvon/app/practice/mango/api"
	"dozvon/app/practice/mango/stats"
)

// consult puts the client on hold, rings a consultant, and joins the two when
// the employee hangs up (by Timing.Consult) or commands/calls_connect says so.
// It reports true if the client has come back to the employee instead: the
// consultant did not answer, or the transfer was cancelled.
func (c talk) consult(l *leg, cmd command, cancels bool) bool {
	to, _ := c.pbx.staff.Resolve(cmd.Target)
	own, client, calls := sides(l, cmd.Initiator)
	c.hold(l, cmd.Initiator)
	employee := mango.Party{Extension: own.Extension, Number: own.Number, TakenFromCallID: l.event.CallID}
	out := c.ring(c.transferred(employee, to, stats.TransferConsult, cmd.ID), []*leg{l}, api.KindHangup, api.KindCancel)
	switch {
	case out.stopped:
		return false
	case out.command.Kind == api.KindHangup: // the held leg's; ring has dropped the consultants'
		c.drop(l, mango.CodeEndedByAPI)
		return false
	case out.answered == nil:
		c.resume(l)
		return true
	}
	second := out.answered
	c.consultOn(l, second)
	lasts := c.timing.Consult
	if l.real() {
		lasts = patience // he hangs up himself
	}
	taken, disturbed := c.wait(lasts, func(cmd command) mango.Int { return c.judgeConsulting(cmd, l, second) })
	switch {
	case taken.stop:
		return false
	case disturbed && taken.Kind == api.KindHangup && taken.Leg == string(l.event.CallID):
		// It never joins the held party with the consultant (section 3.2.3), so both are gone.
		c.drop(second, mango.CodeEndedByAPI)
		c.drop(l, mango.CodeEndedByAPI)
		return false
	case disturbed && taken.device != nil && taken.device == second.called:
		c.drop(second, mango.CodeEndedByCalled)
		c.resume(l)
		return true
	case disturbed && taken.device != nil: // the employee has hung up, and so joined the two
	case disturbed && taken.Kind != api.KindConnect, !disturbed && cancels:
		c.drop(second, cancelReason(disturbed))
		c.resume(l)
		return true
	}
	c.leave(l, calls)
	c.join(second, client, l)
	return false
}

// cancelReason is 1181 by command; from the employee's telephone he ends the call to the consultant himself.
func cancelReason(byCommand bool) mango.Int {
	if byCommand {
		return mango.CodeEndedByAPI
	}
	return mango.CodeEndedByCaller
}

// judgeConsulting judges a command while the employee talks to the consultant.
func (c talk) judgeConsulting(cmd command, held, second *leg) mango.Int {
	code := c.judge(cmd, []*leg{held, second}, api.KindHangup, api.KindConnect, api.KindCancel, kindTelephone)
	if code != mango.CodeDone {
		return code
	}
	switch {
	case cmd.device != nil && !cmd.hangsUp():
		return mango.CodeImpossible
	case cmd.Kind == api.KindCancel && cmd.Leg != string(held.event.CallID),
		cmd.Kind == api.KindConnect && cmd.Leg != string(held.event.CallID),
		cmd.Kind == api.KindConnect && cmd.Other != string(second.event.CallID),
		cmd.Kind == api.KindConnect && cmd.Initiator != string(second.event.From.Number):
		return mango.CodeImpossible
	}
	return mango.CodeDone
}

// join puts the client in the employee's place on the consultant's leg: Connected a second time,
// with another from (section 9.7 of the reference; the document's sec248).
func (c talk) join(second *leg, client mango.Party, first *leg) {
	c.pbx.mu.Lock()
	second.event.From = mango.Party{
		Extension: client.Extension, Number: client.Number, TakenFromCallID: first.event.CallID,
	}
	second.event.Transfer = stats.TransferBlind
	c.pbx.mu.Unlock()
	c.send(second, mango.StateConnected, nil)
	c.script.holds = 0
	c.begin(second)
}
