//go:build !windows && !darwin

package autostart

import (
	"fmt"
	"os"

	"dozvon/app/desktop/xdg"
)

// System is this system's entry of the running program.
func System() (Entry, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program: %w", err)
	}
	dir, err := xdg.ConfigHome()
	if err != nil {
		return nil, err
	}
	return NewDesktopFile(dir, program), nil
}
