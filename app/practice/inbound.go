package practice

import (
	"dozvon/app/mango"
)

// inbound is a client's call to one of our lines.
func (c *call) inbound() {
	c.from = mango.Party{Number: mango.Text(c.client)}
	to, previous := c.to, (*leg)(nil)
	var cmd command
	if c.script.ivr {
		menu := c.newLeg(mango.CallEvent{
			Location: mango.LocationIVR, From: c.from, To: mango.Party{Number: c.line, LineNumber: c.line},
		})
		taken, disturbed := c.wait(c.timing.IVR, func(cmd command) mango.Int {
			return judge(cmd, []*leg{menu}, kindHangup, kindRoute)
		})
		switch {
		case taken.stop:
			return
		case disturbed && taken.kind == kindHangup:
			c.drop(menu, mango.CodeEndedByAPI)
			return
		case disturbed:
			cmd = taken
			to, _ = resolve(cmd.target)
			c.script.queue, c.script.winner = false, ""
		case c.script.abandoned:
			c.drop(menu, mango.CodeEndedByCaller)
			return
		}
		c.drop(menu, mango.CodeEnded)
		previous = menu
	}
	c.forwarded = int64(c.now())
	c.distribute(previous, to, cmd)
}

// distribute rings the destination, and the next one whenever a route command
// takes the client away before anybody answered.
func (c *call) distribute(previous *leg, to destination, cmd command) {
	for {
		if c.called == (mango.Party{}) {
			c.called = firstRung(to)
		}
		out := c.ringAll(previous, to, cmd)
		switch {
		case out.routed != nil:
			previous, cmd = out.routed, out.command
			to, _ = resolve(cmd.target)
			c.script.queue, c.script.winner, c.script.forced = false, "", false
			c.script.rule = answers
			if c.script.ends == 0 {
				c.script.ends = mango.CodeEndedByCaller
			}
		case out.answered != nil:
			c.talk(out.answered)
			return
		default:
			return
		}
	}
}

// firstRung is whom the summary names while nobody has answered: the group, or the first employee.
func firstRung(to destination) mango.Party {
	switch {
	case to.group != "":
		return mango.Party{Extension: mango.Text(to.group)}
	case to.outside != "":
		return mango.Party{Number: mango.Text(to.outside)}
	}
	return mango.Party{Extension: mango.Text(to.extensions[0]), Number: device(to.extensions[0])}
}

// ringAll rings everybody of a destination: at once, or in a queue one after another.
func (c *call) ringAll(previous *leg, to destination, cmd command) rung {
	from := mango.Party{Number: mango.Text(c.client)}
	if previous != nil {
		from.TakenFromCallID = previous.event.CallID
	}
	if !c.script.queue || to.group == "" {
		return c.ring(c.appear(from, to, to.extensions, cmd), nil, kindHangup, kindRoute)
	}
	queue := c.newLeg(mango.CallEvent{
		Location: mango.LocationQueue, From: from, CommandID: cmd.id,
		To: mango.Party{Number: c.line, LineNumber: c.line, ACDGroup: mango.Text(to.group)},
	})
	from.TakenFromCallID = queue.event.CallID
	// The sample's queue gives up after the second telephone.
	for _, extension := range to.extensions[:2] {
		out := c.ring(c.appear(from, to, []string{extension}, cmd), []*leg{queue}, kindHangup, kindRoute)
		if out.routed != nil || out.stopped {
			return out
		}
		if out.answered != nil {
			c.drop(queue, mango.CodeEnded)
			return out
		}
	}
	c.drop(queue, mango.CodeQueueTimeout)
	return rung{}
}

// appear sends one Appeared per telephone.
func (c *call) appear(from mango.Party, to destination, extensions []string, cmd command) []ringing {
	e := mango.CallEvent{Location: mango.LocationAbonent, From: from, CommandID: cmd.id}
	if to.outside != "" {
		e.To = mango.Party{Number: mango.Text(to.outside), LineNumber: c.line}
		return []ringing{c.phone(c.newLegShown(e, cmd.shown), to.outside, true, answers)}
	}
	var phones []ringing
	for _, extension := range extensions {
		e.To = mango.Party{
			Extension: mango.Text(extension), Number: device(extension), LineNumber: c.line, ACDGroup: mango.Text(to.group),
		}
		rule := c.script.rule
		if c.script.winner != "" && to.group != "" && extension != c.script.winner {
			rule = Rule{Outcome: NoAnswer}
		}
		phones = append(phones, c.phone(c.newLegShown(e, cmd.shown), extension, false, rule))
	}
	return phones
}
