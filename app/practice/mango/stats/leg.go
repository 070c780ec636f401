package stats

import (
	"dozvon/app/mango"
	"dozvon/app/practice/mango/cast"
)

// Kinds of transfer on the legs that one makes.
const (
	TransferBlind   mango.Text = "blind"
	TransferReturn  mango.Text = "return_blind"
	TransferConsult mango.Text = "consultative"
)

// legs lists who was called, a group's members inside the group's leg. The
// stay in the voice menu has no leg here: the sample shows none.
func (s *Service) legs(c Call) []statsLeg {
	legs := []statsLeg{}
	var group *statsLeg
	var queue mango.Text
	flush := func() {
		if group != nil {
			legs = append(legs, *group)
		}
		group, queue = nil, ""
	}
	for _, l := range c.Legs {
		switch e := l.Event; {
		case e.Location == mango.LocationIVR:
		case e.Location == mango.LocationQueue:
			flush()
			queue = e.CallID
		case e.To.ACDGroup != "" && e.Transfer == "":
			if group == nil {
				group = groupLeg(c, queue)
			}
			group.add(s.leg(c, l))
		default:
			flush()
			legs = append(legs, s.leg(c, l))
		}
	}
	flush()
	return legs
}

func (s *Service) leg(c Call, l Leg) statsLeg {
	e := l.Event
	row := statsLeg{
		StatsLeg: mango.StatsLeg{
			Type: "number", AbonentInfo: e.To.Number, AbonentNumber: e.To.Number,
			Start: mango.Int(l.Began), End: mango.Int(l.Ended), EndReason: l.Reason, CallID: e.CallID,
			Inbound: c.Direction == mango.DirectionInbound, Outbound: mango.Flag(c.Direction == mango.DirectionOutbound),
			Blind: e.Transfer == TransferBlind || e.Transfer == TransferReturn, Consult: mango.Flag(e.Transfer == TransferConsult),
			Taken: mango.Flag(l.Intercepted), NoIVR: mango.Flag(c.Legs[0].Event.Location != mango.LocationIVR),
		},
		Duration: mango.Int(l.Ended - l.Began), Dial: mango.Int(l.Ended - l.Began), Records: []mango.Text{},
		Conversation: l.Answered > 0, Recorded: len(l.Records) > 0,
	}
	if employee, ok := s.config.Staff.Employee(string(e.To.Extension)); ok {
		row.Type, row.AbonentID, row.AbonentInfo = "user", mango.Int(employee.UserID), mango.Text(employee.Name)
	}
	for _, id := range l.Records {
		row.Records = append(row.Records, mango.Text(id))
	}
	if l.Answered > 0 {
		answer := mango.Int(l.Answered)
		// Holds are a part of the talk here, as they are in a summary (inferred).
		row.Answer, row.Talk, row.Dial = &answer, mango.Int(l.Ended-l.Answered), mango.Int(l.Answered-l.Began)
	}
	if l.Held > 0 {
		held := mango.Int(l.Held)
		row.Hold = &held
	}
	return row
}

// groupLeg begins the leg of the group. Its id is the queue's, or else the first member's (inferred).
func groupLeg(c Call, queue mango.Text) *statsLeg {
	return &statsLeg{
		StatsLeg: mango.StatsLeg{
			Type: "group", AbonentID: cast.GroupID, AbonentInfo: cast.GroupName, AbonentNumber: cast.GroupExtension, CallID: queue,
			Inbound: c.Direction == mango.DirectionInbound, Outbound: mango.Flag(c.Direction == mango.DirectionOutbound),
			Group: true, NoIVR: mango.Flag(c.Legs[0].Event.Location != mango.LocationIVR),
		},
		Records: []mango.Text{}, Members: []statsLeg{},
	}
}

// add takes a member in: the group's leg lasts as long as all of theirs and has the talk of the one who answered.
func (g *statsLeg) add(m statsLeg) {
	if len(g.Members) == 0 {
		g.Start = m.Start
		if g.CallID == "" {
			g.CallID = m.CallID
		}
	}
	g.Members = append(g.Members, m)
	if m.End > g.End {
		g.End = m.End
		if g.Answer == nil {
			g.EndReason = m.EndReason
		}
	}
	if m.Answer != nil {
		g.Answer, g.Talk, g.Hold, g.EndReason, g.Conversation = m.Answer, m.Talk, m.Hold, m.EndReason, true
	}
	g.Duration, g.Dial = g.End-g.Start, g.End-g.Start
	if g.Answer != nil {
		g.Dial = *g.Answer - g.Start
	}
}
