package mango

import (
	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/mango/api"
)

// kindTelephone is no command of the API: it is what the owner of a real telephone does.
const kindTelephone = "telephone"

// device is a real telephone in a call. Only the call's goroutine uses it.
type device struct {
	practice.Telephone
	extension string
	leg       *leg
	gone      bool // its owner has hung up
}

// ringDevice rings the real telephone of an extension; nil if it has none. A simulated day and a
// mobile have none.
func (c *call) ringDevice(l *leg, extension string) *device {
	if c.pbx.config.Telephones == nil || c.ofDay || c.script.mobile {
		return nil
	}
	d := &device{extension: extension, leg: l}
	from := l.event.From
	r := practice.Ringing{
		Extension: extension, From: string(from.Number), Name: l.shown,
		Tell: func(s practice.Signal) bool { return c.told(d, s) },
	}
	if from.Extension != "" {
		r.From = string(from.Extension)
		if e, ok := c.pbx.staff.Employee(r.From); ok && r.Name == "" {
			r.Name = e.Name
		}
	}
	if d.Telephone = c.pbx.config.Telephones.Ring(r); d.Telephone == nil {
		return nil
	}
	return d
}

// told hands what a telephone's owner does to the call, and reports whether the call went along.
func (c *call) told(d *device, s practice.Signal) bool {
	taken := make(chan bool, 1)
	cmd := command{Command: api.Command{Kind: kindTelephone, Target: s.Target}, device: d, does: s.Does, taken: taken}
	select {
	case c.commands <- cmd:
	case <-c.ended:
		return false
	case <-c.pbx.life.Closed():
		return false
	}
	select {
	case ok := <-taken:
		return ok
	case <-c.pbx.life.Closed():
		return false
	}
}

// addressed names the leg that a telephone's owner means: the one that it is on.
func (cmd command) addressed() command {
	if cmd.device != nil && cmd.device.leg != nil {
		cmd.Leg = string(cmd.device.leg.event.CallID)
	}
	return cmd
}

// refused notes what no part of the call went along with: who has hung up is gone all the same.
func (cmd command) refused() {
	if cmd.device != nil && cmd.does == practice.HangsUp {
		cmd.device.gone = true
	}
}

// hangsUp says that a telephone's owner has hung up.
func (cmd command) hangsUp() bool { return cmd.device != nil && cmd.does == practice.HangsUp }

// real reports whether a real telephone is on the leg.
func (l *leg) real() bool { return l.caller != nil || l.called != nil }

// deserted is the telephone whose owner hung up while the call had something else to do.
func (l *leg) deserted() *device {
	for _, d := range []*device{l.caller, l.called} {
		if d != nil && d.gone {
			return d
		}
	}
	return nil
}

// release ends what the leg's telephones do.
func (l *leg) release(answeredByOther bool) {
	for _, d := range []*device{l.caller, l.called} {
		if d != nil {
			d.Release(answeredByOther)
		}
	}
}

// endedBy is the code of a talk that a telephone's owner ends.
func (l *leg) endedBy(d *device) mango.Int {
	if d == l.caller {
		return mango.CodeEndedByCaller
	}
	return mango.CodeEndedByCalled
}

// endedByPlayed is the code of a talk that ends as the script wants it; with a real telephone it is
// the other party, who is played, that hangs up.
func (c *call) endedByPlayed(l *leg) mango.Int {
	switch {
	case l.called != nil:
		return mango.CodeEndedByCaller
	case l.caller != nil:
		return mango.CodeEndedByCalled
	}
	return c.script.ends
}

// onTelephone is what the owner of a real telephone does while telephones ring. over says that the
// ringing has ended with it.
func (c *call) onTelephone(cmd command, phones []ringing) (left []ringing, out rung, over bool) {
	var own *ringing
	for i := range phones {
		if phones[i].leg == cmd.device.leg {
			own = &phones[i]
		}
	}
	switch {
	case own == nil: // who waits for another one's answer has hung up
		cmd.device.gone = true
		for _, r := range phones {
			c.drop(r.leg, mango.CodeEndedByCaller)
		}
		return nil, rung{}, true
	case cmd.does == Answers:
		return nil, c.pickUp(*own, phones), true
	case cmd.does == practice.HangsUp:
		c.drop(own.leg, own.leg.endedBy(cmd.device))
	default:
		c.drop(own.leg, reasonOf(Rule{Outcome: cmd.does}))
	}
	gone := own.leg
	for _, r := range phones {
		if r.leg != gone {
			left = append(left, r)
		}
	}
	return left, rung{}, false
}

// connect lets the two sides of a leg hear each other, once a real telephone is in the call.
func (c *call) connect(l *leg) {
	if !l.real() && c.sound == nil {
		return
	}
	if c.sound == nil {
		c.sound = c.pbx.config.Telephones.Talk()
	}
	c.sound.Join(l.party(l.caller, l.event.From), l.party(l.called, l.event.To))
	if r := (recorder{c}).running(); r != nil && r.said == nil {
		r.said = c.sound.Record()
	}
}

// consultOn lets the employee of a held leg hear the consultant.
func (c *call) consultOn(held, second *leg) {
	if c.sound == nil {
		return
	}
	own := held.called
	if own == nil {
		own = held.caller
	}
	c.sound.Join(held.party(own, mango.Party{Extension: "-"}), second.party(second.called, second.event.To))
}

// party is a side of a talk: a real telephone, or somebody who is played.
func (l *leg) party(d *device, who mango.Party) practice.Party {
	p := practice.Party{Client: who.Extension == ""}
	if d != nil {
		p.Telephone = d.Telephone
	}
	return p
}

// silence lets neither side hear anything while one is on hold.
func (c *call) silence() {
	if c.sound != nil {
		c.sound.Mute()
	}
}
