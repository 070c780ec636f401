package mango

import (
	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// call is one call. Its own goroutine runs it; others reach it only through
// commands and ended, and read what pbx.mu guards, or anything once it has ended.
type call struct {
	pbx       *PBX
	clock     sim.Clock
	ofDay     bool // of a simulated day: it waits for room among the webhooks
	entryID   string
	number    int64 // the id's number
	script    script
	timing    Timing
	direction mango.Int
	line      mango.Text
	client    string // the outside number; "" is anonymous or internal
	operator  string // who dials, or is rung first by a callback
	to        staff.Destination
	callback  *callback
	commands  chan command
	pending   []verdict     // results that come after the events of their commands
	ended     chan struct{} // closed when no leg lives any more
	whenDone  func()        // called once the recordings are there too; may be nil

	began, forwarded, talked, finished int64
	reason                             mango.Int
	from, called                       mango.Party // as the summary names them
	recordings                         []*recording
	with                               []string // extensions that talked with the other party, in order
	lastLeg                            *leg
	sound                              practice.Talk // once a real telephone is in the call

	legs []*leg // guarded by pbx.mu, and their states with them
}

// leg is one leg: the event that was sent last, what the telephone shows, and what statistics will want to know.
type leg struct {
	event mango.CallEvent
	shown string

	began, answered, ended int64 // Unix seconds; 0 is never
	heldSince, held        int64 // the hold that lasts; seconds of those before
	reason                 mango.Int
	rang                   bool // a telephone of an employee, not one that he dialled from
	records                []string
	intercepted            bool

	caller, called *device // real telephones, of the one who calls and of the one who is called
}

// newLeg starts a leg with Appeared.
func (c *call) newLeg(e mango.CallEvent) *leg {
	return c.newLegShown(e, "")
}

func (c *call) newLegShown(e mango.CallEvent, shown string) *leg {
	e.EntryID = mango.Text(c.entryID)
	e.CallID = mango.Text(c.pbx.nextLeg(c, e.Location == mango.LocationIVR))
	e.DCT = &mango.DCT{}
	l := &leg{event: e, shown: shown}
	l.rang = e.Location == mango.LocationAbonent && e.To.Extension != ""
	c.pbx.mu.Lock()
	c.legs = append(c.legs, l)
	c.pbx.mu.Unlock()
	c.send(l, mango.StateAppeared, nil)
	return l
}

// send moves a leg on and tells the server. once changes this event alone.
func (c *call) send(l *leg, state mango.Text, once func(*mango.CallEvent)) {
	now := c.now()
	c.pbx.mu.Lock()
	l.event.Seq++
	l.event.State = state
	l.event.Timestamp = now
	l.note(state, int64(now))
	event := l.event
	c.pbx.mu.Unlock()
	if once != nil {
		once(&event)
	}
	c.lastLeg = l
	c.post(mango.PathCall, event)
}

// note keeps what statistics will want to know of a change.
func (l *leg) note(state mango.Text, now int64) {
	if l.began == 0 {
		l.began = now
	}
	if l.heldSince > 0 && state != mango.StateOnHold {
		l.held += now - l.heldSince
		l.heldSince = 0
	}
	switch state {
	case mango.StateConnected:
		if l.answered == 0 {
			l.answered = now
		}
	case mango.StateOnHold:
		l.heldSince = now
	case mango.StateDisconnected:
		l.ended = now
	}
}

// drop ends a leg.
func (c *call) drop(l *leg, reason mango.Int) {
	c.dropWith(l, reason, nil)
}

func (c *call) dropWith(l *leg, reason mango.Int, once func(*mango.CallEvent)) {
	c.reason = reason
	l.release(false)
	c.pbx.mu.Lock()
	l.reason = reason
	c.pbx.mu.Unlock()
	c.send(l, mango.StateDisconnected, func(e *mango.CallEvent) {
		e.DisconnectReason = reason
		if once != nil {
			once(e)
		}
	})
}

func (c *call) now() mango.Int { return mango.Int(c.clock.Now().Unix()) + c.pbx.luck.skew() }

// post sends an event; the call of a simulated day waits for room instead of losing it.
func (c *call) post(path string, event any) {
	if c.ofDay {
		c.pbx.sender.Room(c.pbx.life.Context())
	}
	c.pbx.Post(path, event)
}

func (c *call) over() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// finish sends the summary, then lets the recordings appear.
func (c *call) finish() {
	c.quieten()
	if c.pbx.life.Context().Err() != nil {
		close(c.ended)
		return
	}
	recorder{c}.stop()
	c.publishPending()
	c.finished = int64(c.now())
	early := recorder{c}.readyFirst()
	if early {
		recorder{c}.add()
	}
	c.post(mango.PathSummary, c.summary())
	close(c.ended)
	if !early {
		recorder{c}.add()
	}
}

// quieten lets go of every real telephone.
func (c *call) quieten() {
	for _, l := range c.legs {
		l.release(false)
	}
	if c.sound != nil {
		c.sound.End()
	}
}

func (c *call) summary() mango.Summary {
	s := mango.Summary{
		EntryID: mango.Text(c.entryID), Direction: c.direction, From: c.from, To: c.called, LineNumber: c.line,
		CreateTime: mango.Int(c.began), TalkTime: mango.Int(c.talked), EndTime: mango.Int(c.finished),
		DisconnectReason: c.reason,
	}
	if c.direction == mango.DirectionInternal {
		s.LineNumber = ""
	}
	if c.talked > 0 {
		s.EntryResult = 1
		s.ForwardTime = mango.Int(max(c.forwarded, c.began))
	}
	if c.direction != mango.DirectionInbound {
		s.ForwardTime = s.CreateTime
	}
	return s
}
