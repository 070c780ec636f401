package beeline

import (
	"strconv"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/phone"
	"dozvon/app/server/call"
)

// half is one half of a call, sorted out: who is at either end, in which state.
type half struct {
	call        beeline.Call
	kind        beeline.EventType
	personality beeline.Personality
	state       beeline.State
	base        call.Event // what all its facts have in common
	target      string     // whose half it is, by userId
	group       bool       // a group or a call centre offered it
	centre      bool       // the target is a call centre
}

// The order of the states within a leg. Holds come in between, by how long the call was held before.
const (
	seqRinging = 1
	seqTalking = 2
	seqHolds   = 10
	seqEnded   = 1 << 50
)

// half sorts a call out; known is false when the target is nobody whom the directory knows.
func (r *roster) half(e beeline.Event, c beeline.Call) (h half, known bool, err error) {
	h = half{call: c, kind: e.Type, target: e.Target, personality: personalityOf(e.Type, c), state: stateOf(e.Type, c)}
	me, place, known := r.target(e.Target)
	h.centre = place == call.PlaceQueue && beeline.IsCallCentre(e.Target)
	h.base = call.Event{Kind: call.KindLeg, Key: c.Tracking, Leg: c.ID, Place: place}
	if h.base.Leg == "" {
		h.base.Leg = c.Tracking + "/" + e.Target
	}
	h.group = offeredByGroup(c)
	other := r.party(c)
	switch h.personality {
	case beeline.Originator:
		h.base.From, h.base.To = me, other
	case beeline.Terminator:
		// The telephone behind an end is told for the end that is the target alone, see Connect.
		h.base.From, h.base.To = other, call.Party{Extension: me.Extension}
		h.base.Line, h.base.Group, h.base.Fork = lineOf(c), groupOf(c), forkOf(c)
	case beeline.ClickToDial:
		// The address is the employee's own, or the client's: our order knows better (section 7.7).
		h.base.Leg, h.base.Callback = dialLeg(c.Tracking, e.Target), true
		h.base.To = call.Party{Extension: me.Extension}
	default:
		return h, known, errNoPart
	}
	return h, known, nil
}

// dialLeg names the leg on which the employee's telephone rings before the client's. The half's own id
// goes on to the client's leg, or does not (section 5.2).
func dialLeg(tracking, userID string) string { return tracking + "#dial:" + userID }

func personalityOf(kind beeline.EventType, c beeline.Call) beeline.Personality {
	switch {
	case c.Personality != "":
		return c.Personality
	case kind == beeline.CallReceived:
		return beeline.Terminator
	case kind == beeline.CallOriginated:
		return beeline.Originator
	case kind == beeline.CallOriginating:
		return beeline.ClickToDial
	}
	return ""
}

// stateOf trusts the state, then the type (section 5.1).
func stateOf(kind beeline.EventType, c beeline.Call) beeline.State {
	if c.State != "" {
		return c.State
	}
	switch kind {
	case beeline.CallReceived, beeline.CallOriginated, beeline.CallOriginating:
		return beeline.Alerting
	case beeline.CallAnswered, beeline.CallRetrieved:
		return beeline.Active
	case beeline.CallHeld:
		return beeline.Held
	case beeline.CallRedirected, beeline.CallDetached:
		return beeline.Detached
	case beeline.CallReleased:
		return beeline.Released
	}
	return ""
}

