package platform

import (
	"fmt"
	"sync/atomic"

	"github.com/ebitengine/purego"
	"github.com/ebitengine/purego/objc"

	"fyne.io/fyne/v2"
)

// Words of AppKit (NSWindow.h, NSPanel.h, NSApplication.h).
const (
	maskNonactivatingPanel = uint64(1 << 7)
	statusWindowLevel      = int64(25)
	joinsAllSpaces         = uint64(1 << 0)
	stationary             = uint64(1 << 4)
	ignoresCycle           = uint64(1 << 6)
	besideFullScreen       = uint64(1 << 8)
	policyAccessory        = int64(1)
)

// Desktop makes the window of the cards a panel that takes neither the keyboard nor the menu bar. It
// follows AppKit's documentation and other programs' code (tauri-nspanel; wine's winemac.drv for the shape),
// and has never run on a Mac. All methods belong on Fyne's goroutine.
type Desktop struct {
	panel    objc.Class
	setClass func(object objc.ID, class objc.Class) objc.Class
	// writes says that a note is written: then, and only then, the panel takes the keyboard.
	writes atomic.Bool
}

// OpenDesktop fails where the system has not what the panel is made of.
func OpenDesktop() (d *Desktop, err error) {
	const what = "placing the call card"
	// purego panics where a symbol is missing or a type does not fit.
	defer func() {
		if r := recover(); r != nil {
			d, err = nil, &Unsupported{what, fmt.Sprint(r)}
		}
	}()
	d = &Desktop{}
	lib, err := purego.Dlopen("/usr/lib/libobjc.A.dylib", purego.RTLD_GLOBAL|purego.RTLD_NOW)
	if err != nil {
		return nil, &Unsupported{what, err.Error()}
	}
	purego.RegisterLibFunc(&d.setClass, lib, "object_setClass")
	// For the layers that the window is cut by.
	if _, err := purego.Dlopen("/System/Library/Frameworks/QuartzCore.framework/QuartzCore", purego.RTLD_GLOBAL|purego.RTLD_NOW); err != nil {
		return nil, &Unsupported{what, err.Error()}
	}
	base := objc.GetClass("NSPanel")
	if base == 0 {
		return nil, &Unsupported{what, "there is no NSPanel"}
	}
	d.panel, err = objc.RegisterClass("DozvonPanel", base, nil, nil, []objc.MethodDef{
		{Cmd: objc.RegisterName("canBecomeKeyWindow"), Fn: func(objc.ID, objc.SEL) bool { return d.writes.Load() }},
		{Cmd: objc.RegisterName("canBecomeMainWindow"), Fn: func(objc.ID, objc.SEL) bool { return false }},
		// The style says so to AppKit; this to the window server, which reads the style only as a window is made.
		{Cmd: objc.RegisterName("_isNonactivatingPanel"), Fn: func(objc.ID, objc.SEL) bool { return true }},
	})
	if err != nil {
		return nil, &Unsupported{what, err.Error()}
	}
	return d, nil
}

// Close has nothing to give back.
func (d *Desktop) Close() {}

// Prepare makes the window a panel above the others, on every space and beside programs in full screen.
func (d *Desktop) Prepare(w fyne.Window) bool {
	id := windowOf(w)
	if id == 0 {
		return false
	}
	// Fyne's window is an NSWindow, whose style cannot say that it does not activate its program. NSPanel has
	// no variables of its own, so that a window may become one.
	d.setClass(id, d.panel)
	send(id, "setStyleMask:", maskNonactivatingPanel) // and else none: no border
	if prevent := objc.RegisterName("_setPreventsActivation:"); ask[bool](id, "respondsToSelector:", prevent) {
		id.Send(prevent, true)
	}
	send(id, "setFloatingPanel:", true)
	send(id, "setLevel:", statusWindowLevel)
	send(id, "setCollectionBehavior:", joinsAllSpaces|stationary|ignoresCycle|besideFullScreen)
	send(id, "setHidesOnDeactivate:", false)
	send(id, "setBecomesKeyOnlyIfNeeded:", true)
	send(id, "setOpaque:", false)
	send(id, "setBackgroundColor:", send(classOf("NSColor"), "clearColor"))
	send(id, "setHasShadow:", true)
	send(send(id, "contentView"), "setWantsLayer:", true)
	d.Vanish(w)
	return true
}

