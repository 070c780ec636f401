package widgets_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// shownField is a field in a window of its own.
func shownField(t *testing.T, entry *widgets.Entry) fyne.Window {
	t.Helper()
	w := uitest.WindowOf(t, widgets.Field(entry), fyne.NewSize(200, 34))
	return w
}

// seenAt is where an object stands in its window.
func seenAt(o fyne.CanvasObject) fyne.Position {
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
}

func TestField_letsTheWheelThroughToThePage(t *testing.T) {
	uitest.LightApp(t)
	for name, entry := range map[string]*widgets.Entry{
		"empty": widgets.NewEntry("hint"), "code": widgets.NewCode(""), "password": widgets.NewPassword(""), "long": widgets.NewEntry(""),
	} {
		if name == "long" {
			entry.SetText(strings.Repeat("длинно ", 40))
		}
		page := container.NewVScroll(widgets.Column(0, widgets.Field(entry), widgets.Space(10, 900)))
		w := uitest.WindowOf(t, page, fyne.NewSize(300, 200))
		test.Scroll(w.Canvas(), fyne.NewPos(100, 17), 0, -50)
		if page.Offset.Y != 50 {
			t.Errorf("%s: the page is scrolled to %v, want 50", name, page.Offset.Y)
		}
	}
}

func TestField_takesNoMoreRoomForALongText(t *testing.T) {
	uitest.LightApp(t)
	entry := widgets.NewEntry("")
	field := widgets.Field(entry)
	before := field.MinSize()
	entry.SetText(strings.Repeat("длинно ", 40))
	if got := field.MinSize(); got != before {
		t.Errorf("needs %v, empty %v", got, before)
	}
}

// TestField_followsTheCursor: a text longer than the field is seen where one types, and from its
// beginning when nobody does.
func TestField_followsTheCursor(t *testing.T) {
	uitest.LightApp(t)
	for name, entry := range map[string]*widgets.Entry{"plain": widgets.NewEntry(""), "password": widgets.NewPassword("")} {
		w := shownField(t, entry)
		left := seenAt(entry).X
		cursor := func() float32 { return seenAt(entry).X + entry.CursorPosition().X - left }
		w.Canvas().Focus(entry)
		if w.Canvas().Focused() != entry {
			t.Fatalf("%s: the field does not take the keyboard", name)
		}
		test.Type(entry, strings.Repeat("Ждём", 20))
		if at := cursor(); at < 100 || at > 200 {
			t.Errorf("%s: at the end the cursor is seen at %v of 200", name, at)
		}
		for _, key := range []struct {
			name     fyne.KeyName
			from, to float32
		}{{fyne.KeyHome, 0, 20}, {fyne.KeyEnd, 100, 200}} {
			entry.TypedKey(&fyne.KeyEvent{Name: key.name})
			if at := cursor(); at < key.from || at > key.to {
				t.Errorf("%s: after %s the cursor is seen at %v, want %v to %v", name, key.name, at, key.from, key.to)
			}
		}
		entry.SetText("Ждём")
		if at := seenAt(entry).X; at != left {
			t.Errorf("%s: a short text stands at %v, want %v", name, at, left)
		}
	}
}

// TestField_clickPutsTheCursorThere also where a long text has been moved.
func TestField_clickPutsTheCursorThere(t *testing.T) {
	uitest.LightApp(t)
	entry := widgets.NewEntry("")
	w := shownField(t, entry)
	w.Canvas().Focus(entry)
	test.Type(entry, strings.Repeat("0123456789", 10))
	moved := entry.CursorColumn
	left := seenAt(entry).X + entry.CursorPosition().X - 180 // the cursor stands at the right
	at := fyne.NewPos(left+20-seenAt(entry).X, 17)
	entry.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}, Button: desktop.MouseButtonPrimary})
	if entry.CursorColumn < 60 || entry.CursorColumn >= moved {
		t.Errorf("a click at the left of the end of 100 digits put the cursor behind the %dth", entry.CursorColumn)
	}
}

