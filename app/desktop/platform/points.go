package platform

import "math"

// points is a rectangle as macOS has it: in points, its corner the lower left one, counted upwards from the
// lower left corner of the first screen.
type points struct{ X, Y, Width, Height float64 }

// fromTop is the same rectangle counted from the upper left corner of the first screen, which is so high.
func (p points) fromTop(high float64) Rect {
	return Rect{round(p.X), round(high - p.Y - p.Height), round(p.Width), round(p.Height)}
}

// within is a part of a window that is so high, counted from the window's lower left corner.
func (r Rect) within(high float64) points {
	return points{float64(r.X), high - float64(r.Y+r.Height), float64(r.Width), float64(r.Height)}
}

func (p points) holds(x, y float64) bool {
	return x >= p.X && x < p.X+p.Width && y >= p.Y && y < p.Y+p.Height
}

// screenAt is the index of the screen that a point is on; the first one when it is on none, as it may be
// for a moment when a screen goes.
func screenAt(screens []points, x, y float64) int {
	for n, s := range screens {
		if s.holds(x, y) {
			return n
		}
	}
	return 0
}

func round(f float64) int { return int(math.Round(f)) }
