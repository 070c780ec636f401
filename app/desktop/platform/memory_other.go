//go:build !linux

package platform

import "runtime/debug"

// GiveBackMemory returns to the system what the program has freed.
func GiveBackMemory() { debug.FreeOSMemory() }
