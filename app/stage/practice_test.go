//go:build linux

package stage

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dozvon/app/server/demo"
	"dozvon/client/sandbox"
)

// practices is how many schools to practise in the server keeps.
func (c *School) practices(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(c.data, "practice"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return len(entries)
}

// practise begins a practice and waits for its first call.
func (c *School) practise(ctx context.Context, t *testing.T) {
	t.Helper()
	must(t, c.Do(ctx, "practice", "begin"))
	must(t, c.UntilStatus(ctx, "the practice's first call", func(s Status) bool {
		return s.Practice == sandbox.Known && len(s.Cards) == 1 && s.Cards[0].Title == "Учебный Иван Иванович"
	}))
	if s, err := c.Status(ctx); err != nil || s.Tray.State != "practice" {
		t.Errorf("the icon says %q, %v", s.Tray.State, err)
	}
}

// TestApp_practisesUntilTheSchoolCalls with the real programs: a practice is marked on the screen, a real call takes
// its place, and neither a killed server nor a killed app leaves anything of it.
func TestApp_practisesUntilTheSchoolCalls(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	c := open(t, Config{NoSound: true, NoNotifications: true})
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.StartApp(ctx))
	c.practise(ctx, t)
	if _, err := c.Shot(ctx, "practice-1-rings"); err != nil {
		t.Error(err)
	}
	must(t, c.UntilStatus(ctx, "the talk", func(s Status) bool { return len(s.Cards) == 1 && s.Cards[0].State == "talking" }))
	if _, err := c.Shot(ctx, "practice-2-talk"); err != nil {
		t.Error(err)
	}
	must(t, c.Do(ctx, "help"))
	if _, err := c.Shot(ctx, "practice-3-help"); err != nil {
		t.Error(err)
	}

	must(t, c.Phone(ctx, "101", "--no-answer"))
	began := time.Now()
	must(t, c.Call(ctx, demo.KnownNumber, "direct", "--to", "101"))
	must(t, c.UntilStatus(ctx, "the real call", func(s Status) bool {
		return s.Practice == "" && len(s.Cards) == 1 && s.Cards[0].Title == "Шангутов Александр Александрович" && s.Tray.State == "ringing"
	}))
	t.Logf("a real call stands there %v after it was made", time.Since(began).Round(time.Millisecond))
	if _, err := c.Shot(ctx, "practice-4-real-call"); err != nil {
		t.Error(err)
	}
	must(t, Until(ctx, "nothing left of the practice", func() bool { return c.practices(t) == 0 }))
	must(t, c.UntilStatus(ctx, "the caller to give up", func(s Status) bool { return len(s.Cards) == 1 && s.Cards[0].State == "missed" }))

	missed := func(s Status) bool { return s.Tray.Missed > 0 }
	must(t, c.UntilStatus(ctx, "the missed caller's count", missed))
	c.practise(ctx, t)
	if c.Dial(ctx, demo.KnownNumber) == nil {
		t.Error("a script's number is called in the practice")
	}
	c.KillServer()
	must(t, c.UntilStatus(ctx, "the school as it was known", func(s Status) bool {
		return s.Practice == "" && s.Connection != "live" && missed(s)
	}))
	if _, err := c.Shot(ctx, "practice-5-server-lost"); err != nil {
		t.Error(err)
	}
	must(t, c.StartServer(ctx))
	must(t, c.UntilStatus(ctx, "the school again", func(s Status) bool { return s.Practice == "" && s.Connection == "live" }))
	if n := c.practices(t); n != 0 {
		t.Errorf("a killed server has left %d practices", n)
	}
	c.practise(ctx, t)
	c.app.kill()
	must(t, Until(ctx, "nothing left of a killed app's practice", func() bool { return c.practices(t) == 0 }))
	if kept, err := filepath.Glob(filepath.Join(c.sub("home/.config/dozvon"), "desktop-pages-*.json")); err != nil || len(kept) != 1 {
		t.Errorf("the pages of one person and three practices are kept in %q, %v", kept, err)
	}
}
