package itoolabs

import (
	"log/slog"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/call"
)

// The states of a leg by their Seq: whatever order they come in, an employee who was answered was not
// cancelled before, and one who handed the call over did not end it.
const (
	seqRings int64 = iota + 1
	seqCancelled
	seqTalks
	seqEnds
	seqHandsOver
)

// legEvents are what an event tells of its employee's leg (section 3.1).
func (p *Provider) legEvents(m itoolabs.Event, fact string, at time.Time) (events []call.Event, stranger bool) {
	me, ok := p.staff.who(m.User, m.Ext)
	if !ok {
		return nil, false
	}
	ends := p.staff.partiesOf(me, m.Telnum, m.Phone, m.Direction, m.Type)
	leg := call.Event{
		Kind: call.KindLeg, Key: m.CallID, At: at, Fact: fact, Leg: legOf(m.CallID, me), Place: call.PlaceEmployee,
		From: ends.from, To: ends.to, Guessed: ends.guessed, Line: line(m.Diversion),
	}
	// An employee's own dialling forks nothing.
	if ends.to.Extension == me.ext && me.ext != "" {
		leg.Fork = m.CallID
	}
	talks := leg
	talks.Seq, talks.State = seqTalks, call.LegTalking
	switch m.Type {
	case itoolabs.TypeIncoming, itoolabs.TypeOutgoing:
		leg.Seq, leg.State = seqRings, call.LegRinging
	case itoolabs.TypeAccepted:
		leg = talks
	case itoolabs.TypeCancelled:
		// The end of one employee's ringing is none of the call (section 6).
		leg.Seq, leg.State, leg.End, leg.Soft = seqCancelled, call.LegEnded, call.EndNoAnswer, true
	case itoolabs.TypeCompleted:
		// It is told after a talk only, whatever has become of the event that told of its beginning.
		talks.Fact += " talked"
		events = append(events, talks)
		leg.Seq, leg.State, leg.End = seqEnds, call.LegEnded, call.EndByCaller
	case itoolabs.TypeTransferred:
		leg.Seq, leg.State, leg.End = seqHandsOver, call.LegEnded, call.EndMoved
	default:
		slog.Info("the PBX told of an event that is not known", "type", itoolabs.CleanText(m.Type))
		return nil, false
	}
	return append(events, leg), me.stranger
}

// legOf names an employee's leg: a call has one id for all of them (section 4).
func legOf(callID string, me employee) string { return callID + "/" + me.leg }

// line is a trunk line's number as the feed shows it.
func line(diversion string) string { return string(number(diversion)) }
