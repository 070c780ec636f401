package model

import (
	"strings"

	"dozvon/app/phone"
)

// Heard is a telephone number that somebody typed into a note.
type Heard struct {
	Number phone.Number
	Label  string // whose it is by the word before it: «жена»; empty: none says
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
