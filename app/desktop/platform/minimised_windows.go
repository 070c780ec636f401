package platform

import (
	"syscall"

	"fyne.io/fyne/v2"
)

var isIconic = syscall.NewLazyDLL("user32.dll").NewProc("IsIconic")

// Minimised tells whether the window is minimised. Fyne's goroutine only.
func (d *Desktop) Minimised(w fyne.Window) bool {
	minimised, _, _ := isIconic.Call(windowID(w))
	return minimised != 0
}
