// Package plaintext is for text that people write and others see: it takes out what shows nothing, or turns the order
// of what stands beside it, so that no name looks like another's and nothing looks empty that is not. All such text
// goes through it on its way in; what stands in the database already is not touched.
package plaintext

import (
	"strings"
	"unicode"
)

// breaks are the ways in which programs end a line.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// Text is a text of several lines as it is kept: without hidden characters, and without spaces at its ends. A text that
// shows nothing is empty.
func Text(text string) string {
	text = strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, breaks.Replace(text))
	if !strings.ContainsFunc(text, shows) {
		return ""
	}
	return strings.TrimSpace(text)
}

// Line is a text of one line as it is kept: what would break the line is a space.
func Line(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, Text(text)))
}

// Odd tells whether a text of one line has characters that Line would take out or turn into spaces: for fields where a
// person is to write it anew.
func Odd(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return hidden(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}

// hidden are control characters, those that turn the order of writing, and those that join or part words unseen. The
// joiners of emoji and of scripts that need them stay.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
		return true
	case r >= '\u2060' && r <= '\u2064', r >= '\u206a' && r <= '\u206f', r >= '\ufff9' && r <= '\ufffb':
		return true
	}
	return r == '\u00ad' || r == '\u180e' || r == '\u200b' || r == '\ufeff'
}

// shows tells whether a character can be seen by itself.
func shows(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0': // letters and signs that are drawn as nothing
		return false
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf)
}
