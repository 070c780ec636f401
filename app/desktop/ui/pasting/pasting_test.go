package pasting_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/limits"
	"dozvon/app/desktop/ui/pasting"
	"dozvon/client"
)

// clipboard holds some words.
type clipboard string

func (c clipboard) Content() string { return string(c) }
func (clipboard) SetContent(string) {}

var _ fyne.Clipboard = clipboard("")

// TestOneLine_cutsWholeFilesAlone: what a field has no room for, it must get, or it could not say that it is full.
func TestOneLine_cutsWholeFilesAlone(t *testing.T) {
	t.Parallel()
	most := limits.Of[client.CallNote]("text")
	if got := pasting.OneLine(clipboard(strings.Repeat("щ\n", most/2+1))).Content(); len([]rune(got)) <= most {
		t.Errorf("of %d letters %d are pasted", most+1, len([]rune(got)))
	}
	if got := len([]rune(pasting.OneLine(clipboard(strings.Repeat("щ", 1_000_000))).Content())); got > 2*most {
		t.Errorf("of a file %d letters are pasted", got)
	}
}
