package mango

import (
	"fmt"

	"dozvon/app/mango"
)

// SetPhone sets the rule of an employee's telephone, or of a client's by his
// number. A rule wins over what a scenario would do with a telephone that has none.
func (p *PBX) SetPhone(number string, rule Rule) error {
	if err := rule.Validate(); err != nil {
		return fmt.Errorf("setting telephone %s: %w", number, err)
	}
	to, ok := p.staff.Resolve(number)
	if !ok || to.Group != "" {
		return fmt.Errorf("setting telephone %s: %w", number, ErrNumber)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if to.Outside != "" {
		p.rules[to.Outside] = rule
	} else {
		p.rules[to.Extensions[0]] = rule
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

// reasonOf is the code of a leg that was not answered.
func reasonOf(r Rule) mango.Int {
	switch r.Outcome {
	case Busy:
		return mango.CodeBusy
	case Declines:
		return mango.CodeRejected
	}
	return mango.CodeNoAnswer
}
