//go:build linux

package stage

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"dozvon/app/server/demo"
)

// panel is a program at the edge of the screen that has reserved its place (EWMH, _NET_WM_STRUT_PARTIAL).
func panel(t *testing.T, c *School, at Rect, strut [12]uint32) {
	t.Helper()
	x := connect(t, c)
	set := func(id xproto.Window, name string, kind xproto.Atom, values ...uint32) {
		raw := make([]byte, 4*len(values))
		for n, v := range values {
			xgb.Put32(raw[4*n:], v)
		}
		must(t, xproto.ChangePropertyChecked(x.Conn, xproto.PropModeReplace, id, x.atom(name), kind, 32, uint32(len(values)), raw).Check())
	}
	id := x.window(at, xproto.WindowClassInputOutput, xproto.CwBackPixel, 0x808080)
	set(id, "_NET_WM_WINDOW_TYPE", xproto.AtomAtom, uint32(x.atom("_NET_WM_WINDOW_TYPE_DOCK")))
	set(id, "_NET_WM_STRUT_PARTIAL", xproto.AtomCardinal, strut[:]...)
	must(t, xproto.MapWindowChecked(x.Conn, id).Check())
}

// TestApp_standsBesidePanels: the cards keep off the panels of the monitor that they stand on, and of no other.
func TestApp_standsBesidePanels(t *testing.T) {
	ctx, c := begin(t, quiet)
	const left, low, side = 900, 60, 80
	monitorsParted(t, c, left)
	panel(t, c, Rect{X: 0, Y: screenHeight - low, Width: left, Height: low}, [12]uint32{3: low, 11: left - 1})
	panel(t, c, Rect{X: screenWidth - side, Y: 0, Width: side, Height: screenHeight}, [12]uint32{1: side, 7: screenHeight - 1})
	must(t, c.start("picom", exec.Command("picom", "--backend", "xrender", "--config", "/dev/null"))) // a compositor draws all that is seen

	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.StartApp(ctx))
	must(t, c.Phone(ctx, "101", "--no-answer"))
	tour := &Tour{School: c}
	must(t, tour.signIn(ctx))
	for n, one := range []struct {
		name               string
		pointer, right, at int // pixels; where the free part of the monitor ends
	}{
		{"left", 100, left, screenHeight - low},
		{"right", screenWidth - 200, screenWidth - side, screenHeight},
	} {
		must(t, c.Move(ctx, one.pointer, 100))
		must(t, c.Call(ctx, []string{"+79160001051", "+79160001052"}[n], "missed", "--to", "101", "--ring", "60s"))
		var card CardStatus
		must(t, c.UntilStatus(ctx, "a card on the "+one.name+" monitor", func(s Status) bool {
			if len(s.Cards) != 1 {
				return false
			}
			card = s.Cards[0]
			return card.State == "ringing" && card.Height > 0
		}))
		if right, low := card.X+card.Width, card.Y+card.Height; abs(right-one.right+16) > 1 || abs(low-one.at+16) > 1 {
			t.Errorf("on the %s monitor the card ends at %d, %d, want it 16 from %d, %d", one.name, right, low, one.right, one.at)
		}
		if _, err := c.Shot(ctx, "panels-"+one.name); err != nil {
			t.Error(err)
		}
		must(t, tour.hangUpAll(ctx))
		must(t, c.Do(ctx, "hide"))
		must(t, c.UntilStatus(ctx, "the card to be missed", func(s Status) bool { return len(s.Cards) == 1 && s.Cards[0].State != "ringing" }))
		must(t, tour.press(ctx, "close"))
		must(t, c.UntilStatus(ctx, "no card", func(s Status) bool { return len(s.Cards) == 0 }))
	}
}

