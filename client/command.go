package client

import (
	"context"
	"net/http"
	"net/url"
)

// Dial asks for a click-to-call.
type Dial struct {
	Phone string `json:"phone,omitempty" maxLength:"300" doc:"In any spelling, tel: links too; words around the number are left out"`
	// EmployeeID, or Extension, is a colleague to call instead of a number.
	EmployeeID string      `json:"employee_id,omitempty" maxLength:"64"`
	Extension  string      `json:"extension,omitempty" maxLength:"32"`
	Subject    *SubjectRef `json:"subject,omitempty"`
	// Group rings a group of the PBX instead of the operator's own telephone.
	Group string `json:"group,omitempty" maxLength:"32"`
	// CommandID makes a repeat harmless: the same id of the same employee gives the call that exists
	// already. Without one the same number within 2 s does.
	CommandID string `json:"command_id,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9-]*$"`
	// IntegrationID is over which PBX; without it the first on which the employee has an extension and
	// that can dial.
	IntegrationID string `json:"integration_id,omitempty" maxLength:"64"`
}

// Transfer hands the talking leg to a colleague: at once (blind transfer), or after a
// consultation, while the client waits on hold.
type Transfer struct {
	Extension string `json:"extension" minLength:"1" maxLength:"32"`
	Consult   bool   `json:"consult,omitempty"`
	// EmployeeID is the colleague whose extension it is. Where the call's PBX is not the first one, their
	// extension there is taken instead.
	EmployeeID string `json:"employee_id,omitempty" maxLength:"64"`
}

// SMSInput is a message through the PBX, in the name of the employee.
type SMSInput struct {
	Phone   string      `json:"phone" maxLength:"300" doc:"In any spelling, tel: links too; words around the number are left out"`
	Text    string      `json:"text" minLength:"1" maxLength:"2000"`
	Subject *SubjectRef `json:"subject,omitempty"`
	// IntegrationID is over which PBX; without it the first on which the employee has an extension and
	// that sends messages.
	IntegrationID string `json:"integration_id,omitempty" maxLength:"64"`
}

// CommandState is what became of a command to the PBX.
type CommandState string

// States of a command; accepted means that the PBX took it, not that it is done.
const (
	CommandAccepted CommandState = "accepted"
	CommandDone     CommandState = "done"
	CommandRefused  CommandState = "refused"
)

// Command is the data of a command event: what became of something the employee asked for.
type Command struct {
	ID     string       `json:"id"`
	Kind   string       `json:"kind" enum:"dial,hangup,transfer,consult,connect,return,hold,resume,record,sms"`
	CallID string       `json:"call_id,omitempty"`
	State  CommandState `json:"state" enum:"accepted,done,refused"`
	Code   int          `json:"code,omitempty"`
	Text   string       `json:"text,omitempty"`
	TextEN string       `json:"text_en,omitempty"`
}

// Dial asks the PBX to ring the operator first and then phone.
func (a *API) Dial(ctx context.Context, in Dial) (Call, error) {
	return send[Call](ctx, a, http.MethodPost, "/calls", in)
}

// Hangup ends a call.
func (a *API) Hangup(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/hangup", struct{}{})
	return err
}

// Transfer hands a talking call to a colleague's extension.
func (a *API) Transfer(ctx context.Context, id string, in Transfer) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/transfer", in)
	return err
}

// HoldCall puts the client on hold.
func (a *API) HoldCall(ctx context.Context, id string) error { return a.act(ctx, id, "hold") }

// ResumeCall takes the client back from hold.
func (a *API) ResumeCall(ctx context.Context, id string) error { return a.act(ctx, id, "resume") }

// ConnectTransfer joins the client with the colleague who was asked.
func (a *API) ConnectTransfer(ctx context.Context, id string) error {
	return a.act(ctx, id, "transfer/connect")
}

// ReturnTransfer gives the consultation up and goes back to the client.
func (a *API) ReturnTransfer(ctx context.Context, id string) error {
	return a.act(ctx, id, "transfer/return")
}

// RecordCall begins to record a talk.
func (a *API) RecordCall(ctx context.Context, id string) error { return a.act(ctx, id, "record") }

func (a *API) act(ctx context.Context, id, what string) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/"+what, struct{}{})
	return err
}

// SendSMS sends a message through the PBX; its feed entry follows what becomes of it.
func (a *API) SendSMS(ctx context.Context, in SMSInput) (FeedEntry, error) {
	return send[FeedEntry](ctx, a, http.MethodPost, "/sms", in)
}
