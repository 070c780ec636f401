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
	gwlExStyle      = ^uintptr(19) // -20
	gwlOwner        = ^uintptr(7)  // GWLP_HWNDPARENT, -8
	gwlWndProc      = ^uintptr(3)  // -4
	wsPopup         = 0x80000000
	exNoActivate    = 0x08000000
	exToolWindow    = 0x80
	exTopmost       = 0x8
	exAppWindow     = 0x40000
	swpNoSize       = 0x1
	swpNoActivate   = 0x10
	hwndTopmost     = ^uintptr(0)
	spiGetWorkArea  = 0x30
	rgnOr           = 2
	wmMouseActivate = 0x21
	maNoActivate    = 3
	monitorNearest  = 2
)

type (
	rect        struct{ Left, Top, Right, Bottom int32 }
	point       struct{ X, Y int32 }
	monitorInfo struct {
		Size          uint32
		Monitor, Work rect
		Flags         uint32
	}
)

func (r rect) pixels() Rect {
	return Rect{int(r.Left), int(r.Top), int(r.Right - r.Left), int(r.Bottom - r.Top)}
}

// Desktop speaks to the window system. It follows the documented API and has been run under wine, not
// on a real Windows yet.
type Desktop struct {
	getStyle, setStyle, setPos, parameters, windowRect, foreground, setForeground *syscall.LazyProc
	emptyRegion, region, joinRegions, dropRegion, setRegion                       *syscall.LazyProc
	callProc, cursor, monitorAt, askMonitor, create                               *syscall.LazyProc

	previous uintptr // who had the keyboard before Focus; Fyne's goroutine only
}

// OpenDesktop never fails on Windows.
func OpenDesktop() (*Desktop, error) {
	user, gdi := syscall.NewLazyDLL("user32.dll"), syscall.NewLazyDLL("gdi32.dll")
	return &Desktop{
		getStyle: user.NewProc("GetWindowLongPtrW"), setStyle: user.NewProc("SetWindowLongPtrW"),
		setPos: user.NewProc("SetWindowPos"), parameters: user.NewProc("SystemParametersInfoW"),
		windowRect: user.NewProc("GetWindowRect"), foreground: user.NewProc("GetForegroundWindow"),
		setForeground: user.NewProc("SetForegroundWindow"),
		emptyRegion:   gdi.NewProc("CreateRectRgn"), region: gdi.NewProc("CreateRoundRectRgn"), joinRegions: gdi.NewProc("CombineRgn"),
		dropRegion: gdi.NewProc("DeleteObject"), setRegion: user.NewProc("SetWindowRgn"),
		callProc: user.NewProc("CallWindowProcW"), cursor: user.NewProc("GetCursorPos"),
		monitorAt: user.NewProc("MonitorFromPoint"), askMonitor: user.NewProc("GetMonitorInfoW"), create: user.NewProc("CreateWindowExW"),
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

// Prepare makes w a topmost tool window that is never activated, neither by being shown nor by a click.
func (d *Desktop) Prepare(w fyne.Window) bool {
	id := windowID(w)
	if id == 0 {
		return false
	}
	style, _, _ := d.getStyle.Call(id, gwlExStyle)
	d.setStyle.Call(id, gwlExStyle, (style|exNoActivate|exToolWindow|exTopmost)&^exAppWindow)
	d.own(id)
	// The style alone leaves the answer to DefWindowProc, which under wine activates all the same.
	var before uintptr
	proc := syscall.NewCallback(func(window, message, w, l uintptr) uintptr {
		if message == wmMouseActivate {
			return maNoActivate
		}
		result, _, _ := d.callProc.Call(before, window, message, w, l)
		return result
	})
	before, _, _ = d.getStyle.Call(id, gwlWndProc)
	d.setStyle.Call(id, gwlWndProc, proc)
	d.Vanish(w)
	return true
}

// own gives a window an owner that is never seen: the task bar has no buttons for owned windows. The style of a
// tool window says so, too, but to wine's task bar, and to some that replace Windows' own, it says nothing.
func (d *Desktop) own(id uintptr) {
	class, err := syscall.UTF16PtrFromString("STATIC")
	if err != nil {
		return
	}
	if owner, _, _ := d.create.Call(0, uintptr(unsafe.Pointer(class)), 0, wsPopup, 0, 0, 0, 0, 0, 0, 0, 0); owner != 0 {
		d.setStyle.Call(id, gwlOwner, owner)
	}
}

// Vanish gives the window an empty region.
func (d *Desktop) Vanish(w fyne.Window) { d.Shape(w, nil, 0) }

// Shape cuts the window to parts with round corners of radius pixels, counted from its upper left
// corner. What lies between them is not seen, and clicks there go to what is below.
func (d *Desktop) Shape(w fyne.Window, parts []Rect, radius int) {
	whole, _, _ := d.emptyRegion.Call(0, 0, 0, 0)
	for _, p := range parts {
		part, _, _ := d.region.Call(uintptr(p.X), uintptr(p.Y), uintptr(p.X+p.Width+1), uintptr(p.Y+p.Height+1), uintptr(2*radius), uintptr(2*radius))
		d.joinRegions.Call(whole, whole, part, rgnOr)
		d.dropRegion.Call(part)
	}
	d.setRegion.Call(windowID(w), whole, 1) // the region is the system's from here on
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
	return r.pixels(), front == id, nil
}

// Focus gives the window the keyboard, for the note line, and remembers who had it. The click on the
// line was ours, so Windows lets us.
func (d *Desktop) Focus(w fyne.Window) {
	id := windowID(w)
	if front, _, _ := d.foreground.Call(); front != id {
		d.previous = front
	}
	d.setForeground.Call(id)
}

// Unfocus gives the keyboard back to who had it before Focus, if the window still has it.
func (d *Desktop) Unfocus(w fyne.Window) {
	if front, _, _ := d.foreground.Call(); front == windowID(w) && d.previous != 0 {
		d.setForeground.Call(d.previous)
	}
	d.previous = 0
}

// WorkArea is the part of the monitor under the pointer that the task bar leaves free.
func (d *Desktop) WorkArea() Rect {
	var at point
	d.cursor.Call(uintptr(unsafe.Pointer(&at)))
	// POINT goes by value, in one register.
	monitor, _, _ := d.monitorAt.Call(uintptr(uint32(at.X))|uintptr(uint32(at.Y))<<32, monitorNearest)
	info := monitorInfo{}
	info.Size = uint32(unsafe.Sizeof(info))
	if ok, _, _ := d.askMonitor.Call(monitor, uintptr(unsafe.Pointer(&info))); ok != 0 {
		return info.Work.pixels()
	}
	var primary rect
	d.parameters.Call(spiGetWorkArea, 0, uintptr(unsafe.Pointer(&primary)), 0)
	return primary.pixels()
}
