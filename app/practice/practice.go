// Package practice has the words that every practice PBX understands: what a call to be played is,
// how a telephone behaves, how long things take, and how the PBX tells what really happened. The
// PBXs themselves are in a folder a kind; what they share is in the folders of what it is: sim
// (time), faults, delivery (webhooks), staff, recordings, day, control.
package practice

import (
	"cmp"
	"fmt"
	"time"
)

// CallRequest asks for a call. Only From is needed for an inbound call.
type CallRequest struct {
	// From is the caller: a client's number, or an extension in outbound and internal scenarios.
	// Empty is an anonymous client.
	From string `json:"from"`
	// Line is our number that the client dialled; the first line if empty.
	Line string `json:"line,omitempty"`
	// To is the extension or group that rings, or the client of an outbound call; the scenario's if empty.
	To string `json:"to,omitempty"`
	// Scenario is one of the PBX's; "answered" if empty.
	Scenario string `json:"scenario,omitempty"`
	// RingMS and TalkMS replace the usual times, in milliseconds.
	RingMS int64 `json:"ring_ms,omitempty"`
	TalkMS int64 `json:"talk_ms,omitempty"`
}

// Scenario is a kind of call.
type Scenario struct {
	Name  string `json:"name"`
	About string `json:"about"`
}

// What a telephone does when it rings.
const (
	Answers  = "answers"
	Busy     = "busy"
	NoAnswer = "no-answer"
	Declines = "declines"
)

// Rule is how one telephone behaves.
type Rule struct {
	// Outcome is Answers, Busy, NoAnswer or Declines.
	Outcome string `json:"outcome"`
	// AfterMS is how long it rings first, in milliseconds; 0 means the call's usual.
	AfterMS int64 `json:"after_ms,omitempty"`
}

// Validate refuses what no telephone does.
func (r Rule) Validate() error {
	switch r.Outcome {
	case Answers, Busy, NoAnswer, Declines:
	default:
		return ErrRule
	}
	if r.AfterMS < 0 {
		return fmt.Errorf("negative time: %w", ErrRule)
	}
	return nil
}

// After returns how long a telephone with this rule rings; outside is a client's.
func (r Rule) After(t Timing, outside bool) time.Duration {
	switch {
	case r.AfterMS > 0:
		return time.Duration(r.AfterMS) * time.Millisecond
	case r.Outcome == NoAnswer:
		return t.NoAnswer
	case r.Outcome == Busy:
		return t.Ring / 4
	case outside:
		return t.Outside
	}
	return t.Ring
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
	// Join is how long the first leg of a callback lives after the operator picked up.
	Join time.Duration
	// Hold is how long the employee leaves somebody on hold before he takes him back from his
	// telephone, Consult how long he talks to a consultant before he hangs up and so joins the two.
	Hold, Consult time.Duration
	// RecordingDelay is from the end of a call until its recording is there.
	RecordingDelay time.Duration
}

// defaultTiming is never written to.
var defaultTiming = Timing{
	IVR: 2 * time.Second, Ring: 4 * time.Second, NoAnswer: 20 * time.Second, Outside: 3 * time.Second,
	Talk: 12 * time.Second, Join: 2 * time.Second, RecordingDelay: 3 * time.Second,
	Hold: 8 * time.Second, Consult: 6 * time.Second,
}

// DefaultTiming returns the pauses that suit a person who watches the screen.
func DefaultTiming() Timing { return defaultTiming }

// WithDefaults replaces every zero by DefaultTiming's.
func (t Timing) WithDefaults() Timing {
	d := defaultTiming
	return Timing{
		IVR: cmp.Or(t.IVR, d.IVR), Ring: cmp.Or(t.Ring, d.Ring), NoAnswer: cmp.Or(t.NoAnswer, d.NoAnswer),
		Outside: cmp.Or(t.Outside, d.Outside), Talk: cmp.Or(t.Talk, d.Talk), Join: cmp.Or(t.Join, d.Join),
		RecordingDelay: cmp.Or(t.RecordingDelay, d.RecordingDelay),
		Hold:           cmp.Or(t.Hold, d.Hold), Consult: cmp.Or(t.Consult, d.Consult),
	}
}

// Of returns the pauses that a request wants.
func (t Timing) Of(r CallRequest) Timing {
	if r.RingMS > 0 {
		t.Ring = time.Duration(r.RingMS) * time.Millisecond
		t.NoAnswer, t.Outside = t.Ring, t.Ring
	}
	if r.TalkMS > 0 {
		t.Talk = time.Duration(r.TalkMS) * time.Millisecond
	}
	return t
}

// The directions of CallTruth.
const (
	Internal = 0
	Inbound  = 1
	Outbound = 2
)

// CallTruth is an ended call as the PBX itself knows it, whatever became of its
// webhooks: what a server's own list is to be compared with.
type CallTruth struct {
	// EntryID is the PBX's id of the call.
	EntryID string `json:"entry_id"`
	// Aliases are further ids that the PBX gave it, such as a consultation's.
	Aliases []string `json:"aliases,omitempty"`
	// Direction is Internal, Inbound or Outbound.
	Direction int `json:"direction"`
	// Client is the outside number, digits with the country code; "" in internal and anonymous calls.
	Client string `json:"client"`
	// Line is our line, digits or a sip: address; "" in internal calls.
	Line string `json:"line"`
	// Answered says that two people talked; a callback's first leg alone is no talk.
	Answered bool `json:"answered"`
	// TalkSeconds is from the first answer to the end, holds included.
	TalkSeconds int64 `json:"talk_seconds"`
	Start       int64 `json:"start"` // Unix seconds
	End         int64 `json:"end"`   // Unix seconds
	// Rang are the extensions that rang, each once, in order; of a call that an employee dialled, the called one's only.
	Rang []string `json:"rang"`
	// Talked are the extensions that talked, in order.
	Talked []string `json:"talked"`
	// With are the extensions that talked with the other party of the call, in order: who was only
	// asked in a consultation is not among them.
	With []string `json:"with"`
	// Recordings are the ids of the recordings in order, ready or not.
	Recordings []string `json:"recordings"`
	// Reason is the kind's code of how the call ended, if it has numbers for that.
	Reason int `json:"reason"`
}

// CallView is a call as the control API shows it.
type CallView struct {
	EntryID string    `json:"entry_id"`
	Ended   bool      `json:"ended"`
	Legs    []LegView `json:"legs"`
}

// LegView is a leg in the state that was reported last.
type LegView struct {
	CallID    string `json:"call_id"`
	State     string `json:"state"`
	Location  string `json:"location"`
	From      string `json:"from"`
	To        string `json:"to"`
	Extension string `json:"extension,omitempty"`
	// ShownName is what a command put on the telephone's display.
	ShownName string `json:"shown_name,omitempty"`
}
