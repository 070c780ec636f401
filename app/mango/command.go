package mango

// Paths of the commands and queries, relative to the VPBX base https://app.mango-office.ru/vpbx/.
const (
	PathCallback       = "commands/callback"
	PathCallbackGroup  = "commands/callback_group"
	PathHangup         = "commands/call/hangup"
	PathHold           = "commands/call/hold/on"
	PathUnhold         = "commands/call/hold/off" // inferred: the document has only hold/on
	PathRoute          = "commands/route"
	PathTransfer       = "commands/transfer"
	PathConnect        = "commands/calls_connect"
	PathTransferCancel = "commands/transfer_cancel"
	PathSMSSend        = "commands/sms"
	PathRecordingStart = "commands/recording/start"
	PathPlayStart      = "commands/play/start"
	PathRecordingPost  = "queries/recording/post"
	PathRecordingLink  = "queries/recording/link"
)

// Headers that a command may set on the employee's telephone. A value that the
// PBX does not like is dropped silently: letters, digits and spaces, 64 bytes.
const (
	HeaderDisplayName = "From/display-name"
	HeaderAnswerAfter = "Call-Info/answer-after"
	// MaxHeader is the longest header value in bytes; a Cyrillic letter takes two.
	MaxHeader = 64
)

// Methods of a transfer.
const (
	TransferBlind = "blind"
	TransferHold  = "hold"
)

// Endpoint names the employee, and perhaps the device, that a callback rings first.
type Endpoint struct {
	Extension Text `json:"extension"`
	Number    Text `json:"number,omitempty"`
}

// CallbackRequest asks to ring the employee and then the client.
type CallbackRequest struct {
	CommandID  Text              `json:"command_id,omitempty"`
	From       Endpoint          `json:"from"`
	ToNumber   Text              `json:"to_number"`
	LineNumber Text              `json:"line_number,omitempty"`
	SIPHeaders map[string]string `json:"sip_headers,omitempty"`
}

// HangupRequest ends one leg.
type HangupRequest struct {
	CommandID Text `json:"command_id,omitempty"`
	CallID    Text `json:"call_id"`
}

// RouteRequest sends a leg that nobody has answered to another number, and may show a name on the telephone.
type RouteRequest struct {
	CommandID  Text              `json:"command_id,omitempty"`
	CallID     Text              `json:"call_id"`
	ToNumber   Text              `json:"to_number"`
	SIPHeaders map[string]string `json:"sip_headers,omitempty"`
}

// TransferRequest hands a talking party over.
type TransferRequest struct {
	CommandID Text `json:"command_id,omitempty"`
	CallID    Text `json:"call_id"`
	// Method is TransferBlind or TransferHold.
	Method   Text `json:"method"`
	ToNumber Text `json:"to_number"`
	// Initiator is a value of the leg, such as its extension "101" or its sip: address.
	Initiator Text `json:"initiator"`
}

// GroupCallbackRequest rings From and then To: an outside number and a group, either way round
// (Mango VPBX API, section 3.2.2). Both are plain strings, and the line is required.
type GroupCallbackRequest struct {
	CommandID  Text `json:"command_id,omitempty"`
	From       Text `json:"from"`
	To         Text `json:"to"`
	LineNumber Text `json:"line_number"`
}

// HoldRequest puts the other party of a talking leg on hold, or takes it back.
type HoldRequest struct {
	CommandID Text `json:"command_id"`
	CallID    Text `json:"call_id"`
	// Initiator is a value of the leg that belongs to an employee: his extension or device.
	Initiator Text `json:"initiator"`
}

// ConnectRequest joins the held client with the consultant, so that the employee between them
// may leave (Mango VPBX API, section 3.2.9). Both legs must be of one call.
type ConnectRequest struct {
	CommandID Text `json:"command_id"`
	// HeldCallID is the leg that is OnHold.
	HeldCallID Text `json:"holded_call_id"`
	// InitiatorNumber is from.number of the leg to the consultant.
	InitiatorNumber Text `json:"transfer_initiator_number"`
	// TransferredCallID is the leg to the consultant.
	TransferredCallID Text `json:"transferred_call_id"`
}

// TransferCancelRequest gives up a transfer with consultation: the client comes back.
type TransferCancelRequest struct {
	CommandID Text `json:"command_id"`
	// CallID is the leg that is OnHold.
	CallID Text `json:"call_id"`
}

// SMSRequest sends a text in an employee's name.
type SMSRequest struct {
	CommandID     Text `json:"command_id,omitempty"`
	Text          Text `json:"text"`
	FromExtension Text `json:"from_extension"`
	ToNumber      Text `json:"to_number"`
	Sender        Text `json:"sms_sender,omitempty"`
}

// RecordingStartRequest begins to record a talking leg.
type RecordingStartRequest struct {
	CommandID Text `json:"command_id,omitempty"`
	CallID    Text `json:"call_id"`
	// PartyNumber is the employee's extension, or his device.
	PartyNumber Text `json:"call_party_number"`
}

// PlayStartRequest plays a file to a caller in the menu or a queue.
type PlayStartRequest struct {
	CommandID  Text `json:"command_id,omitempty"`
	CallID     Text `json:"call_id"`
	InternalID Text `json:"internal_id,omitempty"`
	// AfterPlayTime is the pause after it, in seconds.
	AfterPlayTime Int `json:"after_play_time,omitempty"`
}

// RecordingRequest asks for a one-time link to a recording. The answer is a 302; never store its Location.
type RecordingRequest struct {
	RecordingID Text `json:"recording_id"`
	// Action is "download" or "play".
	Action Text `json:"action"`
}
