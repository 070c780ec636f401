package beeline

import "time"

// EventType is the type of an event's data, without its prefix (section 5.1).
type EventType string

// The types that are known; a call is read from its state first, so others do no harm.
const (
	CallReceived           EventType = "CallReceivedEvent"
	CallOriginating        EventType = "CallOriginatingEvent"
	CallOriginated         EventType = "CallOriginatedEvent"
	CallAnswered           EventType = "CallAnsweredEvent"
	CallUpdated            EventType = "CallUpdatedEvent"
	CallHeld               EventType = "CallHeldEvent"
	CallRetrieved          EventType = "CallRetrievedEvent"
	CallRedirected         EventType = "CallRedirectedEvent"
	CallForwarded          EventType = "CallForwardedEvent"
	CallTransferred        EventType = "CallTransferredEvent"
	CallDetached           EventType = "CallDetachedEvent"
	CallReleasing          EventType = "CallReleasingEvent"
	CallReleased           EventType = "CallReleasedEvent"
	CallRecordingStarted   EventType = "CallRecordingStartedEvent"
	CallRecordingStopped   EventType = "CallRecordingStoppedEvent"
	HookStatus             EventType = "HookStatusEvent"
	CallSubscription       EventType = "CallSubscriptionEvent"
	CallSubscriptionResync EventType = "CallSubscriptionResyncEvent"
	SubscriptionTerminated EventType = "SubscriptionTerminatedEvent"
)

// Event is one event as the PBX posts it.
type Event struct {
	ID             string
	Sequence       int64  // of the subscription; 0 when none was told
	Owner          string // the userId of whoever owns the subscription, not of the employee
	Application    string // externalApplicationId
	SubscriptionID string
	Address        string // where it was posted to; it holds our secret word
	Target         string // the userId whose event it is
	Type           EventType
	HookStatus     string
	Calls          []Call
}

// Personality is the part that the target plays in a call.
type Personality string

// Personalities; ClickToDial is the first stage of a click-to-call, in which the employee's telephone rings.
const (
	Originator  Personality = "Originator"
	Terminator  Personality = "Terminator"
	ClickToDial Personality = "Click-to-Dial"
)

// State of one half of a call.
type State string

// States; after Detached only Released comes.
const (
	Alerting   State = "Alerting"
	Active     State = "Active"
	Held       State = "Held"
	RemoteHeld State = "Remote Held"
	Detached   State = "Detached"
	Released   State = "Released"
	Idle       State = "Idle"
)

// Who released.
const (
	LocalRelease  = "localRelease" // the target
	RemoteRelease = "remoteRelease"
)

// Values of callType.
const (
	Network    = "Network" // outside
	Group      = "Group"   // a colleague, or a group of ours
	Enterprise = "Enterprise"
	Unknown    = "Unknown"
)

// RecordingFailed is the recordingState that says: there is no recording.
const RecordingFailed = "Failed"

// Call is one half of a call: the target's (section 5.2). Times are zero when they were not told.
type Call struct {
	ID           string // callId, of this half
	Tracking     string // extTrackingId, shared by all halves of the call
	Network      string // networkCallId
	Personality  Personality
	State        State
	Cause        Cause // only of failures
	Releasing    string
	Remote       Party
	Redirections []Redirection // newest first
	Redirect     *Redirect
	Endpoint     string // addressOfRecord
	HuntGroup    string // huntGroupUserId: a group offered this half
	ACD          *ACD   // a call centre offered it
	Recall       string // recallType: a transfer that failed comes back
	Start        time.Time
	Answer       time.Time // the first answer of this half
	HeldAt       time.Time
	DetachedAt   time.Time
	Release      time.Time
	// TotalHeld is how long the call was held before; HasTotalHeld says that it was told.
	TotalHeld      time.Duration
	HasTotalHeld   bool
	Recorded       bool
	RecordingState string
}

// Cause says why a half failed.
type Cause struct {
	Word string // internalReleaseCause
	Q850 string
	SIP  string
	CDR  string // cdrTerminationCause
}

// Party is the other end of a half.
type Party struct {
	Name     string
	Address  string // tel:+79000000201, tel:101, sip:…
	Country  string // the attribute countryCode
	UserID   string
	UserDN   string // tel:+79600000102;ext=102
	Private  bool
	CallType string
}

// Redirection is one of the ways by which a call came here.
type Redirection struct {
	Party   Party
	Reason  string
	Counter int
}

// Redirect is where a call was sent on to.
type Redirect struct {
	Address, Reason string
	At              time.Time
}

// ACD is the call centre that offered a call.
type ACD struct {
	UserID, Name, Number string
	Calls                int           // in its queue
	Waited               time.Duration // before this half rang
	Caller               Party
}
