// Package autostart has the system start the program when the person logs on: an XDG autostart file on
// Linux, a value of the Run key on Windows, a LaunchAgent on macOS. The system's file is all there is of
// the choice, so that what the system's own settings changed is seen here, too.
package autostart

import (
	"errors"
	"io/fs"
	"os"
)

// Flag tells the program that nobody asked for its window: it was the system that started it.
const Flag = "background"

// argument is the flag on a command line.
const argument = "--" + Flag

// Entry is what starts a program at log-on.
type Entry interface {
	// On tells whether the system will start it.
	On() (bool, error)
	// Set has the system start it, or not any more.
	Set(on bool) error
	// Program is what will be started, empty while nothing is.
	Program() (string, error)
}

// Repair points an entry to program where it leads to a file that is gone: the program was moved. Another
// copy that is still there stays.
func Repair(e Entry) error {
	on, err := e.On()
	if err != nil || !on {
		return err
	}
	program, err := e.Program()
	if err != nil {
		return err
	}
	if _, err := os.Stat(program); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return e.Set(true)
}
