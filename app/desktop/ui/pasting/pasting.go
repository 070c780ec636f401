// Package pasting makes what is pasted fit where it goes.
package pasting

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
)

// lineLimit bounds what is pasted into one line, in letters: a line is one texture, and one that is wider than the
// graphics card takes (16,384 pixels, often 8,192) is a black bar.
const lineLimit = 500

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
