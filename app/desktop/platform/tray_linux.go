package platform

import "github.com/godbus/dbus/v5"

// HasTray tells whether somebody on the session bus shows tray icons.
func HasTray() bool {
	bus, err := dbus.SessionBus()
	if err != nil {
		return false
	}
	var owned bool
	err = bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.kde.StatusNotifierWatcher").Store(&owned)
	return err == nil && owned
}
