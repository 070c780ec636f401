package reports

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/theme"
)

// bars are one bar of two parts, one of another tone, an empty one, and one with a bar in front.
func bars() []present.Bar {
	return []present.Bar{
		{Label: "1", Parts: []present.Part{{To: 3, Tone: present.ToneRing}, {From: 3, To: 5, Tone: present.ToneMiss}}},
		{Label: "Константинопольская-Покровская", Parts: []present.Part{{To: 10, Tone: present.ToneAccent}}},
		{Label: "3"},
		{Label: "4", Parts: []present.Part{{To: 8, Tone: present.TonePale}, {To: 4, Tone: present.ToneRing}}},
	}
}

// cells are a week in which every hour has another number of calls.
func cells() []present.Bar {
	out := make([]present.Bar, daysOfWeek*hoursOfDay)
	for n := range out {
		out[n] = present.Bar{Parts: []present.Part{{To: float64(n)}}}
	}
	return out
}

// TestSheet_shapesStandWhereTheyAreDrawn looks at the picture itself: the middle of each shape, and
// each of its edges from within, have its colour; from without they have not.
func TestSheet_shapesStandWhereTheyAreDrawn(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
	p, text := newPen(), i18n.New(i18n.Russian)
	for _, colors := range []theme.Palette{theme.Light, theme.Dark} {
		for _, f := range []figure{{columns, bars(), present.UnitCalls}, {rows, bars(), present.UnitSeconds}, {week, cells(), present.UnitCalls}} {
			for _, scale := range []float64{1, 1.25, 2} {
				name := fmt.Sprintf("face %d at scale %v", f.face, scale)
				size := fyne.NewSize(600, 200)
				img := f.lay(p, text, colors, size, scale).draw(int(600*scale), int(200*scale), colors.Surface)
				at1 := f.lay(p, text, colors, size, 1) // where the pointer looks
				drawn := 0
				for n, area := range at1.areas() {
					m := at1.shapes[n]
					if m.ink == nil || covered(at1.shapes, n) {
						continue
					}
					drawn++
					look(t, fmt.Sprintf("%s, shape %d", name, n), img, scale, area, m.ink)
				}
				if drawn < 3 {
					t.Errorf("%s: only %d shapes are drawn", name, drawn)
				}
			}
		}
	}
}

// covered tells whether another shape stands in front of this one.
func covered(ms shapes, n int) bool {
	return slices.ContainsFunc(ms[n+1:], func(m shape) bool {
		return m.bar == ms[n].bar && m.x0 < ms[n].x1 && m.x1 > ms[n].x0 && m.y0 < ms[n].y1 && m.y1 > ms[n].y0
	})
}

// look compares the picture with an area: one and a half pixels within its edges is the ink, one and
// a half without is not.
func look(t *testing.T, name string, img image.Image, scale float64, p area, ink color.Color) {
	t.Helper()
	left, top := float64(p.at.X)*scale, float64(p.at.Y)*scale
	right, bottom := left+float64(p.size.Width)*scale, top+float64(p.size.Height)*scale
	x, y := (left+right)/2, (top+bottom)/2
	const off = 1.5
	for _, one := range []struct {
		where string
		x, y  float64
		want  bool
	}{
		{"middle", x, y, true},
		{"left, within", left + off, y, true},
		{"right, within", right - off, y, true},
		{"top, within", x, top + off, true},
		{"foot, within", x, bottom - off, true},
		{"left, without", left - off, y, false},
		{"right, without", right + off, y, false},
		{"top, without", x, top - off, false},
		{"foot, without", x, bottom + off, false},
	} {
		if got := near(img.At(int(one.x), int(one.y)), ink); got != one.want {
			t.Errorf("%s, %s: the ink is %v, want %v", name, one.where, got, one.want)
		}
	}
}

// near allows for the rounding of colours.
func near(a, b color.Color) bool {
	x, y := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	return math.Abs(float64(x.R)-float64(y.R))+math.Abs(float64(x.G)-float64(y.G))+math.Abs(float64(x.B)-float64(y.B)) < 6
}

func TestFigure_namesUnderBarsDoNotTouch(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
	for _, n := range []int{1, 7, 24, 30, 49, 366} {
		f := figure{face: columns}
		for range n {
			f.bars = append(f.bars, present.Bar{Label: "24.11"})
		}
		const width = 440
		ticks := f.names(width)
		if len(ticks) == 0 {
			t.Fatalf("%d bars have no name at all", n)
		}
		for i := 1; i < len(ticks); i++ {
			apart := (ticks[i].Value - ticks[i-1].Value) * (width - 48) / float64(n)
			if wide := fyne.MeasureText("24.11", theme.Caption, fyne.TextStyle{}).Width; apart < float64(wide) {
				t.Errorf("%d bars: names stand %v apart and are %v wide", n, apart, wide)
			}
		}
	}
}
