package directory

import "errors"

var (
	// ErrUnknownKey says that no integration has the key that a webhook carries.
	ErrUnknownKey = errors.New("no integration has this key")
	// ErrHookSecret says that a webhook came without the secret word of the integration's address.
	ErrHookSecret = errors.New("the address lacks the integration's secret word")
	// ErrInactive says that the integration is switched off.
	ErrInactive = errors.New("the integration is switched off")
	// ErrColleagueWithoutExtension says that a call cannot be handed to somebody, because they have no
	// extension at the PBX over which it goes.
	ErrColleagueWithoutExtension = errors.New("the colleague has no extension at this PBX")
	// ErrNoExtension says that the employee has no extension, so the PBX cannot ring them.
	ErrNoExtension = errors.New("the employee has no extension")
	// ErrNoIntegration says that no active integration can do what was asked.
	ErrNoIntegration = errors.New("no active integration can do this")
)
