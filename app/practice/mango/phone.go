package mango

import (
	"fmt"
	"time"

	"dozvon/app/mango"
)

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

// SetPhone sets the rule of an employee's telephone, or of a client's by his
// number. A rule wins over what a scenario would do with a telephone that has none.
func (p *PBX) SetPhone(number string, rule Rule) error {
	switch rule.Outcome {
	case Answers, Busy, NoAnswer, Declines:
	default:
		return fmt.Errorf("setting telephone %s: %w", number, ErrRule)
	}
	if rule.AfterMS < 0 {
		return fmt.Errorf("setting telephone %s: negative time: %w", number, ErrRule)
	}
	to, ok := p.staff.resolve(number)
	if !ok || to.group != "" {
		return fmt.Errorf("setting telephone %s: %w", number, ErrNumber)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if to.outside != "" {
		p.rules[to.outside] = rule
	} else {
		p.rules[to.extensions[0]] = rule
	}
	return nil
}

func (p *PBX) rule(number string, otherwise Rule) Rule {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r, ok := p.rules[number]; ok {
		return r
	}
	return otherwise
}

// after returns how long a telephone with this rule rings.
func (r Rule) after(t Timing, outside bool) time.Duration {
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

// reason is the code of a leg that was not answered.
func (r Rule) reason() mango.Int {
	switch r.Outcome {
	case Busy:
		return mango.CodeBusy
	case Declines:
		return mango.CodeRejected
	}
	return mango.CodeNoAnswer
}
