package platform

import (
	"fmt"
	"syscall"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// Words of the Windows API.
const (
	gwlExStyle     = ^uintptr(19) // -20
	exNoActivate   = 0x08000000
	exToolWindow   = 0x80
	exTopmost      = 0x8
	exAppWindow    = 0x40000
	swpNoSize      = 0x1
	swpNoActivate  = 0x10
	hwndTopmost    = ^uintptr(0)
	spiGetWorkArea = 0x30
)

type rect struct{ Left, Top, Right, Bottom int32 }

// Desktop speaks to the window system. It compiles and follows the documented API, but
// has not been run on a real Windows yet.
type Desktop struct {
	getStyle, setStyle, setPos, parameters, windowRect, foreground, setForeground, region, setRegion *syscall.LazyProc
}

// OpenDesktop never fails on Windows.
func OpenDesktop() (*Desktop, error) {
	user, gdi := syscall.NewLazyDLL("user32.dll"), syscall.NewLazyDLL("gdi32.dll")
	return &Desktop{
		getStyle: user.NewProc("GetWindowLongPtrW"), setStyle: user.NewProc("SetWindowLongPtrW"),
		setPos: user.NewProc("SetWindowPos"), parameters: user.NewProc("SystemParametersInfoW"),
		windowRect: user.NewProc("GetWindowRect"), foreground: user.NewProc("GetForegroundWindow"),
		setForeground: user.NewProc("SetForegroundWindow"),
		region:        gdi.NewProc("CreateRoundRectRgn"), setRegion: user.NewProc("SetWindowRgn"),
	}, nil
}

// Close has nothing to give back.
func (d *Desktop) Close() {}

func windowID(w fyne.Window) uintptr {
	var id uintptr
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			if c, ok := context.(driver.WindowsWindowContext); ok {
				id = c.HWND
			}
		})
	}
	return id
}

// Prepare makes w a topmost tool window that is never activated.
func (d *Desktop) Prepare(w fyne.Window) bool {
	id := windowID(w)
	if id == 0 {
		return false
	}
	style, _, _ := d.getStyle.Call(id, gwlExStyle)
	d.setStyle.Call(id, gwlExStyle, (style|exNoActivate|exToolWindow|exTopmost)&^exAppWindow)
	d.Vanish(w)
	return true
}

// Vanish gives the window an empty region.
func (d *Desktop) Vanish(w fyne.Window) {
	empty, _, _ := d.region.Call(0, 0, 0, 0, 0, 0)
	d.setRegion.Call(windowID(w), empty, 1)
}

// Round cuts the window to a rectangle with round corners of radius pixels.
func (d *Desktop) Round(w fyne.Window, width, height, radius int) {
	shape, _, _ := d.region.Call(0, 0, uintptr(width+1), uintptr(height+1), uintptr(2*radius), uintptr(2*radius))
	d.setRegion.Call(windowID(w), shape, 1)
}

// Place moves the window to a pixel and on top of the others.
func (d *Desktop) Place(w fyne.Window, x, y int) {
	d.setPos.Call(windowID(w), hwndTopmost, uintptr(x), uintptr(y), 0, 0, swpNoSize|swpNoActivate)
}

// Geometry tells where the window is and whether it has the focus.
func (d *Desktop) Geometry(w fyne.Window) (Rect, bool, error) {
	id := windowID(w)
	var r rect
	if ok, _, err := d.windowRect.Call(id, uintptr(unsafe.Pointer(&r))); ok == 0 {
		return Rect{}, false, fmt.Errorf("asking the window's place: %w", err)
	}
	front, _, _ := d.foreground.Call()
	return Rect{int(r.Left), int(r.Top), int(r.Right - r.Left), int(r.Bottom - r.Top)}, front == id, nil
}

// Focus gives the window the keyboard.
func (d *Desktop) Focus(w fyne.Window) { d.setForeground.Call(windowID(w)) }

// Unfocus leaves the keyboard to the system, which returns it by itself.
func (d *Desktop) Unfocus(fyne.Window) {}

// WorkArea is the part of the primary monitor that the task bar leaves free.
func (d *Desktop) WorkArea() Rect {
	var r rect
	d.parameters.Call(spiGetWorkArea, 0, uintptr(unsafe.Pointer(&r)), 0)
	return Rect{int(r.Left), int(r.Top), int(r.Right - r.Left), int(r.Bottom - r.Top)}
}
