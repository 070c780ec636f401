// Package search turns text into the words by which it is found, and what a person types
// into the words to look for: case-blind, ё as е, beginnings of words, fragments of numbers,
// a typo of one letter. Plain functions; it knows no SQL and keeps no index itself.
package search

import (
	"strings"
	"unicode"
)

const (
	// wordLimit cuts what is no word of any language, in runes.
	wordLimit = 40
	// textLimit bounds how many words of one text are indexed; a note has 4,000 characters.
	textLimit = 1200
)

// Fold makes text comparable: lower case, ё as е. The databases fold ASCII only.
func Fold(text string) string {
	return strings.ReplaceAll(strings.ToLower(text), "ё", "е")
}

// Words are the words of a text, folded, each once, in the order in which they first stand.
func Words(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if r := []rune(w); len(r) > wordLimit {
			w = string(r[:wordLimit])
		}
		if seen[w] {
			continue
		}
		seen[w] = true
		if out = append(out, w); len(out) == textLimit {
			break
		}
	}
	return out
}

// NumberWords are the words by which a number in E.164 is found beside other words: all of it, as
// it is dialled at home, and its last seven and four digits.
func NumberWords(number string) []string {
	digits := strings.TrimPrefix(number, "+")
	if digits == "" {
		return nil
	}
	out := []string{digits}
	for _, tail := range []int{10, 7, 4} {
		if len(digits) > tail {
			out = append(out, digits[len(digits)-tail:])
		}
	}
	return out
}

// Trigrams are the groups of three digits of a fragment, each once.
func Trigrams(fragment string) []string {
	var out []string
	seen := map[string]bool{}
	for i := 0; i+3 <= len(fragment); i++ {
		if g := fragment[i : i+3]; !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	return out
}
