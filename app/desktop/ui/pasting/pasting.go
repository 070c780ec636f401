// Package pasting makes what is pasted fit where it goes.
package pasting

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
)

// lineLimit bounds what is pasted into one line, in letters, so that a whole file on the clipboard stops nothing. It is
// more than any field of one line takes (the longest, a note, has 4,000), and a field says by itself when it is full.
const lineLimit = 5_000

// OneLine is a clipboard whose text can be drawn in one line.
func OneLine(from fyne.Clipboard) fyne.Clipboard { return oneLined{from} }

type oneLined struct{ fyne.Clipboard }

// Content is Fyne's.
func (c oneLined) Content() string {
	var out strings.Builder
	n := 0
	for _, r := range strings.TrimSpace(c.Clipboard.Content()) {
		switch {
		case n == lineLimit:
			return out.String()
		case unicode.IsSpace(r):
			r = ' '
		case unicode.IsControl(r):
			continue
		}
		out.WriteRune(r)
		n++
	}
	return out.String()
}
