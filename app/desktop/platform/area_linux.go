package platform

import (
	"fmt"
	"slices"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/randr"
	"github.com/jezek/xgb/xproto"
)

// panels knows what panels leave of the monitors.
type panels struct{ *Desktop }

// WorkArea is the part of the monitor under the pointer that panels leave free.
func (d *Desktop) WorkArea() Rect {
	p := panels{d}
	monitors := p.monitors()
	return p.free(p.under(monitors), len(monitors) > 1)
}

// WorkAreas are the parts of all monitors that panels leave free, the main monitor's first.
func (d Placing) WorkAreas() []Rect {
	p := panels(d)
	monitors := p.monitors()
	out := make([]Rect, len(monitors))
	for n, monitor := range monitors {
		out[n] = p.free(monitor, len(monitors) > 1)
	}
	return out
}

// monitors are the places of all monitors, the main one's first.
func (d panels) monitors() []Rect {
	screen := xproto.Setup(d.x).DefaultScreen(d.x)
	whole := []Rect{{0, 0, int(screen.WidthInPixels), int(screen.HeightInPixels)}}
	if err := randr.Init(d.x); err != nil {
		return whole
	}
	reply, err := randr.GetMonitors(d.x, d.root, true).Reply()
	if err != nil || len(reply.Monitors) == 0 {
		return whole
	}
	var out []Rect
	for _, m := range reply.Monitors {
		r := Rect{int(m.X), int(m.Y), int(m.Width), int(m.Height)}
		if m.Primary {
			out = slices.Insert(out, 0, r)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// under is the monitor under the pointer.
func (d panels) under(monitors []Rect) Rect {
	pointer, err := xproto.QueryPointer(d.x, d.root).Reply()
	if err != nil {
		return monitors[0]
	}
	for _, m := range monitors {
		if _, inside := overlap(m, Rect{int(pointer.RootX), int(pointer.RootY), 1, 1}); inside {
			return m
		}
	}
	return monitors[0]
}

// Pointer is where the pointer is.
func (d *Desktop) Pointer() (x, y int) {
	pointer, err := xproto.QueryPointer(d.x, d.root).Reply()
	if err != nil {
		return 0, 0
	}
	return int(pointer.RootX), int(pointer.RootY)
}

// FullScreen tells whether the program that is worked with has all of the monitor under the pointer.
func (d *Desktop) FullScreen() bool {
	p := panels{d}
	active := p.numbers(d.root, "_NET_ACTIVE_WINDOW", xproto.AtomWindow)
	if len(active) == 0 || active[0] == 0 {
		return false
	}
	id := xproto.Window(active[0])
	atom, err := xproto.InternAtom(d.x, true, uint16(len("_NET_WM_STATE_FULLSCREEN")), "_NET_WM_STATE_FULLSCREEN").Reply()
	if err != nil || !slices.Contains(p.numbers(id, "_NET_WM_STATE", xproto.AtomAtom), uint32(atom.Atom)) {
		return false
	}
	size, err := xproto.GetGeometry(d.x, xproto.Drawable(id)).Reply()
	if err != nil {
		return false
	}
	at, err := xproto.TranslateCoordinates(d.x, id, d.root, 0, 0).Reply()
	if err != nil {
		return false
	}
	_, here := overlap(p.under(p.monitors()), Rect{int(at.DstX), int(at.DstY), int(size.Width), int(size.Height)})
	return here
}

// free is the part of a monitor that panels leave. GNOME says it for each monitor; other window managers name
// one rectangle for all of them, which takes the panel of one away from the others: there the panels are asked
// themselves (EWMH, _NET_WM_STRUT_PARTIAL).
func (d panels) free(monitor Rect, several bool) Rect {
	desktop := 0
	if now := d.numbers(d.root, "_NET_CURRENT_DESKTOP", xproto.AtomCardinal); len(now) > 0 {
		desktop = int(now[0])
	}
	for _, work := range rects(d.numbers(d.root, fmt.Sprintf("_GTK_WORKAREAS_D%d", desktop), xproto.AtomCardinal)) {
		if both, ok := overlap(monitor, work); ok && both == work {
			return work
		}
	}
	area, found := d.besidePanels(monitor)
	if several && found {
		return area
	}
	if works := rects(d.numbers(d.root, "_NET_WORKAREA", xproto.AtomCardinal)); len(works) > 0 {
		if desktop >= len(works) {
			desktop = 0
		}
		if both, ok := overlap(area, works[desktop]); ok {
			return both
		}
	}
	return area
}

// besidePanels takes from a monitor what panels have reserved at the edges of the whole screen; false when no
// panel has reserved anything anywhere. What would take more than half of the monitor is meant for another one
// behind it.
func (d panels) besidePanels(monitor Rect) (Rect, bool) {
	screen := xproto.Setup(d.x).DefaultScreen(d.x)
	width, height := int(screen.WidthInPixels), int(screen.HeightInPixels)
	if size, err := xproto.GetGeometry(d.x, xproto.Drawable(d.root)).Reply(); err == nil {
		width, height = int(size.Width), int(size.Height)
	}
	area, found := monitor, false
	for _, id := range d.numbers(d.root, "_NET_CLIENT_LIST", xproto.AtomWindow) {
		s := d.numbers(xproto.Window(id), "_NET_WM_STRUT_PARTIAL", xproto.AtomCardinal)
		if len(s) < 12 {
			continue
		}
		n := func(i int) int { return int(s[i]) }
		found = true
		if _, ok := overlap(monitor, Rect{0, n(4), n(0), n(5) - n(4) + 1}); ok && n(0)-monitor.X <= monitor.Width/2 {
			area = cut(area, max(area.X, n(0)), area.Y, area.X+area.Width, area.Y+area.Height)
		}
		if _, ok := overlap(monitor, Rect{width - n(1), n(6), n(1), n(7) - n(6) + 1}); ok && monitor.X+monitor.Width-width+n(1) <= monitor.Width/2 {
			area = cut(area, area.X, area.Y, min(area.X+area.Width, width-n(1)), area.Y+area.Height)
		}
		if _, ok := overlap(monitor, Rect{n(8), 0, n(9) - n(8) + 1, n(2)}); ok && n(2)-monitor.Y <= monitor.Height/2 {
			area = cut(area, area.X, max(area.Y, n(2)), area.X+area.Width, area.Y+area.Height)
		}
		if _, ok := overlap(monitor, Rect{n(10), height - n(3), n(11) - n(10) + 1, n(3)}); ok && monitor.Y+monitor.Height-height+n(3) <= monitor.Height/2 {
			area = cut(area, area.X, area.Y, area.X+area.Width, min(area.Y+area.Height, height-n(3)))
		}
	}
	return area, found
}

// cut is the part of an area between edges; all of it where none is left.
func cut(area Rect, left, top, right, bottom int) Rect {
	if right <= left || bottom <= top {
		return area
	}
	return Rect{left, top, right - left, bottom - top}
}

// numbers are a property of a window; none where it is not set.
func (d panels) numbers(id xproto.Window, name string, kind xproto.Atom) []uint32 {
	const most = 4096
	atom, err := xproto.InternAtom(d.x, true, uint16(len(name)), name).Reply()
	if err != nil || atom.Atom == xproto.AtomNone {
		return nil
	}
	reply, err := xproto.GetProperty(d.x, false, id, atom.Atom, kind, 0, most).Reply()
	if err != nil {
		return nil
	}
	var out []uint32
	for value := reply.Value; len(value) >= 4; value = value[4:] {
		out = append(out, xgb.Get32(value))
	}
	return out
}

func rects(numbers []uint32) []Rect {
	var out []Rect
	for r := range slices.Chunk(numbers, 4) {
		if len(r) == 4 {
			out = append(out, Rect{int(r[0]), int(r[1]), int(r[2]), int(r[3])})
		}
	}
	return out
}

func overlap(a, b Rect) (Rect, bool) {
	x, y := max(a.X, b.X), max(a.Y, b.Y)
	right, bottom := min(a.X+a.Width, b.X+b.Width), min(a.Y+a.Height, b.Y+b.Height)
	if right <= x || bottom <= y {
		return Rect{}, false
	}
	return Rect{x, y, right - x, bottom - y}, true
}
