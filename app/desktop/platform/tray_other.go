//go:build !linux

package platform

import "context"

// CanTray is always true, see FollowTray.
func CanTray() bool { return true }

// FollowTray always tells yes: Windows and macOS show tray icons in every session.
func FollowTray(_ context.Context, tell func(has bool)) error {
	tell(true)
	return nil
}
