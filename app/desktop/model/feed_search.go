package model

import (
	"strings"
	"unicode"

	"dozvon/client"
)

// fragmentLeast is from how many digits on a part of a number finds it.
const fragmentLeast = 3

// finds tells whether the server's search would find an entry that came by the stream: each word typed begins one of its
// words, or is a part of its number. What the server finds beyond that (a typo) comes with the next reading.
func finds(typed string, e client.FeedEntry) bool {
	if number, ok := digitsOf(typed); ok && hasNumber(e.Phone, number) {
		return true
	}
	words := wordsOf(textOf(e))
	for _, piece := range strings.Fields(typed) {
		if number, ok := digitsOf(piece); ok && hasNumber(e.Phone, number) {
			continue
		}
		for _, word := range wordsOf(piece) {
			if !begins(words, word) {
				return false
			}
		}
	}
	return true
}

// textOf is by what the server finds an entry beside its number.
func textOf(e client.FeedEntry) string {
	parts := []string{e.Description, e.DescriptionEN, e.Outcome}
	if e.Subject != nil {
		parts = append(parts, e.Subject.Name, e.Subject.Detail)
	}
	if e.Employee != nil {
		parts = append(parts, e.Employee.Name)
	}
	for _, f := range e.Flags {
		parts = append(parts, f.Word)
	}
	return strings.Join(parts, " ")
}

func wordsOf(text string) []string {
	folded := strings.ReplaceAll(strings.ToLower(text), "ё", "е")
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func begins(words []string, typed string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, typed) {
			return true
		}
	}
	return false
}

// digitsOf are the digits of what was typed where it is nothing but a number, in whatever spelling.
func digitsOf(typed string) (string, bool) {
	var digits strings.Builder
	for _, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case unicode.IsSpace(r) || strings.ContainsRune("+-()./", r):
		default:
			return "", false
		}
	}
	return digits.String(), digits.Len() >= fragmentLeast
}

// hasNumber tells whether a number in E.164 has these digits, dialled from abroad or at home.
func hasNumber(number, digits string) bool {
	number = strings.TrimPrefix(number, "+")
	if strings.Contains(number, digits) {
		return true
	}
	home, dialled := strings.CutPrefix(digits, "8")
	return dialled && len(home) >= fragmentLeast && strings.HasPrefix(number, "7"+home)
}
