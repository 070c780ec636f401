package mango

import (
	"slices"
	"time"

	"dozvon/app/mango"
)

// The commands a call understands, as the paths of their results: those of
// calls_connect and transfer_cancel end in a slash (section 3.2.9, 3.2.10).
const (
	kindCallback      = "callback"
	kindCallbackGroup = "callback_group"
	kindHangup        = "call/hangup"
	kindHold          = "call/hold/on"
	kindUnhold        = "call/hold/off"
	kindRoute         = "route"
	kindTransfer      = "transfer"
	kindConnect       = "calls_connect/"
	kindCancel        = "transfer_cancel/"
	kindSMS           = "sms"
	kindRecord        = "recording/start"
	kindPlay          = "play/start"
	// kindResume is no command of the API: the employee takes the client back from his telephone.
	kindResume = ""
)

// command is what the server asked of a call.
type command struct {
	kind   string
	id     mango.Text
	leg    string
	target string // who shall ring
	// initiator is the employee who acts, by a value of the leg; party whom to record.
	initiator, party string
	consult          bool   // a transfer with consultation
	other            string // the consultant's leg, to be joined with leg
	shown            string
	file             string
	stop             bool // the PBX closes
}

// verdict is a command's result.
type verdict struct {
	command command
	code    mango.Int
}

// wait lets d pass, or until a command that accept allows; accept gives the
// result's code. ok is false if the time passed undisturbed.
func (c *call) wait(d time.Duration, accept func(command) mango.Int) (cmd command, ok bool) {
	c.tellLate()
	fired, stop := c.clock.Timer(d)
	defer stop()
	for {
		select {
		case <-fired:
			return command{}, false
		case <-c.pbx.life.Closed():
			return command{stop: true}, true
		case cmd := <-c.commands:
			code := accept(cmd)
			c.answer(cmd, code)
			switch {
			case code != mango.CodeDone:
			case cmd.kind == kindRecord:
				c.recordOnCommand(cmd)
				c.tellLate()
			case cmd.kind == kindPlay:
				c.tellLate()
			default:
				return cmd, true
			}
		}
	}
}

// answer gives a command's result, or keeps it until the command's events have been sent.
func (c *call) answer(cmd command, code mango.Int) {
	if cmd.kind == kindResume {
		return
	}
	if code == mango.CodeDone && c.pbx.luck.late() {
		c.late = append(c.late, verdict{cmd, code})
		return
	}
	c.pbx.result(cmd, code)
}

func (c *call) tellLate() {
	for _, v := range c.late {
		c.pbx.result(v.command, v.code)
	}
	c.late = nil
}

// result reports what became of a command.
func (p *PBX) result(cmd command, code mango.Int) {
	p.post(mango.PathResult+cmd.kind, mango.Result{CommandID: cmd.id, Code: code})
}

// judge is the part of accept that every state shares: may is what this state allows on the legs that live.
func (c *call) judge(cmd command, live []*leg, may ...string) mango.Int {
	l := find(live, cmd.leg)
	if l == nil {
		return mango.CodeCallEnded
	}
	switch {
	case cmd.kind == kindPlay:
		return c.mayPlay(l, cmd)
	case cmd.kind == kindRecord:
		return c.mayRecord(l, cmd)
	case !slices.Contains(may, cmd.kind):
		return mango.CodeImpossible
	case cmd.kind != kindRoute && cmd.kind != kindTransfer:
		return mango.CodeDone
	}
	if _, known := c.pbx.staff.Resolve(cmd.target); !known {
		return mango.CodeNumberNotFound
	}
	return mango.CodeDone
}

// mayPlay follows section 3.2.6: inbound calls, and only in the menu or a queue.
func (c *call) mayPlay(l *leg, cmd command) mango.Int {
	switch {
	case c.direction != mango.DirectionInbound, l.event.Location == mango.LocationAbonent:
		return mango.CodeImpossible
	case cmd.file != "" && !slices.Contains(c.pbx.config.AudioFiles, cmd.file):
		return codeFileNotFound
	}
	return mango.CodeDone
}

// Codes of section "Коды результатов" that only a PBX needs to know.
const (
	codeFileNotFound     mango.Int = 3340
	codeAlreadyRecording mango.Int = 4102
	codeNoObject                   = 3300
	codeDateSpan                   = 3111
	codeOnlyOne                    = 3123
	codeTooSmall                   = 3108
	codeQuantity                   = 3107
	codeSMSNotSent                 = 4300
)

func find(legs []*leg, id string) *leg {
	for _, l := range legs {
		if string(l.event.CallID) == id {
			return l
		}
	}
	return nil
}
