// Package winplace keeps where the main window stands between starts, and keeps it on the screen. It moves no
// window itself.
package winplace

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"dozvon/app/desktop/platform"
	"dozvon/app/desktop/xdg"
)

// Place is where a window's content stands: its corner in pixels of the whole screen, its size in units, as
// monitors differ in scale.
type Place struct {
	X      int     `json:"x"`
	Y      int     `json:"y"`
	Width  float32 `json:"width"`
	Height float32 `json:"height"`
}

// Load is the place that was kept; false when there is none.
func Load(path string) (Place, bool, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Place{}, false, nil
	}
	if err != nil {
		return Place{}, false, fmt.Errorf("reading %s: %w", path, err)
	}
	var p Place
	if err := json.Unmarshal(raw, &p); err != nil {
		return Place{}, false, fmt.Errorf("decoding %s: %w", path, err)
	}
	return p, p.Width > 0 && p.Height > 0, nil
}

// Save keeps a place.
func Save(path string, p Place) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encoding the window's place: %w", err)
	}
	return xdg.Write(path, string(raw), 0o600)
}

// Pixels is the place at a scale.
func (p Place) Pixels(scale float32) platform.Rect {
	return platform.Rect{X: p.X, Y: p.Y, Width: int(p.Width*scale + 0.5), Height: int(p.Height*scale + 0.5)}
}

// nearly is what rounding between units and pixels makes of a size, in units.
const nearly = 2

// SameSize tells whether two places are as wide and high, but for rounding.
func (p Place) SameSize(q Place) bool {
	return max(p.Width-q.Width, q.Width-p.Width) < nearly && max(p.Height-q.Height, q.Height-p.Height) < nearly
}

// SameAs tells whether two places are the same, but for rounding.
func (p Place) SameAs(q Place) bool { return p.X == q.X && p.Y == q.Y && p.SameSize(q) }

// Fit is a window, with its frame, moved as little as lets all of it be seen in the work areas of the monitors;
// it is made smaller only where it is larger than every one of them. The first is the main one, for a window
// whose monitor is gone. One that lies across two monitors, and is seen as a whole, stays.
func Fit(window platform.Rect, areas []platform.Rect) platform.Rect {
	if len(areas) == 0 || window.Width <= 0 || window.Height <= 0 {
		return window
	}
	seen := 0
	for _, area := range areas {
		seen += shared(window, area)
	}
	if seen >= window.Width*window.Height {
		return window
	}
	holds := func(area platform.Rect) bool { return window.Width <= area.Width && window.Height <= area.Height }
	best := Most(window, areas)[0]
	if !holds(best) {
		if whole := Most(window, slices.DeleteFunc(slices.Clone(areas), func(area platform.Rect) bool { return !holds(area) })); len(whole) > 0 {
			best = whole[0]
		} else {
			best = slices.MaxFunc(areas, func(a, b platform.Rect) int { return cmp.Compare(a.Width*a.Height, b.Width*b.Height) })
		}
	}
	out := window
	out.Width, out.Height = min(window.Width, best.Width), min(window.Height, best.Height)
	if seen == 0 {
		out.X, out.Y = best.X+(best.Width-out.Width)/2, best.Y+(best.Height-out.Height)/2
		return out
	}
	out.X = min(max(window.X, best.X), best.X+best.Width-out.Width)
	out.Y = min(max(window.Y, best.Y), best.Y+best.Height-out.Height)
	return out
}

// Most is the one work area that has the most of a window, the first of equals; none of none.
func Most(window platform.Rect, areas []platform.Rect) []platform.Rect {
	if len(areas) == 0 {
		return nil
	}
	return []platform.Rect{slices.MaxFunc(areas, func(a, b platform.Rect) int {
		return cmp.Compare(shared(window, a), shared(window, b))
	})}
}

// shared is how many pixels two places have in common.
func shared(a, b platform.Rect) int {
	width := min(a.X+a.Width, b.X+b.Width) - max(a.X, b.X)
	height := min(a.Y+a.Height, b.Y+b.Height) - max(a.Y, b.Y)
	return max(0, width) * max(0, height)
}
