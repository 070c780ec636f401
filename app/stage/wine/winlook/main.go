//go:build windows

// Command winlook tells what stands on a Windows desktop, and stands in for what a test cannot be itself.
//
//	winlook windows            the windows, as JSON
//	winlook text CLASS         what is written in the edit field of the first window of a class
//	winlook watch              each window that has the foreground until the input ends, a line of JSON each
//	explorer PROGRAM [ARG…]    under that name it starts a program and waits, as Explorer does for a click
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"dozvon/app/stage/wine"
)

var (
	user          = windows.NewLazySystemDLL("user32.dll")
	windowText    = user.NewProc("GetWindowTextW")
	windowLong    = user.NewProc("GetWindowLongPtrW")
	windowDPI     = user.NewProc("GetDpiForWindow")
	windowRect    = user.NewProc("GetWindowRect")
	awareness     = user.NewProc("SetProcessDpiAwarenessContext")
	foreground    = user.NewProc("GetForegroundWindow")
	findWindow    = user.NewProc("FindWindowW")
	findChild     = user.NewProc("FindWindowExW")
	sendMessage   = user.NewProc("SendMessageW")
	controlNumber = user.NewProc("GetDlgCtrlID")
	exStyle       = ^uintptr(19) // GWL_EXSTYLE, -20
	perMonitorV2  = ^uintptr(3)  // DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2, -4
	wmGetText     = uintptr(0xd)
	styleTopmost  = uintptr(0x8)
	styleTool     = uintptr(0x80)
	styleInactive = uintptr(0x08000000)
)

func main() {
	// Else places are told in units of 96 DPI.
	if ok, _, err := awareness.Call(perMonitorV2); ok == 0 {
		fmt.Fprintln(os.Stderr, "winlook: places may be scaled:", err)
	}
	if err := run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "winlook:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	name := strings.ToLower(filepath.Base(args[0]))
	switch {
	case strings.HasPrefix(name, "explorer") && len(args) > 1:
		program := exec.Command(args[1], args[2:]...)
		program.Stdout, program.Stderr = os.Stdout, os.Stderr
		return program.Run()
	case len(args) == 2 && args[1] == "windows":
		all, err := list()
		if err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(all)
	case len(args) == 3 && args[1] == "text":
		return printText(args[2])
	case len(args) == 2 && args[1] == "watch":
		return watch()
	}
	return errors.New("windows, text CLASS or watch")
}

func list() ([]wine.Window, error) {
	var all []wine.Window
	buttons := buttons()
	one := syscall.NewCallback(func(id, _ uintptr) uintptr {
		w := describe(id)
		w.Button = buttons[int32(id)]
		all = append(all, w)
		return 1
	})
	if err := windows.EnumWindows(one, nil); err != nil {
		return nil, fmt.Errorf("listing the windows: %w", err)
	}
	return all, nil
}

// buttons are those of the task bar that are seen, by the window that each is for: wine's Explorer makes the
// window the number of the control.
func buttons() map[int32]bool {
	bar, _ := windows.UTF16PtrFromString("Shell_TrayWnd") // has no zero byte
	class, _ := windows.UTF16PtrFromString("Button")
	tray, _, _ := findWindow.Call(uintptr(unsafe.Pointer(bar)), 0)
	out := map[int32]bool{}
	if tray == 0 {
		return out
	}
	for button := uintptr(0); ; {
		button, _, _ = findChild.Call(tray, button, uintptr(unsafe.Pointer(class)), 0)
		if button == 0 {
			return out
		}
		if windows.IsWindowVisible(windows.HWND(button)) {
			number, _, _ := controlNumber.Call(button)
			out[int32(number)] = true
		}
	}
}

func describe(id uintptr) wine.Window {
	w := wine.Window{ID: id, Visible: windows.IsWindowVisible(windows.HWND(id))}
	text := make([]uint16, 256)
	n, _, _ := windowText.Call(id, uintptr(unsafe.Pointer(&text[0])), uintptr(len(text)))
	w.Title = windows.UTF16ToString(text[:n])
	if n, err := windows.GetClassName(windows.HWND(id), &text[0], int32(len(text))); err == nil {
		w.Class = windows.UTF16ToString(text[:n])
	}
	windows.GetWindowThreadProcessId(windows.HWND(id), &w.Process)
	front, _, _ := foreground.Call()
	w.Front = front == id
	var r windows.Rect
	windowRect.Call(id, uintptr(unsafe.Pointer(&r)))
	w.X, w.Y, w.Width, w.Height = int(r.Left), int(r.Top), int(r.Right-r.Left), int(r.Bottom-r.Top)
	dpi, _, _ := windowDPI.Call(id)
	w.DPI = int(dpi)
	style, _, _ := windowLong.Call(id, exStyle)
	w.Topmost, w.Tool, w.NoActivate = style&styleTopmost != 0, style&styleTool != 0, style&styleInactive != 0
	return w
}

func printText(class string) error {
	name, err := windows.UTF16PtrFromString(class)
	if err != nil {
		return err
	}
	window, _, _ := findWindow.Call(uintptr(unsafe.Pointer(name)), 0)
	if window == 0 {
		return fmt.Errorf("there is no window of class %s", class)
	}
	edit, _ := windows.UTF16PtrFromString("Edit") // has no zero byte
	field, _, _ := findChild.Call(window, 0, uintptr(unsafe.Pointer(edit)), 0)
	if field == 0 {
		return fmt.Errorf("the window of class %s has no edit field", class)
	}
	text := make([]uint16, 1<<16)
	n, _, _ := sendMessage.Call(field, wmGetText, uintptr(len(text)), uintptr(unsafe.Pointer(&text[0])))
	fmt.Println(windows.UTF16ToString(text[:n]))
	return nil
}

// watchEvery is short beside a key that is pressed.
const watchEvery = 5 * time.Millisecond

func watch() error {
	out := json.NewEncoder(os.Stdout)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	end := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		end <- err
	}()
	last := ^uintptr(0)
	for {
		if now, _, _ := foreground.Call(); now != last {
			last = now
			if err := out.Encode(describe(now)); err != nil {
				return err
			}
		}
		select {
		case err := <-end:
			return err
		case <-tick.C:
		}
	}
}
