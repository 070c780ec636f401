package platform

import "github.com/godbus/dbus/v5"

// CanTray tells whether there is a session bus, on which tray icons are shown. Without one the toolkit's
// icon ends the program by a crash when it is taken away.
func CanTray() bool {
	_, err := dbus.SessionBus()
	return err == nil
}

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
