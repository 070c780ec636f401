// Package tray holds the icon near the clock: how it is drawn in each state, and its
// menu. It decides no state and does nothing by itself.
package tray

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"

	"dozvon/app/desktop/icon"
)

// State is what the icon says; the words are those of `dozvon status`.
type State string

// The states; the first that applies is shown, in this order.
const (
	Offline      State = "offline"
	Practice     State = "practice"
	Ringing      State = "ringing"
	Talking      State = "talking"
	DoNotDisturb State = "do_not_disturb"
	Missed       State = "missed"
	Idle         State = "idle"
)

// size of the icon; trays scale it down.
const size = 64

// Draw is the icon of a state as PNG, with the count of missed calls as a badge.
func Draw(state State, missed int) []byte {
	ground := map[State]color.NRGBA{
		Offline: {0x8A, 0x93, 0xA3, 0xFF}, Practice: {0xB4, 0x53, 0x09, 0xFF}, Ringing: {0x15, 0x80, 0x3D, 0xFF}, Talking: {0x15, 0x80, 0x3D, 0xFF},
		DoNotDisturb: {0xB4, 0x53, 0x09, 0xFF}, Missed: icon.Ground, Idle: icon.Ground,
	}[state]
	img := icon.Draw(size, ground)
	white := color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
	switch state {
	case DoNotDisturb:
		bar(img, 12, 52, 52, 12, 3.5, white)
	case Offline:
		bar(img, 14, 14, 50, 50, 3.5, white)
	case Practice:
		bar(img, 12, 53, 52, 53, 3.5, white)
	case Talking:
		disc(img, 44, 20, 6, white)
	case Ringing:
		ring(img, 40, 24, 10, white)
		ring(img, 40, 24, 18, white)
	}
	if missed > 0 && state != Ringing && state != Talking && state != Practice {
		badge(img, missed)
	}
	var out bytes.Buffer
	_ = png.Encode(&out, img) // writing to memory does not fail
	return out.Bytes()
}

// blend paints c over a pixel with coverage a of 0 to 1.
func blend(img *image.NRGBA, x, y int, c color.NRGBA, a float64) {
	if a <= 0 || !(image.Point{x, y}.In(img.Rect)) {
		return
	}
	a = min(a, 1)
	old := img.NRGBAAt(x, y)
	oldA := float64(old.A) / 255
	outA := a + oldA*(1-a)
	mix := func(n, o uint8) uint8 { return uint8((float64(n)*a + float64(o)*oldA*(1-a)) / outA) }
	img.SetNRGBA(x, y, color.NRGBA{mix(c.R, old.R), mix(c.G, old.G), mix(c.B, old.B), uint8(outA * 255)})
}

func each(paint func(x, y int, fx, fy float64)) {
	for y := range size {
		for x := range size {
			paint(x, y, float64(x)+0.5, float64(y)+0.5)
		}
	}
}

func disc(img *image.NRGBA, cx, cy, r float64, c color.NRGBA) {
	each(func(x, y int, fx, fy float64) { blend(img, x, y, c, r+0.5-math.Hypot(fx-cx, fy-cy)) })
}

// ring is a quarter of a circle at the upper right: the sound of the bell.
func ring(img *image.NRGBA, cx, cy, r float64, c color.NRGBA) {
	each(func(x, y int, fx, fy float64) {
		if fx >= cx-2 && fy <= cy+2 {
			blend(img, x, y, c, 2.5-math.Abs(math.Hypot(fx-cx, fy-cy)-r))
		}
	})
}

func bar(img *image.NRGBA, x1, y1, x2, y2, half float64, c color.NRGBA) {
	length := math.Hypot(x2-x1, y2-y1)
	each(func(x, y int, fx, fy float64) {
		along := math.Min(1, math.Max(0, ((fx-x1)*(x2-x1)+(fy-y1)*(y2-y1))/(length*length)))
		blend(img, x, y, c, half+0.5-math.Hypot(fx-x1-along*(x2-x1), fy-y1-along*(y2-y1)))
	})
}

// badge is the count at the lower right; over nine it says 9+.
func badge(img *image.NRGBA, count int) {
	disc(img, 46, 46, 18, color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF})
	disc(img, 46, 46, 16, color.NRGBA{0xC8, 0x26, 0x2B, 0xFF})
	words := strconv.Itoa(count)
	if count > 9 {
		words = "9+"
	}
	const scale = 4
	left := 46 - (len(words)*4-1)*scale/2
	if len(words) > 1 {
		left += scale / 2
	}
	for n, r := range words {
		for y, line := range glyphs[r] {
			for x, bit := range line {
				if bit == '#' {
					for dy := range scale {
						for dx := range scale {
							blend(img, left+(n*4+x)*scale+dx-n*scale/2, 36+y*scale+dy, color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}, 1)
						}
					}
				}
			}
		}
	}
}

// glyphs are digits of 3 by 5, which stay readable at the tray's 16 pixels.
var glyphs = map[rune][5]string{
	'0': {"###", "# #", "# #", "# #", "###"}, '1': {" # ", "## ", " # ", " # ", "###"},
	'2': {"###", "  #", "###", "#  ", "###"}, '3': {"###", "  #", "###", "  #", "###"},
	'4': {"# #", "# #", "###", "  #", "  #"}, '5': {"###", "#  ", "###", "  #", "###"},
	'6': {"###", "#  ", "###", "# #", "###"}, '7': {"###", "  #", "  #", "  #", "  #"},
	'8': {"###", "# #", "###", "# #", "###"}, '9': {"###", "# #", "###", "  #", "###"},
	'+': {"   ", " # ", "###", " # ", "   "},
}
