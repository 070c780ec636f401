//go:build !linux

package platform

// HasTray is always true: Windows and macOS show tray icons in every session.
func HasTray() bool { return true }
