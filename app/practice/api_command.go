package practice

import (
	"encoding/json"
	"net/http"

	"dozvon/app/mango"
)

// callbackCommand takes commands/callback. What the reference calls asynchronous
// comes as a result: an unknown employee is accepted here and told there.
func (p *PBX) callbackCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.CallbackRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if r.From.Extension == "" || r.ToNumber == "" {
		return mango.CodeMissingParam
	}
	to, ok := resolve(string(r.ToNumber))
	if !ok || to.group != "" {
		return mango.CodeBadNumber
	}
	if len(r.CommandID) > mango.MaxID {
		return mango.CodeBadFormat
	}
	accepted(w)
	cmd := command{kind: kindCallback, id: r.CommandID}
	if _, ok := employee(string(r.From.Extension)); !ok {
		p.result(cmd, mango.CodeNumberNotFound)
		return mango.CodeDone
	}
	line := mango.Text(mango.Digits(string(r.LineNumber)))
	if line == "" {
		line = mango.Text(lines[0].Number)
	}
	p.result(cmd, mango.CodeDone)
	c := &call{
		pbx: p, direction: mango.DirectionOutbound, line: line, timing: p.config.Timing,
		script:   script{rule: answers, ends: mango.CodeEndedByCaller},
		operator: string(r.From.Extension), client: to.outside, to: to, callback: &r,
	}
	if _, err := p.start(c, (*call).calledBack); err != nil {
		p.config.Log.Warn("callback not started", "err", err)
	}
	return mango.CodeDone
}

func (p *PBX) hangupCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.HangupRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if r.CallID == "" {
		return mango.CodeMissingParam
	}
	return p.tell(w, command{kind: kindHangup, id: r.CommandID, leg: string(r.CallID)})
}

func (p *PBX) routeCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.RouteRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if r.CallID == "" || r.ToNumber == "" {
		return mango.CodeMissingParam
	}
	shown := r.SIPHeaders[mango.HeaderDisplayName]
	if !headerAllowed(shown) {
		shown = "" // Mango drops a header that it does not like and does the rest
	}
	return p.tell(w, command{
		kind: kindRoute, id: r.CommandID, leg: string(r.CallID), target: string(r.ToNumber), shown: shown,
	})
}

func (p *PBX) transferCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.TransferRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	if r.CallID == "" || r.ToNumber == "" || r.Initiator == "" || r.Method == "" {
		return mango.CodeMissingParam
	}
	cmd := command{
		kind: kindTransfer, id: r.CommandID, leg: string(r.CallID), target: string(r.ToNumber), initiator: string(r.Initiator),
	}
	switch r.Method {
	case mango.TransferBlind:
		return p.tell(w, cmd)
	case mango.TransferHold:
		accepted(w)
		p.result(cmd, mango.CodeNotSupported)
		return mango.CodeDone
	}
	return mango.CodeBadFormat
}

// tell accepts a command and passes it to the call of its leg, whose goroutine gives the result.
func (p *PBX) tell(w http.ResponseWriter, cmd command) int {
	accepted(w)
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.legs[cmd.leg]
	if !ok {
		p.result(cmd, mango.CodeCallNotFound)
		return mango.CodeDone
	}
	if p.closed {
		return mango.CodeDone
	}
	p.running.Go(func() {
		select {
		case c.commands <- cmd:
		case <-c.ended:
			p.result(cmd, mango.CodeCallEnded)
		case <-p.ctx.Done():
		}
	})
	return mango.CodeDone
}

// headerAllowed follows the grammar of the document's appendix on SIP headers.
func headerAllowed(value string) bool {
	if len(value) > mango.MaxHeader {
		return false
	}
	for _, r := range value {
		switch r {
		case ';', '/', '?', ':', '@', '&', '=', '+', '$', ',':
			return false
		}
	}
	return true
}
