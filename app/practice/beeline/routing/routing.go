// Package routing is individual routing («индивидуальная переадресация», reference section 12) of the
// practice PBX of Beeline: whose calls go to which employee, and the requests that say so.
package routing

import (
	"slices"
	"sync"

	"dozvon/app/practice/staff"
)

// Rule says to which employee a client's calls go. Number is the client's, as this PBX writes it: ten digits of +7.
type Rule struct {
	Number    string `json:"inboundNumber"`
	Extension string `json:"extension"`
}

// Directory is who has which number at the PBX.
type Directory interface {
	// HasExtension reports whether somebody has it.
	HasExtension(extension string) bool
	// Line finds a multichannel number, by itself or its id, as digits; LineID is its id.
	Line(pattern string) (digits string, ok bool)
	LineID(line string) string
}

// Table is the rules, and the lines for which they act.
type Table struct {
	directory Directory
	replaces  string

	mu    sync.Mutex // guards what follows
	lines []string
	rules []Rule
}

// New returns a table. replaces is the verb that forgets all rules that it does not name, while the
// other one merges: which of the two is which nobody knows.
func New(d Directory, replaces string, rules []Rule, lines []string) *Table {
	r := &Table{directory: d, replaces: replaces, rules: slices.Clone(rules)}
	for _, line := range lines {
		r.lines = append(r.lines, staff.Digits(line))
	}
	return r
}

// List returns the rules in the order of their making.
func (r *Table) List() []Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Rule{}, r.rules...)
}

// Of is the employee to whom a client's call goes that comes by a line.
func (r *Table) Of(line, client string) (extension string, ok bool) {
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
func (r *Table) change(rules []Rule, replace bool) {
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
func (r *Table) remove(rule Rule) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := len(r.rules)
	r.rules = slices.DeleteFunc(r.rules, func(known Rule) bool { return known.Number == rule.Number })
	return len(r.rules) < before
}

// activeLines are the lines for which rules act.
func (r *Table) activeLines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lines)
}

// act switches the rules on or off for a line.
func (r *Table) act(line string, on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = slices.DeleteFunc(r.lines, func(known string) bool { return known == line })
	if on {
		r.lines = append(r.lines, line)
	}
}