func TestField_eyeShowsAPassword(t *testing.T) {
	uitest.LightApp(t)
	entry := widgets.NewPassword("")
	w := shownField(t, entry)
	entry.SetText("secret")
	test.TapCanvas(w.Canvas(), fyne.NewPos(185, 17))
	if entry.Password || w.Canvas().Focused() != entry {
		t.Errorf("hidden %t, focus at %v", entry.Password, w.Canvas().Focused())
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(185, 17))
	if !entry.Password {
		t.Error("a second press does not hide it again")
	}
}

// TestMultiline_letsTheWheelThroughWhileAllIsSeen: it took the wheel from the page although it had nothing to
// scroll. With more words than it shows it scrolls itself.
func TestMultiline_letsTheWheelThroughWhileAllIsSeen(t *testing.T) {
	uitest.LightApp(t)
	for name, one := range map[string]struct {
		words string
		page  float32
	}{
		"empty": {"", 50}, "two lines": {"просит\nутром", 50}, "more than it shows": {strings.Repeat("просит утром\n", 12), 0},
	} {
		entry := widgets.NewMultiline("hint", 4)
		page := container.NewVScroll(widgets.Column(0, entry, widgets.Space(10, 900)))
		w := uitest.WindowOf(t, page, fyne.NewSize(300, 200))
		entry.SetText(one.words)
		test.Scroll(w.Canvas(), fyne.NewPos(100, 40), 0, -50)
		if page.Offset.Y != one.page {
			t.Errorf("%s: the page is scrolled to %v, want %v", name, page.Offset.Y, one.page)
		}
	}
}

// TestMultiline_showsWordsInTheirPlace whether they came at once, line by line, or went again.
func TestMultiline_showsWordsInTheirPlace(t *testing.T) {
	uitest.LightApp(t)
	entry := widgets.NewMultiline("hint", 3)
	w := uitest.WindowOf(t, entry, fyne.NewSize(200, 80))
	first := func() float32 {
		for _, text := range uitest.All[*canvas.Text](entry) {
			if strings.HasPrefix(text.Text, "первая") {
				return seenAt(text).Y
			}
		}
		return -1
	}
	entry.SetText("первая\nвторая")
	at := first()
	if at < 0 {
		t.Fatal("the words are not seen")
	}
	w.Canvas().Focus(entry)
	for range 6 {
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	if got := first(); got >= at {
		t.Errorf("with more lines than it shows the first one stands at %v, want it scrolled out above %v", got, at)
	}
	entry.SetText("первая\nвторая")
	if got := first(); got != at {
		t.Errorf("after the lines went the first one stands at %v, want %v", got, at)
	}
}

// TestField_pastesIntoOneLine all that is on the clipboard.
func TestField_pastesIntoOneLine(t *testing.T) {
	app := test.NewTempApp(t)
	for pasted, want := range map[string]string{
		"Зайцева Ольга":                      "Зайцева Ольга",
		"  +7 914\u00a0555-01-48\r\n":        "+7 914 555-01-48",
		"first\nsecond\tthird":               "first second third",
		"a\x07\x1b[31mb\x00":                 "a[31mb",
		strings.Repeat("Щ", 600):             strings.Repeat("Щ", 600),
		strings.Repeat("\x01", 600) + "left": "left",
	} {
		e := widgets.NewEntry("")
		test.NewTempWindow(t, e)
		app.Clipboard().SetContent(pasted)
		e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: app.Clipboard()})
		if e.Text != want {
			t.Errorf("%.30q becomes %.30q (%d letters)", pasted, e.Text, len([]rune(e.Text)))
		}
	}
	long := strings.Repeat("слово\n", 200)
	e := widgets.NewMultiline("", 3)
	test.NewTempWindow(t, e)
	app.Clipboard().SetContent(long)
	if e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: app.Clipboard()}); e.Text != long {
		t.Errorf("of %d letters a note has %d", len(long), len(e.Text))
	}
}
