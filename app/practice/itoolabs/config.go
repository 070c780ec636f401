package itoolabs

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/day"
	"dozvon/app/practice/staff"
)

// Ways in which PBXs of this family differ.
const (
	// APIBoth, APIOld and APINew are the generations of the API that there are (section 1).
	APIBoth = "both"
	APIOld  = "old"
	APINew  = "new"
	// AnswerText, AnswerObject and AnswerNull are what a click-to-call is answered with: the call's id,
	// an object without one, or NULL (section 7).
	AnswerText   = "text"
	AnswerObject = "object"
	AnswerNull   = "null"
	// NumbersPlain, NumbersPlus and NumbersEight are the spellings of +7: 7…, +7…, 8… (section 3.1).
	NumbersPlain = "plain"
	NumbersPlus  = "plus"
	NumbersEight = "eight"
)

// Config says how the PBX is. Key, Token and Target are required for a PBX that anybody talks to; the
// zero value of the rest means the usual.
type Config struct {
	// Key opens the API, Token is what the PBX proves itself with, Target the one address that it
	// posts to.
	Key, Token, Target string
	// Address is this PBX's own, which the links to recordings begin with.
	Address string
	// Timing has the pauses of every call; a zero field means practice.DefaultTiming's.
	Timing practice.Timing
	// Now is the clock of listings; time.Now if nil.
	Now func() time.Time
	// Employees replace the built-in cast; Operators is how many there are at least, the missing ones
	// being made up from extension 106 on.
	Employees []staff.Employee
	Operators int
	// History is how many calls the PBX remembers; 0 means DefaultHistory.
	History int

	// API is APIBoth, APIOld or APINew, Answer AnswerText, AnswerObject or AnswerNull, Numbers
	// NumbersPlain, NumbersPlus or NumbersEight; the first of each if empty.
	API, Answer, Numbers string
	// JSON posts JSON instead of forms.
	JSON bool
	// NoDirection and NoExt leave direction and ext out of events, as old PBXs do (section 3.1); NoWait
	// leaves wait out of histories.
	NoDirection, NoExt, NoWait bool
	// OutgoingLate tells of a click-to-call once the operator has picked up, and not when he is rung:
	// which is true nobody knows (section 5).
	OutgoingLate bool
	// ContactWait is how long the PBX waits for the answer who calls; 2 s if 0. NoContact does not ask,
	// NoResponsible does not let the answer choose who is rung (the cabinet must allow it, section 3.3).
	ContactWait              time.Duration
	NoContact, NoResponsible bool
	// KeyedRecordings gives recordings to whoever has the key only (section 8).
	KeyedRecordings bool
	// ListingDelay is how long after its end a call is missing from the listing (section 9).
	ListingDelay time.Duration
	// Parallel sends events side by side without waiting for answers.
	Parallel bool
	// Faults are those in force at the start; see Faults.Validate.
	Faults Faults
	// FirstID is the number that ids grow from; if 0 it comes from the clock, so that a restart repeats none.
	FirstID int64
	// HTTP delivers the events; a client of its own if nil.
	HTTP *http.Client
	// RetryDelay is the first pause before an undelivered event is sent again; each next one is twice
	// as long. Whether the real PBX sends again is unknown; NoRetry does not.
	RetryDelay time.Duration
	NoRetry    bool
	Log        *slog.Logger
}

const (
	// DefaultHistory is how many calls are remembered.
	DefaultHistory = 20_000
	// defaultContactWait is what nobody knows of the real PBX: the call waits meanwhile.
	defaultContactWait = 2 * time.Second
	// maxContactWait is longer than any PBX would let a caller wait.
	maxContactWait = 5 * time.Second
)

// Validate reports every choice that the PBX does not know. Key, Token and Target are left to the caller.
func (c Config) Validate() error {
	var wrong []error
	for _, f := range []struct {
		name, value string
		may         []string
	}{
		{"api", c.API, []string{"", APIBoth, APIOld, APINew}},
		{"answer", c.Answer, []string{"", AnswerText, AnswerObject, AnswerNull}},
		{"numbers", c.Numbers, []string{"", NumbersPlain, NumbersPlus, NumbersEight}},
	} {
		if !slices.Contains(f.may, f.value) {
			wrong = append(wrong, fmt.Errorf("%w: %s is %q, want one of %q", practice.ErrConfig, f.name, f.value, f.may[1:]))
		}
	}
	if c.Operators < 0 || c.Operators > day.MaxOperators {
		wrong = append(wrong, fmt.Errorf("%w: operators is %d, want 0 to %d", practice.ErrConfig, c.Operators, day.MaxOperators))
	}
	if c.History < 0 {
		wrong = append(wrong, fmt.Errorf("%w: history is %d, want 0 or more", practice.ErrConfig, c.History))
	}
	if c.ContactWait < 0 || c.ContactWait > maxContactWait {
		wrong = append(wrong, fmt.Errorf("%w: contact-wait is %s, want at most %s", practice.ErrConfig, c.ContactWait, maxContactWait))
	}
	return errors.Join(append(wrong, c.Faults.Validate())...)
}

func (c Config) withDefaults() Config {
	c.Timing = c.Timing.WithDefaults()
	c.History = cmp.Or(c.History, DefaultHistory)
	c.API, c.Answer, c.Numbers = cmp.Or(c.API, APIBoth), cmp.Or(c.Answer, AnswerText), cmp.Or(c.Numbers, NumbersPlain)
	c.ContactWait = cmp.Or(c.ContactWait, defaultContactWait)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.FirstID = cmp.Or(c.FirstID, c.Now().UnixMilli()%1e9)
	return c
}
