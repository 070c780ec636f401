package client

import "time"

// SubjectKind tells which register a subject stands in.
type SubjectKind string

// A number belongs to a contract first, else to a client.
const (
	KindContract SubjectKind = "contract"
	KindClient   SubjectKind = "client"
)

// Person is an employee named inside another record.
type Person struct {
	ID   string `json:"id" doc:"Employee id"`
	Name string `json:"name" doc:"Full name"`
}

// Subject is who a number belongs to.
type Subject struct {
	Kind        SubjectKind `json:"kind" enum:"contract,client"`
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Detail      string      `json:"detail,omitempty" doc:"Contract: its number, category and group. Client: lead or client"`
	DetailEN    string      `json:"detail_en,omitempty" doc:"The same in English"`
	Responsible *Person     `json:"responsible,omitempty"`
}

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

// Recording tells whether there is one and whether it can be heard yet.
type Recording struct {
	Ready   bool `json:"ready"`
	Seconds int  `json:"seconds,omitempty" doc:"Length in seconds, when known"`
}

// PathStep is one leg of a call that reached an employee: who, where, from when to when.
type PathStep struct {
	Employee  *Person    `json:"employee,omitempty"`
	Extension string     `json:"extension"`
	From      time.Time  `json:"from"`
	To        *time.Time `json:"to,omitempty"`
	State     CallState  `json:"state"`
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
	StartedAt   time.Time  `json:"started_at"`
	AnsweredAt  *time.Time `json:"answered_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	TalkSeconds *int       `json:"talk_seconds,omitempty"`
	Result      Result     `json:"result,omitempty"`
	Reason      *Reason    `json:"reason,omitempty"`
	Recording   *Recording `json:"recording,omitempty"`
	Path        []PathStep `json:"path,omitempty"`
	Why         string     `json:"why,omitempty" doc:"One sentence: who decided what, and by which rule"`
	WhyEN       string     `json:"why_en,omitempty" doc:"The same in English"`
	LastNote    *LastNote  `json:"last_note,omitempty" doc:"The newest note or call of this subject or number before this call"`
	Before      int        `json:"before,omitempty" doc:"Earlier calls of this number"`
	// Step is the progress of a click-to-call: 1 the PBX rings the operator, 2 it rings the
	// outside party, 3 they talk. Zero for every other call.
	Step   int    `json:"step,omitempty"`
	Note   string `json:"note,omitempty" doc:"What was noted during this call"`
	Source string `json:"source" doc:"Kind of PBX, e.g. mango"`
}

// LastNote is the newest thing known of a caller, for the call card.
type LastNote struct {
	At   time.Time `json:"at"`
	Type string    `json:"type" doc:"Feed entry type"`
	Text string    `json:"text"`
	// TextEN is Text in English, for what the server itself wrote.
	TextEN string `json:"text_en,omitempty"`
}

// EntryType is what a feed entry tells of.
type EntryType string

// Feed entry types; a call has exactly one entry.
const (
	EntryCallIn          EntryType = "call_in"
	EntryCallMissed      EntryType = "call_missed"
	EntryCallOut         EntryType = "call_out"
	EntryNote            EntryType = "note"
	EntrySMS             EntryType = "sms"
	EntryClientCreated   EntryType = "client_created"
	EntryContractCreated EntryType = "contract_created"
)

// FeedEntry is one row of the feed.
type FeedEntry struct {
	ID          string    `json:"id"`
	Type        EntryType `json:"type" enum:"call_in,call_missed,call_out,note,sms,client_created,contract_created"`
	At          time.Time `json:"at"`
	Phone       string    `json:"phone,omitempty"`
	Subject     *Subject  `json:"subject"`
	Employee    *Person   `json:"employee"`
	Description string    `json:"description"`
	// DescriptionEN is Description in English, for what the server itself wrote.
	DescriptionEN string     `json:"description_en,omitempty"`
	Result        Result     `json:"result,omitempty"`
	Source        string     `json:"source,omitempty"`
	SourceName    string     `json:"source_name,omitempty"`
	CallID        string     `json:"call_id,omitempty"`
	TalkSeconds   *int       `json:"talk_seconds,omitempty"`
	WaitSeconds   *int       `json:"wait_seconds,omitempty" doc:"How long the caller waited, for calls nobody answered"`
	Recording     *Recording `json:"recording,omitempty"`
	Why           string     `json:"why,omitempty"`
	WhyEN         string     `json:"why_en,omitempty"`
	// Settled names who talked with a missed caller later, if anyone did.
	Settled *Settled `json:"settled,omitempty"`
}

// Settled tells which later conversation closed a missed call.
type Settled struct {
	By     *Person   `json:"by,omitempty"`
	At     time.Time `json:"at"`
	CallID string    `json:"call_id"`
}

// Role of an account, in ascending order of rights.
type Role string

// Roles: each may do what the ones before it may.
const (
	RoleOperator   Role = "operator"
	RoleManager    Role = "manager"
	RoleAccountant Role = "accountant"
	RoleDirector   Role = "director"
	RoleAdmin      Role = "admin"
)

// PresenceState is what an employee's telephone and app do now.
type PresenceState string

// Presence states; offline means that no app of the employee is connected and the phone is idle.
const (
	PresenceFree    PresenceState = "free"
	PresenceRinging PresenceState = "ringing"
	PresenceTalking PresenceState = "talking"
	PresenceOffline PresenceState = "offline"
)

// Employee is somebody of the school; Login is empty for one without an account.
type Employee struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Login     string        `json:"login,omitempty"`
	Role      Role          `json:"role" enum:"operator,manager,accountant,director,admin"`
	Extension string        `json:"extension,omitempty"`
	Presence  PresenceState `json:"presence,omitempty" enum:"free,ringing,talking,offline"`
}

// Presence is the data of a presence event.
type Presence struct {
	EmployeeID string        `json:"employee_id"`
	State      PresenceState `json:"state"`
}

// Client is a card of the CRM: a lead, or a client.
type Client struct {
	ID          string    `json:"id"`
	Kind        string    `json:"kind" enum:"lead,client"`
	Name        string    `json:"name"`
	Phones      []string  `json:"phones"`
	Email       string    `json:"email,omitempty"`
	Note        string    `json:"note,omitempty"`
	Responsible *Person   `json:"responsible,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// Contract is the school's contract with a student; Name is the student's full name.
type Contract struct {
	ID          string    `json:"id"`
	Number      string    `json:"number"`
	Name        string    `json:"name"`
	Phones      []string  `json:"phones"`
	ClientID    string    `json:"client_id,omitempty"`
	Category    string    `json:"category,omitempty"`
	Group       string    `json:"group,omitempty"`
	SignedOn    string    `json:"signed_on,omitempty" doc:"YYYY-MM-DD"`
	Note        string    `json:"note,omitempty"`
	Responsible *Person   `json:"responsible,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// Deleted stands in a client or contract event for a record that is gone.
type Deleted struct {
	ID      string `json:"id"`
	Deleted bool   `json:"deleted"`
}

// Line is a trunk line of the PBX as people name it.
type Line struct {
	Number string `json:"number"`
	Name   string `json:"name,omitempty"`
}

// Integration is one connected PBX, without its secrets.
type Integration struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind" enum:"mango"`
	Name       string     `json:"name"`
	Active     bool       `json:"active"`
	APIKey     string     `json:"api_key"`
	HasSalt    bool       `json:"has_salt"`
	APIURL     string     `json:"api_url"`
	Forwarding bool       `json:"forwarding"`
	Lines      []Line     `json:"lines"`
	HookURL    string     `json:"hook_url" doc:"The address to paste into the cabinet"`
	LastEvent  *time.Time `json:"last_event_at,omitempty"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// ExtensionRow is one row of the table of employees' extensions.
type ExtensionRow struct {
	EmployeeID string `json:"employee_id"`
	Extension  string `json:"extension"`
}

// Check is one line of an integration's check, in words.
type Check struct {
	Name  string `json:"name"`
	State string `json:"state" enum:"ok,warning,failed"`
	Text  string `json:"text"`
}

// Page is one page of a list; NextCursor is empty at the end.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor,omitempty"`
}

// Hello is the first event of every connection.
type Hello struct {
	Sequence      int64  `json:"sequence"`
	ServerVersion string `json:"server_version"`
}
