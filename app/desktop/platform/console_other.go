//go:build !windows

package platform

import (
	"os"

	"github.com/gen2brain/beeep"
)

// AttachConsole has nothing to do: standard output is there from the start.
func AttachConsole() {}

// Heard tells whether somebody may read standard error: what a program that the desktop has started writes
// there goes to the system's log.
func Heard() bool { return isRead(os.Stderr) }

func alert(title, words string) {
	_ = beeep.Notify(title, words, "") // nothing is left that could tell that this failed
}

// isRead tells whether a standard file is a terminal, a pipe or a file, and not the system's log or lost.
func isRead(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	if null, err := os.Stat(os.DevNull); err == nil && os.SameFile(info, null) {
		return false
	}
	return info.Mode().IsRegular() || info.Mode()&(os.ModeNamedPipe|os.ModeCharDevice) != 0
}
