package mango

import "encoding/json"

// Paths of the commands and queries, relative to the VPBX base https://app.mango-office.ru/vpbx/.
const (
	PathCallback      = "commands/callback"
	PathHangup        = "commands/call/hangup"
	PathRoute         = "commands/route"
	PathTransfer      = "commands/transfer"
	PathRecordingPost = "queries/recording/post"
	PathRecordingLink = "queries/recording/link"
	PathUsers         = "config/users/request"
	PathLines         = "incominglines"
	PathBalance       = "account/balance"
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

// RecordingRequest asks for a one-time link to a recording. The answer is a 302; never store its Location.
type RecordingRequest struct {
	RecordingID Text `json:"recording_id"`
	// Action is "download" or "play".
	Action Text `json:"action"`
}

// UsersRequest asks for the employees, all of them if Extension is empty.
type UsersRequest struct {
	Extension Text     `json:"extension,omitempty"`
	ExtFields []string `json:"ext_fields,omitempty"`
}

// UsersAnswer lists the employees; it has no result code.
type UsersAnswer struct {
	Users []User `json:"users"`
}

// User is one employee of the PBX.
type User struct {
	General   UserGeneral   `json:"general"`
	Telephony UserTelephony `json:"telephony"`
	Groups    []Int         `json:"groups,omitempty"`
}

// UserGeneral says who the employee is.
type UserGeneral struct {
	Name       Text `json:"name"`
	Email      Text `json:"email"`
	Department Text `json:"department"`
	Position   Text `json:"position"`
	// UserID, Mobile and SIPs come only if UsersRequest.ExtFields names them.
	UserID Int       `json:"user_id,omitempty"`
	Mobile Text      `json:"mobile,omitempty"`
	SIPs   []UserSIP `json:"sips,omitempty"`
}

// UserSIP is a SIP account as user@domain, without the scheme.
type UserSIP struct {
	Number Text `json:"number"`
}

// UserTelephony says how the employee is reached.
type UserTelephony struct {
	Extension    Text         `json:"extension"`
	OutgoingLine Text         `json:"outgoingline"`
	Numbers      []UserNumber `json:"numbers"`
}

// UserNumber is one device of an employee.
type UserNumber struct {
	Number   Text `json:"number"`
	Protocol Text `json:"protocol"` // sip, tel, fmc or skype
	Order    Int  `json:"order"`
	WaitSec  Int  `json:"wait_sec"`
	Status   Text `json:"status"` // on or off
}

// LinesAnswer lists the lines that clients can dial.
type LinesAnswer struct {
	Result Int    `json:"result"`
	Lines  []Line `json:"lines"`
}

// Line is one incoming line; Name is usually empty, so show Comment or SchemaName.
type Line struct {
	LineID     Int  `json:"line_id"`
	Number     Text `json:"number"`
	Name       Text `json:"name"`
	Comment    Text `json:"comment"`
	Region     Text `json:"region"`
	SchemaID   Int  `json:"schema_id"`
	SchemaName Text `json:"schema_name"`
}

// BalanceAnswer is the state of the account.
type BalanceAnswer struct {
	Result Int `json:"result"`
	// Balance is in Currency, as the PBX writes it: a decimal number.
	Balance    json.Number `json:"balance"`
	Currency   Text        `json:"currency"`
	ResponseAt Text        `json:"response_at"` // Moscow wall time, 2006-01-02 15:04:05
}

// Answer is the synchronous answer to a command. It means "taken", not "done":
// the outcome comes as a Result.
type Answer struct {
	// Result is the field result, or code where an answer has no result.
	Result Int
	// Status is the HTTP status that a rate-limit body repeats, else 0.
	Status Int
	// Message is the PBX's own text of an error, if it gave one.
	Message Text
}

// UnmarshalJSON reads the three shapes Mango answers with: {"result":…}, {"code":…} and the rate limit's.
func (a *Answer) UnmarshalJSON(raw []byte) error {
	var wire struct {
		Result  *Int `json:"result"`
		Code    Int  `json:"code"`
		Status  any  `json:"status"`
		Message Text `json:"message"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*a = Answer{Result: wire.Code, Message: wire.Message}
	if wire.Result != nil {
		a.Result = *wire.Result
	}
	// status is a word ("complete") in statistics and a number in errors.
	if n, ok := wire.Status.(float64); ok {
		a.Status = Int(n)
	}
	return nil
}

// MarshalJSON writes {"result":…}.
func (a Answer) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Result Int `json:"result"`
	}{a.Result})
}

// Accepted reports whether the PBX took the command: 1000, or 0, or an empty object with HTTP 200.
func (a Answer) Accepted() bool {
	// The rate limit's body has code 0 as well; its status gives it away.
	return a.Status < 400 && (a.Result == 0 || a.Result == CodeDone)
}
