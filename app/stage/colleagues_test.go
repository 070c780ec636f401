//go:build linux

package stage

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// TestApp_aCallerIsDroppedOnAColleague with the mouse of the virtual desktop: the page is drawn anew under the pointer
// while something is dragged over it.
func TestApp_aCallerIsDroppedOnAColleague(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	c := open(t, Config{NoSound: true, NoNotifications: true})
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.startAppBy(ctx, "live"))
	var window Rect
	must(t, c.UntilStatus(ctx, "the window, and who waits for a call", func(s Status) bool {
		window = s.Windows[0].Rect
		return windowShown(s) && s.Tray.Missed > 0
	}))
	must(t, c.Do(ctx, "page", "colleagues"))
	must(t, c.UntilStatus(ctx, "the page", func(s Status) bool { return s.Page == "colleagues" }))
	mouse := func(args ...string) {
		t.Helper()
		_, err := c.Output(ctx, "xdotool", args...)
		must(t, err)
	}
	at := func(x, y int) []string {
		return []string{"mousemove", fmt.Sprint(window.X + x), fmt.Sprint(window.Y + y)}
	}
	mouse(at(window.Width-150, 165)...) // the first of those who wait
	mouse("mousedown", "1")
	for _, x := range []int{window.Width - 170, 900, 700, 500, 420} {
		mouse(append(at(x, 140), "sleep", "0.05")...)
	}
	if _, err := c.Shot(ctx, "colleagues-dragged"); err != nil {
		t.Error(err)
	}
	mouse("mouseup", "1")
	tour := &Tour{School: c}
	must(t, tour.signIn(ctx))
	must(t, Until(ctx, "the colleague's task", func() bool {
		tasks, err := tour.api.Tasks(ctx)
		for _, task := range tasks {
			if task.State == client.TaskOpen && task.Phone != "" && task.By != nil && task.By.ID == tour.me.ID && task.Assignee != nil && task.Assignee.ID != tour.me.ID {
				return err == nil
			}
		}
		return false
	}))
}
