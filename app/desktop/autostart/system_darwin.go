package autostart

import (
	"fmt"
	"os"
)

// System is this system's entry of the running program.
func System() (Entry, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program: %w", err)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, fmt.Errorf("finding the home folder: %w", err)
	}
	return NewLaunchAgent(home, program), nil
}
