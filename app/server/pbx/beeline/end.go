package beeline

import (
	"dozvon/app/beeline"
	"dozvon/app/server/call"
)

// end says why a half ended (sections 8.5 and 14).
func (h half) end(code int) call.End {
	switch {
	case h.personality == beeline.ClickToDial:
		return endOfDialling(code)
	case h.base.Place != call.PlaceEmployee:
		return h.endOfSystem(code)
	case code != 0:
		return endOfCause(code, h.personality == beeline.Terminator)
	case h.personality == beeline.Originator:
		return h.endOfOriginator()
	}
	return h.endOfTerminator()
}

// endOfDialling: the operator's telephone was rung, and the client's was not.
func endOfDialling(code int) call.End {
	switch code {
	case 0:
		return call.EndMoved
	case beeline.CodeBusy, beeline.CodeForbidden: // declined, from a softphone
		return call.EndDeclined
	case beeline.CodeRequestTimeout, beeline.CodeTemporarilyUnavailable:
		return call.EndNoAnswer
	}
	return call.EndFailed
}

// endOfSystem: a menu or queue hands the call on, unless the caller has left it.
func (h half) endOfSystem(code int) call.End {
	switch {
	case code != 0:
		return endOfCause(code, true)
	case h.call.Releasing == beeline.RemoteRelease:
		return call.EndByCaller
	}
	return call.EndMoved
}

func endOfCause(code int, inbound bool) call.End {
	switch code {
	case beeline.CodeBusy:
		if inbound {
			return call.EndDeclined // or busy, or do-not-disturb: the PBX says the same of all three
		}
		return call.EndBusy
	case beeline.CodeTemporarilyUnavailable, beeline.CodeRequestTimeout:
		return call.EndNoAnswer
	}
	return call.EndFailed
}

func (h half) endOfOriginator() call.End {
	switch h.call.Releasing {
	case beeline.LocalRelease:
		return call.EndByCaller
	case beeline.RemoteRelease:
		return call.EndByCalled
	}
	return call.EndNoAnswer
}

// endOfTerminator: a member of a group whose telephone rang in vain is released as if the caller had
// given up, and the call goes on (section 7.4).
func (h half) endOfTerminator() call.End {
	answered := !h.call.Answer.IsZero()
	switch {
	case h.call.Releasing == beeline.RemoteRelease && !answered && h.group:
		return call.EndNoAnswer
	case h.call.Releasing == beeline.RemoteRelease:
		return call.EndByCaller
	case h.call.Releasing == beeline.LocalRelease && answered:
		return call.EndByCalled
	case h.call.Releasing == beeline.LocalRelease:
		return call.EndDeclined
	}
	return call.EndNoAnswer
}

// final: nothing of the call follows. A client who leaves the call centre ends the call, whatever was
// lost of its agents (section 6); a number outside that was not reached, or an operator who was not,
// ends an outbound one.
func (h half) final() bool {
	failed := h.call.Cause != (beeline.Cause{})
	switch {
	case h.personality == beeline.ClickToDial:
		return failed
	case h.base.Place != call.PlaceEmployee:
		return h.centre && h.call.Releasing == beeline.RemoteRelease && h.call.Remote.CallType == beeline.Network
	case h.personality == beeline.Originator:
		return failed && h.base.To.Outside()
	}
	return false
}
