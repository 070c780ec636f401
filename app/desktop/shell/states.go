package shell

import "dozvon/app/desktop/ui/settings"

// states are what the pages keep of whoever is signed in while their widgets are made anew: where they
// stand, what is chosen, what is being typed.
type states struct {
	settings *settings.State
}

func newStates() states {
	return states{settings: &settings.State{}}
}
