package api

import (
	"encoding/json"
	"net/http"

	"dozvon/app/mango"
)

// The commands a call understands, as the paths of their results: those of
// calls_connect and transfer_cancel end in a slash (section 3.2.9, 3.2.10).
const (
	KindCallback      = "callback"
	KindCallbackGroup = "callback_group"
	KindHangup        = "call/hangup"
	KindHold          = "call/hold/on"
	KindUnhold        = "call/hold/off"
	KindRoute         = "route"
	KindTransfer      = "transfer"
	KindConnect       = "calls_connect/"
	KindCancel        = "transfer_cancel/"
	KindSMS           = "sms"
	KindRecord        = "recording/start"
	KindPlay          = "play/start"
)

// Command is what the server asks of a call.
type Command struct {
	Kind   string
	ID     mango.Text
	Leg    string
	Target string // who shall ring
	// Initiator is the employee who acts, by a value of the leg; Party whom to record.
	Initiator, Party string
	Consult          bool   // a transfer with consultation
	Other            string // the consultant's leg, to be joined with Leg
	Shown            string // the name for the telephone's display
	File             string
}

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

func (s *Server) hangupCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.HangupRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID); code != mango.CodeDone {
		return code
	}
	return s.dispatch(w, Command{Kind: KindHangup, ID: r.CommandID, Leg: string(r.CallID)})
}

// holdCommand takes commands/call/hold/on; command_id is required there (section 3.2.11).
func (s *Server) holdCommand(w http.ResponseWriter, raw []byte) int {
	return s.holding(w, raw, KindHold)
}

// unholdCommand takes commands/call/hold/off, which the document does not have (inferred).
func (s *Server) unholdCommand(w http.ResponseWriter, raw []byte) int {
	if !s.config.HoldOff {
		return mango.CodeNotSupported
	}
	return s.holding(w, raw, KindUnhold)
}

func (s *Server) holding(w http.ResponseWriter, raw []byte, kind string) int {
	var r mango.HoldRequest
	if code := read(raw, &r, &r.CommandID, &r.CommandID, &r.CallID, &r.Initiator); code != mango.CodeDone {
		return code
	}
	return s.dispatch(w, Command{Kind: kind, ID: r.CommandID, Leg: string(r.CallID), Initiator: string(r.Initiator)})
}

func (s *Server) routeCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.RouteRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID, &r.ToNumber); code != mango.CodeDone {
		return code
	}
	shown := r.SIPHeaders[mango.HeaderDisplayName]
	if !headerAllowed(shown) {
		shown = "" // Mango drops a header that it does not like and does the rest
	}
	return s.dispatch(w, Command{
		Kind: KindRoute, ID: r.CommandID, Leg: string(r.CallID), Target: string(r.ToNumber), Shown: shown,
	})
}

func (s *Server) transferCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.TransferRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID, &r.ToNumber, &r.Initiator, &r.Method); code != mango.CodeDone {
		return code
	}
	if r.Method != mango.TransferBlind && r.Method != mango.TransferHold {
		return mango.CodeBadFormat
	}
	return s.dispatch(w, Command{
		Kind: KindTransfer, ID: r.CommandID, Leg: string(r.CallID), Target: string(r.ToNumber),
		Initiator: string(r.Initiator), Consult: r.Method == mango.TransferHold,
	})
}

func (s *Server) connectCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.ConnectRequest
	code := read(raw, &r, &r.CommandID, &r.CommandID, &r.HeldCallID, &r.InitiatorNumber, &r.TransferredCallID)
	if code != mango.CodeDone {
		return code
	}
	return s.dispatch(w, Command{
		Kind: KindConnect, ID: r.CommandID, Leg: string(r.HeldCallID), Other: string(r.TransferredCallID),
		Initiator: string(r.InitiatorNumber),
	})
}

func (s *Server) cancelCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.TransferCancelRequest
	if code := read(raw, &r, &r.CommandID, &r.CommandID, &r.CallID); code != mango.CodeDone {
		return code
	}
	return s.dispatch(w, Command{Kind: KindCancel, ID: r.CommandID, Leg: string(r.CallID)})
}

func (s *Server) recordCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.RecordingStartRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID, &r.PartyNumber); code != mango.CodeDone {
		return code
	}
	return s.dispatch(w, Command{Kind: KindRecord, ID: r.CommandID, Leg: string(r.CallID), Party: string(r.PartyNumber)})
}

// playCommand takes commands/play/start; without a file it is but a pause (section 3.2.6).
func (s *Server) playCommand(w http.ResponseWriter, raw []byte) int {
	var r mango.PlayStartRequest
	if code := read(raw, &r, &r.CommandID, &r.CallID); code != mango.CodeDone {
		return code
	}
	if r.AfterPlayTime < 0 {
		return mango.CodeBadFormat
	}
	return s.dispatch(w, Command{Kind: KindPlay, ID: r.CommandID, Leg: string(r.CallID), File: string(r.InternalID)})
}

// dispatch accepts a command and passes it to the call of its leg, whose goroutine gives the result.
func (s *Server) dispatch(w http.ResponseWriter, c Command) int {
	s.accepted(w)
	s.exchange.Command(c)
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
