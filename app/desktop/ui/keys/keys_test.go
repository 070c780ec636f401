package keys_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/keys"
)

// table writes down what is pressed.
func table(heard *[]string) *keys.Table {
	t := &keys.Table{}
	note := func(word string) func(int) bool {
		return func(n int) bool { *heard = append(*heard, fmt.Sprint(word, n)); return true }
	}
	t.Add(
		keys.Binding{Group: keys.Everywhere, Words: "dial", Strokes: []keys.Stroke{keys.With(keys.Main, fyne.KeyK)}, Do: note("dial")},
		keys.Binding{Group: keys.Everywhere, Words: "search", Strokes: []keys.Stroke{keys.On(fyne.KeySlash)}, Do: note("search")},
		keys.Binding{Group: keys.Everywhere, Words: "undo", Strokes: []keys.Stroke{keys.With(keys.Main, fyne.KeyZ)}, Do: note("undo")},
		keys.Binding{Group: keys.Recording, Words: "seek", Strokes: []keys.Stroke{keys.On(fyne.KeyLeft), keys.On(fyne.KeyRight)}, Do: note("seek")},
		keys.Binding{Group: keys.Lists, Words: "never", Strokes: []keys.Stroke{keys.On(fyne.KeyF6)}, Do: func(int) bool { return false }},
		keys.Binding{Group: keys.Lists, Words: "instead", Strokes: []keys.Stroke{keys.On(fyne.KeyF6)}, Do: note("instead")},
	)
	return t
}

func TestTable_pressesWhatIsTypedInItsWindow(t *testing.T) {
	test.NewTempApp(t)
	var heard []string
	over := test.NewTempWindow(t, nil).Canvas()
	listens := true
	table(&heard).Hear(over, func(keys.Stroke) bool { return listens })
	type_ := func(name fyne.KeyName) { over.OnTypedKey()(&fyne.KeyEvent{Name: name}) }
	for _, name := range []fyne.KeyName{fyne.KeySlash, fyne.KeyRight, fyne.KeyLeft, fyne.KeyF6, fyne.KeyQ} {
		type_(name)
	}
	shortcuts := over.(fyne.Shortcutable)
	shortcuts.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyK, Modifier: fyne.KeyModifierShortcutDefault})
	shortcuts.TypedShortcut(&fyne.ShortcutUndo{})
	want := []string{"search0", "seek1", "seek0", "instead0", "dial0", "undo0"}
	if !slices.Equal(heard, want) {
		t.Errorf("heard %q, want %q", heard, want)
	}
	listens = false
	type_(fyne.KeySlash)
	shortcuts.TypedShortcut(&fyne.ShortcutUndo{})
	if len(heard) != len(want) {
		t.Errorf("a window that does not listen heard %q", heard[len(want):])
	}
}

func TestCaps_areWhatStandsOnTheKeys(t *testing.T) {
	t.Parallel()
	digits := make([]keys.Stroke, 8)
	for n := range digits {
		digits[n] = keys.With(keys.Main, fyne.KeyName(fmt.Sprint(n+1)))
	}
	for want, b := range map[string]keys.Binding{
		"?":            {Strokes: []keys.Stroke{keys.With(fyne.KeyModifierShift, fyne.KeySlash)}},
		"/":            {Strokes: []keys.Stroke{keys.On(fyne.KeySlash)}},
		"Shift ← →":    {Strokes: []keys.Stroke{keys.With(fyne.KeyModifierShift, fyne.KeyLeft), keys.With(fyne.KeyModifierShift, fyne.KeyRight)}},
		"Ctrl 1 – 8":   {Strokes: digits},
		"Tab Enter":    {Strokes: []keys.Stroke{keys.On(fyne.KeyTab)}, Then: []keys.Stroke{keys.On(fyne.KeyReturn)}},
		"Enter":        {Strokes: []keys.Stroke{keys.On(fyne.KeyReturn), keys.On(fyne.KeyEnter)}},
		"Ctrl Alt D":   {Strokes: []keys.Stroke{keys.With(fyne.KeyModifierControl|fyne.KeyModifierAlt, fyne.KeyD)}},
		"− +":          {Strokes: []keys.Stroke{keys.On(fyne.KeyMinus), keys.On(fyne.KeyEqual)}},
		"(keys.space)": {Strokes: []keys.Stroke{keys.On(fyne.KeySpace)}},
	} {
		var got []string
		for _, c := range b.Caps() {
			if c.Word != "" {
				c.Sign = "(" + c.Word + ")"
			}
			got = append(got, c.Sign)
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("the caps are %q, want %q", got, want)
		}
	}
}
