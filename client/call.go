package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// CallState is where a call stands now.
type CallState string

// The states of a call; Ended is final.
const (
	StateRinging CallState = "ringing"
	StateTalking CallState = "talking"
	StateHeld    CallState = "held"
	StateEnded   CallState = "ended"
)

// Direction of a call, seen from the school.
type Direction string

// Directions; an internal call has no feed entry.
const (
	In       Direction = "in"
	Out      Direction = "out"
	Internal Direction = "internal"
)

// Result of an ended call; what each means stands in the API's contract.
type Result string

// Inbound calls end answered or missed; outbound and internal ones in any but missed.
const (
	Answered   Result = "answered"
	Missed     Result = "missed"
	NoAnswer   Result = "no_answer"
	Busy       Result = "busy"
	Declined   Result = "declined"
	Failed     Result = "failed"
	NotStarted Result = "not_started"
)

// Reason is the PBX's own code for the end of a call, with its meaning in words.
type Reason struct {
	Code int    `json:"code"`
	Text string `json:"text"`
	// TextEN is Text in English; the app shows the one of its own language.
	TextEN string `json:"text_en,omitempty"`
}

// Ability is something that can be done with a call now.
type Ability string

// Abilities of a living call; what is not listed, this PBX or this moment does not allow.
const (
	CanHangup   Ability = "hangup"
	CanHold     Ability = "hold"
	CanResume   Ability = "resume"
	CanTransfer Ability = "transfer"
	CanConsult  Ability = "consult"
	// CanConnect and CanReturn finish or give up a transfer with consultation.
	CanConnect Ability = "connect"
	CanReturn  Ability = "return"
	CanRecord  Ability = "record"
)

// Consultation is the colleague whom the operator asks while the client is on hold.
type Consultation struct {
	Extension string    `json:"extension"`
	Employee  *Person   `json:"employee,omitempty"`
	State     CallState `json:"state" enum:"ringing,talking"`
}

// PathStep is one leg of a call that reached an employee: who, where, from when to when.
type PathStep struct {
	Employee  *Person    `json:"employee,omitempty"`
	Extension string     `json:"extension"`
	From      time.Time  `json:"from"`
	To        *time.Time `json:"to,omitempty"`
	State     CallState  `json:"state"`
}

// CallEnd is one of the two employees of an internal call.
type CallEnd struct {
	Extension string  `json:"extension"`
	Employee  *Person `json:"employee,omitempty"`
}

