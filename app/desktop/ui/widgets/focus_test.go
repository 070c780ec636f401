package widgets_test

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// outlines are where outlines are shown in an object, as x,y width×height seen from the object.
func outlines(object fyne.CanvasObject) []string {
	var out []string
	from := seenAt(object)
	for _, r := range uitest.All[*canvas.Rectangle](object) {
		if r.StrokeWidth == 2 && r.StrokeColor == theme.Colors().Accent {
			at := seenAt(r).Subtract(from)
			out = append(out, fmt.Sprintf("%v,%v %v×%v", at.X, at.Y, r.Size().Width, r.Size().Height))
		}
	}
	return out
}

func wantOutline(t *testing.T, when string, object fyne.CanvasObject, want ...string) {
	t.Helper()
	if got := outlines(object); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: the outline is %v, want %v", when, got, want)
	}
}

// TestFocus_isSeenAfterAKeyAndGoneAfterThePointer on every control: two units outside of it, two wide.
func TestFocus_isSeenAfterAKeyAndGoneAfterThePointer(t *testing.T) {
	uitest.LightApp(t)
	for name, control := range map[string]fyne.CanvasObject{
		"button": widgets.NewButton("Скачать", widgets.Quiet, func() {}), "filled": widgets.NewButton("Открыть", widgets.Primary, func() {}),
		"switch": widgets.Switch("Активна", true, func(bool) {}),
	} {
		other := widgets.NewButton("Другая", widgets.Quiet, func() {})
		content := widgets.Pad(20, 20, 20, 20, widgets.Column(8, control, other))
		w := uitest.WindowOf(t, content, fyne.NewSize(300, 200))
		wantOutline(t, name+" before a key", control)
		w.Canvas().FocusNext()
		at := control.Size()
		if name == "switch" {
			at = fyne.NewSize(36, 20)
		}
		y := (control.Size().Height - at.Height) / 2
		want := fmt.Sprintf("-4,%v %v×%v", y-4, at.Width+8, at.Height+8)
		wantOutline(t, name+" after Tab", control, want)
		other.MouseDown(&desktop.MouseEvent{})
		wantOutline(t, name+" after a click beside it", control)
		control.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		wantOutline(t, name+" after another key", control, want)
		w.Canvas().FocusNext()
		wantOutline(t, name+" after Tab away", control)
	}
}

// TestBar_isOneStopWhoseArrowsGoOn, and what is hidden in it is left out.
func TestBar_isOneStopWhoseArrowsGoOn(t *testing.T) {
	uitest.LightApp(t)
	pressed := ""
	chips := make([]*widgets.Chip, 4)
	for n, word := range []string{"Всё", "Звонки", "Чужие", "Заметки"} {
		chips[n] = widgets.NewFilter(word, func() { pressed += word + " " })
	}
	chips[2].Hide()
	bar, after := widgets.NewChips(chips...), widgets.NewButton("Дальше", widgets.Quiet, func() {})
	w := uitest.WindowOf(t, widgets.Pad(20, 20, 20, 20, widgets.Column(8, bar, after)), fyne.NewSize(500, 200))
	w.Canvas().FocusNext()
	around := func(n int) string {
		at := seenAt(chips[n]).Subtract(seenAt(bar))
		return fmt.Sprintf("%v,%v %v×%v", at.X-4, at.Y-4, chips[n].Size().Width+8, chips[n].Size().Height+8)
	}
	for _, step := range []struct {
		key fyne.KeyName
		at  int
	}{{"", 0}, {fyne.KeyRight, 1}, {fyne.KeyRight, 3}, {fyne.KeyRight, 3}, {fyne.KeyLeft, 1}, {fyne.KeySpace, 1}, {fyne.KeyEnd, 3}, {fyne.KeyReturn, 3}, {fyne.KeyHome, 0}} {
		if step.key != "" {
			bar.TypedKey(&fyne.KeyEvent{Name: step.key})
		}
		wantOutline(t, fmt.Sprint("after ", step.key), bar, around(step.at))
	}
	if pressed != "Звонки Заметки " {
		t.Errorf("pressed %q", pressed)
	}
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != after {
		t.Errorf("Tab goes to %v, not behind the chips", w.Canvas().Focused())
	}
	wantOutline(t, "after Tab away", bar)
}

