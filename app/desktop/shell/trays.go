package shell

import (
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/platform"
)

// trayWait is how long a panel that shows tray icons is waited for: at log-on it may start after the program,
// and one that has crashed comes back.
const trayWait = 15 * time.Second

// traying follows whether there is a tray to come back from.
type traying struct{ *App }

func trayingOf(a *App) traying { return traying{a} }

// follow shows the window where there is no tray, and says how to come back to it.
func (a traying) follow() {
	changed := make(chan bool, 16)
	go func() {
		if err := platform.FollowTray(a.ctx, func(has bool) { changed <- has }); err != nil {
			slog.Info("tray not followed", "error", err)
		}
	}()
	var waited <-chan time.Time
	for {
		select {
		case <-a.ctx.Done():
			return
		case has := <-changed:
			waited = nil
			if !has {
				waited = time.After(trayWait)
			} else {
				fyne.Do(func() { a.trayless = false })
				a.rest.Rouse()
			}
		case <-waited:
			waited = nil
			fyne.Do(a.without)
			a.rest.Rouse()
		}
	}
}

// without is what a program without a tray icon does.
func (a traying) without() {
	if a.trayless {
		return
	}
	slog.Warn("no StatusNotifierWatcher on the session bus, the main window is shown instead of a tray icon")
	a.trayless = true
	a.Show()
	a.Tell(a.text.T("tray.absent"))
}
