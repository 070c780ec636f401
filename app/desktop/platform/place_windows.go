package platform

import (
	"fmt"
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
	user32         = syscall.NewLazyDLL("user32.dll")
	isZoomed       = user32.NewProc("IsZoomed")
	enumMonitors   = user32.NewProc("EnumDisplayMonitors")
	clientRect     = user32.NewProc("GetClientRect")
	clientToScreen = user32.NewProc("ClientToScreen")
)

// Frame is the title. The borders beside and below it are not seen since Windows 10, and may lie beyond the
// screen's edge.
func (d Placing) Frame(w fyne.Window) Frame {
	_, top := d.inset(w)
	return Frame{Top: top}
}

// inset is how far the content lies within its window.
func (d Placing) inset(w fyne.Window) (left, top int) {
	whole, _, err := d.Geometry(w)
	content, inner := d.Content(w)
	if err != nil || inner != nil {
		return 0, 0
	}
	return content.X - whole.X, content.Y - whole.Y
}

// Content is the window without its frame.
func (d Placing) Content(w fyne.Window) (Rect, error) {
	var r rect
	var corner point
	if ok, _, err := clientRect.Call(windowID(w), uintptr(unsafe.Pointer(&r))); ok == 0 {
		return Rect{}, fmt.Errorf("asking the size of the window's content: %w", err)
	}
	if ok, _, err := clientToScreen.Call(windowID(w), uintptr(unsafe.Pointer(&corner))); ok == 0 {
		return Rect{}, fmt.Errorf("asking the place of the window's content: %w", err)
	}
	return Rect{int(corner.X), int(corner.Y), int(r.Right), int(r.Bottom)}, nil
}

// AsPlaced tells that the window has the size that its person gave it.
func (d Placing) AsPlaced(w fyne.Window) bool {
	zoomed, _, _ := isZoomed.Call(windowID(w))
	return zoomed == 0 && !d.Minimised(w)
}

// Move puts a window where Content shall tell it.
func (d Placing) Move(w fyne.Window, x, y int) {
	left, top := d.inset(w)
	d.setPos.Call(windowID(w), 0, uintptr(x-left), uintptr(y-top), 0, 0, swpNoSize|swpNoActivate|swpNoZOrder)
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
