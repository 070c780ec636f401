package hotkey_test

import (
	"errors"
	"testing"

	"dozvon/app/desktop/hotkey"
)

func TestParse_readsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ctrl+Alt+D": "Ctrl+Alt+D", "alt + ctrl + d": "Ctrl+Alt+D", "Win+F9": "Super+F9", "Ctrl+Shift+0": "Ctrl+Shift+0", "super+f11": "Super+F11",
	} {
		c, err := hotkey.Parse(text)
		if err != nil || c.String() != want {
			t.Errorf("%q is %v, %v", text, c, err)
		}
	}
	for _, text := range []string{"", "D", "Shift+D", "Ctrl+", "Ctrl+Д", "Ctrl+F12", "Ctrl+F0", "Ctrl+F01", "Hyper+D", "Ctrl+Alt", "Ctrl++", "Ctrl+DD"} {
		if c, err := hotkey.Parse(text); !errors.Is(err, hotkey.ErrBad) {
			t.Errorf("%q is %v, %v", text, c, err)
		}
	}
}
