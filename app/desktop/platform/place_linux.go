package platform

import (
	"slices"

	"fyne.io/fyne/v2"
	"github.com/jezek/xgb/xproto"
)

// Frame is what the window manager draws around the window (_NET_FRAME_EXTENTS).
func (d Placing) Frame(w fyne.Window) Frame {
	side := panels(d).numbers(windowID(w), "_NET_FRAME_EXTENTS", xproto.AtomCardinal)
	if len(side) < 4 {
		return Frame{}
	}
	return Frame{int(side[0]), int(side[1]), int(side[2]), int(side[3])}
}

// AsPlaced tells that the window has the size that its person gave it: it is not maximised, minimised or in
// full screen.
func (d Placing) AsPlaced(w fyne.Window) bool {
	states := panels(d).numbers(windowID(w), "_NET_WM_STATE", xproto.AtomAtom)
	for _, name := range []string{"_NET_WM_STATE_MAXIMIZED_VERT", "_NET_WM_STATE_MAXIMIZED_HORZ", "_NET_WM_STATE_FULLSCREEN", "_NET_WM_STATE_HIDDEN"} {
		atom, err := xproto.InternAtom(d.x, true, uint16(len(name)), name).Reply()
		if err == nil && atom.Atom != xproto.AtomNone && slices.Contains(states, uint32(atom.Atom)) {
			return false
		}
	}
	return true
}

// Content is the window without its frame.
func (d Placing) Content(w fyne.Window) (Rect, error) {
	at, _, err := d.Geometry(w)
	return at, err
}

// Move puts a window of the window manager's where Content shall tell it. GLFW asks for static gravity, so
// the corner is that of the content.
func (d Placing) Move(w fyne.Window, x, y int) {
	_ = xproto.ConfigureWindowChecked(d.x, windowID(w), xproto.ConfigWindowX|xproto.ConfigWindowY,
		[]uint32{uint32(int32(x)), uint32(int32(y))}).Check()
}
