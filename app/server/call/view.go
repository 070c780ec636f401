package call

import (
	"time"

	"dozvon/app/phone"
)

// Result of an ended call.
type Result string

// Results; the API's contract says what each means.
const (
	Answered   Result = "answered"
	Missed     Result = "missed"
	NoAnswer   Result = "no_answer"
	Busy       Result = "busy"
	Declined   Result = "declined"
	Failed     Result = "failed"
	NotStarted Result = "not_started"
)

// State is where the whole call stands.
type State string

// The states of a call; Ended is final unless a late event tells otherwise.
const (
	Ringing State = "ringing"
	Talking State = "talking"
	Held    State = "held"
	Ended   State = "ended"
)

// Step is one leg that reached an employee.
type Step struct {
	Extension string
	From, To  time.Time // To is zero while the leg lives
	State     State
}

// Recorded is one recording of a call.
type Recorded struct {
	ID           string
	Ready        bool
	Gone         bool   // the PBX has deleted it
	Extension    string // whose talk it is, if the PBX told
	Began, Ended time.Time
	unsure       bool // it may be another under a second id
}

// Consultation is a colleague whom the employee asks while the client waits on hold.
type Consultation struct {
	Extension string
	State     State
	// HeldLeg is the client's, Leg the colleague's, and Device what the asking employee talks on.
	HeldLeg, Leg, Device string
}

// Routed is what we told the PBX about an inbound call.
type Routed struct {
	Name string
	To   string // the extension that we sent the call to; empty: it went its own way
	// For and Whom say why to whom, as it was then; empty: a former version did not note it.
	For  RouteReason
	Whom string
	// Cause is the PBX's code when it refused, else 0; Said are its words where it has no code.
	Cause int
	Said  string
}

// View is the call as people see it, computed from all that is known of it.
type View struct {
	Direction Direction
	State     State
	Phone     phone.Number
	Line      string
	Ringing   []string // extensions that ring now
	Rang      []string // extensions that rang
	Extension string   // who talked last, else who was asked first
	// Caller and Called are the extensions at the ends of an internal call.
	Caller, Called string
	StartedAt      time.Time
	AnsweredAt     time.Time
	EndedAt        time.Time
	Talk           time.Duration
	Result         Result
	Cause          int
	Said           string // the PBX's own words about the end, where it has no code
	Path           []Step
	Recordings     []Recorded
	Step           int    // of a click-to-call: 1 rings the operator, 2 the outside party, 3 they talk
	RouteLeg       string // a leg that may still be routed
	// RoutePlace, RouteExtension, RouteGroup and RouteAt tell of RouteLeg: where it waits, whose
	// telephone it rings, as a member of which group, and since when.
	RoutePlace     Place
	RouteExtension string
	RouteGroup     string
	RouteAt        time.Time
	Queued         bool   // the caller waits in a queue of the PBX
	TalkLeg        string // the leg to hang up or transfer: the one that lives
	TalkExtension  string // the employee on TalkLeg
	TalkState      State  // of TalkLeg
	Consulting     *Consultation
	Routed         *Routed
	// Unconfirmed: the PBX never told the end, a time limit did.
	Unconfirmed bool
	// Restored: the PBX's own record told what no event had.
	Restored bool
	// Listed: the PBX's own record has the call.
	Listed bool
	Test   bool // the connectivity test
	// Idle is true when no leg lives and no event told the end: the PBX owes us a word.
	Idle bool
}

// View computes what people see of c.
func (c Call) View() View {
	s, filled := sortOut(c)
	v := View{Direction: s.direction(), Phone: s.phone(), Line: s.line(), Recordings: s.recordings()}
	internal := v.Direction == Internal
	v.StartedAt = s.started()
	v.AnsweredAt, v.Extension = s.answered(internal)
	if !v.AnsweredAt.IsZero() && v.AnsweredAt.Before(v.StartedAt) {
		v.StartedAt = v.AnsweredAt // clocks differ: a call's times are in order all the same
	}
	v.Ringing, v.Rang = s.rang(v.Direction)
	if v.Extension == "" {
		v.Extension = s.asked(v.Rang)
	}
	if internal {
		v.Caller, v.Called = endsOf(s)
	}
	v.Path = s.path(internal)
	v.State, v.Idle = s.state(internal, !v.AnsweredAt.IsZero())
	v.Step = s.step(v)
	s.commands(&v)
	v.Routed = s.route()
	v.Listed = s.history != nil
	v.Test = s.dialled != nil && s.dialled.Test
	v.Restored = s.history != nil && (filled || !s.told)
	v.Unconfirmed = s.summary == nil && (s.closed != nil && !s.closed.Quiet || v.State == Ended && s.guessed())
	if v.State == Ended {
		s.end(&v)
	}
	return v
}
