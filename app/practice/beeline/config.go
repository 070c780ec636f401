package beeline

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/routing"
	"dozvon/app/practice/day"
	"dozvon/app/practice/staff"
)

// Ways in which the real PBX was seen to write things.
const (
	// IDsUUID and IDsPair are the forms of extTrackingId: today's, and the n:m of before.
	IDsUUID = "uuid"
	IDsPair = "pair"
	// DomainsNew and DomainsOld are where userIds live since about 2025, and before.
	DomainsNew = "new"
	DomainsOld = "old"
	// EventsPrefixed and EventsPlain are the spellings of events; see xsi.Spelling.
	EventsPrefixed = "prefixed"
	EventsPlain    = "plain"
)

// Config says how the PBX is. Token is required for a PBX that anybody talks to; the zero value of the
// rest means the usual.
type Config struct {
	Token string
	// Timing has the pauses of every call; a zero field means practice.DefaultTiming's. AgentRing is
	// how long the call centre lets an agent ring; 18 s if 0 (section 7.4).
	Timing    practice.Timing
	AgentRing time.Duration
	// Now is the clock of timestamps; time.Now if nil.
	Now func() time.Time
	// Employees replace the built-in cast; Operators is how many there are at least, the missing ones
	// being made up from extension 106 on. An employee without Mobile is an abonent without SIM.
	Employees []staff.Employee
	Operators int
	// FirstExtension is what the extensions of the built-in cast begin with; 101 if 0.
	FirstExtension int
	// History is how many calls the PBX remembers; 0 means DefaultHistory.
	History int

	// IDs is IDsUUID or IDsPair, Domains DomainsNew or DomainsOld, Events EventsPrefixed or
	// EventsPlain; the first of each if empty. SIPAddresses writes sip: addresses instead of tel: ones.
	IDs, Domains, Events string
	SIPAddresses         bool
	// Details adds networkCallId, recordingState and allowedRecordingControls, which one source reads.
	Details bool
	// ClientInOriginating lets the first event of a click-to-call name the client, as the schema has
	// it; by default it names the operator himself, as live data does (section 7.7).
	ClientInOriginating bool
	// AppendNull appends /null to a subscribed address; CheckURL asks it with this method first.
	AppendNull bool
	CheckURL   string
	// BasicOnly refuses ADVANCED_CALL; OneSubscription ends an older subscription when a new one with
	// its target and address is made; MaxExpires cuts what is asked, in seconds (90 000 if 0).
	BasicOnly, OneSubscription bool
	MaxExpires                 int64
	// NoV2Call leaves out the second version of the call command (404).
	NoV2Call bool
	// ICRReplaces is the verb of icr/route that replaces the whole list, "POST" if empty, while the
	// other one merges: which is which nobody knows (section 12). Rules and ICRLines are there at the start.
	ICRReplaces string
	Rules       []routing.Rule
	ICRLines    []string
	// Softphones lets an operator decline a click-to-call as softphones do: Forbidden instead of Busy.
	Softphones bool
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
	// maxFirstExtension leaves the numbers from 700 on to group, queue and menu.
	maxFirstExtension = 690
	// defaultAgentRing is how long a call centre lets an agent ring (section 7.4: 18 s ± 0.1).
	defaultAgentRing = 18 * time.Second
	// defaultMaxExpires is the longest life of a subscription that was seen, in seconds (section 4).
	defaultMaxExpires = 90_000
)

// Validate reports every choice that the PBX does not know. Token is left to the caller.
func (c Config) Validate() error {
	var wrong []error
	for _, f := range []struct {
		name, value string
		may         []string
	}{
		{"ids", c.IDs, []string{"", IDsUUID, IDsPair}},
		{"domains", c.Domains, []string{"", DomainsNew, DomainsOld}},
		{"events", c.Events, []string{"", EventsPrefixed, EventsPlain}},
		{"check-url", c.CheckURL, []string{"", http.MethodGet, http.MethodHead}},
		{"icr-replaces", c.ICRReplaces, []string{"", http.MethodPost, http.MethodPut}},
	} {
		if !slices.Contains(f.may, f.value) {
			wrong = append(wrong, fmt.Errorf("%w: %s is %q, want one of %q", practice.ErrConfig, f.name, f.value, f.may[1:]))
		}
	}
	if c.Operators < 0 || c.Operators > day.MaxOperators {
		wrong = append(wrong, fmt.Errorf("%w: operators is %d, want 0 to %d", practice.ErrConfig, c.Operators, day.MaxOperators))
	}
	if c.FirstExtension < 0 || c.FirstExtension > maxFirstExtension {
		wrong = append(wrong, fmt.Errorf("%w: first-extension is %d, want 1 to %d", practice.ErrConfig, c.FirstExtension, maxFirstExtension))
	}
	if c.History < 0 {
		wrong = append(wrong, fmt.Errorf("%w: history is %d, want 0 or more", practice.ErrConfig, c.History))
	}
	return errors.Join(append(wrong, c.Faults.Validate())...)
}

func (c Config) withDefaults() Config {
	c.Timing = c.Timing.WithDefaults()
	c.AgentRing = cmp.Or(c.AgentRing, defaultAgentRing)
	c.History = cmp.Or(c.History, DefaultHistory)
	c.IDs, c.Domains, c.Events = cmp.Or(c.IDs, IDsUUID), cmp.Or(c.Domains, DomainsNew), cmp.Or(c.Events, EventsPrefixed)
	c.MaxExpires = cmp.Or(c.MaxExpires, defaultMaxExpires)
	c.ICRReplaces = cmp.Or(c.ICRReplaces, http.MethodPost)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.FirstID = cmp.Or(c.FirstID, c.Now().UnixMilli()%1e9)
	return c
}