// facts are the events that a half tells. now dates those for which the PBX tells no time.
func (h half) facts(now time.Time) []call.Event {
	c := h.call
	var all []call.Event
	add := func(state call.LegState, at time.Time, seq int64) *call.Event {
		e := h.base
		e.State, e.At, e.Seq = state, at, seq
		all = append(all, e)
		return &all[len(all)-1]
	}
	// dated is an event that the PBX tells no time of: the first to come of one fact counts.
	dated := func(state call.LegState, seq int64, fact string) *call.Event {
		e := add(state, now, seq)
		e.Fact = h.base.Leg + " " + fact
		return e
	}
	if !c.Start.IsZero() {
		add(call.LegRinging, c.Start, seqRinging)
	}
	if !c.Answer.IsZero() {
		add(call.LegTalking, c.Answer, seqTalking)
	}
	held := strconv.FormatInt(c.TotalHeld.Milliseconds(), 10)
	switch h.state {
	case beeline.Alerting:
		if c.Start.IsZero() {
			dated(call.LegRinging, seqRinging, "rings")
		}
	case beeline.Held:
		if c.HeldAt.IsZero() {
			dated(call.LegHeld, holdSeq(c)+1, "held after "+held)
		} else {
			add(call.LegHeld, c.HeldAt, holdSeq(c)+1)
		}
	case beeline.Active:
		h.active(held, dated)
	case beeline.Detached, beeline.Released:
		h.ended(add, dated)
	}
	if h.personality == beeline.Originator {
		// Whatever rang before this half did, was the click-to-call's first stage.
		at := c.Start
		if at.IsZero() {
			at = now
		}
		all = append(all, call.Event{
			Kind: call.KindOver, Key: c.Tracking, Leg: dialLeg(c.Tracking, h.target), At: at, End: call.EndMoved,
		})
	}
	if c.RecordingState == beeline.RecordingFailed && !c.Answer.IsZero() {
		all = append(all, call.Event{
			Kind: call.KindRecording, Key: c.Tracking, At: c.Answer, Leg: h.base.Leg, To: call.Party{Extension: h.extension()},
			Recording: recordingID(c.Tracking, h.target), RecordingState: call.RecordingDropped,
		})
	}
	return all
}

// holdSeq grows with every hold.
func holdSeq(c beeline.Call) int64 { return seqHolds + 2*c.TotalHeld.Milliseconds() }

// active tells of a talk that goes on. With a cause it is none: a busy tone plays (section 5.1).
func (h half) active(held string, dated func(call.LegState, int64, string) *call.Event) {
	c := h.call
	switch {
	case c.Cause != (beeline.Cause{}) || h.personality == beeline.ClickToDial:
	case c.HasTotalHeld && c.TotalHeld > 0:
		// Taken back from hold. No time is told of that: arrival counts, and the order of holds.
		dated(call.LegTalking, holdSeq(c), "back after "+held)
	case h.kind == beeline.CallRetrieved:
		e := dated(call.LegTalking, seqHolds+1, "")
		e.Fact = "" // which hold has ended nobody says: by its time
	case c.Answer.IsZero():
		dated(call.LegTalking, seqTalking, "talks")
	}
}

// ended tells of the end. Who was detached has left then; that event's releaseTime is the whole call's
// (section 7.9).
func (h half) ended(add func(call.LegState, time.Time, int64) *call.Event, dated func(call.LegState, int64, string) *call.Event) {
	c := h.call
	at := c.Release
	moved := h.state == beeline.Detached || !c.DetachedAt.IsZero()
	if moved {
		at = c.DetachedAt
		if at.IsZero() && c.Redirect != nil {
			at = c.Redirect.At
		}
	}
	var e *call.Event
	switch {
	case !at.IsZero():
		e = add(call.LegEnded, at, seqEnded)
	case moved:
		e = dated(call.LegEnded, seqEnded, "detached")
	default:
		e = dated(call.LegEnded, seqEnded, "released")
	}
	if moved {
		e.End = call.EndMoved
		return
	}
	e.Cause = c.Cause.Code()
	if e.Cause == beeline.CodeOther {
		e.Said = said(c.Cause)
	}
	e.End = h.end(e.Cause)
	e.Final = h.final()
}

// said is a cause in the PBX's own word, which the list does not hold.
func said(c beeline.Cause) string {
	for _, word := range []string{c.Word, c.SIP, c.Q850, c.CDR} {
		if word != "" {
			if runes := []rune(word); len(runes) > maxID {
				return string(runes[:maxID])
			}
			return word
		}
	}
	return ""
}

// extension is the target's.
func (h half) extension() string {
	if h.personality == beeline.Originator {
		return h.base.From.Extension
	}
	return h.base.To.Extension
}

