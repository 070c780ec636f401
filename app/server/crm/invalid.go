package crm

import (
	"strings"

	"dozvon/app/server/texts"
)

// Fault is what is wrong with one field of an input. Field is its name on the wire.
type Fault struct {
	Field string
	What  texts.Message
}

// In tells it in a language: the field's name, which programs read, and the words for people.
func (f Fault) In(language string) string { return f.Field + ": " + f.What.In(language) }

// String tells it in English, for logs and command lines.
func (f Fault) String() string { return f.In("en") }

// Invalid tells every fault of an input at once.
type Invalid struct{ Faults []Fault }

// Wrong is an input with one fault.
func Wrong(field string, what texts.Message) *Invalid {
	return &Invalid{Faults: []Fault{{field, what}}}
}

// Error tells all faults in English.
func (i *Invalid) Error() string { return strings.Join(i.In("en"), "; ") }

// In tells each fault in a language.
func (i *Invalid) In(language string) []string {
	all := make([]string, len(i.Faults))
	for n, f := range i.Faults {
		all[n] = f.In(language)
	}
	return all
}

// Add notes one more fault.
func (i *Invalid) Add(field string, what texts.Message) {
	i.Faults = append(i.Faults, Fault{field, what})
}

// OrNil is nil when nothing is wrong.
func (i *Invalid) OrNil() error {
	if len(i.Faults) == 0 {
		return nil
	}
	return i
}