// Call is one telephone call as people see it, whatever its legs.
type Call struct {
	ID          string     `json:"id"`
	Direction   Direction  `json:"direction" enum:"in,out,internal"`
	State       CallState  `json:"state" enum:"ringing,talking,held,ended"`
	Phone       string     `json:"phone" doc:"The outside party in E.164; empty when the caller hid it"`
	Line        string     `json:"line,omitempty" doc:"Our line"`
	LineName    string     `json:"line_name,omitempty"`
	Subject     *Subject   `json:"subject"`
	Matches     []Subject  `json:"matches,omitempty"`
	Ringing     []string   `json:"ringing" doc:"Employee ids that ring now"`
	Rang        []string   `json:"rang,omitempty" doc:"Employee ids that rang, on ended calls"`
	Employee    *Person    `json:"employee,omitempty"`
	Caller      *CallEnd   `json:"caller,omitempty" doc:"Of an internal call: who called"`
	Called      *CallEnd   `json:"called,omitempty" doc:"Of an internal call: who was called"`
	StartedAt   time.Time  `json:"started_at"`
	AnsweredAt  *time.Time `json:"answered_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	TalkSeconds *int       `json:"talk_seconds,omitempty"`
	Result      Result     `json:"result,omitempty"`
	Reason      *Reason    `json:"reason,omitempty"`
	Recording   *Recording `json:"recording,omitempty"`
	// Recordings lists every recording; Recording sums them up.
	Recordings []RecordingPart `json:"recordings,omitempty"`
	Path       []PathStep      `json:"path,omitempty"`
	// Can lists what the operator may do with a living call.
	Can        []Ability     `json:"can,omitempty"`
	Consulting *Consultation `json:"consulting,omitempty" doc:"Whom the operator asks while the client waits"`
	// Unconfirmed says that the PBX never told the end: the call was closed by a time limit.
	Unconfirmed bool `json:"unconfirmed,omitempty"`
	// Restored says that the PBX's statistics told of the call, or of a part of it, that no webhook had.
	Restored bool      `json:"restored,omitempty"`
	Why      string    `json:"why,omitempty" doc:"One sentence: who decided what, and by which rule"`
	WhyEN    string    `json:"why_en,omitempty" doc:"The same in English"`
	LastNote *LastNote `json:"last_note,omitempty" doc:"The newest note or call of this subject or number before this call"`
	Before   int       `json:"before,omitempty" doc:"Earlier calls of this number"`
	// Practice says that it is a call of somebody's practice, of a school that is none.
	Practice bool `json:"practice,omitempty" doc:"A call of a practice, seen by whoever practises alone"`
	Test     bool `json:"test,omitempty" doc:"The connectivity test of the settings, no call of the school's"`
	// Step is the progress of a click-to-call: 1 the PBX rings the operator, 2 it rings the
	// outside party, 3 they talk. Zero for every other call.
	Step   int    `json:"step,omitempty"`
	Note   string `json:"note,omitempty" doc:"What was noted during this call"`
	Source string `json:"source" doc:"Kind of PBX, one of GET /integrations/kinds"`
	// Deleted says, in the stream only, that this call turned out to be another one, MergedInto: its card
	// is dropped, and what was noted on it is that one's.
	Deleted    bool   `json:"deleted,omitempty" doc:"In the stream only: the call turned out to be merged_into"`
	MergedInto string `json:"merged_into,omitempty"`
}

// LastNote is the newest thing known of a caller, for the call card.
type LastNote struct {
	At   time.Time `json:"at"`
	Type string    `json:"type" doc:"Feed entry type"`
	Text string    `json:"text"`
	// TextEN is Text in English, for what the server itself wrote.
	TextEN string `json:"text_en,omitempty"`
}

// CallNote is a note on a call, written during it or after; one of text and outcome is needed.
type CallNote struct {
	Text       string     `json:"text,omitempty" maxLength:"4000"`
	Outcome    string     `json:"outcome,omitempty" maxLength:"200" doc:"What the call came to: enrolled, thinking, call_back, refused, wrong_number, or own words"`
	CallBackAt *time.Time `json:"call_back_at,omitempty" doc:"Makes a reminder for whoever writes the note"`
	NoteID     string     `json:"note_id,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9-]*$" doc:"Makes a repeat harmless: the same id of the same employee gives the note that exists already"`
}

// ActiveCalls lists the calls that go on now and of which the stream tells this employee.
func (a *API) ActiveCalls(ctx context.Context) ([]Call, error) {
	page, err := send[Page[Call]](ctx, a, http.MethodGet, "/calls?state=active&told=true&limit=200", nil)
	return page.Items, err
}

// Call reads one call.
func (a *API) Call(ctx context.Context, id string) (Call, error) {
	return send[Call](ctx, a, http.MethodGet, "/calls/"+url.PathEscape(id), nil)
}

// NoteCall writes a note that lands in the feed, tied to the call.
func (a *API) NoteCall(ctx context.Context, id string, in CallNote) (FeedEntry, error) {
	return send[FeedEntry](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/note", in)
}

// BindCall chooses which of several subjects a call belongs to.
func (a *API) BindCall(ctx context.Context, id string, in SubjectRef) (Call, error) {
	return send[Call](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(id)+"/subject", in)
}

// UnbindCall lets the number say whose call it is.
func (a *API) UnbindCall(ctx context.Context, id string) (Call, error) {
	return send[Call](ctx, a, http.MethodDelete, "/calls/"+url.PathEscape(id)+"/subject", nil)
}
