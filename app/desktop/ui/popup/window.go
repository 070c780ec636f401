package popup

import (
	"log/slog"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"github.com/go-gl/glfw/v3.3/glfw"

	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/ui/theme"
)

// Screen places a window among those of other programs. *platform.Desktop is one.
type Screen interface {
	// Prepare must be called between the making of the window and its first showing; false: too early.
	Prepare(w fyne.Window) bool
	Vanish(w fyne.Window)
	Shape(w fyne.Window, parts []platform.Rect, radius int)
	Place(w fyne.Window, x, y int)
	Geometry(w fyne.Window) (platform.Rect, bool, error)
	Focus(w fyne.Window)
	Unfocus(w fyne.Window)
	WorkArea() platform.Rect
	// Pointer is where the pointer is.
	Pointer() (x, y int)
}

// frame is the one window of all cards. It is as large as the stack may grow, and cut to the cards that
// stand in it: so a card that comes or goes changes its shape alone, and costs no window and no GL context.
type frame struct {
	screen   Screen
	window   fyne.Window
	column   *column
	size     fyne.Size // of the window
	area     platform.Rect
	scale    float32
	prepared bool
	shown    bool
	keyed    bool            // a person has gone to the cards by keyboard
	cut      []platform.Rect // the shape in use, in pixels from the window's upper left corner
	corner   corner
}

// corner is how far from the right and the lower edge of the work area the window stands, in Fyne's units.
type corner struct{ right, low float32 }

var cardCorner = corner{theme.CardEdge, theme.CardEdge}

// column keeps objects where they were put, and primes. Fyne makes and maps a window in one Show; between
// the two it asks for the least size, and that is the only moment at which a window exists that the window
// manager has not seen yet.
type column struct {
	prime func()
	at    map[fyne.CanvasObject]place
}

// place is where an object stands, in Fyne's units from the window's upper left corner.
type place struct {
	at   fyne.Position
	size fyne.Size
}

// Layout puts each object in its place.
func (c *column) Layout(objects []fyne.CanvasObject, _ fyne.Size) {
	for _, o := range objects {
		p := c.at[o]
		o.Resize(p.size)
		o.Move(p.at)
	}
}

// MinSize primes; the window may be of any height.
func (c *column) MinSize([]fyne.CanvasObject) fyne.Size {
	c.prime()
	return fyne.NewSize(theme.Card, theme.Gap)
}

// newFrame makes the window and shows it once, unseen and with something in it, so that the first call does
// not wait for window, fonts and shaders.
func newFrame(app fyne.App, screen Screen, first fyne.CanvasObject) (*frame, *fyne.Container) {
	f := &frame{screen: screen, corner: cardCorner}
	f.column = &column{prime: func() {
		if !f.prepared {
			f.prepared = screen.Prepare(f.window)
		}
	}}
	root := &fyne.Container{Layout: f.column, Objects: []fyne.CanvasObject{first}}
	f.column.at = map[fyne.CanvasObject]place{first: {size: first.MinSize()}}
	show := func() { f.window.Show() }
	if driver, ok := app.Driver().(desktop.Driver); ok {
		f.window = driver.CreateSplashWindow()
		show = func() { quietly(f.window.Show) }
	} else {
		f.window = app.NewWindow("") // a driver of tests has no splash windows
	}
	f.window.SetTitle("Dozvon call")
	f.window.SetPadded(false)
	f.window.SetContent(root)
	f.resize(fyne.NewSize(theme.Card, first.MinSize().Height))
	show()
	f.area = screen.WorkArea()
	f.place()
	f.window.Hide()
	root.Objects = nil
	return f, root
}

// quietly runs show, in which a window is made and shown that must not take the focus. GLFW gives every
// window the focus that it shows, by SetForegroundWindow on Windows, unless this hint is off; the window
// keeps the hint it was made with. GLFW has begun with the driver's first window.
func quietly(show func()) {
	glfw.WindowHint(glfw.FocusOnShow, glfw.False)
	defer glfw.WindowHint(glfw.FocusOnShow, glfw.True)
	show()
}

func pixels(units, scale float32) int { return int(math.Round(float64(units * scale))) }

