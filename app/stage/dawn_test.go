//go:build linux

package stage

import (
	"context"
	"testing"
	"time"

	"dozvon/app/server/demo"
)

// TestApp_beginsTheDayWithWhatWaits shows the page at the first start of a day alone, and leaves it by Escape and
// when somebody calls.
func TestApp_beginsTheDayWithWhatWaits(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	c := open(t, Config{Morning: true, NoSound: true, NoNotifications: true})
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.startAppBy(ctx, "live"))
	onPage := func(page string) {
		t.Helper()
		must(t, c.UntilStatus(ctx, "the page "+page, func(s Status) bool { return s.Page == page && windowShown(s) }))
	}
	onPage("morning")
	if _, err := c.Shot(ctx, "morning"); err != nil {
		t.Error(err)
	}
	_, err := c.Output(ctx, "xdotool", "key", "Escape")
	must(t, err)
	onPage("feed")
	s, err := c.Status(ctx)
	must(t, err)
	window := s.Windows[0].Rect
	must(t, c.Click(ctx, window.X+60, window.Y+window.Height-34)) // the name at the foot of the rail
	onPage("morning")
	must(t, c.Phone(ctx, "101", "--no-answer"))
	must(t, c.Call(ctx, demo.KnownNumber, "missed", "--to", "101", "--ring", "3s"))
	onPage("feed")

	_, err = c.Output(ctx, c.bin("dozvon"), "quit")
	must(t, err)
	must(t, Until(ctx, "the app to end", func() bool { return !c.AppRuns() }))
	must(t, c.startAppBy(ctx, "live"))
	must(t, c.UntilStatus(ctx, "the feed, with what has come", func(s Status) bool { return s.Page == "feed" && s.Tray.Missed > 0 && windowShown(s) }))
	must(t, c.Do(ctx, "page", "missed"))
	if s, err := c.Status(ctx); err != nil || s.Page != "missed" {
		t.Errorf("after a restart on the same day it is at %q (%v)", s.Page, err)
	}
}
