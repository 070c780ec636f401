package telephony_test

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"

	"dozvon/app/desktop/ui/widgets"
)

// ink is where words of a line in fixed width begin and end from top to bottom, in pixels.
func ink(words string, size, scale float32) (top, bottom int) {
	canvas := software.NewCanvas()
	canvas.SetScale(scale)
	canvas.SetPadded(false)
	canvas.SetContent(widgets.Stack(widgets.NewBox(widgets.Surface, 0), widgets.Pad(12, 12, 12, 12, widgets.NewMono(words, size, widgets.InkNormal))))
	canvas.Resize(fyne.NewSize(80, 48))
	picture := canvas.Capture()
	ground := picture.At(0, 0)
	rows := picture.Bounds()
	top = -1
	for y := rows.Min.Y; y < rows.Max.Y; y++ {
		for x := rows.Min.X; x < rows.Max.X; x++ {
			if picture.At(x, y) != ground {
				if top < 0 {
					top = y
				}
				bottom = y + 1
				break
			}
		}
	}
	return top, bottom
}

// TestHook_theAddressIsDrawnWhole: nothing of p, g and y is missing below the line, at any scale.
func TestHook_theAddressIsDrawnWhole(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	sizes := map[float32]bool{}
	for _, l := range uitest.All[*widgets.Label](d.View) {
		if l.Mono {
			sizes[l.Em] = true
		}
	}
	if len(sizes) == 0 {
		t.Fatal("nothing on the page is of fixed width")
	}
	const large = 16
	for size := range sizes {
		_, line := ink("x", size, large)
		_, below := ink("p", size, large)
		for _, scale := range []float32{1, 1.25, 1.5, 2, 3} {
			_, line1 := ink("x", size, scale)
			_, below1 := ink("p", size, scale)
			if want, got := float32(below-line)/large*scale, float32(below1-line1); got < want-0.5 {
				t.Errorf("size %v at scale %v: %v pixels below the line, want %.1f", size, scale, got, want)
			}
		}
	}
}
