package practice

import (
	"time"

	"dozvon/app/mango"
)

// call is one call. Its own goroutine runs it; others reach it only through
// commands and ended, and read what pbx.mu guards.
type call struct {
	pbx       *PBX
	entryID   string
	recording string
	script    script
	timing    Timing
	direction mango.Int
	line      mango.Text
	client    string // the outside number; "" is anonymous or internal
	operator  string // who dials, or is rung first by a callback
	to        destination
	callback  *mango.CallbackRequest
	commands  chan command
	ended     chan struct{} // closed when no leg lives any more

	began, forwarded, talked int64
	reason                   mango.Int
	from, called             mango.Party // as the summary names them
	recordSeq                mango.Int   // 0 while nothing was recorded
	recorded                 string      // the recorded employee
	lastLeg                  *leg

	snapshot []*leg // guarded by pbx.mu; the legs' state and shown too
}

// leg is one leg: the event that was sent last, and what the telephone shows.
type leg struct {
	event mango.CallEvent
	shown string
}

// command is what the server asked of a call.
type command struct {
	kind              string // the path below commands/
	id                mango.Text
	leg               string
	target, initiator string
	shown             string
	stop              bool // the PBX closes
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
	c.pbx.mu.Lock()
	c.snapshot = append(c.snapshot, l)
	c.pbx.mu.Unlock()
	c.send(l, mango.StateAppeared, nil)
	return l
}

// send moves a leg on and tells the server. once changes this event alone.
func (c *call) send(l *leg, state mango.Text, once func(*mango.CallEvent)) {
	c.pbx.mu.Lock()
	l.event.Seq++
	l.event.State = state
	l.event.Timestamp = c.now()
	event := l.event
	c.pbx.mu.Unlock()
	if once != nil {
		once(&event)
	}
	c.lastLeg = l
	c.pbx.post(mango.PathCall, event)
}

// drop ends a leg.
func (c *call) drop(l *leg, reason mango.Int) {
	c.reason = reason
	c.send(l, mango.StateDisconnected, func(e *mango.CallEvent) { e.DisconnectReason = reason })
}

func (c *call) now() mango.Int { return mango.Int(c.pbx.config.Now().Unix()) }

func (c *call) over() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// wait lets d pass, or until a command that accept allows; accept gives the
// result's code. ok is false if the time passed undisturbed.
func (c *call) wait(d time.Duration, accept func(command) mango.Int) (cmd command, ok bool) {
	timer := time.NewTimer(max(d, 0))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return command{}, false
		case <-c.pbx.ctx.Done():
			return command{stop: true}, true
		case cmd := <-c.commands:
			code := accept(cmd)
			c.pbx.result(cmd, code)
			if code == mango.CodeDone {
				return cmd, true
			}
		}
	}
}

// judge is the part of accept that every state shares: may is what this state allows on the legs that live.
func judge(cmd command, live []*leg, may ...string) mango.Int {
	alive := false
	for _, l := range live {
		alive = alive || string(l.event.CallID) == cmd.leg
	}
	if !alive {
		return mango.CodeCallEnded
	}
	for _, kind := range may {
		if kind != cmd.kind {
			continue
		}
		if _, known := resolve(cmd.target); !known && cmd.kind != kindHangup {
			return mango.CodeNumberNotFound
		}
		return mango.CodeDone
	}
	return mango.CodeImpossible
}

// The commands a call understands, as their paths below commands/.
const (
	kindCallback = "callback"
	kindHangup   = "call/hangup"
	kindRoute    = "route"
	kindTransfer = "transfer"
)

// result reports what became of a command.
func (p *PBX) result(cmd command, code mango.Int) {
	p.post(mango.PathResult+cmd.kind, mango.Result{CommandID: cmd.id, Code: code})
}

// finish sends the summary, then lets the recording appear.
func (c *call) finish() {
	if c.pbx.ctx.Err() != nil {
		close(c.ended)
		return
	}
	c.stopRecording()
	s := mango.Summary{
		EntryID: mango.Text(c.entryID), Direction: c.direction, From: c.from, To: c.called, LineNumber: c.line,
		CreateTime: mango.Int(c.began), TalkTime: mango.Int(c.talked), EndTime: c.now(), DisconnectReason: c.reason,
	}
	if c.direction == mango.DirectionInternal {
		s.LineNumber = ""
	}
	if c.direction != mango.DirectionInbound {
		s.ForwardTime = s.CreateTime
	}
	if c.talked > 0 {
		s.EntryResult = 1
		s.ForwardTime = mango.Int(max(c.forwarded, c.began))
		if c.direction != mango.DirectionInbound {
			s.ForwardTime = s.CreateTime
		}
	}
	c.pbx.post(mango.PathSummary, s)
	close(c.ended)
	c.addRecording()
}
