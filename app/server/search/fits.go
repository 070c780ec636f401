package search

import (
	"slices"
	"strings"
)

// Fits tells whether what was typed is found in a thing with these words and this number, by the rules
// of the full-text index: all words there, each as a beginning or with a slip, or the fragment in
// the number.
func (q Query) Fits(words []string, number string) bool {
	if q.Fragment != "" && strings.Contains(number, q.Fragment) {
		return true
	}
	for _, typed := range q.Words {
		near := MayBeNear(typed)
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, typed) || near && Near(typed, w) }) {
			return false
		}
	}
	return len(q.Words) > 0
}
