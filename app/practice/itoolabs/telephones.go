package itoolabs

import (
	"sync"

	"dozvon/app/practice"
)

// telephones are what becomes of a call that rings, and what employees have set. Safe for concurrent use.
type telephones struct {
	mu    sync.Mutex               // guards what follows
	rules map[string]practice.Rule // by extension, or by a client's number
	off   map[string]bool          // extensions that take no calls of the group
	dnd   map[string]bool          // extensions that take no calls at all
}

func newTelephones() *telephones {
	return &telephones{rules: map[string]practice.Rule{}, off: map[string]bool{}, dnd: map[string]bool{}}
}

func (t *telephones) setRule(number string, rule practice.Rule) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rules[number] = rule
}

// rule is what the telephone does; otherwise where nothing was set.
func (t *telephones) rule(number string, otherwise practice.Rule) practice.Rule {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dnd[number] {
		return practice.Rule{Outcome: practice.Busy}
	}
	if r, ok := t.rules[number]; ok {
		return r
	}
	return otherwise
}

func (t *telephones) setGroup(extension string, leaves bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.off[extension] = leaves
}

// leftGroup reports whether the extension takes no calls of the group.
func (t *telephones) leftGroup(extension string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.off[extension]
}

func (t *telephones) setDND(extension string, on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dnd[extension] = on
}

// noCalls reports whether the extension takes no calls at all.
func (t *telephones) noCalls(extension string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dnd[extension]
}
