package pbx

import (
	"context"
	"time"

	"dozvon/app/phone"
)

// Router shows the caller's name on a telephone and sends the call to one, after the call has
// come: the PBX's own way goes on meanwhile, so what is too late is not sent.
type Router interface {
	// Route replaces what is wanted of a call, and returns at once; a call that waits for the
	// PBX's rate limit is sent only if nothing has withdrawn it by then.
	Route(o RouteOrder)
	// Withdraw drops what is wanted of a call: it was answered, or has ended.
	Withdraw(call string)
	// Refused tells that a route to an extension was taken and then not carried out.
	Refused(to string, code int)
}

// RouteOrder is what we want of an inbound call that nobody has answered.
type RouteOrder struct {
	Call    string // the PBX's id of the call
	Leg     string // its leg that may be routed
	Command string // our id; the leg that it makes carries it
	To      string // extension or group that shall ring
	Name    string // the caller's name in full; the adapter shortens it
	// Forward says that To is our choice, and not where the call would have rung anyway. Such
	// calls go first.
	Forward bool
	// Turn is asked right before the route goes out, for several nodes send with one account. Nil: it
	// may go.
	Turn func(ctx context.Context) (RouteTurn, error)
	// Done is told once what became of it. Not called for what was replaced or withdrawn.
	Done func(RouteOutcome)
}

// RouteTurn says whether a route may go out now. Neither Go nor Wait: nobody wants it any more, or
// another node has sent it.
type RouteTurn struct {
	Go   bool
	Wait time.Duration // the account's turn is another node's for so long
	// End gives the turn back after Go: the next one comes after the pause.
	End func(pause time.Duration)
}

// RouteOutcome is what became of a RouteOrder.
type RouteOutcome struct {
	Order RouteOrder
	Shown string // the name as it was sent
	Err   error
}

// HealthState is whether commands may be sent.
type HealthState string

// States of health; in Careful only what people ask for is sent, in Rest nothing.
const (
	Healthy HealthState = "ok"
	Careful HealthState = "careful"
	Rest    HealthState = "blocked"
)

// Health is the state of the way to the PBX, and why.
type Health struct {
	State HealthState
	Until time.Time
	Code  int
	Words Words
}

// Patient is a PBX whose commands may have to rest.
type Patient interface {
	Health() Health
}

// Finding is one line of a check, in words with what to do.
type Finding struct {
	ID          string
	State       FindingState
	Name, Words Words
}

// FindingState is how one checked thing stands.
type FindingState string

// States of a finding.
const (
	FindingOK      FindingState = "ok"
	FindingWarning FindingState = "warning"
	FindingFailed  FindingState = "failed"
	FindingUnknown FindingState = "unknown"
)

// CheckFacts is what only the server knows of an integration, for an adapter's check.
type CheckFacts struct {
	HookURL string
	Now     time.Time
	// LastEvent is when the newest webhook came, Delay how much later than its own time stamp.
	LastEvent time.Time
	Delay     time.Duration
	// Owners names who has which extension with us.
	Owners map[string]string
	// Answered and Recorded count the talks of the last seven days and those with a recording.
	Answered, Recorded int
	// Routed is the newest attempt to show a name; Routes counts those of the last seven days.
	Routed     *RouteOutcome
	Routes     int
	Forwarding bool
}

// Contact is one of our cards in the PBX's own address book.
type Contact struct {
	ID          string // the PBX's; empty: not there yet
	Name        string
	Numbers     []phone.Number
	Responsible string // extension
}
