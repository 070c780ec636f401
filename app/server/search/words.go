// Package search turns text into the words by which it is found, and what a person types
// into the words to look for: case-blind, ё as е, beginnings of words, fragments of numbers,
// a slip of one letter. Plain functions; it knows no SQL and keeps no index itself.
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
	// fragmentLeast is from how many digits on a fragment of a number is looked for.
	fragmentLeast = 3
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

// Query is what a person looks for.
type Query struct {
	// Words must all be there, each as the beginning of a word.
	Words []string
	// Fragment is a part of a telephone number, when nothing but a number was typed.
	Fragment string
}

// Empty tells whether everything is to be found.
func (q Query) Empty() bool { return len(q.Words) == 0 && q.Fragment == "" }

// Parse reads what was typed.
func Parse(typed string) Query {
	q := Query{Words: Words(typed)}
	if number, ok := digitsOf(typed); ok {
		q.Fragment = number
		// A number in one of its spellings is one thing, not four words.
		q.Words = []string{number}
	}
	return q
}

// digitsOf reads digits in the spellings of a telephone number; false when there is anything else,
// or too little to go by.
func digitsOf(typed string) (string, bool) {
	var b strings.Builder
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune("+-() .", r):
		default:
			return "", false
		}
	}
	digits := b.String()
	if len(digits) < fragmentLeast {
		return "", false
	}
	// 8 is how people dial at home what is stored with +7; the beginning of a mobile counts too.
	if digits[0] == '8' && (len(digits) == 11 || digits[1] == '9') {
		digits = "7" + digits[1:]
	}
	return digits, true
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
