package theme_test

import (
	"image/color"
	"math"
	"reflect"
	"slices"
	"testing"

	"dozvon/app/desktop/ui/theme"
)

func luminance(c color.NRGBA) float64 {
	channel := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// readable is the contrast of WCAG AA for words, and outlined that of shapes which say something by themselves.
const (
	readable = 4.5
	outlined = 3
)

// over is c with opacity a upon ground.
func over(c color.NRGBA, a uint8, ground color.NRGBA) color.NRGBA {
	mix := func(above, below uint8) uint8 {
		return uint8((int(above)*int(a) + int(below)*(255-int(a)) + 127) / 255)
	}
	return color.NRGBA{R: mix(c.R, ground.R), G: mix(c.G, ground.G), B: mix(c.B, ground.B), A: 255}
}

// uses are, by the name of each colour of the palette, what words are written with it, or else what it is for.
var uses = map[string]struct {
	words  bool     // it is written with, on every neutral ground
	ground bool     // every word may stand on it
	on     []string // grounds of its own that it is written on besides
	line   bool     // a hairline, which nobody has to see
}{
	"Ground": {ground: true}, "Surface": {ground: true}, "Raised": {ground: true}, "Hover": {ground: true}, "AccentSoft": {ground: true},
	"Ink":    {words: true, on: []string{"RingSoft", "MissSoft", "HoldSoft"}},
	"Muted":  {words: true},
	"Accent": {words: true}, "Ring": {words: true, on: []string{"RingSoft"}},
	"Miss": {words: true, on: []string{"MissSoft"}}, "Hold": {words: true, on: []string{"HoldSoft"}},
	"OnAccent": {on: []string{"Primary"}}, "OnCall": {on: []string{"Call"}},
	"Line": {line: true}, "RingSoft": {}, "MissSoft": {}, "HoldSoft": {}, "Primary": {}, "Call": {},
}

// TestPalette_everyPairCanBeRead tries each colour of the palette that words are written with on each that
// they may stand on: a new colour must say here what it is for.
func TestPalette_everyPairCanBeRead(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]theme.Palette{"light": theme.Light, "dark": theme.Dark} {
		colours := map[string]color.NRGBA{}
		for _, field := range reflect.VisibleFields(reflect.TypeFor[theme.Palette]()) {
			colours[field.Name] = reflect.ValueOf(p).FieldByIndex(field.Index).Interface().(color.NRGBA)
			if _, told := uses[field.Name]; !told {
				t.Errorf("nobody says what %s is for", field.Name)
			}
		}
		var grounds []string
		for ground, use := range uses {
			if use.ground {
				grounds = append(grounds, ground)
			}
		}
		pairs := 0
		for ink, use := range uses {
			on := use.on
			if use.words {
				on = append(slices.Clone(on), grounds...)
			}
			for _, ground := range on {
				pairs++
				if got := contrast(colours[ink], colours[ground]); got < readable {
					t.Errorf("%s: %s on %s is %.2f, want %.1f", name, ink, ground, got, readable)
				}
			}
		}
		if pairs < 38 {
			t.Errorf("%s: only %d pairs were tried", name, pairs)
		}
	}
}

// TestPalette_whatIsSelectedCanBeRead: the accent lies under words that are selected in a field.
func TestPalette_whatIsSelectedCanBeRead(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]theme.Palette{"light": theme.Light, "dark": theme.Dark} {
		for on, ground := range map[string]color.NRGBA{"ground": p.Ground, "surface": p.Surface, "raised": p.Raised, "hover": p.Hover} {
			for what, ink := range map[string]color.NRGBA{"ink": p.Ink, "muted": p.Muted} {
				if got := contrast(ink, over(p.Accent, theme.Selected, ground)); got < readable {
					t.Errorf("%s: %s selected on %s is %.2f, want %.1f", name, what, on, got, readable)
				}
			}
		}
	}
}

// TestPalette_shapesCanBeSeen: the outline of what has the keyboard, on each ground; tracks and their knobs.
func TestPalette_shapesCanBeSeen(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]theme.Palette{"light": theme.Light, "dark": theme.Dark} {
		for what, pair := range map[string][2]color.NRGBA{
			"focus on ground": {p.Accent, p.Ground}, "focus on surface": {p.Accent, p.Surface}, "focus on raised": {p.Accent, p.Raised},
			"focus on hover": {p.Accent, p.Hover}, "focus on selected": {p.Accent, p.AccentSoft},
			"switched off": {p.Muted, p.Surface}, "switched on": {p.Primary, p.Surface},
			"knob off": {p.Surface, p.Muted}, "knob on": {p.OnAccent, p.Primary},
		} {
			if got := contrast(pair[0], pair[1]); got < outlined {
				t.Errorf("%s: %s is %.2f, want %d", name, what, got, outlined)
			}
		}
	}
}
