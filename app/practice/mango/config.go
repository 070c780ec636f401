package mango

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/day"
)

// Config says who the PBX talks to. Key, Salt and Target are required for a PBX
// that anybody listens to; the zero value of the rest means the usual.
type Config struct {
	Key, Salt string
	// Target is the server's base, such as http://127.0.0.1:8420/mango; events go to Target + "/events/call".
	Target string
	// Timing has the pauses of every call; a zero field means DefaultTiming's.
	Timing Timing
	// NoLimits switches the rate limits and the bad-request block off.
	NoLimits bool
	// Now is the clock of timestamps and limits; time.Now if nil.
	Now func() time.Time
	// Employees replace the built-in cast; Operators is how many there are at least, the missing
	// ones being made up from extension 106 on. Odd adds one whose extension begins with a zero
	// and whose e-mail is null.
	Employees []Employee
	Operators int
	Odd       bool
	// History is how many calls the PBX remembers, for statistics, List and 4101; 0 means DefaultHistory.
	History int
	// Recordings is RecordAll, RecordOnCommand or RecordNone; empty means RecordAll.
	Recordings string
	// RecordEachEmployee begins a recording of its own for whoever takes a transferred call over;
	// else the first one goes on (events/recording Continued).
	RecordEachEmployee bool
	// HoldOff makes commands/call/hold/off work. The document has no such command (inferred), so
	// without it the answer is 4001, like that to any unknown command.
	HoldOff bool
	// AudioFiles are the internal_id that commands/play/start knows.
	AudioFiles []string
	// StatsDelay is how long a statistics takes to be ready, SMSDelay how long a message is on its way.
	StatsDelay, SMSDelay time.Duration
	// Parallel sends webhooks side by side without waiting for answers, as the real PBX does
	// (section 3.1.2); by default they come one after another, in the order they happened.
	Parallel bool
	// Multipart sends webhooks as multipart/form-data instead of urlencoded.
	Multipart bool
	// Faults are those in force at the start; see Faults.Validate.
	Faults Faults
	// Contacts are what the address book begins with; SilentAddressBook leaves out events/ab/contact.
	Contacts          []mango.Contact
	SilentAddressBook bool
	// FirstID is the number that ids grow from; if 0 it comes from the clock, so that a restart repeats none.
	FirstID int64
	// Telephones ring beside the simulated ones, which an extension has that none is registered for; nil: none.
	Telephones practice.Telephones
	// HTTP delivers the events; a client of its own if nil.
	HTTP *http.Client
	// RetryDelay is the first pause before an undelivered event is sent again; each next one is twice as long.
	RetryDelay time.Duration
	Log        *slog.Logger
}

// Which talks are recorded.
const (
	// RecordAll records every talk by itself.
	RecordAll = "all"
	// RecordOnCommand records only what commands/recording/start asks for.
	RecordOnCommand = "command"
	// RecordNone records nothing: recording/start is refused with 4100.
	RecordNone = "none"
)

// DefaultHistory is how many calls are remembered: a month of a school, and more than any client pages through at once.
const DefaultHistory = 20_000

// Validate reports every choice that the PBX does not know. Key, Salt and Target are left to the
// caller: a PBX that nobody listens to needs none.
func (c Config) Validate() error {
	var wrong []error
	if c.Recordings != "" && c.Recordings != RecordAll && c.Recordings != RecordOnCommand && c.Recordings != RecordNone {
		wrong = append(wrong, fmt.Errorf("%w: recordings is %q, want %s, %s or %s", ErrConfig, c.Recordings, RecordAll, RecordOnCommand, RecordNone))
	}
	if c.History < 0 {
		wrong = append(wrong, fmt.Errorf("%w: history is %d, want 0 or more", ErrConfig, c.History))
	}
	if c.Operators < 0 || c.Operators > day.MaxOperators {
		wrong = append(wrong, fmt.Errorf("%w: operators is %d, want 0 to %d", ErrConfig, c.Operators, day.MaxOperators))
	}
	return errors.Join(append(wrong, c.Faults.Validate())...)
}

func (c Config) withDefaults() Config {
	c.Timing = c.Timing.WithDefaults()
	c.History = cmp.Or(c.History, DefaultHistory)
	c.Recordings = cmp.Or(c.Recordings, RecordAll)
	c.StatsDelay = cmp.Or(c.StatsDelay, time.Second)
	c.SMSDelay = cmp.Or(c.SMSDelay, 2*time.Second)
	if c.AudioFiles == nil {
		c.AudioFiles = []string{"1001", "1002"}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.FirstID = cmp.Or(c.FirstID, c.Now().UnixMilli())
	return c
}
