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

// RuleRouter sends callers to their responsible by rules that lie in the PBX before the call comes.
type RuleRouter interface {
	// SyncRules makes the PBX's rules of ours those that are wanted. It reads the rules before and after, and
	// puts back what a change has taken away.
	SyncRules(ctx context.Context, o RuleOrder) (RuleReport, error)
	// MaxRules is how many may lie there; 0: nobody knows of a limit.
	MaxRules() int
}

// RuleOrder is what shall lie in the PBX.
type RuleOrder struct {
	// Ours are the rules that the last SyncRules left, and those that may lie there since; all others in the
	// PBX are somebody else's and stay.
	Ours, Want []Rule
	// Others are somebody else's rules as the last Note had them, in the PBX's form, if no RuleReport has
	// settled them since: a change may have taken them away, and those that are missing are put back.
	Others []byte
	// Note keeps somebody else's rules before each change of the list; where it fails, nothing is changed.
	Note func(ctx context.Context, others []byte) error
}

// Rule sends one caller to one extension.
type Rule struct {
	Number    phone.Number `json:"number"`
	Extension string       `json:"extension"`
}

// RuleReport is what lies in the PBX after SyncRules.
type RuleReport struct {
	Ours    []Rule
	Foreign int // rules of others
	// Refused are rules that the PBX did not take, with its own words.
	Refused []RefusedRule
	// Settled says that somebody else's rules were all seen to lie there after the last change, and that
	// none is under way.
	Settled bool
}

// RefusedRule is one that the PBX did not take.
type RefusedRule struct {
	Rule Rule
	Said string
}

// Question is asked by the PBX at the beginning of an inbound call, which waits for the answer.
type Question struct {
	Key    string // of the call
	Number phone.Number
	Line   string
}

// Reply is what the school knows of a caller; empty fields: nothing.
type Reply struct {
	Name      string // the caller's name in full; the adapter shortens it
	Extension string // whose telephone shall ring
}

// Answerer puts a Reply into the PBX's own form. It answers from memory.
type Answerer interface {
	Answer(q Question, r Reply) Answer
}
