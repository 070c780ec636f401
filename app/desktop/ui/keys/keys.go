// Package keys knows the keyboard: what a key is by its place, whatever layout is chosen, and the one table of
// all that keys do, which is pressed by and shown from. It draws nothing.
package keys

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Stroke is one key, named as an American keyboard has it, with what is held down beside it.
type Stroke struct {
	Key  fyne.KeyName
	Held fyne.KeyModifier
}

// Main is held for the program's own keys: Ctrl, on macOS ⌘.
const Main = fyne.KeyModifierShortcutDefault

// On is a key by itself.
func On(key fyne.KeyName) Stroke { return Stroke{Key: key} }

// With is a key with others held.
func With(held fyne.KeyModifier, key fyne.KeyName) Stroke { return Stroke{key, held} }

// Of is what was pressed. The key goes by its place, so a Russian layout changes nothing: the key of the slash
// is a full stop there, and its letters are none that Fyne knows.
func Of(event *fyne.KeyEvent) Stroke { return Stroke{at(event), held()} }

func at(event *fyne.KeyEvent) fyne.KeyName {
	if name, known := places[event.Physical.ScanCode]; known && event.Physical.ScanCode != 0 {
		return name
	}
	return event.Name
}

func held() fyne.KeyModifier {
	if driver, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return driver.CurrentKeyModifiers()
	}
	return 0
}

// OfShortcut is what was pressed with Ctrl, Alt or the like; Fyne has names of its own for some.
func OfShortcut(shortcut fyne.Shortcut) (Stroke, bool) {
	switch s := shortcut.(type) {
	case *desktop.CustomShortcut:
		return Stroke{s.KeyName, s.Modifier}, true
	case fyne.KeyboardShortcut:
		return Stroke{s.Key(), s.Mod()}, true
	}
	return Stroke{}, false
}

// shortcut is what Fyne makes of a stroke with Ctrl, Alt or the like.
func shortcut(s Stroke) fyne.Shortcut {
	if s.Held == Main {
		switch s.Key {
		case fyne.KeyZ:
			return &fyne.ShortcutUndo{}
		case fyne.KeyC:
			return &fyne.ShortcutCopy{}
		}
	}
	return &desktop.CustomShortcut{KeyName: s.Key, Modifier: s.Held}
}

// typed tells whether Fyne reports a stroke as a key; the others are shortcuts to it.
func typed(s Stroke) bool { return s.Held&^fyne.KeyModifierShift == 0 }

// rows of letters, as an American keyboard has them.
const (
	upper  = "QWERTYUIOP"
	middle = "ASDFGHJKL"
	lower  = "ZXCVBNM"
)

// placed numbers the keys of rows from their first one on.
func placed(rows map[int]string, others map[int]fyne.KeyName) map[int]fyne.KeyName {
	out := others
	for first, row := range rows {
		for i, letter := range row {
			out[first+i] = fyne.KeyName(letter)
		}
	}
	return out
}
