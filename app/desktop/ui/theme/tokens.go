// Package theme holds the look of the desktop program: its colours, type and sizes,
// in light and dark. Nothing else in the program sets a colour or a size, and
// nothing here draws.
package theme

import "image/color"

// Palette is the set of colours of one variant, by the names of the design.
type Palette struct {
	Ground, Surface, Raised               color.NRGBA
	Ink, Muted, Line, Hover               color.NRGBA
	Accent, AccentSoft, OnAccent, Primary color.NRGBA
	Ring, RingSoft, Call, OnCall          color.NRGBA
	Miss, MissSoft                        color.NRGBA
	Hold, HoldSoft                        color.NRGBA
}

// Light and Dark are the two variants. Primary and Call are the grounds of the filled
// buttons: in the dark they are deeper than the text colours of the same family.
var (
	Light = Palette{
		Ground: rgb(0xF4F6F8), Surface: rgb(0xFFFFFF), Raised: rgb(0xFFFFFF),
		Ink: rgb(0x12161C), Muted: rgb(0x5D6778), Line: rgb(0xE4E7EC), Hover: rgb(0xF2F4F7),
		Accent: rgb(0x215EE4), AccentSoft: rgb(0xE8EFFD), Primary: rgb(0x2563EB), OnAccent: rgb(0xFFFFFF),
		Ring: rgb(0x147A3A), RingSoft: rgb(0xE3F5E9), Call: rgb(0x15803D), OnCall: rgb(0xFFFFFF),
		Miss: rgb(0xC8262B), MissSoft: rgb(0xFDECEC),
		Hold: rgb(0xA84B08), HoldSoft: rgb(0xFDF1DF),
	}
	Dark = Palette{
		Ground: rgb(0x0E1115), Surface: rgb(0x161A20), Raised: rgb(0x1C2129),
		Ink: rgb(0xF2F4F7), Muted: rgb(0x98A2B3), Line: rgb(0x2A303A), Hover: rgb(0x262D38),
		Accent: rgb(0x6B9BFF), AccentSoft: rgb(0x1B2740), Primary: rgb(0x5B8DF5), OnAccent: rgb(0x0B1220),
		Ring: rgb(0x4ADE80), RingSoft: rgb(0x14301F), Call: rgb(0x22A559), OnCall: rgb(0x06130B),
		Miss: rgb(0xF87171), MissSoft: rgb(0x3A1B1D),
		Hold: rgb(0xFBBF24), HoldSoft: rgb(0x362812),
	}
)

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xFF}
}

// Selected is the opacity of the accent over the ground of words that are selected: a field that takes no
// changes has its words muted, and they are selected too.
const Selected = 0x18

// Alpha is c with opacity a.
func Alpha(c color.NRGBA, a uint8) color.NRGBA { c.A = a; return c }

// Tone is a family of colours that carries a meaning.
type Tone int

// The tones; each has a text colour and a soft ground.
const (
	ToneMuted Tone = iota
	ToneAccent
	ToneRing
	ToneMiss
	ToneHold
)

// Ink is the tone's text colour.
func (p Palette) ToneInk(t Tone) color.NRGBA {
	switch t {
	case ToneAccent:
		return p.Accent
	case ToneRing:
		return p.Ring
	case ToneMiss:
		return p.Miss
	case ToneHold:
		return p.Hold
	}
	return p.Muted
}

// ToneSoft is the ground that goes with ToneInk.
func (p Palette) ToneSoft(t Tone) color.NRGBA {
	switch t {
	case ToneAccent:
		return p.AccentSoft
	case ToneRing:
		return p.RingSoft
	case ToneMiss:
		return p.MissSoft
	case ToneHold:
		return p.HoldSoft
	}
	return p.Hover
}

// Sizes in Fyne's units; the grid is 4.
const (
	Caption  float32 = 12
	Small    float32 = 13
	Body     float32 = 14
	Heading  float32 = 16
	Name     float32 = 19
	Title    float32 = 20
	Grid     float32 = 4
	Gap      float32 = 8
	Inset    float32 = 16
	Side     float32 = 20
	Button   float32 = 32
	Field    float32 = 34
	Row      float32 = 56
	DayRow   float32 = 36
	Rail     float32 = 208
	Panel    float32 = 300
	Card     float32 = 380
	CardEdge float32 = 16
	CardGap  float32 = 12

	RadiusCard   float32 = 14
	RadiusPanel  float32 = 12
	RadiusButton float32 = 8
)
