package platform

import (
	"context"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// CanTray tells whether there is a session bus, on which tray icons are shown. Without one the toolkit's
// icon ends the program by a crash when it is taken away.
func CanTray() bool {
	_, err := dbus.SessionBus()
	return err == nil
}

const watcher = "org.kde.StatusNotifierWatcher"

// FollowTray tells whether somebody on the session bus shows tray icons: now, and whenever that has changed,
// until ctx ends. A panel may start after the program, and again after a crash.
func FollowTray(ctx context.Context, tell func(has bool)) error {
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		tell(false)
		return fmt.Errorf("connecting to the session bus: %w", err)
	}
	defer bus.Close()
	signals := make(chan *dbus.Signal, 16)
	bus.Signal(signals)
	if err := bus.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcher)); err != nil {
		return fmt.Errorf("following %s: %w", watcher, err)
	}
	var owned bool
	err = bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, watcher).Store(&owned)
	tell(err == nil && owned)
	for {
		select {
		case <-ctx.Done():
			return nil
		case signal, open := <-signals:
			if !open {
				return nil // the bus has ended, and the session with it
			}
			var name, before, now string
			if dbus.Store(signal.Body, &name, &before, &now) == nil && name == watcher {
				tell(now != "")
			}
		}
	}
}
