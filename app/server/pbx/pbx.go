// Package pbx holds what any PBX is to us: how a kind of PBX describes itself, the small
// interfaces that an adapter fills, and the refusals that cross them. What a PBX cannot do, its
// adapter does not implement, and callers ask by type assertion. It knows no PBX by name and does
// no I/O.
package pbx

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/call"
	"dozvon/app/server/outbound"
)

// Account is what an adapter needs of an integration.
type Account struct {
	// Credentials are what the kind asks for, by the names of its fields.
	Credentials map[string]string
	URL         string
	Now         func() time.Time
	// Shared is what several nodes that use the account know together; nil: there is one alone.
	Shared Shared
	// Outbound says which addresses the adapter may connect to.
	Outbound outbound.Policy
}

// Shared keeps what the nodes that use one account must agree on. Safe for concurrent use.
type Shared interface {
	// Read returns what was written last under a name; nil when nothing was.
	Read(ctx context.Context, name string) ([]byte, error)
	// Change makes of the present value the next one, at once for all nodes. change may run more than once.
	Change(ctx context.Context, name string, change func([]byte) []byte) error
}

// Request is a request of the PBX as it came. Path is what follows the integration's own address:
// "/null" of /hook/word/null, "/events/call" of /path/events/call where accounts share a path. Body is unpacked, at most 1 MiB.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   []byte
}

// Provider is what every PBX can do: turn its requests to us into events.
type Provider interface {
	// Decode checks who sent the request and reads its events, without I/O. ErrForged, ErrUnreadable,
	// ErrForeign.
	Decode(Request) (Delivery, error)
	// Explain gives the PBX's own code in words.
	Explain(code int) bilingual.Text
}

// Overer tells which of its codes mean that the call a command was about is over.
type Overer interface {
	Over(code int) bool
}

// Adviser says what to do about a code.
type Adviser interface {
	Advise(code int) bilingual.Text
}

// Delivery is one decoded request of the PBX.
type Delivery struct {
	Events   []call.Event
	Outcomes []Outcome
	Receipts []Receipt
	// Joins are pairs of keys that are one call: a consultation, a transfer that got an id of its own.
	Joins []Join
	// Question is one that the PBX waits for an answer to: the caller's name and whom to ring.
	Question *Question
	// Answer is what is answered to the PBX once all is durable; zero: 200 without a body. The answer to
	// a Question comes from the adapter's Answerer instead.
	Answer  Answer
	Payload []byte // what is kept of the request in the raw log; without secrets
	Probe   bool   // the cabinet only asked whether we are here
	// Unfit says why a request that is the PBX's own tells nothing: it is not of its path, or of a
	// time that cannot be. It wraps ErrUnreadable. The payload is kept and nothing else is done.
	Unfit error
	// Subscription is the id of the subscription that the request came by; empty for kinds without
	// any. What comes by one that is not ours changes nothing.
	Subscription string
	// Ended says that this subscription has ended, and another is needed at once.
	Ended bool
	// Gap says that events before this one were lost, so that a comparison with the statistics is due.
	Gap bool
	// Stranger says that somebody was named who is not in the adapter's directory, so that it must be
	// read again.
	Stranger bool
}

// Join says that two of the PBX's call keys are one call; it goes on under Key.
type Join struct{ Key, Other string }

// Answer is what the PBX is answered.
type Answer struct {
	Status      int // 0 means 200
	ContentType string
	Body        []byte
}

// Clocked is a PBX whose own time is known: its events are dated by that.
type Clocked interface {
	Clock() time.Time
}

// Outcome is what became of a command of ours. Cause is 0 and Said is empty when it was carried out; Said
// are the PBX's own words of a refusal, where it has no code.
type Outcome struct {
	Command string
	Cause   int
	Said    string
}

// Receipt is what became of a message of ours. Cause is 0 when it arrived.
type Receipt struct {
	Command string
	Cause   int
	At      time.Time
}
