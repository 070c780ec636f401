// Package links makes Dozvon known to the system as a program for links that call: tel:, callto:, sip:.
// Who opens them is the person's choice, and where the system keeps it this package only reads. What is
// registered can be undone, and then whoever opened the links before opens them again.
package links

import (
	"errors"
	"io/fs"
	"os"
	"slices"
)

// Schemes are what such links begin with.
var Schemes = []string{"tel", "callto", "sip"}

// ErrBundle says that macOS knows who opens links by a program's bundle (CFBundleURLTypes in Info.plist).
var ErrBundle = errors.New("macOS takes programs for links from their bundles alone")

// State is what the system knows of us.
type State struct {
	// Registered tells that Dozvon can be chosen for the links.
	Registered bool
	// Others are the schemes that another program, or none yet, opens.
	Others []string
}

// Handler is how a system knows the program.
type Handler interface {
	State() (State, error)
	// Set makes the program known, and where the system leaves that to programs the one that opens the links;
	// or undoes all of it.
	Set(on bool) error
	// Program is what a link will start, empty while it is not known.
	Program() (string, error)
}

// Repair points the registration to the program where it leads to a file that is gone. Another copy that is
// still there stays.
func Repair(h Handler) error {
	state, err := h.State()
	if err != nil || !state.Registered {
		return err
	}
	program, err := h.Program()
	if err != nil {
		return err
	}
	if program == "" { // a package's, which looks after itself
		return nil
	}
	if _, err := os.Stat(program); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return h.Set(true)
}

// others are the schemes that are not opened by us.
func others(opens func(scheme string) (bool, error)) ([]string, error) {
	var out []string
	for _, scheme := range Schemes {
		ours, err := opens(scheme)
		if err != nil {
			return nil, err
		}
		if !ours {
			out = append(out, scheme)
		}
	}
	return slices.Clip(out), nil
}
