package hotkey_test

import (
	"errors"
	"testing"

	"dozvon/app/desktop/hotkey"
)

// TestListen_tellsThatACombinationIsTaken and frees it when it is closed.
func TestListen_tellsThatACombinationIsTaken(t *testing.T) {
	c := hotkey.Combination{Ctrl: true, Alt: true, Shift: true, Key: "F7"}
	for range 2 {
		first, err := hotkey.Listen(c, func() {})
		if err != nil {
			t.Fatal(err)
		}
		if second, err := hotkey.Listen(c, func() {}); !errors.Is(err, hotkey.ErrTaken) {
			t.Errorf("a second one: %v, %v", second, err)
		}
		first.Close()
		first.Close()
	}
}
