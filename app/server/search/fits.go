package search

import (
	"slices"
	"strings"
)

// Fits tells whether what was typed is found in a thing with these words and this number, by the rules
// of the full-text index: all words there, each as a beginning or with a typo, or the fragment in
// the number.
func (q Query) Fits(words []string, number string) bool {
	if q.Fragment != "" && strings.Contains(number, q.Fragment) {
		return true
	}
	if q.Named != nil && q.Named.fits(words, number) {
		return true
	}
	return len(q.Words) > 0 && allFit(q.Words, words)
}

// fits tells whether all its words and numbers are there.
func (n Named) fits(words []string, number string) bool {
	for _, digits := range n.Numbers {
		if !strings.Contains(number, digits) && !allFit([]string{digits}, words) {
			return false
		}
	}
	return allFit(n.Words, words)
}

func allFit(all, words []string) bool {
	for _, typed := range all {
		fuzzy := MayHaveTypo(typed)
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, typed) || fuzzy && FuzzyMatch(typed, w) }) {
			return false
		}
	}
	return true
}
