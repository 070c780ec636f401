package call

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"dozvon/app/phone"
)

// Kind is what an event tells of.
type Kind string

// The kinds of events. A PBX sends the first four and tells the histories when asked; the
// others are ours.
const (
	KindLeg       Kind = "leg"       // one leg changed its state
	KindSummary   Kind = "summary"   // the PBX's last word on the whole call
	KindRecording Kind = "recording" // a recording began, ended, or can be heard
	KindDigits    Kind = "digits"    // the caller pressed digits in the voice menu
	KindDialled   Kind = "dialled"   // an employee asked for a click-to-call
	KindRefused   Kind = "refused"   // the PBX took back a click-to-call that it had accepted
	KindRouted    Kind = "routed"    // we sent the caller's name, and perhaps the call, to a telephone
	KindClosed    Kind = "closed"    // the PBX never told the end, so we closed the call
	// KindOver: a leg is over by At at the latest, though no event told its end. Void as soon as an
	// event tells of something later on that leg. Where another event shows how the leg ended, End says
	// it; without End it is a guess, and a call that ends by it alone is unconfirmed.
	KindOver Kind = "over"

	KindHistory    Kind = "history"     // the PBX's own record of the whole call
	KindHistoryLeg Kind = "history_leg" // the PBX's own record of one leg
)

// LegState is where one leg stands.
type LegState string

// The states of a leg; LegEnded is final.
const (
	LegRinging LegState = "ringing"
	LegTalking LegState = "talking"
	LegHeld    LegState = "held"
	LegEnded   LegState = "ended"
)

// Place is where in the PBX a leg stays.
type Place string

// Places; a leg of a voice menu or queue rings nobody.
const (
	PlaceMenu     Place = "menu"
	PlaceQueue    Place = "queue"
	PlaceEmployee Place = "employee"
)

// Party is one end of a leg: an employee by extension, or an outside number.
type Party struct {
	Extension string       `json:"extension,omitempty"`
	Number    phone.Number `json:"number,omitempty"`
	// Device is what the PBX calls the telephone behind the extension, for commands that want it.
	Device string `json:"device,omitempty"`
}

// Outside reports whether this end is not one of the school's extensions.
func (p Party) Outside() bool { return p.Extension == "" }

// Recording states, in the order in which they may come.
const (
	RecordingStarted   = "started"
	RecordingCompleted = "completed"
	RecordingReady     = "ready"
	// RecordingGone: the PBX has deleted it. RecordingDropped: the PBX did not keep it.
	RecordingGone    = "gone"
	RecordingDropped = "dropped"
)

// Event is one thing that happened to a call, in no PBX's words.
type Event struct {
	Kind Kind      `json:"kind"`
	Key  string    `json:"key,omitempty"` // the PBX's id of the whole call
	At   time.Time `json:"at"`

	// Fact names what happened, where the PBX tells no time and we date an event by its arrival: two
	// events with one Fact are one, and the earlier is it.
	Fact string `json:"fact,omitempty"`
	// Guessed says that From and To are a guess: what another event of the same leg tells of them counts.
	Guessed bool `json:"guessed,omitempty"`

	Leg      string   `json:"leg,omitempty"` // the PBX's id of the leg
	Seq      int64    `json:"seq,omitempty"` // grows within the leg; where all are 0, At orders them
	State    LegState `json:"state,omitempty"`
	Place    Place    `json:"place,omitempty"`
	From     Party    `json:"from,omitzero"`
	To       Party    `json:"to,omitzero"`
	Line     string   `json:"line,omitempty"`
	Group    string   `json:"group,omitempty"`    // the internal number of the group that rings
	After    string   `json:"after,omitempty"`    // the leg that this one continues
	Callback bool     `json:"callback,omitempty"` // the leg belongs to a callback
	Command  string   `json:"command,omitempty"`  // our command that made it
	Cause    int      `json:"cause,omitempty"`    // the PBX's own code of an end or refusal
	End      End      `json:"end,omitempty"`      // the same in our words

	// Said is what the PBX said about an end or refusal, where it has words instead of codes.
	Said string `json:"said,omitempty"`
	// Final: with the end of this leg the whole call has ended, whatever else is known to live. Void as
	// soon as an event tells of something later. Without it a call ends when a party hangs up, when
	// it is summarised, or when it has been silent.
	Final bool `json:"final,omitempty"`
	// Soft: an end that is void once the leg has a state with a higher Seq.
	Soft bool `json:"soft,omitempty"`
	// Fork names the legs that ring for one caller at once: when one of them talks, the others ring no
	// more, whatever is told of them and when.
	Fork string `json:"fork,omitempty"`
	// Quiet: of a closed call, silence is how this PBX ends one, so that nothing is unconfirmed. Void
	// as soon as an event tells of something later.
	Quiet bool `json:"quiet,omitempty"`
	// Silent: of a closed call, no leg of it lived. Void as soon as an event tells of something later:
	// then it was a gap, as a queue that tries again makes one.
	Silent bool `json:"silent,omitempty"`
	// Unsure: of a summary that says nobody talked, it knows less than the events of the legs: a talk
	// that one of them told of stands. Of a history, it is of a part of the call, or of rounded times:
	// whatever the legs tell stands. Of a recording, it may be one that an event tells of under another id.
	Unsure bool `json:"unsure,omitempty"`

	Direction Direction `json:"direction,omitempty"` // of a summary
	Answered  time.Time `json:"answered,omitzero"`   // of a summary or history; zero: nobody talked
	Began     time.Time `json:"began,omitzero"`      // of a summary or history, whose At is the end

	Test bool   `json:"test,omitempty"` // of a dialled call: the connectivity test, no call of the school's
	Name string `json:"name,omitempty"` // of a routed call: what the telephone was told to show
	// RoutedFor and RoutedTo say why a call was sent to somebody, and to whom, as it was then.
	RoutedFor RouteReason `json:"routed_for,omitempty"`
	RoutedTo  string      `json:"routed_to,omitempty"`

	Recording      string `json:"recording,omitempty"`
	RecordingState string `json:"recording_state,omitempty"`
	Digits         string `json:"digits,omitempty"`
}

// RouteReason is why a call was sent to an employee.
type RouteReason string

// Reasons; the empty one was not noted by former versions.
const (
	RoutedForContract RouteReason = "contract" // they are responsible for the contract
	RoutedForClient   RouteReason = "client"   // they are responsible for the client
	RoutedForTask     RouteReason = "task"     // they were asked to call back
)

// End is why a leg or call ended, in our words.
type End string

// Ends. EndMoved means that the call went on elsewhere; it tells nothing of the whole call.
const (
	EndByCaller End = "by_caller"
	EndByCalled End = "by_called"
	EndMoved    End = "moved"
	EndNoAnswer End = "no_answer"
	EndBusy     End = "busy"
	EndDeclined End = "declined"
	EndFailed   End = "failed"
)

// Direction of a call, seen from the school.
type Direction string

// Directions; the empty one means that nothing told it yet.
const (
	In       Direction = "in"
	Out      Direction = "out"
	Internal Direction = "internal"
)

// ID names an event among all of its call: the same event has the same one, whenever it is asked for.
func (e Event) ID() string {
	if e.Fact != "" {
		return "fact " + e.Fact
	}
	sum := sha256.Sum256([]byte(content(e)))
	return hex.EncodeToString(sum[:12])
}
