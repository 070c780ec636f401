package searchfield_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/searchfield"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestField_showsItsKeyWhileItIsEmpty and nobody is in it.
func TestField_showsItsKeyWhileItIsEmpty(t *testing.T) {
	uitest.LightApp(t)
	entry := widgets.NewEntry("Имя")
	field := searchfield.New(entry)
	over := uitest.WindowOf(t, field, fyne.NewSize(300, 60)).Canvas()
	wants := func(when string, want bool) {
		t.Helper()
		if got := strings.Contains(uitest.Readable(field), "/"); got != want {
			t.Errorf("%s its key is shown: %t", when, got)
		}
	}
	wants("at first", true)
	over.Focus(entry)
	wants("with the keyboard in it", false)
	test.Type(entry, "шан")
	over.Unfocus()
	wants("with words in it", false)
	entry.SetText("")
	wants("emptied", true)
	entry.SetText("914")
	wants("with words that another page has put there", false)
}
