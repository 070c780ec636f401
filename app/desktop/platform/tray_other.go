//go:build !linux

package platform

// CanTray is always true, see HasTray.
func CanTray() bool { return true }

// HasTray is always true: Windows and macOS show tray icons in every session.
func HasTray() bool { return true }
