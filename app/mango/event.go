package mango

import (
	"encoding/json"
	"strings"
)

// Paths of the webhooks, relative to the address stored in the cabinet.
const (
	PathCall         = "events/call"
	PathSummary      = "events/summary"
	PathRecording    = "events/recording"
	PathRecordAdded  = "events/record/added"
	PathRecordTagged = "events/record/tagged"
	PathDTMF         = "events/dtmf"
	PathSMS          = "events/sms"
	PathRecognized   = "events/recognized/offline"
	// PathResult precedes the command's own path: result/call/hangup.
	PathResult = "result/"
)

// States of a leg. Disconnected is final.
const (
	StateAppeared     Text = "Appeared"
	StateConnected    Text = "Connected"
	StateOnHold       Text = "OnHold"
	StateDisconnected Text = "Disconnected"
)

// Places where a leg can be.
const (
	LocationIVR     Text = "ivr"
	LocationQueue   Text = "queue"
	LocationAbonent Text = "abonent"
)

// Directions of a call in its summary.
const (
	DirectionInternal Int = 0
	DirectionInbound  Int = 1
	DirectionOutbound Int = 2
)

// States of a recording.
const (
	RecordingStarted   Text = "Started"
	RecordingContinued Text = "Continued"
	RecordingCompleted Text = "Completed"
)

// Party is one end of a leg. A hidden caller has no number; an outside party no extension.
type Party struct {
	Extension Text `json:"extension,omitempty"`
	// Number is digits, or the sip: address of a device; see IsSIP.
	Number Text `json:"number,omitempty"`
	// TakenFromCallID is the leg this party was in before; only in From.
	TakenFromCallID Text `json:"taken_from_call_id,omitempty"`
	LineNumber      Text `json:"line_number,omitempty"`
	ACDGroup        Text `json:"acd_group,omitempty"`
	// WasTransferred on Disconnected: a transfer command took this party away.
	WasTransferred Flag `json:"was_transferred,omitempty"`
	// HoldInitiator on OnHold: this party put the other one on hold.
	HoldInitiator Flag `json:"hold_initiator,omitempty"`
}

// UnmarshalJSON also reads was_transfered, a spelling that integrations have met.
func (p *Party) UnmarshalJSON(raw []byte) error {
	type plain Party
	var typo struct {
		WasTransferred Flag `json:"was_transfered"`
	}
	if err := json.Unmarshal(raw, (*plain)(p)); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &typo); err != nil {
		return err
	}
	p.WasTransferred = p.WasTransferred || typo.WasTransferred
	return nil
}

// DCT is the call-tracking block.
type DCT struct {
	// Type is 0 not tracked, 1 dynamic number, 2 static number.
	Type   Int  `json:"type"`
	Number Text `json:"number,omitempty"`
}

// CallEvent is events/call: one change of one leg.
type CallEvent struct {
	EntryID Text `json:"entry_id"` // the whole call
	CallID  Text `json:"call_id"`  // the leg
	// Timestamp is Unix seconds.
	Timestamp Int `json:"timestamp"`
	// Seq counts the leg's events from 1; a lower one than seen is stale.
	Seq      Int   `json:"seq"`
	State    Text  `json:"call_state"`
	Location Text  `json:"location,omitempty"`
	From     Party `json:"from"`
	To       Party `json:"to"`
	// DisconnectReason is set on Disconnected; Explain has its words.
	DisconnectReason Int  `json:"disconnect_reason,omitempty"`
	DCT              *DCT `json:"dct,omitempty"`
	// Transfer is consultative, blind or return_blind on a leg born of a transfer.
	Transfer  Text `json:"transfer,omitempty"`
	SIPCallID Text `json:"sip_call_id,omitempty"`
	// CommandID is our command that made this leg.
	CommandID Text `json:"command_id,omitempty"`
	TaskID    Int  `json:"task_id,omitempty"`
	// CallbackInitiator marks the legs of a callback; compare it through Initiator.
	CallbackInitiator Text `json:"callback_initiator,omitempty"`
}

// UnmarshalJSON also reads locaton, as the document's transfer example spells it.
func (e *CallEvent) UnmarshalJSON(raw []byte) error {
	type plain CallEvent
	var typo struct {
		Location Text `json:"locaton"`
	}
	if err := json.Unmarshal(raw, (*plain)(e)); err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &typo); err != nil {
		return err
	}
	if e.Location == "" {
		e.Location = typo.Location
	}
	return nil
}