// room is how high the stack may become: two thirds of the work area, with the space at its edge.
func (f *frame) room() float32 {
	f.scale = f.window.Canvas().Scale()
	return float32(math.Floor(float64(float32(f.area.Height)/f.scale*2/3))) - theme.CardEdge
}

func (f *frame) resize(size fyne.Size) {
	if f.size != size {
		f.size = size
		f.window.Resize(size)
	}
}

// place moves the window to its corner, above all others.
func (f *frame) place() {
	scale := f.window.Canvas().Scale()
	f.screen.Place(f.window, f.area.X+f.area.Width-pixels(f.corner.right, scale)-pixels(f.size.Width, scale),
		f.area.Y+f.area.Height-pixels(f.corner.low, scale)-pixels(f.size.Height, scale))
}

// part is one thing of the stack.
type part struct {
	object fyne.CanvasObject
	height float32
	edge   bool // it is a strip, whose right end is beyond the screen
}

// show puts parts above each other from the lower edge up, 12 apart, draws them, and only then cuts the
// window to them: what was not drawn yet is never seen. A strip makes the window reach the screen's edge.
func (f *frame) show(root *fyne.Container, parts []part, room float32) {
	high, wide, at := -theme.CardGap, theme.Card, cardCorner
	for _, p := range parts {
		high += p.height + theme.CardGap
		if p.edge {
			wide, at.right = theme.Card+theme.CardEdge, 0
		}
	}
	f.column.at = map[fyne.CanvasObject]place{}
	f.resize(fyne.NewSize(wide, max(room, high)))
	var cut []platform.Rect
	var objects []fyne.CanvasObject
	bottom := f.size.Height
	for _, p := range parts {
		top := bottom - p.height
		stands := place{fyne.NewPos(0, top), fyne.NewSize(theme.Card, p.height)}
		if p.edge {
			stands = place{fyne.NewPos(wide-stripWidth, top), fyne.NewSize(stripWidth+theme.RadiusCard, p.height)}
		}
		f.column.at[p.object] = stands
		objects = append(objects, p.object)
		from, left := pixels(top, f.scale), pixels(stands.at.X, f.scale)
		cut = append(cut, platform.Rect{X: left, Y: from, Width: pixels(stands.size.Width, f.scale), Height: pixels(bottom, f.scale) - from})
		bottom = top - theme.CardGap
	}
	f.cutTo(root, objects, cut, at)
}

// cutTo draws objects where the column has them, and cuts the window, at a corner of the screen, to parts.
func (f *frame) cutTo(root *fyne.Container, objects []fyne.CanvasObject, cut []platform.Rect, at corner) {
	root.Objects = objects
	f.column.Layout(objects, f.size)
	f.window.Canvas().Refresh(root)
	if f.shown && equal(cut, f.cut) && f.corner == at {
		return
	}
	f.corner = at
	// Showing what is shown already draws it at once, where a refresh waits for the next frame.
	f.window.Show()
	f.place()
	f.screen.Shape(f.window, cut, pixels(theme.RadiusCard, f.scale))
	f.shown, f.cut = true, cut
}

func equal(a, b []platform.Rect) bool {
	if len(a) != len(b) {
		return false
	}
	for n := range a {
		if a[n] != b[n] {
			return false
		}
	}
	return true
}

// hide takes the window away, and gives the keyboard back if it had it.
func (f *frame) hide() {
	if !f.shown {
		return
	}
	f.release()
	f.screen.Vanish(f.window)
	f.window.Hide()
	f.shown, f.cut = false, nil
}

// release gives the keyboard back to who had it, and lets no entry blink for nobody.
func (f *frame) release() {
	f.keyed = false
	f.window.Canvas().Unfocus()
	f.screen.Unfocus(f.window)
}

// onScreen is where the n-th object from the lower edge stands, in pixels of the screen.
func (f *frame) onScreen(n int) platform.Rect {
	if n >= len(f.cut) {
		return platform.Rect{}
	}
	window, _, err := f.screen.Geometry(f.window)
	if err != nil {
		slog.Warn("place of the cards unknown", "error", err)
	}
	r := f.cut[n]
	r.X, r.Y = r.X+window.X, r.Y+window.Y
	return r
}
