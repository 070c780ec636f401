package store

import (
	"slices"
	"strings"
	"unicode"

	"dozvon/app/server/search"
	"dozvon/client"
)

// Marks stand in the full-text index beside the words, so that it finds what is narrowed by
// filters without reading what is not. Nobody can type one: what is typed is looked up among the
// words first, and marks are none. Still every row is held against the filters themselves, for
// the index is a little behind.
const (
	typeMark     = "xt"
	employeeMark = "xe"
	lineMark     = "xl"
	resultMark   = "xr"
	subjectMark  = "xs"
	boundMark    = "xbound"
	unboundMark  = "xunbound"
	trigramMark  = "xd" // three digits of the number
)

// mark is letters and digits only, as both databases take words.
func mark(kind, value string) string {
	return kind + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, value)
}

// Terms are what stands in the index: words and marks.
func (d Document) Terms() []string { return slices.Concat(d.Words, d.marks()) }

// marks are those of a document, each once.
func (d Document) marks() []string {
	var all []string
	for _, n := range d.Numbers {
		for _, g := range search.Trigrams(strings.TrimPrefix(n, "+")) {
			all = append(all, trigramMark+g)
		}
	}
	if d.Entry != nil {
		all = append(all, entryMarks(*d.Entry)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func entryMarks(e client.FeedEntry) []string {
	all := []string{mark(typeMark, string(e.Type)), unboundMark}
	if e.Subject != nil {
		all[1] = boundMark
		all = append(all, mark(subjectMark, string(e.Subject.Kind)+e.Subject.ID))
	}
	for kind, value := range map[string]string{employeeMark: personID(e.Employee), lineMark: e.Line, resultMark: string(e.Result)} {
		if value != "" {
			all = append(all, mark(kind, value))
		}
	}
	return all
}

// marks are what must stand in the index of an entry, one of each group.
func (f FeedFilter) marks() [][]string {
	var all [][]string
	var types []string
	for _, t := range f.Types {
		types = append(types, mark(typeMark, t))
	}
	if len(types) > 0 {
		all = append(all, types)
	}
	for kind, value := range map[string]string{employeeMark: f.Employee, lineMark: f.Line, resultMark: f.Result} {
		if value != "" {
			all = append(all, []string{mark(kind, value)})
		}
	}
	if f.Subject.ID != "" {
		all = append(all, []string{mark(subjectMark, string(f.Subject.Kind)+f.Subject.ID)})
	}
	if f.Phone != "" {
		all = append(all, []string{mark("", string(f.Phone))})
	}
	switch {
	case f.Bound != nil && *f.Bound:
		all = append(all, []string{boundMark})
	case f.Bound != nil:
		all = append(all, []string{unboundMark})
	}
	return all
}
