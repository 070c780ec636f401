package mango

import (
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice/mango/api"
	"dozvon/app/practice/mango/cast"
	"dozvon/app/practice/staff"
)

// inbound is a client's call to one of our lines.
type inbound struct{ *call }

func (c inbound) play() {
	c.from = mango.Party{Number: mango.Text(c.client)}
	to, previous := c.to, (*leg)(nil)
	var cmd command
	if c.script.ivr {
		menu, taken, over := c.menu()
		if over {
			return
		}
		if taken.Kind == api.KindRoute {
			cmd = taken
			to, _ = c.pbx.staff.Resolve(cmd.Target)
			c.routed()
		}
		previous = menu
	}
	c.forwarded = int64(c.now())
	c.distribute(previous, to, cmd)
}

// routed forgets what the scenario wanted to do with those whom a route command passed by.
func (c inbound) routed() {
	c.script.queue, c.script.serial, c.script.winner, c.script.pickup = false, false, "", ""
	c.script.rule, c.script.forced, c.script.code = answers, false, 0
	if c.script.ends == 0 {
		c.script.ends = mango.CodeEndedByCaller
	}
}

// menu is the stay in the voice menu. over says that the call ended there; taken is the command that ended the stay.
func (c inbound) menu() (menu *leg, taken command, over bool) {
	menu = c.newLeg(mango.CallEvent{
		Location: mango.LocationIVR, From: c.from, To: mango.Party{Number: c.line, LineNumber: c.line},
	})
	piece := c.timing.IVR / time.Duration(len(c.script.digits)+1)
	for i := range len(c.script.digits) + 1 {
		cmd, disturbed := c.wait(piece, func(cmd command) mango.Int {
			return c.judge(cmd, []*leg{menu}, api.KindHangup, api.KindRoute)
		})
		switch {
		case cmd.stop:
			return menu, cmd, true
		case disturbed && cmd.Kind == api.KindHangup:
			c.drop(menu, mango.CodeEndedByAPI)
			return menu, cmd, true
		case disturbed:
			c.drop(menu, mango.CodeEnded)
			return menu, cmd, false
		case i < len(c.script.digits):
			c.press(menu, i)
		}
	}
	if c.script.abandoned {
		c.drop(menu, mango.CodeEndedByCaller)
		return menu, command{}, true
	}
	c.drop(menu, mango.CodeEnded)
	return menu, command{}, false
}

// press sends the i-th package of digits that the client keys in.
func (c inbound) press(menu *leg, i int) {
	d := c.script.digits[i]
	c.post(mango.PathDTMF, mango.DTMF{
		Seq: mango.Int(i + 1), Digits: d.digits, Timestamp: c.now(), CallID: menu.event.CallID, EntryID: menu.event.EntryID,
		Location: d.location, Initiator: mango.Text(c.client), FromNumber: mango.Text(c.client),
		ToNumber: c.line, LineNumber: c.line,
	})
}

// distribute rings the staff.Destination, and the next one whenever a route command
// takes the client away before anybody answered.
func (c inbound) distribute(previous *leg, to staff.Destination, cmd command) {
	for {
		if c.called == (mango.Party{}) {
			c.called = c.firstRung(to)
		}
		out := c.ringAll(previous, to, cmd)
		switch {
		case out.routed != nil:
			previous, cmd = out.routed, out.command
			to, _ = c.pbx.staff.Resolve(cmd.Target)
			c.routed()
		case out.answered != nil:
			talk(c).begin(out.answered)
			return
		default:
			return
		}
	}
}

// firstRung is whom the summary names while nobody has answered: the group, or the first employee.
func (c *call) firstRung(to staff.Destination) mango.Party {
	switch {
	case to.Group != "":
		return mango.Party{Extension: mango.Text(to.Group)}
	case to.Outside != "":
		return mango.Party{Number: mango.Text(to.Outside)}
	}
	return mango.Party{Extension: mango.Text(to.Extensions[0]), Number: c.phoneOf(to.Extensions[0])}
}

// phoneOf is where an employee's calls ring: his device, or his mobile in forwarded-mobile.
func (c *call) phoneOf(extension string) mango.Text {
	if c.script.mobile {
		if e, ok := c.pbx.staff.Employee(extension); ok && e.Mobile != "" {
			return mango.Text(e.Mobile)
		}
	}
	return cast.Device(extension)
}