// offeredByGroup: the PBX rings somebody else when this half is not answered (section 8.5).
func offeredByGroup(c beeline.Call) bool {
	if c.ACD != nil || c.HuntGroup != "" {
		return true
	}
	for _, r := range c.Redirections {
		if beeline.KindOf(r.Party.UserID) == beeline.TargetQueue {
			return true
		}
	}
	return false
}

// groupOf is the internal number of the group that rings.
func groupOf(c beeline.Call) string {
	if c.ACD != nil {
		if a := beeline.ReadAddress(c.ACD.Number); a.IsExtension() {
			return a.Digits
		}
	}
	if len(c.Redirections) > 0 && beeline.KindOf(c.Redirections[0].Party.UserID) == beeline.TargetQueue {
		if a := beeline.ReadAddress(c.Redirections[0].Party.Address); a.IsExtension() {
			return a.Digits
		}
	}
	return ""
}

// forkOf names the members of a group that ring at once. One who got the call from a member does not.
func forkOf(c beeline.Call) string {
	if c.HuntGroup == "" || len(c.Redirections) == 0 || c.Redirections[0].Party.UserID != c.HuntGroup {
		return ""
	}
	return c.Tracking + " " + c.HuntGroup
}

// lineOf is the number that was dialled: the oldest redirection's (section 8.9).
func lineOf(c beeline.Call) string {
	if len(c.Redirections) == 0 {
		return ""
	}
	last := c.Redirections[len(c.Redirections)-1].Party
	a := beeline.ReadAddress(last.Address)
	if a.Digits == "" || a.IsExtension() {
		return ""
	}
	return string(numberOf(last.Address))
}

// target tells who or what an event's target is. Nobody whom the directory knows is known by the local
// part of the userId until it is read again.
func (r *roster) target(userID string) (call.Party, call.Place, bool) {
	switch beeline.KindOf(userID) {
	case beeline.TargetMenu:
		return call.Party{}, call.PlaceMenu, true
	case beeline.TargetQueue:
		return call.Party{}, call.PlaceQueue, true
	}
	who, _, ok := r.find(userID)
	switch {
	case !ok:
		return call.Party{Extension: beeline.LocalPart(userID), Device: userID}, call.PlaceEmployee, false
	case who.UserID == "": // a line
		return call.Party{}, call.PlaceQueue, true
	}
	return call.Party{Extension: who.Extension, Device: userID}, call.PlaceEmployee, true
}

// party is the other end: a colleague by extension, or a number.
func (r *roster) party(c beeline.Call) call.Party {
	other := c.Remote
	a := beeline.ReadAddress(other.Address)
	inside := other.CallType == beeline.Group || other.CallType == beeline.Enterprise
	if other.UserID != "" && beeline.KindOf(other.UserID) == beeline.TargetPerson {
		if who, _, ok := r.get(other.UserID); ok && who.UserID != "" {
			return call.Party{Extension: who.Extension}
		}
	}
	if dn := beeline.ReadAddress(other.UserDN); inside && dn.Extension != "" {
		return call.Party{Extension: dn.Extension}
	}
	if inside && a.IsExtension() {
		return call.Party{Extension: a.Digits}
	}
	number := numberOf(other.Address)
	if number == "" && c.ACD != nil {
		number = numberOf(c.ACD.Caller.Address)
	}
	// A mobile that is an employee's is that colleague (section 6).
	if who, ok := r.withPhone(number); ok && number != "" {
		return call.Party{Extension: who.Extension}
	}
	return call.Party{Number: number}
}

// numberOf is E.164 where the text holds a number that can be read, else its digits: a caller with a
// short number still must be shown. Empty for a hidden one.
func numberOf(text string) phone.Number {
	a := beeline.ReadAddress(text)
	if a.Digits == "" {
		return ""
	}
	forms := []string{a.Digits, "+" + a.Digits}
	if a.Plus {
		forms = []string{"+" + a.Digits}
	}
	for _, form := range forms {
		if n, err := phone.Parse(form); err == nil {
			return n
		}
	}
	return phone.Number(a.Digits)
}
