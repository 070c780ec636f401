// Package traywatch tells whether there is a tray for the program's icon, and is patient with one that is late.
package traywatch

import (
	"context"
	"log/slog"
	"time"
)

// Wait is how long a panel that shows tray icons is waited for: at log-on it may start after the program, and one
// that has crashed comes back.
const Wait = 15 * time.Second

// Follow tells of each change until ctx ends: of a tray at once, of none after wait. watch hears of the changes
// themselves, until its context ends.
func Follow(ctx context.Context, watch func(context.Context, func(has bool)) error, wait time.Duration, tell func(has bool)) {
	changed := make(chan bool, 16)
	go func() {
		if err := watch(ctx, func(has bool) { changed <- has }); err != nil {
			slog.Info("tray not followed", "error", err)
		}
	}()
	var waited <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case has := <-changed:
			if waited = nil; has {
				tell(true)
			} else {
				waited = time.After(wait)
			}
		case <-waited:
			waited = nil
			tell(false)
		}
	}
}
