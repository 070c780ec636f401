package beeline

import (
	"slices"
	"sync"

	"dozvon/app/practice/staff"
)

// Rule is one of individual routing («индивидуальная переадресация», section 12): whose calls go to
// which employee. Number is the client's, as this PBX writes it: ten digits of +7.
type Rule struct {
	Number    string `json:"inboundNumber"`
	Extension string `json:"extension"`
}

// routing is the rules, and the lines for which they act.
type routing struct {
	mu    sync.Mutex // guards what follows
	lines []string
	rules []Rule
}

func newRouting(c Config) *routing {
	r := &routing{rules: slices.Clone(c.Rules)}
	for _, line := range c.ICRLines {
		r.lines = append(r.lines, staff.Digits(line))
	}
	return r
}

func (r *routing) list() []Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Rule{}, r.rules...)
}

// of is the employee to whom a client's call goes that comes by a line.
func (r *routing) of(line, client string) (extension string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if client == "" || !slices.Contains(r.lines, line) {
		return "", false
	}
	i := slices.IndexFunc(r.rules, func(rule Rule) bool { return staff.Digits(rule.Number) == client })
	if i < 0 {
		return "", false
	}
	return r.rules[i].Extension, true
}

// change sets rules; replace forgets all others.
func (r *routing) change(rules []Rule, replace bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if replace {
		r.rules = nil
	}
	for _, rule := range rules {
		r.rules = slices.DeleteFunc(r.rules, func(known Rule) bool { return known.Number == rule.Number })
		r.rules = append(r.rules, rule)
	}
}

// remove deletes a rule; it reports whether there was one for the number.
func (r *routing) remove(rule Rule) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.rules)
	r.rules = slices.DeleteFunc(r.rules, func(known Rule) bool { return known.Number == rule.Number })
	return len(r.rules) < before
}

// activeLines are the lines for which rules act.
func (r *routing) activeLines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lines)
}

// act switches the rules on or off for a line.
func (r *routing) act(line string, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = slices.DeleteFunc(r.lines, func(known string) bool { return known == line })
	if on {
		r.lines = append(r.lines, line)
	}
}