// TestApp_waitsForThePanel: one that starts after the program gets its icon, and the window stays away; without
// any the window comes, and says how to come back to it.
func TestApp_waitsForThePanel(t *testing.T) {
	ctx, c := openSignedIn(t, Config{NoTray: true, NoSound: true, NoNotifications: true})
	must(t, c.startTray(ctx))
	must(t, Until(ctx, "the icon in the panel", func() bool { _, _, ok := c.Tray.Icon(); return ok }))
	if s, err := c.Status(ctx); err != nil || windowShown(s) {
		t.Errorf("with a panel that came later the window is shown: %+v, %v", s.Windows, err)
	}
	must(t, c.Tray.Activate()) // a panel without menus
	must(t, c.UntilStatus(ctx, "the window after a click on the icon", windowShown))
	must(t, c.Do(ctx, "hide"))

	c.Tray.Close() // it crashes, and does not come back
	must(t, c.UntilStatus(ctx, "the window, as there is no panel", func(s Status) bool {
		return windowShown(s) && s.LastError == "В этой системе нет области значков, поэтому Дозвон открыт окном. "+
			"Закройте окно — программа продолжит работать; чтобы вернуть его, запустите Дозвон ещё раз."
	}))
	must(t, c.Do(ctx, "hide"))
	_, err := c.Output(ctx, c.bin("dozvon"))
	must(t, err)
	must(t, c.UntilStatus(ctx, "the window at the next start", windowShown))
}

// TestApp_keepsOutOfTheWayInFullScreen: above a full-screen window a strip stands for the card, opens under the
// pointer, takes no keyboard, and is a card again when the screen is given back; or the card, or nothing, as chosen.
func TestApp_keepsOutOfTheWayInFullScreen(t *testing.T) {
	ctx, c := openSignedIn(t, quiet)
	editor, err := c.OpenEditor(ctx)
	must(t, err)
	fullScreen := func() {
		t.Helper()
		must(t, editor.Focus(ctx))
		_, err := c.Output(ctx, "xdotool", "key", "alt+Return")
		must(t, err)
	}
	fullScreen()
	must(t, Until(ctx, "the editor in full screen", func() bool {
		out, err := c.Output(ctx, "xprop", "-id", editor.window, "_NET_WM_STATE")
		return err == nil && strings.Contains(out, "FULLSCREEN")
	}))
	must(t, c.Move(ctx, 100, 100))
	must(t, c.Phone(ctx, "101", "--no-answer"))
	must(t, c.Call(ctx, demo.KnownNumber, "missed", "--to", "101", "--ring", "90s"))
	one := func(what, form string) CardStatus {
		t.Helper()
		var card CardStatus
		must(t, c.UntilStatus(ctx, what, func(s Status) bool {
			if len(s.Cards) != 1 || s.Cards[0].Form != form {
				return false
			}
			card = s.Cards[0]
			return true
		}))
		return card
	}
	strip := one("a strip", "strip")
	if want := (Rect{X: screenWidth - 264, Y: screenHeight - 72, Width: 278, Height: 40}); strip.Rect != want {
		t.Errorf("the strip is at %+v, want %+v", strip.Rect, want)
	}
	out, err := c.Output(ctx, "xdotool", "search", "--name", "^Dozvon call$")
	must(t, err)
	if on := windowUnder(ctx, t, c, screenWidth-100, screenHeight-300); on == strings.TrimSpace(out) {
		t.Error("beside the strip the cards' window takes the clicks")
	}
	if focus, err := editor.HasFocus(ctx); err != nil || !focus {
		t.Errorf("the editor has not the keyboard (%v)", err)
	}
	for _, theme := range []string{"light", "dark"} {
		must(t, c.Do(ctx, "theme", theme))
		if _, err := c.Shot(ctx, "strip-"+theme); err != nil {
			t.Error(err)
		}
	}
	must(t, c.Move(ctx, screenWidth-100, screenHeight-50))
	one("the card under the pointer", "")
	must(t, c.Move(ctx, 100, 100))
	one("a strip again", "strip")
	fullScreen()
	one("the card, as the screen is given back", "")
	fullScreen()
	one("a strip, as it is taken again", "strip")
	must(t, c.Do(ctx, "full-screen", "card"))
	one("the card that was chosen", "")
	must(t, c.Do(ctx, "full-screen", "tray"))
	must(t, c.UntilStatus(ctx, "nothing but the icon", func(s Status) bool { return len(s.Cards) == 0 && s.Tray.State == "ringing" }))
}
