package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// OneLine is the theme of a field of one line: Fyne scrolls what is longer than the field, and its
// scroll bar would strike the words through.
type OneLine struct{}

// Font is the theme's.
func (OneLine) Font(style fyne.TextStyle) fyne.Resource { return Dense{}.theme().Font(style) }

// Icon is the theme's.
func (OneLine) Icon(name fyne.ThemeIconName) fyne.Resource { return Dense{}.theme().Icon(name) }

// Color is the theme's, without the shadow at the edge of what is scrolled.
func (OneLine) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if name == fynetheme.ColorNameShadow || name == fynetheme.ColorNameScrollBar {
		return color.Transparent
	}
	return Dense{}.theme().Color(name, variant)
}

// Size is the theme's.
func (OneLine) Size(name fyne.ThemeSizeName) float32 { return Dense{}.theme().Size(name) }
