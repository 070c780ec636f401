package practice

import (
	"cmp"
	"log/slog"
	"net/http"
	"time"
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
	// FirstID is the number that ids grow from; if 0 it comes from the clock, so that a restart repeats none.
	FirstID int64
	// HTTP delivers the events; a client with DeliveryTimeout if nil.
	HTTP *http.Client
	// RetryDelay is the first pause before an undelivered event is sent again; each next one is twice as long.
	RetryDelay time.Duration
	Log        *slog.Logger
}

// Timing is how long each part of a call takes.
type Timing struct {
	// IVR is the stay in the voice menu.
	IVR time.Duration
	// Ring is how long a telephone rings before its owner answers or declines.
	Ring time.Duration
	// NoAnswer is how long a telephone rings that nobody answers.
	NoAnswer time.Duration
	// Outside is how long a client's telephone rings before he answers.
	Outside time.Duration
	// Talk is the conversation.
	Talk time.Duration
	// Join is how long the first leg of a callback lives after the operator picked up; the document shows 2 s.
	Join time.Duration
	// RecordingDelay is from the end of a call to its record/added.
	RecordingDelay time.Duration
}

// defaultTiming is never written to.
var defaultTiming = Timing{
	IVR: 2 * time.Second, Ring: 4 * time.Second, NoAnswer: 20 * time.Second, Outside: 3 * time.Second,
	Talk: 12 * time.Second, Join: 2 * time.Second, RecordingDelay: 3 * time.Second,
}

// DefaultTiming returns the pauses that suit a person who watches the screen.
func DefaultTiming() Timing { return defaultTiming }

func (t Timing) withDefaults() Timing {
	d := defaultTiming
	return Timing{
		IVR: cmp.Or(t.IVR, d.IVR), Ring: cmp.Or(t.Ring, d.Ring), NoAnswer: cmp.Or(t.NoAnswer, d.NoAnswer),
		Outside: cmp.Or(t.Outside, d.Outside), Talk: cmp.Or(t.Talk, d.Talk), Join: cmp.Or(t.Join, d.Join),
		RecordingDelay: cmp.Or(t.RecordingDelay, d.RecordingDelay),
	}
}

// DeliveryTimeout bounds one attempt to deliver an event.
const DeliveryTimeout = 5 * time.Second

func (c Config) withDefaults() Config {
	c.Timing = c.Timing.withDefaults()
	c.RetryDelay = cmp.Or(c.RetryDelay, 250*time.Millisecond)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: DeliveryTimeout}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.FirstID = cmp.Or(c.FirstID, c.Now().UnixMilli())
	return c
}
