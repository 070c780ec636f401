package platform

import (
	"log/slog"
	"os"

	"golang.org/x/sys/windows"
)

// attachParent is ATTACH_PARENT_PROCESS of AttachConsole.
const attachParent = ^uintptr(0)

// AttachConsole lets a program that has no console of its own (-H=windowsgui) write to that of the shell
// that started it. What leads to a file or a pipe already stays.
func AttachConsole() {
	if usable(os.Stdout) && usable(os.Stderr) {
		return
	}
	attach := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")
	if ok, _, _ := attach.Call(attachParent); ok == 0 {
		return // it was started without one: by Explorer, a link, at log-on
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		slog.Debug("console not opened", "error", err)
		return
	}
	if !usable(os.Stdout) {
		os.Stdout = out
	}
	if !usable(os.Stderr) {
		os.Stderr = out
	}
	if in, err := os.OpenFile("CONIN$", os.O_RDWR, 0); err == nil && !usable(os.Stdin) {
		os.Stdin = in
	}
}

// usable tells whether a standard file leads anywhere.
func usable(f *os.File) bool {
	kind, err := windows.GetFileType(windows.Handle(f.Fd()))
	return err == nil && kind != windows.FILE_TYPE_UNKNOWN
}

// Heard tells whether somebody may read standard error.
func Heard() bool { return usable(os.Stderr) }

// alert shows a box and waits until the person has closed it.
func alert(title, words string) {
	text, err := windows.UTF16PtrFromString(words)
	if err != nil {
		return
	}
	caption, err := windows.UTF16PtrFromString(title)
	if err != nil {
		return
	}
	_, _ = windows.MessageBox(0, text, caption, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND)
}
