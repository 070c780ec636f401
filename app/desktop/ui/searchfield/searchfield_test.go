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

// TestField_keepsItsKeyOffTheHint where it is too narrow for both.
func TestField_keepsItsKeyOffTheHint(t *testing.T) {
	uitest.LightApp(t)
	field := searchfield.New(widgets.NewEntry("Имя, номер договора или телефон…"))
	w := uitest.WindowOf(t, field, fyne.NewSize(340, 60))
	if says := uitest.Readable(field); !strings.Contains(says, "/") {
		t.Errorf("with room for it the key does not stand there: %q", says)
	}
	w.Resize(fyne.NewSize(200, 60))
	if says := uitest.Readable(field); strings.Contains(says, "/") {
		t.Errorf("the key lies over the hint: %q", says)
	}
}

// TestLine_leavesRoomToRead: what stands beside a field goes below it before the field is a slit.
func TestLine_leavesRoomToRead(t *testing.T) {
	uitest.LightApp(t)
	field, beside := searchfield.New(widgets.NewEntry("Имя")), widgets.Space(400, 32)
	line := &searchfield.Line{}
	both := line.Of(field, beside)
	for wide, want := range map[float32]struct{ field, high float32 }{640: {232, 34}, 548: {140, 34}, 540: {540, 74}, 420: {420, 74}} {
		line.Has(wide)
		high := both.MinSize().Height
		both.Resize(fyne.NewSize(wide, high))
		if got := field.Size().Width; got != want.field || high != want.high {
			t.Errorf("of %v the field has %v, the line is %v high; want %v and %v", wide, got, high, want.field, want.high)
		}
		if right := beside.Position().X + 400; right > wide {
			t.Errorf("of %v what stands beside ends at %v", wide, right)
		}
	}
}
