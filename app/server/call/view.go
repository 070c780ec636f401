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
	ID    string
	Ready bool
}

// View is the call as people see it, computed from all that is known of it.
type View struct {
	Direction  Direction
	State      State
	Phone      phone.Number
	Line       string
	Ringing    []string // extensions that ring now
	Rang       []string // extensions that rang
	Extension  string   // who talked last, else who was asked first
	StartedAt  time.Time
	AnsweredAt time.Time
	EndedAt    time.Time
	Talk       time.Duration
	Result     Result
	Cause      int
	Path       []Step
	Recordings []Recorded
	Step       int    // of a click-to-call: 1 rings the operator, 2 the outside party, 3 they talk
	RouteLeg   string // a leg that may still be routed
	TalkLeg    string // the leg to hang up or transfer: the one that lives
	// Idle is true when no leg lives and no event told the end: the PBX owes us a word.
	Idle bool
}

// Show computes what people see of c.
func (c Call) Show() View {
	s := scene{events: c.Events, legs: legs(c.Events)}
	for i, e := range c.Events {
		switch e.Kind {
		case KindSummary:
			s.summary = &c.Events[i]
		case KindDialled:
			s.dialled = &c.Events[i]
		case KindRefused:
			s.refused = &c.Events[i]
		case KindClosed:
			s.closed = &c.Events[i]
		}
	}
	v := View{Direction: s.direction(), Phone: s.phone(), Line: s.line(), Recordings: s.recordings()}
	internal := v.Direction == Internal
	v.StartedAt = s.started()
	v.AnsweredAt, v.Extension = s.answered(internal)
	v.Ringing, v.Rang = s.rang(v.Direction)
	if v.Extension == "" {
		v.Extension = s.asked(v.Rang)
	}
	v.Path = s.path(internal)
	v.State, v.Idle = s.state(internal, !v.AnsweredAt.IsZero())
	v.Step = s.step(v)
	v.RouteLeg, v.TalkLeg = s.commandLegs()
	if v.State == Ended {
		s.end(&v)
	}
	return v
}