// Initiator returns CallbackInitiator in Latin letters: the document spells some values with a Cyrillic С.
func (e CallEvent) Initiator() string {
	return strings.NewReplacer("С", "C", "с", "c").Replace(string(e.CallbackInitiator))
}

// Summary is events/summary, the last event of a call.
type Summary struct {
	EntryID    Text  `json:"entry_id"`
	Direction  Int   `json:"call_direction"`
	From       Party `json:"from"`
	To         Party `json:"to"`
	LineNumber Text  `json:"line_number,omitempty"`
	DCT        *DCT  `json:"dct,omitempty"`
	// The times are Unix seconds; 0 means that it never happened.
	CreateTime  Int `json:"create_time"`
	ForwardTime Int `json:"forward_time"`
	// TalkTime is the moment of the answer, not a duration. Only it tells whether there was a talk.
	TalkTime Int `json:"talk_time"`
	EndTime  Int `json:"end_time"`
	// EntryResult contradicts TalkTime in the document's own example; do not decide by it.
	EntryResult      Int  `json:"entry_result"`
	DisconnectReason Int  `json:"disconnect_reason"`
	SIPCallID        Text `json:"sip_call_id,omitempty"`
}

// Answered reports whether anybody talked.
func (s Summary) Answered() bool { return s.TalkTime > 0 }

// RecordingEvent is events/recording: a recording begins, moves to another leg, ends.
type RecordingEvent struct {
	RecordingID Text `json:"recording_id"`
	State       Text `json:"recording_state"`
	// Seq counts the recording's events, not the leg's.
	Seq       Int  `json:"seq"`
	EntryID   Text `json:"entry_id"`
	CallID    Text `json:"call_id"`
	Extension Text `json:"extension,omitempty"`
	Timestamp Int  `json:"timestamp"`
	// CompletionCode on Completed: 1000 kept, anything else not.
	CompletionCode Int `json:"completion_code,omitempty"`
	// Recipient is Cloud, Mail or CloudAndMail; only the Cloud forms can be downloaded.
	Recipient Text `json:"recipient,omitempty"`
	CommandID Text `json:"command_id,omitempty"`
}

// RecordAdded is events/record/added: the recording can be downloaded, perhaps a minute later.
type RecordAdded struct {
	EntryID   Text `json:"entry_id"`
	ProductID Int  `json:"product_id"`
	// UserID is the employee's general.user_id; -1 is nobody.
	UserID      Int  `json:"user_id"`
	Timestamp   Int  `json:"timestamp"`
	RecordingID Text `json:"recording_id"`
}

// RecordTagged is events/record/tagged: the speech analysis of a recording is ready.
type RecordTagged RecordAdded

// DTMF is events/dtmf: digits that the caller pressed in the voice menu.
type DTMF struct {
	Seq        Int  `json:"seq"`
	Digits     Text `json:"dtmf"`
	Timestamp  Int  `json:"timestamp"`
	CallID     Text `json:"call_id"`
	EntryID    Text `json:"entry_id"`
	Location   Text `json:"location"`
	Initiator  Text `json:"initiator"`
	FromNumber Text `json:"from_number"`
	ToNumber   Text `json:"to_number"`
	LineNumber Text `json:"line_number,omitempty"`
}

// SMSStatus is events/sms: what became of a message.
type SMSStatus struct {
	CommandID Text `json:"command_id"`
	Timestamp Int  `json:"timestamp"`
	// Reason is 1000 for delivered.
	Reason Int `json:"reason"`
}

// Recognized is events/recognized/offline.
type Recognized struct {
	ProductID Int  `json:"product_id"`
	RequestID Text `json:"request_id"`
	// RecognizedAt is in milliseconds, unlike every other time of the protocol.
	RecognizedAt Int  `json:"recognized"`
	Code         Int  `json:"result"`
	Message      Text `json:"message,omitempty"`
}

// Result is result/<command>: the outcome of one of our commands.
type Result struct {
	// Command is the path below result/, such as "call/hangup".
	Command   string `json:"-"`
	CommandID Text   `json:"command_id,omitempty"`
	// Code is 1000 for done; Explain has the words of the others.
	Code Int `json:"result,omitempty"`
	// Key and RequestID belong to result/stat.
	Key       Text `json:"key,omitempty"`
	RequestID Text `json:"request_id,omitempty"`
}

// Unknown is an event that we do not use. Mango must get a 200 for it all the same.
type Unknown struct{ Path string }
