package hotkey_test

import (
	"errors"
	"testing"
	"time"

	"dozvon/app/desktop/hotkey"
)

// TestSet_hearsEachForItsOwn, and one that is given up is free at once, for others of the set too.
func TestSet_hearsEachForItsOwn(t *testing.T) {
	display(t)
	pressed := make(chan string, 9)
	wanted := func(use, combination string) hotkey.Wanted {
		return hotkey.Wanted{For: use, Combination: combination, Pressed: func() { pressed <- use }}
	}
	hears := func(keys, want string) {
		t.Helper()
		run(t, "xdotool", "key", keys)
		select {
		case got := <-pressed:
			if got != want {
				t.Errorf("%s is heard for %q, want %q", keys, got, want)
			}
		case <-time.After(time.Minute):
			t.Errorf("%s is not heard", keys)
		}
	}
	var set hotkey.Set
	set.Hear(wanted("clipboard", "Ctrl+Alt+D"), wanted("card", "Ctrl+Alt+S"))
	hears("ctrl+alt+d", "clipboard")
	hears("ctrl+alt+s", "card")

	set.Hear(wanted("clipboard", "Ctrl+Alt+S"), wanted("card", "Ctrl+Alt+S"))
	if err := set.Refused("clipboard"); !errors.Is(err, hotkey.ErrOwn) {
		t.Errorf("of the card's combination it says %v", err)
	}
	hears("ctrl+alt+s", "card")

	set.Hear(wanted("clipboard", "Ctrl+Alt+S"), wanted("card", "Ctrl+Alt+D"))
	if err := errors.Join(set.Refused("clipboard"), set.Refused("card")); err != nil {
		t.Errorf("exchanged they are refused: %v", err)
	}
	hears("ctrl+alt+s", "clipboard")
	hears("ctrl+alt+d", "card")

	var other hotkey.Set
	other.Hear(wanted("other", "Ctrl+Alt+D"))
	if err := other.Refused("other"); !errors.Is(err, hotkey.ErrTaken) {
		t.Errorf("of another program's combination it says %v", err)
	}
	set.Hear(wanted("clipboard", hotkey.None), wanted("card", "Ctrl+Alt"))
	if err := set.Refused("card"); !errors.Is(err, hotkey.ErrBad) || set.Refused("clipboard") != nil {
		t.Errorf("of no combination it says %v, of none %v", err, set.Refused("clipboard"))
	}
	other.Hear(wanted("other", "Ctrl+Alt+D"))
	if err := other.Refused("other"); err != nil {
		t.Errorf("given up, it is refused: %v", err)
	}
	hears("ctrl+alt+d", "other")
}
