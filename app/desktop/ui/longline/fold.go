// Package longline keeps an entry of one line drawable, however long its words are.
package longline

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/fit"
)

// Fold lets words that are longer than can be drawn at once go on in lines of which one is seen, and makes them one line
// again as they get shorter. The cursor stays where it is in the words. place gives the entry its size anew.
func Fold(e *widget.Entry, place func()) {
	words := e.Text
	if e.Password {
		words = strings.Repeat("•", utf8.RuneCountInString(words))
	}
	size := fyne.CurrentApp().Settings().Theme().Size(fynetheme.SizeNameText)
	long := fyne.MeasureText(words, size, e.TextStyle).Width > fit.Longest
	if long == e.MultiLine {
		return
	}
	at := e.CursorTextOffset()
	e.MultiLine, e.Wrapping = long, fyne.TextWrapOff
	if long {
		e.Wrapping = fyne.TextWrapBreak
	}
	e.Refresh()
	place() // at its width the words are broken
	e.CursorRow, e.CursorColumn = 0, at
	if long {
		toSign(e, at)
	}
	e.Refresh()
}

// toSign puts the cursor of an entry of several lines behind the sign at a place of its words.
func toSign(e *widget.Entry, at int) {
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown}) // to the end: so many lines there are
	for row := e.CursorRow; row >= 0; row-- {
		e.CursorRow, e.CursorColumn = row, 0
		if begins := e.CursorTextOffset(); begins <= at {
			e.CursorColumn = at - begins
			return
		}
	}
}
