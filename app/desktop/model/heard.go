package model

import (
	"slices"
	"strings"
	"unicode"

	"dozvon/app/phone"
)

// Heard is a telephone number that somebody typed into a note.
type Heard struct {
	Number phone.Number
	Label  string // the word before it: «жена»; empty: none that says whose it is
}

// Numbers lists the full telephone numbers in a note, in their order. What lacks the city's code, or might be
// something else, is none: a note is no field for numbers.
func Numbers(note string) []Heard {
	var out []Heard
	from := 0
	for _, entry := range (phone.Reader{}).Read(note) {
		at := strings.Index(note[from:], entry.Text)
		if at < 0 {
			continue
		}
		at += from
		from = at + len(entry.Text)
		if entry.Number != "" && (entry.Doubt == phone.Sure || entry.Doubt == phone.DigitsBeside) {
			out = append(out, Heard{entry.Number, labelBefore(note[:at])})
		}
	}
	return out
}

var (
	// passing are words that say no more than that a number follows.
	passing = strings.Fields("телефон телефоны тел т мобильный мобильник моб сотовый сот номер ном ее её его их " +
		"phone tel mobile mob cell number no is")
	// nameless are words that say what to do, not whose number it is.
	nameless = strings.Fields("и или а но с со от у на по для через это есть вот ещё еще звонить звоните позвонить перезвонить " +
		"перезвоните набрать связь связаться писать смс whatsapp ватсап вотсап " +
		"and or at on to call ring back dial use by new новый другой второй")
)

// labelBefore is the last word of a text that can say whose number follows.
func labelBefore(text string) string {
	text = strings.ToLower(text[strings.LastIndexAny(text, ",;\n!?")+1:])
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	for _, word := range slices.Backward(words) {
		switch {
		case slices.Contains(passing, word):
		case slices.Contains(nameless, word), strings.ContainsFunc(word, unicode.IsNumber), len([]rune(word)) < 2, len([]rune(word)) > labelMost:
			return ""
		default:
			return word
		}
	}
	return ""
}

// labelMost is how long a word that says whose number it is may be.
const labelMost = 30