// TestFocus_leavesKeysToTheWindow that mean nothing to what has the keyboard.
func TestFocus_leavesKeysToTheWindow(t *testing.T) {
	uitest.LightApp(t)
	for name, one := range map[string]struct {
		object fyne.CanvasObject
		keys   []fyne.KeyName
	}{
		"button": {widgets.NewButton("Скачать", widgets.Quiet, func() {}), []fyne.KeyName{fyne.KeySlash, fyne.KeyEscape, fyne.KeyLeft}},
		"chips":  {widgets.NewChips(widgets.NewFilter("Всё", func() {})), []fyne.KeyName{fyne.KeySlash, fyne.KeyUp}},
		"choice": {widgets.NewChoice("", []string{"a", "b"}, 0, func(int) {}), []fyne.KeyName{fyne.KeySlash, fyne.KeyLeft}},
		"field":  {widgets.NewEntry(""), []fyne.KeyName{fyne.KeyEscape, fyne.KeyF6}},
	} {
		w := uitest.WindowOf(t, one.object, fyne.NewSize(300, 100))
		heard := ""
		w.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { heard += string(key.Name) + " " })
		w.Canvas().Focus(one.object.(fyne.Focusable))
		want := ""
		for _, key := range one.keys {
			one.object.(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: key})
			want += string(key) + " "
		}
		if heard != want {
			t.Errorf("%s: the window heard %q, want %q", name, heard, want)
		}
	}
}

// TestField_leavesShortcutsToTheWindow: with the keyboard in the search, Ctrl+K opened nothing.
func TestField_leavesShortcutsToTheWindow(t *testing.T) {
	uitest.LightApp(t)
	entry := widgets.NewEntry("")
	w := uitest.WindowOf(t, entry, fyne.NewSize(300, 100))
	heard := 0
	dial := &desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierControl}
	w.Canvas().AddShortcut(dial, func(fyne.Shortcut) { heard++ })
	w.Canvas().AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { heard += 100 })
	w.Canvas().Focus(entry)
	entry.TypedShortcut(dial)
	if heard != 1 {
		t.Errorf("the window heard it %d times", heard)
	}
	test.Type(entry, "Петрова")
	entry.TypedShortcut(&fyne.ShortcutUndo{})
	if entry.Text == "Петрова" || heard != 1 {
		t.Errorf("the field's own undo left %q, the window heard %d", entry.Text, heard)
	}
}

// TestPicks_areOneStop of Tab; the arrows go from row to row, Enter presses, and what is drawn anew keeps the
// keyboard at its row.
func TestPicks_areOneStop(t *testing.T) {
	uitest.LightApp(t)
	pressed := ""
	var bar *widgets.Bar
	stage := widgets.Column(0)
	draw := func() *widgets.Bar {
		rows := widgets.Column(0)
		var picks []*widgets.Pick
		for _, name := range []string{"a", "b", "c"} {
			pick := widgets.NewPick(func() { pressed += name })
			picks = append(picks, pick)
			rows.Add(widgets.Stack(widgets.Space(100, 40), pick))
		}
		bar = widgets.NewPicks(rows, picks...)
		stage.Objects = []fyne.CanvasObject{bar, widgets.NewButton("Дальше", widgets.Quiet, nil)}
		stage.Refresh()
		return bar
	}
	draw()
	over := uitest.WindowOf(t, stage, fyne.NewSize(200, 300)).Canvas()
	over.FocusNext()
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnd, fyne.KeySpace, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyReturn} {
		over.Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
	if pressed != "abca" {
		t.Errorf("pressed %q, want a, b, c and a", pressed)
	}
	over.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	bar.Again(draw)
	over.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if pressed != "abcab" {
		t.Errorf("drawn anew, %q were pressed", pressed)
	}
	over.FocusNext()
	if b, ok := over.Focused().(*widgets.Button); !ok || b.Label != "Дальше" {
		t.Errorf("after the rows Tab comes to %v", over.Focused())
	}
	bar.Again(draw)
	if over.Focused() == fyne.Focusable(bar) {
		t.Error("drawn anew, it took the keyboard from another")
	}
}
