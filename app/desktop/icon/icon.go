// Package icon draws the program's icon, assets/icon.svg, in any size and on any ground. It knows no
// window, no tray and no package.
package icon

import (
	"fmt"
	"image"
	"image/color"
	"strings"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"dozvon/assets"
)

// Ground is the colour of the square that the handset stands on.
var Ground = color.NRGBA{0x25, 0x63, 0xEB, 0xFF}

// Draw is the icon with a side of so many pixels, on a ground of its own colour. It panics when the
// embedded drawing cannot be read: the program was built wrong.
func Draw(size int, ground color.NRGBA) *image.NRGBA {
	svg := strings.ReplaceAll(assets.Icon, hex(Ground), hex(ground))
	drawing, err := oksvg.ReadIconStream(strings.NewReader(svg), oksvg.StrictErrorMode)
	if err != nil {
		panic(fmt.Errorf("reading the program's icon: %w", err))
	}
	drawing.SetTarget(0, 0, float64(size), float64(size))
	painted := image.NewRGBA(image.Rect(0, 0, size, size))
	drawing.Draw(rasterx.NewDasher(size, size, rasterx.NewScannerGV(size, size, painted, painted.Bounds())), 1)
	out := image.NewNRGBA(painted.Bounds())
	for y := range size {
		for x := range size {
			out.Set(x, y, painted.At(x, y))
		}
	}
	return out
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }
