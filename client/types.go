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
	// Status of a contract: active, finished or cancelled; of a client: new, contacted, thinking,
	// enrolled or refused.
	Status string `json:"status,omitempty"`
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

// RecordingPart is one of a call's recordings; a transfer may begin another.
type RecordingPart struct {
	// Part counts from 1, in the order in which they began.
	Part      int     `json:"part"`
	Ready     bool    `json:"ready"`
	Gone      bool    `json:"gone,omitempty" doc:"The PBX has deleted it"`
	Seconds   int     `json:"seconds,omitempty"`
	Extension string  `json:"extension,omitempty" doc:"Whose talk it is"`
	Employee  *Person `json:"employee,omitempty"`
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
	Test     bool      `json:"test,omitempty" doc:"The bell test of the settings, no call of the school's"`
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
	DescriptionEN string `json:"description_en,omitempty"`
	Result        Result `json:"result,omitempty"`
	Source        string `json:"source,omitempty"`
	SourceName    string `json:"source_name,omitempty"`
	CallID        string `json:"call_id,omitempty"`
	TalkSeconds   *int   `json:"talk_seconds,omitempty"`
	WaitSeconds   *int   `json:"wait_seconds,omitempty" doc:"How long the caller waited, for calls nobody answered"`
	AnswerSeconds *int   `json:"answer_seconds,omitempty" doc:"How long it rang before somebody answered"`
	Line          string `json:"line,omitempty" doc:"Our line"`
	// Shared says that the number is on this card too, but the call belongs to Subject.
	Shared bool `json:"shared,omitempty"`
	// ByHand says that a person chose whose it is.
	ByHand bool `json:"by_hand,omitempty"`
	// EditedAt is when the text of a note was changed last; its former texts are kept.
	EditedAt   *time.Time      `json:"edited_at,omitempty"`
	Outcome    string          `json:"outcome,omitempty" doc:"What a call came to, e.g. enrolled"`
	Recording  *Recording      `json:"recording,omitempty"`
	Recordings []RecordingPart `json:"recordings,omitempty"`
	Restored   bool            `json:"restored,omitempty" doc:"From the PBX's statistics, not from its webhooks"`
	Delivery   SMSState        `json:"delivery,omitempty" enum:"sending,sent,delivered,failed"`
	Why        string          `json:"why,omitempty"`
	WhyEN      string          `json:"why_en,omitempty"`
	// Settled names who talked with a missed caller later, if anyone did.
	Settled *Settled `json:"settled,omitempty"`
	// ETag, of notes alone, goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
}

// SMSState is how far a message has come.
type SMSState string

// States of a message.
const (
	SMSSending   SMSState = "sending"
	SMSSent      SMSState = "sent"
	SMSDelivered SMSState = "delivered"
	SMSFailed    SMSState = "failed"
)

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
	// Active is false for somebody who was switched off: they cannot sign in, and nothing is routed to
	// them. Old calls and notes keep their name.
	Active bool `json:"active"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
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
	PhoneList   []Phone   `json:"phone_list" doc:"The numbers with their labels, and what could not be read as a number"`
	Email       string    `json:"email,omitempty"`
	Note        string    `json:"note,omitempty"`
	Tags        []string  `json:"tags"`
	Status      string    `json:"status" enum:"new,contacted,thinking,enrolled,refused"`
	ExternalID  string    `json:"external_id,omitempty" doc:"The client's id in another CRM"`
	Responsible *Person   `json:"responsible,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
	Removed
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
	PhoneList   []Phone   `json:"phone_list" doc:"The numbers with their labels, and what could not be read as a number"`
	Tags        []string  `json:"tags"`
	Status      string    `json:"status" enum:"active,finished,cancelled"`
	ExternalID  string    `json:"external_id,omitempty" doc:"The contract's id in another CRM"`
	Responsible *Person   `json:"responsible,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
	Removed
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
	ID         string `json:"id"`
	Kind       string `json:"kind" enum:"mango"`
	Name       string `json:"name"`
	Active     bool   `json:"active"`
	APIKey     string `json:"api_key"`
	HasSalt    bool   `json:"has_salt"`
	APIURL     string `json:"api_url"`
	Forwarding bool   `json:"forwarding"`
	Lines      []Line `json:"lines"`
	HookURL    string `json:"hook_url" doc:"The address to paste into the cabinet"`
	// HookSecret says that the address holds a secret word, without which webhooks are refused.
	HookSecret bool `json:"hook_secret"`
	// AddressBook says that our cards are kept in the PBX's own address book.
	AddressBook bool        `json:"address_book"`
	Book        *BookState  `json:"book,omitempty"`
	Health      Health      `json:"health"`
	Reconciled  *Reconciled `json:"reconciled,omitempty"`
	LastEvent   *time.Time  `json:"last_event_at,omitempty"`
	UpdatedAt   time.Time   `json:"updated_at"`
	UpdatedBy   *Person     `json:"updated_by,omitempty"`
	// ETag goes into If-Match of a change, see API.IfMatch.
	ETag string `json:"etag,omitempty"`
}

// HealthState is whether commands may go to the PBX now.
type HealthState string

// States of health: in HealthCareful only what people ask for is sent, in HealthBlocked nothing.
const (
	HealthOK      HealthState = "ok"
	HealthCareful HealthState = "careful"
	HealthBlocked HealthState = "blocked"
)

// Health says whether the PBX takes our commands, and if not, why and until when.
type Health struct {
	State  HealthState `json:"state" enum:"ok,careful,blocked"`
	Until  *time.Time  `json:"until,omitempty"`
	Code   int         `json:"code,omitempty"`
	Text   string      `json:"text,omitempty"`
	TextEN string      `json:"text_en,omitempty"`
}

// Reconciled is how our calls compare with the PBX's own statistics.
type Reconciled struct {
	// Until is the moment up to which both agree.
	Until time.Time `json:"until"`
	At    time.Time `json:"at"`
	// Calls is how many the PBX listed in the last run, Restored how many of them no webhook had told.
	Calls    int `json:"calls"`
	Restored int `json:"restored"`
	// Error says why the last run failed; Until stays then.
	Error   string `json:"error,omitempty"`
	ErrorEN string `json:"error_en,omitempty"`
}

// BookState is how far the PBX's address book agrees with our cards.
type BookState struct {
	Synced  int        `json:"synced"`
	Waiting int        `json:"waiting"`
	At      *time.Time `json:"at,omitempty"`
	Error   string     `json:"error,omitempty"`
	ErrorEN string     `json:"error_en,omitempty"`
}

// BookPlan is what a synchronisation would change, without changing it.
type BookPlan struct {
	Create   int      `json:"create"`
	Update   int      `json:"update"`
	Delete   int      `json:"delete"`
	Foreign  int      `json:"foreign" doc:"Contacts of others, which stay as they are"`
	Examples []string `json:"examples"`
}

// PBXExtension is an employee in the PBX's own list.
type PBXExtension struct {
	Extension string `json:"extension"`
	Name      string `json:"name"`
	// EmployeeID is who has it in our table; Suggested is whose name it looks like.
	EmployeeID string `json:"employee_id,omitempty"`
	Suggested  string `json:"suggested_id,omitempty"`
}

// ExtensionRow is one row of the table of employees' extensions.
type ExtensionRow struct {
	EmployeeID string `json:"employee_id"`
	Extension  string `json:"extension"`
}

// CheckState is how one thing stands.
type CheckState string

// States of a check; CheckUnknown is what could not be tried yet.
const (
	CheckOK      CheckState = "ok"
	CheckWarning CheckState = "warning"
	CheckFailed  CheckState = "failed"
	CheckUnknown CheckState = "unknown"
)

// Check is one line of an integration's check, in words.
type Check struct {
	ID     string     `json:"id" doc:"Stable name, e.g. webhook"`
	Name   string     `json:"name"`
	NameEN string     `json:"name_en"`
	State  CheckState `json:"state" enum:"ok,warning,failed,unknown"`
	Text   string     `json:"text"`
	TextEN string     `json:"text_en"`
	// MS is how long a hop of the bell test took, in milliseconds from its start.
	MS *float64 `json:"ms,omitempty"`
}

// BellTest is a call to one's own telephone that shows every hop on its way. The last hop, the
// own screen, is for the app to see: the event of CallID.
type BellTest struct {
	CallID string  `json:"call_id"`
	Hops   []Check `json:"hops"`
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

// Page is one page of a list; NextCursor is empty at the end, and only there: a search may look through
// a part of a long list and find nothing in it.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor,omitempty"`
}

// Hello is the first event of every connection.
type Hello struct {
	Sequence      int64  `json:"sequence"`
	ServerVersion string `json:"server_version"`
	// Employee is whose stream it is, with the role they have now; an older server does not tell.
	Employee *Employee `json:"employee,omitempty"`
}