// Vanish makes the window transparent; it is hidden right after. Whether it takes clicks is never said: macOS
// lets them through where nothing is drawn, as long as nobody says.
func (d *Desktop) Vanish(w fyne.Window) { send(windowOf(w), "setAlphaValue:", 0.0) }

// Shape cuts the window to parts with round corners of radius points, counted from its upper left corner.
func (d *Desktop) Shape(w fyne.Window, parts []Rect, radius int) {
	if len(parts) == 0 {
		d.Vanish(w)
		return
	}
	id := windowOf(w)
	view := send(id, "contentView")
	bounds := ask[nsRect](view, "bounds")
	black := send(send(classOf("NSColor"), "blackColor"), "CGColor")
	mask := send(classOf("CALayer"), "layer")
	send(mask, "setFrame:", bounds)
	for _, part := range parts {
		card := send(classOf("CALayer"), "layer")
		send(card, "setFrame:", part.within(bounds.Size.Height).rect())
		send(card, "setCornerRadius:", float64(radius))
		send(card, "setBackgroundColor:", black)
		send(mask, "addSublayer:", card)
	}
	// Else the new shape comes by an animation.
	transaction := classOf("CATransaction")
	send(transaction, "begin")
	send(transaction, "setDisableActions:", true)
	send(send(view, "layer"), "setMask:", mask)
	send(transaction, "commit")
	send(id, "setAlphaValue:", 1.0)
	send(id, "invalidateShadow")
}

// Place moves the window and brings it above the others, whichever program is in front.
func (d *Desktop) Place(w fyne.Window, x, y int) {
	id := windowOf(w)
	send(id, "setFrameTopLeftPoint:", nsPoint{float64(x), firstHeight() - float64(y)})
	send(id, "orderFrontRegardless")
}

// Geometry tells where the window is, in points, and whether it has the keyboard.
func (d *Desktop) Geometry(w fyne.Window) (Rect, bool, error) {
	id := windowOf(w)
	if id == 0 {
		return Rect{}, false, &Unsupported{"asking a window's place", "it is not made yet"}
	}
	return ask[nsRect](id, "frame").points().fromTop(firstHeight()), ask[bool](id, "isKeyWindow"), nil
}

// Focus gives the window the keyboard, for the note line. The program in front stays the one in front.
func (d *Desktop) Focus(w fyne.Window) {
	d.writes.Store(true)
	send(windowOf(w), "makeKeyWindow")
}

// Unfocus gives the keyboard back: a panel that goes leaves it to the window that had it.
func (d *Desktop) Unfocus(w fyne.Window) {
	if !d.writes.Swap(false) {
		return
	}
	id := windowOf(w)
	if ask[bool](id, "isKeyWindow") {
		send(id, "orderOut:", objc.ID(0))
		send(id, "orderFrontRegardless")
	}
}

// WorkArea is what menu bar and Dock leave of the screen under the pointer, in points.
func (d *Desktop) WorkArea() Rect {
	all := send(classOf("NSScreen"), "screens")
	var frames, free []points
	for n := range ask[uint64](all, "count") {
		s := send(all, "objectAtIndex:", n)
		frames = append(frames, ask[nsRect](s, "frame").points())
		free = append(free, ask[nsRect](s, "visibleFrame").points())
	}
	if len(frames) == 0 {
		return Rect{}
	}
	at := ask[nsPoint](classOf("NSEvent"), "mouseLocation")
	return free[screenAt(frames, at.X, at.Y)].fromTop(frames[0].Height)
}

// firstHeight is how high the screen with the menu bar is, from whose lower edge macOS counts.
func firstHeight() float64 {
	first := send(send(classOf("NSScreen"), "screens"), "firstObject")
	if first == 0 {
		return 0
	}
	return ask[nsRect](first, "frame").Size.Height
}

// Pointer is where the pointer is, in points.
func (d *Desktop) Pointer() (x, y int) {
	at := ask[nsPoint](classOf("NSEvent"), "mouseLocation")
	return round(at.X), round(firstHeight() - at.Y)
}

// FullScreen is not known.
func (d *Desktop) FullScreen() bool { return false }
