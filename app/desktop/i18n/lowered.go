package i18n

import (
	"unicode"
	"unicode/utf8"
)

// Lowered begins words in the middle of a sentence: names in them, such as English months, and an abbreviation at
// their beginning keep their capitals.
func Lowered(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return ""
	}
	if second, _ := utf8.DecodeRuneInString(words[size:]); unicode.IsUpper(second) {
		return words
	}
	return string(unicode.ToLower(first)) + words[size:]
}
