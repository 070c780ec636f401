//go:build !linux

package main

// needsDisplay: the window system is part of these systems.
const needsDisplay = false
