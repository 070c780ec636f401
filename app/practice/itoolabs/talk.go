package itoolabs

import (
	"dozvon/app/itoolabs"
)

// talk is what happens once somebody talks. Hold, park and tones are told by nobody (section 5).
type talk struct{ *call }

// begin lets the employee of a leg talk until the end, or until he hands the client over.
func (c talk) begin(p *part, l *leg) {
	p.talk, p.result = c.clock.Now(), itoolabs.ResultSuccess
	if c.script.transferTo != "" {
		if c.wait(c.timing.Talk / 2) {
			c.transfer(p, l, c.script.transferTo)
		}
		return
	}
	if !c.wait(c.timing.Talk) {
		return
	}
	p.end = c.clock.Now()
	c.ends(p, l)
}

// ends tells that a talk is over; a fault lets its history come first.
func (c talk) ends(p *part, l *leg) {
	if c.comesEarly() {
		c.sumUp(p)
	}
	c.complete(l)
}

// transfer hands the client over to a colleague, whose part has a callid of its own; whether he was asked
// first cannot be told (section 5). When he does not answer, the employee goes on.
func (c talk) transfer(p *part, l *leg, extension string) {
	c.pbx.mu.Lock()
	second := c.pbx.newCallID()
	c.pbx.mu.Unlock()
	theirs := c.newLeg(leg{callID: second, extension: extension, other: l.other, direction: l.direction})
	next := c.newPart(second, theirs)
	winner, ok := c.ring([]ringing{c.phone(theirs, extension, false, answers)})
	if !ok {
		return
	}
	if winner == nil {
		if c.wait(c.timing.Talk / 2) {
			p.end = c.clock.Now()
			c.ends(p, l)
		}
		return
	}
	next.talk, next.result = c.clock.Now(), itoolabs.ResultSuccess
	p.end = next.talk
	e := c.event(itoolabs.TypeTransferred, l)
	e.SecondCallID = second
	c.set(l, over)
	c.tell(e)
	if !c.wait(c.timing.Talk / 2) {
		return
	}
	next.end = c.clock.Now()
	c.ends(next, winner)
}
