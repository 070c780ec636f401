package theme_test

import (
	"image/color"
	"math"
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

// TestPalette_everyTextCanBeRead holds the contrast of WCAG AA for each pair of text and
// ground that a window uses.
func TestPalette_everyTextCanBeRead(t *testing.T) {
	t.Parallel()
	const least = 4.5
	for name, p := range map[string]theme.Palette{"light": theme.Light, "dark": theme.Dark} {
		grounds := map[string]color.NRGBA{"ground": p.Ground, "surface": p.Surface, "raised": p.Raised, "hover": p.Hover, "selected": p.AccentSoft}
		for on, ground := range grounds {
			for what, ink := range map[string]color.NRGBA{"ink": p.Ink, "muted": p.Muted, "accent": p.Accent} {
				if got := contrast(ink, ground); got < least {
					t.Errorf("%s: %s on %s is %.2f, want %.1f", name, what, on, got, least)
				}
			}
		}
		for _, tone := range []theme.Tone{theme.ToneAccent, theme.ToneRing, theme.ToneMiss, theme.ToneHold, theme.ToneMuted} {
			for on, ground := range map[string]color.NRGBA{"its soft": p.ToneSoft(tone), "surface": p.Surface, "raised": p.Raised} {
				if got := contrast(p.ToneInk(tone), ground); got < least {
					t.Errorf("%s: tone %d on %s is %.2f, want %.1f", name, tone, on, got, least)
				}
			}
		}
		for what, pair := range map[string][2]color.NRGBA{"primary button": {p.OnAccent, p.Primary}, "call button": {p.OnCall, p.Call}} {
			if got := contrast(pair[0], pair[1]); got < least {
				t.Errorf("%s: %s is %.2f, want %.1f", name, what, got, least)
			}
		}
	}
}
