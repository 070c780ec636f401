package textindex

import (
	"slices"
	"strings"
	"unicode"

	"dozvon/app/server/search"
)

// Filter terms stand in the index beside the words, so that it finds what is narrowed by filters
// without reading what is not. Nobody can type one: what is typed is looked up among the words first,
// and filter terms are none. Still every row is held against the filters themselves, for the index is
// a little behind.
const (
	typeTerm     = "xt"
	employeeTerm = "xe"
	lineTerm     = "xl"
	resultTerm   = "xr"
	subjectTerm  = "xs"
	boundTerm    = "xbound"
	unboundTerm  = "xunbound"
	trigramTerm  = "xd" // three digits of the number
)

// filterTerm is letters and digits only, as both databases take words.
func filterTerm(kind, value string) string {
	return kind + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, value)
}

// Terms are what stands in the index: words and filter terms.
func (d Document) Terms() []string { return slices.Concat(d.Words, d.filterTerms()) }

// filterTerms are those of a document, each once.
func (d Document) filterTerms() []string {
	var all []string
	for _, n := range d.Numbers {
		for _, g := range search.Trigrams(strings.TrimPrefix(n, "+")) {
			all = append(all, trigramTerm+g)
		}
	}
	if d.Entry != nil {
		all = append(all, d.Entry.terms()...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Entry is what an entry of the feed can be filtered by; empty: it has none.
type Entry struct {
	Type, Employee, Line, Result string
	Subject                      string // kind and id of its card, joined
}

func (e Entry) terms() []string {
	all := []string{filterTerm(typeTerm, e.Type), unboundTerm}
	if e.Subject != "" {
		all[1] = boundTerm
		all = append(all, filterTerm(subjectTerm, e.Subject))
	}
	for kind, value := range map[string]string{employeeTerm: e.Employee, lineTerm: e.Line, resultTerm: e.Result} {
		if value != "" {
			all = append(all, filterTerm(kind, value))
		}
	}
	return all
}

// Filter narrows a search of the feed; zero fields do not.
type Filter struct {
	Types                         []string // any of them
	Employee, Line, Result, Phone string
	Subject                       string // kind and id of a card, joined
	Bound                         *bool
}

// terms are what must stand in the index of an entry, one of each list.
func (f Filter) terms() [][]string {
	var all [][]string
	var types []string
	for _, t := range f.Types {
		types = append(types, filterTerm(typeTerm, t))
	}
	if len(types) > 0 {
		all = append(all, types)
	}
	for kind, value := range map[string]string{employeeTerm: f.Employee, lineTerm: f.Line, resultTerm: f.Result, subjectTerm: f.Subject, "": f.Phone} {
		if value != "" {
			all = append(all, []string{filterTerm(kind, value)})
		}
	}
	switch {
	case f.Bound != nil && *f.Bound:
		all = append(all, []string{boundTerm})
	case f.Bound != nil:
		all = append(all, []string{unboundTerm})
	}
	return all
}
