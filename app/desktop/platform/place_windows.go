package platform

import (
	"slices"
	"sync"
	"syscall"
	"unsafe"

	"fyne.io/fyne/v2"
)

const (
	swpNoZOrder    = 0x4
	monitorPrimary = 1
)

var (
	user32       = syscall.NewLazyDLL("user32.dll")
	isZoomed     = user32.NewProc("IsZoomed")
	enumMonitors = user32.NewProc("EnumDisplayMonitors")
)

// Frame is nothing more: Geometry counts it on Windows.
func (d Placing) Frame(fyne.Window) Frame { return Frame{} }

// AsPlaced tells that the window has the size that its person gave it.
func (d Placing) AsPlaced(w fyne.Window) bool {
	zoomed, _, _ := isZoomed.Call(windowID(w))
	return zoomed == 0 && !d.Minimised(w)
}

// Move puts a window where Geometry shall tell it.
func (d Placing) Move(w fyne.Window, x, y int) {
	d.setPos.Call(windowID(w), 0, uintptr(x), uintptr(y), 0, 0, swpNoSize|swpNoActivate|swpNoZOrder)
}

// monitors collects the handles that Windows calls back with. Callbacks are never freed, so there is one.
var monitors struct {
	sync.Mutex
	handles  []uintptr
	callback uintptr
}

// WorkAreas are the parts of all monitors that the task bar leaves free, the main monitor's first.
func (d Placing) WorkAreas() []Rect {
	monitors.Lock()
	defer monitors.Unlock()
	if monitors.callback == 0 {
		monitors.callback = syscall.NewCallback(func(monitor, _, _, _ uintptr) uintptr {
			monitors.handles = append(monitors.handles, monitor)
			return 1
		})
	}
	monitors.handles = nil
	enumMonitors.Call(0, 0, monitors.callback, 0)
	var out []Rect
	for _, monitor := range monitors.handles {
		info := monitorInfo{}
		info.Size = uint32(unsafe.Sizeof(info))
		if ok, _, _ := d.askMonitor.Call(monitor, uintptr(unsafe.Pointer(&info))); ok == 0 {
			continue
		}
		if info.Flags&monitorPrimary != 0 {
			out = slices.Insert(out, 0, info.Work.pixels())
		} else {
			out = append(out, info.Work.pixels())
		}
	}
	if len(out) == 0 {
		out = []Rect{d.WorkArea()}
	}
	return out
}