// ringAll rings everybody of a destination: at once, or one after another, with a queue's leg or without.
func (c inbound) ringAll(previous *leg, to staff.Destination, cmd command) rung {
	from := mango.Party{Number: mango.Text(c.client)}
	if previous != nil {
		from.TakenFromCallID = previous.event.CallID
	}
	if c.script.pickup != "" && to.Outside == "" {
		return c.pickedUp(from, to, cmd)
	}
	if to.Group == "" || !c.script.queue && !c.script.serial {
		return c.ring(c.appear(from, to, to.Extensions, cmd), nil, api.KindHangup, api.KindRoute)
	}
	if !c.script.queue {
		return c.ringInTurn(from, to, nil, cmd)
	}
	queue := c.newLeg(mango.CallEvent{
		Location: mango.LocationQueue, From: from, CommandID: cmd.ID,
		To: mango.Party{Number: c.line, LineNumber: c.line, ACDGroup: mango.Text(to.Group)},
	})
	from.TakenFromCallID = queue.event.CallID
	out := c.ringInTurn(from, to, []*leg{queue}, cmd)
	switch {
	case out.routed != nil || out.stopped:
	case out.answered != nil:
		c.drop(queue, mango.CodeEnded)
	default:
		c.drop(queue, mango.CodeQueueTimeout)
	}
	return out
}

// ringInTurn rings a group's telephones one after another.
func (c inbound) ringInTurn(from mango.Party, to staff.Destination, held []*leg, cmd command) rung {
	// The sample's queue gives up after the second telephone.
	for _, extension := range to.Extensions[:min(2, len(to.Extensions))] {
		out := c.ring(c.appear(from, to, []string{extension}, cmd), held, api.KindHangup, api.KindRoute)
		if out.routed != nil || out.stopped || out.answered != nil {
			return out
		}
	}
	return rung{}
}

// pickedUp rings one employee until a colleague takes the call over from his own telephone. The
// legs are those of the pick-up by route, without the command (inferred).
func (c inbound) pickedUp(from mango.Party, to staff.Destination, cmd command) rung {
	phones := c.appear(from, to, to.Extensions, cmd)
	if phones[0].leg.real() {
		return c.ring(phones, nil, api.KindHangup, api.KindRoute)
	}
	taken, disturbed := c.wait(c.timing.Ring, func(cmd command) mango.Int {
		return c.judgeRinging(cmd, phones, nil, []string{api.KindHangup, api.KindRoute})
	})
	switch {
	case taken.stop:
		return rung{stopped: true}
	case disturbed && taken.Kind == api.KindRoute:
		return c.reroute(taken, phones, nil)
	case disturbed:
		c.drop(phones[0].leg, mango.CodeEndedByAPI)
		return rung{}
	}
	first := phones[0].leg
	c.intercept(first)
	c.drop(first, mango.CodePickedUp)
	from.TakenFromCallID = first.event.CallID
	colleague := []string{c.script.pickup}
	c.script.pickup = ""
	phones = c.appear(from, staff.Destination{Extensions: colleague}, colleague, cmd)
	if phones[0].leg.real() {
		return c.ring(phones, nil, api.KindHangup, api.KindRoute)
	}
	return c.pickUp(phones[0], phones)
}

// appear sends one Appeared per telephone.
func (c inbound) appear(from mango.Party, to staff.Destination, extensions []string, cmd command) []ringing {
	e := mango.CallEvent{Location: mango.LocationAbonent, From: from, CommandID: cmd.ID}
	if to.Outside != "" {
		e.To = mango.Party{Number: mango.Text(to.Outside), LineNumber: c.line}
		return []ringing{c.phone(c.newLegShown(e, cmd.Shown), to.Outside, true, answers)}
	}
	var phones []ringing
	for _, extension := range extensions {
		e.To = mango.Party{
			Extension: mango.Text(extension), Number: c.phoneOf(extension), LineNumber: c.line, ACDGroup: mango.Text(to.Group),
		}
		rule := c.script.rule
		if c.script.winner != "" && to.Group != "" && extension != c.script.winner {
			rule = Rule{Outcome: NoAnswer}
		}
		phones = append(phones, c.phone(c.newLegShown(e, cmd.Shown), extension, false, rule))
	}
	return phones
}
