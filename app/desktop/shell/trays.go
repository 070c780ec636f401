package shell

import (
	"log/slog"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/traywatch"
)

// followTray shows the window where there is no tray to come back from, and says how to come back to it.
func followTray(a *App) {
	traywatch.Follow(a.ctx, platform.FollowTray, traywatch.Wait, func(has bool) {
		fyne.Do(func() {
			none := !has && !a.trayless
			if a.trayless = !has; none {
				slog.Warn("no StatusNotifierWatcher on the session bus, the main window is shown instead of a tray icon")
				a.Show()
				a.Tell(a.text.T("tray.absent"))
			}
		})
		a.rest.Rouse()
	})
}
