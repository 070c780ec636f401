//go:build !linux

package main

// openDisplay has nothing to do: the window system is part of these systems.
func openDisplay() error { return nil }
