package uitest

import (
	"fyne.io/fyne/v2"

	"dozvon/app/desktop/platform"
)

// Screen is a screen without a panel, and what the stack of cards did on it.
type Screen struct {
	Area    platform.Rect
	At      platform.Rect   // where the window was put
	Cut     []platform.Rect // what is seen of it
	Keyed   bool            // it has the keyboard
	Windows map[fyne.Window]bool
	X, Y    int // where the pointer is
}

// NewScreen is one of 1600 × 900.
func NewScreen() *Screen {
	return &Screen{Area: platform.Rect{Width: 1600, Height: 900}, Windows: map[fyne.Window]bool{}}
}

func (s *Screen) Prepare(w fyne.Window) bool { s.Windows[w] = true; return true }

func (s *Screen) Vanish(fyne.Window) { s.Cut = nil }

func (s *Screen) Shape(_ fyne.Window, parts []platform.Rect, _ int) { s.Cut = parts }

func (s *Screen) Place(_ fyne.Window, x, y int) { s.At.X, s.At.Y = x, y }

func (s *Screen) Geometry(fyne.Window) (platform.Rect, bool, error) { return s.At, s.Keyed, nil }

func (s *Screen) Focus(fyne.Window) { s.Keyed = true }

func (s *Screen) Unfocus(fyne.Window) { s.Keyed = false }

func (s *Screen) Pointer() (x, y int) { return s.X, s.Y }

func (s *Screen) WorkArea() platform.Rect { return s.Area }
