//go:build !windows && !darwin

package links

import (
	"fmt"
	"os"

	"dozvon/app/desktop/xdg"
)

// System is the running program in this system.
func System() (Handler, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program: %w", err)
	}
	config, err := xdg.ConfigHome()
	if err != nil {
		return nil, err
	}
	data, err := xdg.DataHome()
	if err != nil {
		return nil, err
	}
	return NewDesktop(config, data, program).Beside(xdg.DataDirs()), nil
}

// Chosen tells whether the person chooses who opens the links in the system's own settings.
const Chosen = false

// Choose makes the program the one that opens the links.
func Choose() error {
	handler, err := System()
	if err != nil {
		return err
	}
	return handler.Set(true)
}
