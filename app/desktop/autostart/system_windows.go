package autostart

import (
	"fmt"
	"os"

	"dozvon/app/desktop/winreg"
)

// System is this system's entry of the running program.
func System() (Entry, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program: %w", err)
	}
	return NewRunKey(winreg.CurrentUser{}, program), nil
}
