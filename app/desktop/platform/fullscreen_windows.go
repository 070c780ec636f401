package platform

import (
	"syscall"
	"unsafe"
)

// Answers of SHQueryUserNotificationState: something runs in full screen, or the person is presenting.
const (
	stateBusy       = 2 // QUNS_BUSY
	statePresenting = 4 // QUNS_PRESENTATION_MODE; between them QUNS_RUNNING_D3D_FULL_SCREEN
)

var askState = syscall.NewLazyDLL("shell32.dll").NewProc("SHQueryUserNotificationState")

// FullScreen tells whether a program has the whole screen, or the person is presenting.
func (d *Desktop) FullScreen() bool {
	var state int32
	if result, _, _ := askState.Call(uintptr(unsafe.Pointer(&state))); result != 0 {
		return false
	}
	return state >= stateBusy && state <= statePresenting
}

// Pointer is where the pointer is.
func (d *Desktop) Pointer() (x, y int) {
	var at point
	d.cursor.Call(uintptr(unsafe.Pointer(&at)))
	return int(at.X), int(at.Y)
}
