package beeline

import (
	"fmt"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/records"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// call is one call. Its own goroutine runs it; others reach it only through commands and ended, and
// read what pbx.mu guards, or anything once it has ended.
type call struct {
	pbx       *PBX
	clock     sim.Clock
	ofDay     bool   // of a simulated day: it waits for room among the events
	id        string // extTrackingId of the call; a consultation has one of its own
	script    script
	timing    practice.Timing
	direction int
	line      string // our number, digits; "" of internal calls
	client    string // the outside number; "" is hidden or internal
	party     xsi.Party
	operator  string // who dials, or is rung first by a click-to-call
	to        staff.Destination
	callback  bool
	commands  chan command
	ended     chan struct{} // closed when no leg lives any more
	whenDone  func()        // called once the recordings are there too; may be nil

	began, talked, finished int64    // ms; talked is the first answer
	with                    []string // extensions that talked with the other party, in order
	aliases                 []string // extTrackingIds beyond id
	recordings              []*records.Record
	merged                  bool // into another call
	onlyReleased            bool // a fault: nothing but the ends of its legs is told

	legs []*leg // guarded by pbx.mu, and their states with them
}

// leg is one half of a call: what events say of it, and what they do not.
type leg struct {
	xsi.Call
	target    string
	extension string // the employee's; "" of the menu, the group and the queue
	frame     bool   // of a menu, group or queue: it lives as long as the call
	rang      bool
	forwarded string // the outside number that the call went to from here
	record    *records.Record
}

// newLeg starts a leg with an event.
func (c *call) newLeg(l leg, event string) *leg {
	c.pbx.mu.Lock()
	c.pbx.lastID++
	l.ID = fmt.Sprintf("callhalf-%d:0", c.pbx.lastID)
	if l.Tracking == "" {
		l.Tracking = c.id
	}
	l.State, l.Start = xsi.Alerting, c.now()
	if l.extension != "" {
		l.Appearance = 1
	}
	if c.pbx.config.Details {
		l.NetworkID = "BW" + l.ID[len("callhalf-"):] + "@10.0.0.1"
	}
	made := &l
	c.legs = append(c.legs, made)
	c.pbx.legs[l.ID] = c
	c.pbx.mu.Unlock()
	c.publish(event, made)
	return made
}

// change changes a leg and tells of it.
func (c *call) change(l *leg, event string, how func(*leg)) {
	c.pbx.mu.Lock()
	how(l)
	c.pbx.mu.Unlock()
	c.publish(event, l)
}

// answer makes a leg talk; an answer told again, as after a transfer, keeps the first time.
func (c *call) answer(l *leg) {
	c.change(l, xsi.Answered, func(l *leg) {
		l.State = xsi.Active
		if l.Answer == 0 {
			l.Answer = c.now()
		}
		if l.extension != "" {
			l.Endpoint = l.target
		}
		if c.pbx.config.Details && l.extension != "" && c.pbx.cabinet.recorded(l.extension) {
			l.RecordingControls, l.RecordingState = "pause", "Started"
		}
	})
}

// release ends a leg: by who released it, or with a cause.
func (c *call) release(l *leg, releasing, cause string) {
	c.change(l, xsi.Released, func(l *leg) {
		l.settleHold(c.now())
		l.State, l.Release, l.Releasing, l.Cause = xsi.Ended, c.now(), releasing, cause
		l.Recorded = l.record != nil && !l.record.Failed && l.DetachedAt == 0
		if l.record != nil && l.DetachedAt == 0 {
			l.record.End(l.Release)
		}
	})
}

// settleHold counts a hold that ends.
func (l *leg) settleHold(now int64) {
	if l.HeldAt > 0 {
		l.TotalHeld += now - l.HeldAt
		l.HeldAt = 0
	}
}

// publish tells the subscribers of one event about legs, all of the first one's target.
func (c *call) publish(event string, legs ...*leg) {
	c.pbx.mu.Lock()
	e := xsi.Event{Type: event, Target: legs[0].target}
	for _, l := range legs {
		e.Calls = append(e.Calls, l.Call)
	}
	c.pbx.mu.Unlock()
	c.tell(e)
}

func (c *call) tell(e xsi.Event) {
	if c.onlyReleased && e.Type != xsi.Released ||
		e.Type == xsi.Answered && c.pbx.luck.Strikes("answered", func(f Faults) float64 { return f.LoseAnswered }) {
		return
	}
	if len(e.Calls) > 0 && c.pbx.luck.Strikes("repeated", func(f Faults) float64 { return f.RepeatedCall }) {
		e.Calls = append(e.Calls, e.Calls...)
	}
	if c.ofDay {
		c.pbx.sender.Room(c.pbx.life.Context())
	}
	c.pbx.subscriptions.Publish(e, c.pbx.directory.LineID(c.line))
}

// hook tells that an employee picked up his receiver, or put it down.
func (c *call) hook(extension, status string) {
	c.tell(xsi.Event{Type: xsi.HookStatus, Target: c.pbx.directory.userIDOf(extension), Hook: status})
}

// now is the PBX's time in ms since the epoch.
func (c *call) now() int64 { return c.clock.Now().Add(c.pbx.skew()).UnixMilli() }

func (c *call) over() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// finish ends what still lives: legs that the call had left, and the menu, group or queue around it.
// Then the recordings appear; no event says so.
func (c *call) finish() {
	if c.pbx.life.Context().Err() != nil || c.merged {
		close(c.ended)
		return
	}
	for _, frames := range []bool{false, true} {
		for _, l := range c.legs {
			switch {
			case l.State == xsi.Ended || l.frame != frames:
			case l.DetachedAt > 0:
				c.release(l, "", "")
			default:
				c.release(l, xsi.RemoteRelease, "")
			}
		}
	}
	c.finished = c.now()
	close(c.ended)
	if len(c.recordings) == 0 || !sim.Sleep(c.pbx.life.Context(), c.clock, c.timing.RecordingDelay) {
		return
	}
	for _, r := range c.recordings {
		c.pbx.archive.Add(r)
	}
}

// command is what the server or the control API asks of a call.
type command struct {
	kind  commandKind
	leg   string // callId
	to    staff.Destination
	other string // the consultation's callId
	with  *call  // whose call that is, when it is another one
	reply chan error
	stop  bool // the PBX closes
}

type commandKind int

const (
	commandTransfer commandKind = iota + 1
	commandConnect
	commandResume
	// commandMerge lets a call become part of another one: it ends without a word, and the other one goes
	// on with its legs.
	commandMerge
)

// wait lets d pass, or until a command that accept allows. disturbed is false if the time passed.
func (c *call) wait(d time.Duration, accept func(command) error) (cmd command, disturbed bool) {
	fired, stop := c.clock.Timer(d)
	defer stop()
	for {
		select {
		case <-fired:
			return command{}, false
		case <-c.pbx.life.Closed():
			return command{stop: true}, true
		case cmd := <-c.commands:
			err := accept(cmd)
			cmd.reply <- err
			if err == nil {
				return cmd, true
			}
		}
	}
}

// nothing accepts no command: they need a leg that talks (what the real PBX does is unknown).
func nothing(command) error { return errNotTalking }
