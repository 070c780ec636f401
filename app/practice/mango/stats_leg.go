package mango

import (
	"dozvon/app/mango"
)

// statsLegs lists who was called, a group's members inside the group's leg. The
// stay in the voice menu has no leg here: the sample shows none.
func (p *PBX) statsLegs(c *call) []statsLeg {
	legs := []statsLeg{}
	var group *statsLeg
	var queue mango.Text
	flush := func() {
		if group != nil {
			legs = append(legs, *group)
		}
		group, queue = nil, ""
	}
	for _, l := range c.legs {
		switch e := l.event; {
		case e.Location == mango.LocationIVR:
		case e.Location == mango.LocationQueue:
			flush()
			queue = e.CallID
		case e.To.ACDGroup != "" && e.Transfer == "":
			if group == nil {
				group = p.groupLeg(c, queue)
			}
			group.add(p.statsLeg(c, l))
		default:
			flush()
			legs = append(legs, p.statsLeg(c, l))
		}
	}
	flush()
	return legs
}

func (p *PBX) statsLeg(c *call, l *leg) statsLeg {
	e := l.event
	s := statsLeg{
		StatsLeg: mango.StatsLeg{
			Type: "number", AbonentInfo: e.To.Number, AbonentNumber: e.To.Number,
			Start: mango.Int(l.began), End: mango.Int(l.ended), EndReason: l.reason, CallID: e.CallID,
			Inbound: c.direction == mango.DirectionInbound, Outbound: mango.Flag(c.direction == mango.DirectionOutbound),
			Blind: e.Transfer == transferBlind || e.Transfer == transferReturn, Consult: mango.Flag(e.Transfer == transferConsult),
			Taken: mango.Flag(l.intercepted), NoIVR: mango.Flag(c.legs[0].event.Location != mango.LocationIVR),
		},
		Duration: mango.Int(l.ended - l.began), Dial: mango.Int(l.ended - l.began), Records: []mango.Text{},
		Conversation: l.answered > 0, Recorded: len(l.records) > 0,
	}
	if employee, ok := p.staff.Employee(string(e.To.Extension)); ok {
		s.Type, s.AbonentID, s.AbonentInfo = "user", mango.Int(employee.UserID), mango.Text(employee.Name)
	}
	for _, id := range l.records {
		s.Records = append(s.Records, mango.Text(id))
	}
	if l.answered > 0 {
		answer := mango.Int(l.answered)
		// Holds are a part of the talk here, as they are in a summary (inferred).
		s.Answer, s.Talk, s.Dial = &answer, mango.Int(l.ended-l.answered), mango.Int(l.answered-l.began)
	}
	if l.held > 0 {
		held := mango.Int(l.held)
		s.Hold = &held
	}
	return s
}

// groupLeg begins the leg of the group. Its id is the queue's, or else the first member's (inferred).
func (p *PBX) groupLeg(c *call, queue mango.Text) *statsLeg {
	return &statsLeg{
		StatsLeg: mango.StatsLeg{
			Type: "group", AbonentID: groupID, AbonentInfo: groupName, AbonentNumber: GroupExtension, CallID: queue,
			Inbound: c.direction == mango.DirectionInbound, Outbound: mango.Flag(c.direction == mango.DirectionOutbound),
			Group: true, NoIVR: mango.Flag(c.legs[0].event.Location != mango.LocationIVR),
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
