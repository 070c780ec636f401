package itoolabs

import (
	"slices"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/practice"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// call is one call. Its own goroutine runs it; others read what pbx.mu guards, or anything once it has
// ended.
type call struct {
	pbx       *PBX
	clock     sim.Clock
	ofDay     bool   // of a simulated day: it waits for room among the events
	id        string // callid of the call; who takes it over has one of his own
	script    script
	timing    practice.Timing
	direction int
	line      string // our number; "" of internal calls
	client    string // the outside number; "" is hidden or internal
	operator  string // who dials, or is rung first by a click-to-call
	to        staff.Destination
	ended     chan struct{} // closed when its last event is on its way
	whenDone  func()        // called once the recordings are there too; may be nil

	began, finished time.Time
	parts           []*part

	legs  []*leg // guarded by pbx.mu, and their states with them
	shown string // the name that the server gave; guarded by pbx.mu
}

// part is what one history sums up: a call, or what one employee had of it (section 3.2).
type part struct {
	callID, uid    string
	direction      string // in or out
	phone          string // as the events spell it
	user, ext      string
	group          string
	start, talk    time.Time // talk is zero when nobody talked
	end            time.Time
	result         itoolabs.Result
	file, listFile string // of its recording: as history links it, and as the listing does
	summed         bool   // its history is on its way
}

// The states of a leg.
const (
	rings = "ringing"
	talks = "talking"
	over  = "ended"
)

// leg is one employee's part.
type leg struct {
	callID    string
	extension string
	other     string // the outside party, or a colleague's extension
	direction string // as its events say it
	group     string // name of the group that was called
	dials     bool   // he calls, and is not called
	state     string
	talked    bool
}

// newLeg begins a leg and tells of it.
func (c *call) newLeg(l leg) *leg {
	l.state = rings
	made := &l
	c.pbx.mu.Lock()
	c.legs = append(c.legs, made)
	c.pbx.mu.Unlock()
	kind := itoolabs.TypeIncoming
	if l.dials {
		kind = itoolabs.TypeOutgoing
	}
	c.tell(c.event(kind, made))
	return made
}

// set changes a leg's state.
func (c *call) set(l *leg, state string) {
	c.pbx.mu.Lock()
	defer c.pbx.mu.Unlock()
	l.state = state
	l.talked = l.talked || state == talks
}

// event is what is told of a leg.
func (c *call) event(kind string, l *leg) itoolabs.Event {
	e, _ := c.pbx.directory.Employee(l.extension)
	event := itoolabs.Event{
		Type: kind, CallID: l.callID, Phone: l.other, User: Login(l.extension), Direction: l.direction, Diversion: c.line,
		Ext: l.extension, Telnum: e.Mobile, Group: l.group,
	}
	if c.pbx.config.NoDirection {
		event.Direction = ""
	}
	if c.pbx.config.NoExt {
		event.Ext = ""
	}
	return event
}

func (c *call) tell(e itoolabs.Event) { c.send(e.Fields()) }

func (c *call) send(fields itoolabs.Fields) {
	if c.ofDay {
		c.pbx.sender.Room(c.pbx.life.Context())
	}
	c.pbx.post(fields)
}

// accept, cancel and complete are the ends of ringing and talking.
func (c *call) accept(l *leg) {
	c.set(l, talks)
	c.tell(c.event(itoolabs.TypeAccepted, l))
}

func (c *call) cancel(l *leg) {
	c.set(l, over)
	c.tell(c.event(itoolabs.TypeCancelled, l))
}

func (c *call) complete(l *leg) {
	c.set(l, over)
	c.tell(c.event(itoolabs.TypeCompleted, l))
}

// wait lets d pass; it reports false when the PBX closes.
func (c *call) wait(d time.Duration) bool { return sim.Sleep(c.pbx.life.Context(), c.clock, d) }

func (c *call) over() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// newPart begins what a history will sum up.
func (c *call) newPart(callID string, l *leg) *part {
	c.pbx.mu.Lock()
	defer c.pbx.mu.Unlock()
	p := &part{callID: callID, uid: c.pbx.newUID(), start: c.clock.Now(), direction: itoolabs.DirectionIn, result: itoolabs.ResultMissed}
	if c.direction != practice.Inbound {
		p.direction = itoolabs.DirectionOut
	}
	p.phone = c.pbx.config.spelled(c.client)
	if l != nil {
		p.of(l)
	}
	c.parts = append(c.parts, p)
	return p
}

// of makes a part an employee's.
func (p *part) of(l *leg) {
	p.user, p.ext, p.phone, p.group = Login(l.extension), l.extension, l.other, l.group
}

// truth of who had the call is in its legs, in their order.
func (c *call) extensions(which func(*leg) bool) []string {
	var list []string
	for _, l := range c.legs {
		if which(l) && !slices.Contains(list, l.extension) {
			list = append(list, l.extension)
		}
	}
	return list
}
