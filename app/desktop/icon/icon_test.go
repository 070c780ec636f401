package icon_test

import (
	"image/color"
	"testing"

	"dozvon/app/desktop/icon"
)

// TestDraw_isTheHandsetOnItsGround at every size that a system asks for.
func TestDraw_isTheHandsetOnItsGround(t *testing.T) {
	t.Parallel()
	white, amber := color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}, color.NRGBA{0xB4, 0x53, 0x09, 0xFF}
	for _, ground := range []color.NRGBA{icon.Ground, amber} {
		for _, size := range []int{16, 22, 24, 32, 48, 64, 128, 256, 512} {
			img := icon.Draw(size, ground)
			at := func(x, y int) color.NRGBA { return img.NRGBAAt(x*size/64, y*size/64) }
			if got := img.Bounds().Dx(); got != size {
				t.Errorf("%d pixels wide, want %d", got, size)
			}
			for what, p := range map[string]struct {
				x, y int
				want color.NRGBA
			}{
				"the corner":       {0, 0, color.NRGBA{}},
				"the ground":       {50, 14, ground},
				"the earpiece":     {20, 18, white},
				"the mouthpiece":   {45, 44, white},
				"the handle":       {26, 38, white},
				"below the handle": {14, 50, ground},
			} {
				if got := at(p.x, p.y); got != p.want {
					t.Errorf("%d pixels: %s is %v, want %v", size, what, got, p.want)
				}
			}
		}
	}
}
