//go:build !race

package board_test

import (
	"os"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
)

// TestScreenshots_keyboard draws the page of keys and the focus for people, who open the pictures.
func TestScreenshots_keyboard(t *testing.T) {
	if err := os.MkdirAll(uitest.Where, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, choice := range []theme.Choice{theme.LightChoice, theme.DarkChoice} {
		s := newStand(t, "feed")
		fyne.CurrentApp().Settings().SetTheme(theme.New(choice))
		s.press(0, fyne.KeySlash)
		s.press(0, fyne.KeyEscape)
		s.press(0, fyne.KeyDown)
		uitest.Snap(t, "keyboard-list-ru-"+string(choice), s.window)
		s.frame.HoverLayer().After = func(_ time.Duration, do func()) { do() }
		s.press(0, fyne.KeyUp)
		uitest.Snap(t, "keyboard-cut-ru-"+string(choice), s.window)
		s.press(0, fyne.KeyDown)
		s.window.Canvas().FocusPrevious()
		s.press(0, fyne.KeyF6)
		uitest.Snap(t, "keyboard-card-ru-"+string(choice), s.window)
		s.hotkey = "Ctrl+Alt+D"
		s.press(fyne.KeyModifierShift, fyne.KeySlash)
		uitest.Snap(t, "keys-ru-"+string(choice), s.window)
	}
}
