//go:build linux

package stage

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dozvon/app/server/demo"
)

// TestApp_survivesABareDesktop has no tray host, no notification daemon, no keyring and no audio
// device, and a wrong value in the settings file. Each is told in words, and the rest goes on.
func TestApp_survivesABareDesktop(t *testing.T) {
	ctx, c := begin(t, Config{NoTray: true, NoNotifications: true, NoKeyring: true, NoSound: true})
	settings := filepath.Join(c.Env("XDG_CONFIG_HOME"), "dozvon")
	must(t, os.MkdirAll(settings, 0o700))
	must(t, os.WriteFile(filepath.Join(settings, "desktop.yaml"), []byte("theme: purple\n"), 0o600))

	must(t, c.startApp(ctx, "signed_out"))
	if _, err := c.Shot(ctx, "bare-1-sign-in"); err != nil {
		t.Error(err)
	}
	err := c.signInWith(ctx, demo.Login, "not the password")
	if err == nil || !strings.Contains(err.Error(), "пароль") {
		t.Errorf("a wrong password was told as %v", err)
	}
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.untilConnection(ctx, "live"))
	must(t, c.UntilStatus(ctx, "the main window, as there is no tray", windowShown))

	must(t, c.Phone(ctx, "101", "--answer", "1s"))
	must(t, c.Call(ctx, demo.KnownNumber, "answered", "--to", "101", "--talk", "1s"))
	call := ""
	must(t, c.UntilStatus(ctx, "the card all the same", func(s Status) bool {
		if len(s.Cards) == 1 {
			call = s.Cards[0].CallID
		}
		return call != ""
	}))
	must(t, c.UntilStatus(ctx, "the card to go", func(s Status) bool { return len(s.Cards) == 0 }))
	must(t, c.Do(ctx, "page", "feed"))
	must(t, Until(ctx, "the player to say that there is no sound", func() bool {
		if err := c.Do(ctx, "play", call); err != nil {
			return false
		}
		s, err := c.Status(ctx)
		return err == nil && s.Player.State == "no_audio"
	}))
	if _, err := c.Shot(ctx, "bare-2-no-sound"); err != nil {
		t.Error(err)
	}
	must(t, c.Do(ctx, "page", "settings"))
	if _, err := c.Shot(ctx, "bare-3-settings"); err != nil {
		t.Error(err)
	}
	if !c.AppRuns() {
		t.Error("the app ended")
	}
}

// TestApp_atScaleTwo shows the accountant's settings and the card at twice the size.
func TestApp_atScaleTwo(t *testing.T) {
	ctx, c := begin(t, Config{Scale: "2"})
	must(t, c.SignIn(ctx, "schetova"))
	must(t, c.StartApp(ctx))
	must(t, c.Do(ctx, "page", "settings"))
	must(t, c.UntilStatus(ctx, "the settings", func(s Status) bool { return s.Page == "settings" && windowShown(s) }))
	for _, theme := range []string{"light", "dark"} {
		must(t, c.Do(ctx, "theme", theme))
		if _, err := c.Shot(ctx, "scale2-settings-"+theme); err != nil {
			t.Error(err)
		}
	}
	must(t, c.Phone(ctx, "104", "--no-answer"))
	must(t, c.Call(ctx, demo.SharedNumber, "missed", "--to", "104", "--ring", "5s"))
	var s Status
	must(t, c.UntilStatus(ctx, "the card", func(now Status) bool { s = now; return len(now.Cards) == 1 }))
	if _, err := c.Shot(ctx, "scale2-card"); err != nil {
		t.Error(err)
	}
	card := s.Cards[0]
	if want := 2 * 380; abs(card.Width-want) > 4 {
		t.Errorf("the card is %d pixels wide, want %d", card.Width, want)
	}
	for n := range 6 {
		must(t, c.Call(ctx, fmt.Sprintf("+7916000%04d", 1030+n), "missed", "--to", "104", "--ring", "12s"))
	}
	must(t, c.UntilStatus(ctx, "a line for most of them", func(now Status) bool {
		s = now
		return slices.ContainsFunc(s.Cards, func(card CardStatus) bool { return card.Form == "line" && len(card.Calls) > 2 })
	}))
	stands(t, c, s)
	if _, err := c.Shot(ctx, "scale2-storm-rings"); err != nil {
		t.Error(err)
	}
	must(t, c.UntilStatus(ctx, "all to be missed", func(now Status) bool { s = now; return len(s.Cards) == 1 && len(s.Cards[0].Calls) == 7 }))
	stands(t, c, s)
	if _, err := c.Shot(ctx, "scale2-storm-fold"); err != nil {
		t.Error(err)
	}
}
