package mango

import (
	"encoding/json"
	"net/http"

	"dozvon/app/mango"
)

// maxCommandID is the longest command_id in bytes (section 3.2).
const maxCommandID = 128

// read parses the parameters of a command and checks its command_id; must are the required ones.
func read(raw []byte, into any, commandID *mango.Text, must ...*mango.Text) int {
	if json.Unmarshal(raw, into) != nil {
		return mango.CodeBadFormat
	}
	for _, field := range must {
		if *field == "" {
			return mango.CodeMissingParam
		}
	}
	if len(*commandID) > maxCommandID {
		return mango.CodeBadFormat
	}
	return mango.CodeDone
}

func (p *PBX) hangupCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.HangupRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID); code != mango.CodeDone {
		return code
	}
	return p.tell(w, command{kind: kindHangup, id: r.CommandID, leg: string(r.CallID)})
}

// holdCommand takes commands/call/hold/on; command_id is required there (section 3.2.11).
func (p *PBX) holdCommand(w http.ResponseWriter, raw []byte) int {
	return p.holding(w, raw, kindHold)
}

// unholdCommand takes commands/call/hold/off, which the document does not have (inferred).
func (p *PBX) unholdCommand(w http.ResponseWriter, raw []byte) int {
	if !p.config.HoldOff {
		return mango.CodeNotSupported
	}
	return p.holding(w, raw, kindUnhold)
}

func (p *PBX) holding(w http.ResponseWriter, raw []byte, kind string) int {
	var r mango.HoldRequest
	if code := read(raw, &r, &r.CommandID, &r.CommandID, &r.CallID, &r.Initiator); code != mango.CodeDone {
		return code
	}
	return p.tell(w, command{kind: kind, id: r.CommandID, leg: string(r.CallID), initiator: string(r.Initiator)})
}

func (p *PBX) routeCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.RouteRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID, &r.ToNumber); code != mango.CodeDone {
		return code
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
	if code := read(raw, &r, &r.CommandID, &r.CallID, &r.ToNumber, &r.Initiator, &r.Method); code != mango.CodeDone {
		return code
	}
	if r.Method != mango.TransferBlind && r.Method != mango.TransferHold {
		return mango.CodeBadFormat
	}
	return p.tell(w, command{
		kind: kindTransfer, id: r.CommandID, leg: string(r.CallID), target: string(r.ToNumber),
		initiator: string(r.Initiator), consult: r.Method == mango.TransferHold,
	})
}

func (p *PBX) connectCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.ConnectRequest
	code := read(raw, &r, &r.CommandID, &r.CommandID, &r.HeldCallID, &r.InitiatorNumber, &r.TransferredCallID)
	if code != mango.CodeDone {
		return code
	}
	return p.tell(w, command{
		kind: kindConnect, id: r.CommandID, leg: string(r.HeldCallID), other: string(r.TransferredCallID),
		initiator: string(r.InitiatorNumber),
	})
}

func (p *PBX) cancelCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.TransferCancelRequest
	if code := read(raw, &r, &r.CommandID, &r.CommandID, &r.CallID); code != mango.CodeDone {
		return code
	}
	return p.tell(w, command{kind: kindCancel, id: r.CommandID, leg: string(r.CallID)})
}

func (p *PBX) recordCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.RecordingStartRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID, &r.PartyNumber); code != mango.CodeDone {
		return code
	}
	return p.tell(w, command{kind: kindRecord, id: r.CommandID, leg: string(r.CallID), party: string(r.PartyNumber)})
}

// playCommand takes commands/play/start; without a file it is but a pause (section 3.2.6).
func (p *PBX) playCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.PlayStartRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID); code != mango.CodeDone {
		return code
	}
	if r.AfterPlayTime < 0 {
		return mango.CodeBadFormat
	}
	return p.tell(w, command{kind: kindPlay, id: r.CommandID, leg: string(r.CallID), file: string(r.InternalID)})
}

// tell accepts a command and passes it to the call of its leg, whose goroutine gives the result.
func (p *PBX) tell(w http.ResponseWriter, cmd command) int {
	p.accepted(w)
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.legs[cmd.leg]
	if !ok {
		p.result(cmd, mango.CodeCallNotFound)
		return mango.CodeDone
	}
	p.tellCall(c, cmd)
	return mango.CodeDone
}

// tellCall hands a command to a call. The caller holds mu.
func (p *PBX) tellCall(c *call, cmd command) {
	p.life.Background(func() {
		select {
		case c.commands <- cmd:
		case <-c.ended:
			if cmd.kind != kindResume {
				p.result(cmd, mango.CodeCallEnded)
			}
		case <-p.life.Closed():
		}
	})
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
