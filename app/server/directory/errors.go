// Package directory is who and what the school has: its people, its PBXs with their extensions and
// lines, its settings. Everybody else reads an immutable snapshot of it.
package directory

import "errors"

var (
	// ErrInactive says that the integration is switched off.
	ErrInactive = errors.New("the integration is switched off")
	// ErrNoExtension says that the employee has no extension, so the PBX cannot ring them.
	ErrNoExtension = errors.New("the employee has no extension")
	// ErrNoIntegration says that no active integration can do what was asked.
	ErrNoIntegration = errors.New("no active integration can do this")
)
