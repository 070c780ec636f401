// Package bilingual holds what is told to people in both languages of the product at once: the wire
// carries most sentences as a pair, because whoever reads them later may have chosen either.
package bilingual

import "strings"

// Text is one sentence, or a part of one, in Russian and English.
type Text struct{ RU, EN string }

// Same is what is told alike in both languages: a name, a number.
func Same(s string) Text { return Text{RU: s, EN: s} }

// In is the text in "ru" or "en"; Russian in any other language.
func (t Text) In(language string) string {
	if language == "en" {
		return t.EN
	}
	return t.RU
}

// IsZero reports whether nothing is told.
func (t Text) IsZero() bool { return t == Text{} }

// Join puts texts together with a separator between, as strings.Join does.
func Join(texts []Text, separator string) Text {
	ru, en := make([]string, len(texts)), make([]string, len(texts))
	for i, t := range texts {
		ru[i], en[i] = t.RU, t.EN
	}
	return Text{RU: strings.Join(ru, separator), EN: strings.Join(en, separator)}
}
