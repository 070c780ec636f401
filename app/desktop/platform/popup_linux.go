package platform

import (
	"fmt"
	"io"
	"log"
	"math"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/shape"
	"github.com/jezek/xgb/xproto"
)

// Set before any connection, whose goroutines read it: it complains of a missing ~/.Xauthority.
func init() { xgb.Logger = log.New(io.Discard, "", 0) }

// Desktop speaks to the X server beside Fyne's own connection. A Wayland session has it
// by XWayland, which is what Fyne's windows live in too.
type Desktop struct {
	x    *xgb.Conn
	root xproto.Window

	mu       sync.Mutex // guards previous
	previous xproto.Window
}

// OpenDesktop connects; without an X server the error is an *Unsupported.
func OpenDesktop() (*Desktop, error) {
	x, err := xgb.NewConn()
	if err != nil {
		return nil, &Unsupported{"placing the call card", "there is no X server: " + err.Error()}
	}
	if err := shape.Init(x); err != nil {
		x.Close()
		return nil, &Unsupported{"placing the call card", "the X server has no shapes: " + err.Error()}
	}
	return &Desktop{x: x, root: xproto.Setup(x).DefaultScreen(x).Root}, nil
}

// Close ends the connection.
func (d *Desktop) Close() { d.x.Close() }

func windowID(w fyne.Window) xproto.Window {
	var id xproto.Window
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			if c, ok := context.(driver.X11WindowContext); ok {
				id = xproto.Window(c.WindowHandle)
			}
		})
	}
	return id
}

// Prepare makes w a window that the window manager leaves alone, and hides it by an empty
// shape. It must run after the window is created and before it is mapped; false means
// that it is not created yet. Fyne's goroutine only.
func (d *Desktop) Prepare(w fyne.Window) bool {
	id := windowID(w)
	if id == 0 {
		return false
	}
	// Check waits for the server: ours is a second connection, and the map request of
	// the first one would overtake an unchecked change.
	_ = xproto.ChangeWindowAttributesChecked(d.x, id, xproto.CwOverrideRedirect, []uint32{1}).Check()
	d.Vanish(w)
	return true
}

// Vanish gives the window an empty shape: mapped, but neither seen nor clicked.
func (d *Desktop) Vanish(w fyne.Window) { d.cut(w, nil) }

// Shape cuts the window to parts with round corners of radius pixels, counted from its upper left
// corner. What lies between them is not seen, and clicks there go to what is below.
func (d *Desktop) Shape(w fyne.Window, parts []Rect, radius int) {
	var rows []xproto.Rectangle
	for _, part := range parts {
		rows = append(rows, rounded(part, radius)...)
	}
	d.cut(w, rows)
}

// cut makes the rows all that is seen of a window, and all that is clicked.
func (d *Desktop) cut(w fyne.Window, rows []xproto.Rectangle) {
	id := windowID(w)
	shape.Rectangles(d.x, shape.SoSet, shape.SkInput, 0, id, 0, 0, rows)
	_ = shape.RectanglesChecked(d.x, shape.SoSet, shape.SkBounding, 0, id, 0, 0, rows).Check()
}

// rounded is a rectangle with round corners as the X server's rows.
func rounded(part Rect, radius int) []xproto.Rectangle {
	rows := make([]xproto.Rectangle, 0, 2*radius+1)
	row := func(y, h, inset int) {
		rows = append(rows, xproto.Rectangle{
			X: int16(part.X + inset), Y: int16(part.Y + y), Width: uint16(max(1, part.Width-2*inset)), Height: uint16(max(1, h)),
		})
	}
	inset := func(line int) int {
		up := float64(radius) - float64(line) - 0.5
		return int(math.Round(float64(radius) - math.Sqrt(float64(radius*radius)-up*up)))
	}
	for line := range radius {
		row(line, 1, inset(line))
	}
	row(radius, part.Height-2*radius, 0)
	for line := range radius {
		row(part.Height-1-line, 1, inset(line))
	}
	return rows
}

// Place moves the window to a pixel and on top of the others.
func (d *Desktop) Place(w fyne.Window, x, y int) {
	_ = xproto.ConfigureWindowChecked(d.x, windowID(w),
		xproto.ConfigWindowX|xproto.ConfigWindowY|xproto.ConfigWindowStackMode,
		[]uint32{uint32(int32(x)), uint32(int32(y)), xproto.StackModeAbove}).Check()
}

// Geometry tells where the window is and whether it has the focus.
func (d *Desktop) Geometry(w fyne.Window) (Rect, bool, error) {
	id := windowID(w)
	if id == 0 {
		return Rect{}, false, nil
	}
	size, err := xproto.GetGeometry(d.x, xproto.Drawable(id)).Reply()
	if err != nil {
		return Rect{}, false, fmt.Errorf("asking the window's size: %w", err)
	}
	at, err := xproto.TranslateCoordinates(d.x, id, d.root, 0, 0).Reply()
	if err != nil {
		return Rect{}, false, fmt.Errorf("asking the window's place: %w", err)
	}
	focused := false
	if focus, err := xproto.GetInputFocus(d.x).Reply(); err == nil {
		focused = focus.Focus == id
	}
	return Rect{int(at.DstX), int(at.DstY), int(size.Width), int(size.Height)}, focused, nil
}

// Focus gives the window the keyboard, for the note line, and remembers who had it.
func (d *Desktop) Focus(w fyne.Window) {
	id := windowID(w)
	d.mu.Lock()
	if focus, err := xproto.GetInputFocus(d.x).Reply(); err == nil && focus.Focus != id {
		d.previous = focus.Focus
	}
	d.mu.Unlock()
	_ = xproto.SetInputFocusChecked(d.x, xproto.InputFocusParent, id, xproto.TimeCurrentTime).Check()
}

// Unfocus gives the keyboard back to who had it before Focus, if the window still has it.
func (d *Desktop) Unfocus(w fyne.Window) {
	d.mu.Lock()
	defer d.mu.Unlock()
	focus, err := xproto.GetInputFocus(d.x).Reply()
	if err == nil && focus.Focus == windowID(w) && d.previous > xproto.InputFocusPointerRoot {
		_ = xproto.SetInputFocusChecked(d.x, xproto.InputFocusParent, d.previous, xproto.TimeCurrentTime).Check()
	}
	d.previous = 0
}
