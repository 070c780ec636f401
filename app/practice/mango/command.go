package mango

import (
	"slices"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice/mango/api"
)

// kindResume is no command of the API: the employee takes the client back from his telephone.
const kindResume = ""

// command is what the server asked of a call, or that the PBX closes.
type command struct {
	api.Command
	stop bool
	// device is the real telephone whose owner does something, and taken gets whether the call goes along.
	device *device
	does   string
	taken  chan<- bool
}

// verdict is a command's result.
type verdict struct {
	command command
	code    mango.Int
}

// wait lets d pass, or until a command that accept allows; accept gives the
// result's code. ok is false if the time passed undisturbed.
func (c *call) wait(d time.Duration, accept func(command) mango.Int) (cmd command, ok bool) {
	c.publishPending()
	fired, stop := c.clock.Timer(d)
	defer stop()
	for {
		select {
		case <-fired:
			return command{}, false
		case <-c.pbx.life.Closed():
			return command{stop: true}, true
		case cmd := <-c.commands:
			cmd = cmd.addressed()
			code := accept(cmd)
			c.answer(cmd, code)
			switch {
			case code != mango.CodeDone:
				cmd.refused()
			case cmd.Kind == api.KindRecord:
				recorder{c}.onCommand(cmd)
				c.publishPending()
			case cmd.Kind == api.KindPlay:
				c.publishPending()
			default:
				return cmd, true
			}
		}
	}
}

// answer gives a command's result, or keeps it until the command's events have been sent.
func (c *call) answer(cmd command, code mango.Int) {
	if cmd.Kind == kindResume {
		return
	}
	if cmd.device != nil {
		cmd.taken <- code == mango.CodeDone
		return
	}
	if code == mango.CodeDone && c.pbx.luck.resultAfter() {
		c.pending = append(c.pending, verdict{cmd, code})
		return
	}
	c.pbx.Result(cmd.Command, code)
}

func (c *call) publishPending() {
	for _, v := range c.pending {
		c.pbx.Result(v.command.Command, v.code)
	}
	c.pending = nil
}

// Result reports what became of a command.
func (p *PBX) Result(cmd api.Command, code mango.Int) {
	p.Post(mango.PathResult+cmd.Kind, mango.Result{CommandID: cmd.ID, Code: code})
}

// Command hands a command to the call of its leg, whose goroutine gives the result.
func (p *PBX) Command(cmd api.Command) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.legs[cmd.Leg]
	if !ok {
		p.Result(cmd, mango.CodeCallNotFound)
		return
	}
	p.dispatch(c, command{Command: cmd})
}

// dispatch hands a command to a call. The caller holds mu.
func (p *PBX) dispatch(c *call, cmd command) {
	p.life.Background(func() {
		select {
		case c.commands <- cmd:
		case <-c.ended:
			if cmd.Kind != kindResume {
				p.Result(cmd.Command, mango.CodeCallEnded)
			}
		case <-p.life.Closed():
		}
	})
}

// judge is the part of accept that every state shares: may is what this state allows on the legs that live.
func (c *call) judge(cmd command, live []*leg, may ...string) mango.Int {
	l := find(live, cmd.Leg)
	if l == nil {
		return mango.CodeCallEnded
	}
	switch {
	case cmd.Kind == api.KindPlay:
		return c.mayPlay(l, cmd)
	case cmd.Kind == api.KindRecord:
		return recorder{c}.may(l, cmd)
	case !slices.Contains(may, cmd.Kind):
		return mango.CodeImpossible
	case cmd.Kind != api.KindRoute && cmd.Kind != api.KindTransfer:
		return mango.CodeDone
	}
	if _, known := c.pbx.staff.Resolve(cmd.Target); !known {
		return mango.CodeNumberNotFound
	}
	return mango.CodeDone
}

// mayPlay follows section 3.2.6: inbound calls, and only in the menu or a queue.
func (c *call) mayPlay(l *leg, cmd command) mango.Int {
	switch {
	case c.direction != mango.DirectionInbound, l.event.Location == mango.LocationAbonent:
		return mango.CodeImpossible
	case cmd.File != "" && !slices.Contains(c.pbx.config.AudioFiles, cmd.File):
		return codeFileNotFound
	}
	return mango.CodeDone
}

// Codes of section "Коды результатов" that only a PBX needs to know.
const (
	codeFileNotFound     mango.Int = 3340
	codeAlreadyRecording mango.Int = 4102
)

func find(legs []*leg, id string) *leg {
	for _, l := range legs {
		if string(l.event.CallID) == id {
			return l
		}
	}
	return nil
}
