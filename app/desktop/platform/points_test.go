package platform

import "testing"

// screens as macOS tells them: the first with the menu bar, one left of it and higher up, one below it.
var threeScreens = []points{{0, 0, 1440, 900}, {-1920, 100, 1920, 1080}, {200, -768, 1024, 768}}

func TestPoints_areCountedFromTheFirstScreensUpperLeftCorner(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		in   points
		want Rect
	}{
		{"what the menu bar and the Dock leave of the first", points{0, 70, 1440, 805}, Rect{0, 25, 1440, 805}},
		{"the higher one begins above the first", threeScreens[1], Rect{-1920, -280, 1920, 1080}},
		{"the lower one begins where the first ends", threeScreens[2], Rect{200, 900, 1024, 768}},
		{"a half point is rounded", points{0.5, 0.5, 380, 200}, Rect{1, 700, 380, 200}},
	} {
		if got := tt.in.fromTop(900); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestPoints_tellTheScreenUnderThePointer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		x, y float64
		want int
	}{{0, 0, 0}, {1439.9, 899.9, 0}, {-1, 500, 1}, {-1920, 1179, 1}, {300, -1, 2}, {300, -768, 2}, {5000, 5000, 0}} {
		if got := screenAt(threeScreens, tt.x, tt.y); got != tt.want {
			t.Errorf("%g, %g is on %d, want %d", tt.x, tt.y, got, tt.want)
		}
	}
}

// TestPoints_partsOfAWindowAreCountedFromItsLowerEdge: the lowest card of a stack begins at 0.
func TestPoints_partsOfAWindowAreCountedFromItsLowerEdge(t *testing.T) {
	t.Parallel()
	for part, want := range map[Rect]points{
		{0, 388, 380, 212}: {0, 0, 380, 212},
		{0, 164, 380, 212}: {0, 224, 380, 212},
	} {
		if got := part.within(600); got != want {
			t.Errorf("%+v is at %+v, want %+v", part, got, want)
		}
	}
}
