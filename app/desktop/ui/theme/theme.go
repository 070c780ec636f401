package theme

import (
	"image/color"
	"log/slog"
	"sync"
	"sync/atomic"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"dozvon/assets"
)

// Choice is which variant to show.
type Choice string

// The choices of the settings; Auto follows the system.
const (
	Auto        Choice = "auto"
	LightChoice Choice = "light"
	DarkChoice  Choice = "dark"
)

// Theme is Dozvon's own fyne.Theme.
type Theme struct {
	choice         Choice
	regular, bold  fyne.Resource
	symbols, fixed fyne.Resource
}

// current is what Colors answers with, and inUse the theme it is of. The windows draw on
// Fyne's goroutine, but other goroutines may make widgets in tests, so both are atomic.
var (
	current atomic.Pointer[Palette]
	inUse   atomic.Pointer[Theme]
)

// New returns the theme for choice and makes it what Colors answers.
func New(choice Choice) *Theme {
	t := &Theme{choice: choice}
	t.regular, t.bold = regularFont(), boldFont()
	t.symbols = fynetheme.DefaultSymbolFont()
	t.fixed = fynetheme.DefaultTextMonospaceFont()
	current.Store(t.palette(systemVariant()))
	inUse.Store(t)
	return t
}

// Use makes a choice the theme of all windows. Fyne's windows forget the words that they have drawn when the
// theme changes, but with no OpenGL context in use (2.7.1, glCanvas.reloadScale), so that the words' textures
// stay for ever: a third of a megabyte each time. So they are forgotten before, as by content that is set.
func Use(app fyne.App, choice Choice) {
	for _, w := range app.Driver().AllWindows() {
		if content := w.Content(); content != nil {
			w.SetContent(content)
		}
	}
	app.Settings().SetTheme(New(choice))
}

func systemVariant() fyne.ThemeVariant {
	if app := fyne.CurrentApp(); app != nil {
		return app.Settings().ThemeVariant()
	}
	return fynetheme.VariantLight
}

// The fonts are read once: a theme that was replaced stays in Fyne's caches for a while.
var (
	regularFont = sync.OnceValue(func() fyne.Resource { return font("Inter-Regular.otf", fynetheme.DefaultTextFont()) })
	boldFont    = sync.OnceValue(func() fyne.Resource { return font("Inter-SemiBold.otf", fynetheme.DefaultTextBoldFont()) })
)

func font(name string, fallback fyne.Resource) fyne.Resource {
	raw, err := assets.Fonts.ReadFile("fonts/" + name)
	if err != nil {
		slog.Error("font not read, using the built-in one", "font", name, "error", err)
		return fallback
	}
	return fyne.NewStaticResource(name, raw)
}

// Colors is the palette in use now.
func Colors() Palette {
	if p := current.Load(); p != nil {
		return *p
	}
	return Light
}

func (t *Theme) palette(variant fyne.ThemeVariant) *Palette {
	switch {
	case t.choice == DarkChoice, t.choice != LightChoice && variant == fynetheme.VariantDark:
		return &Dark
	}
	return &Light
}

// Color maps Fyne's names to the palette, so that its own widgets fit in.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	p := t.palette(variant)
	// A theme that was replaced may still be asked for a last time; only the one in use decides.
	if t.choice == Auto && inUse.Load() == t && current.Load() != p {
		current.Store(p)
	}
	switch name {
	case fynetheme.ColorNameBackground:
		return p.Ground
	case fynetheme.ColorNameForeground:
		return p.Ink
	case fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameDisabled:
		return p.Muted
	case fynetheme.ColorNamePrimary:
		return p.Primary
	case fynetheme.ColorNameHyperlink:
		return p.Accent
	case fynetheme.ColorNameForegroundOnPrimary:
		return p.OnAccent
	case fynetheme.ColorNameInputBackground:
		return color.Transparent
	case fynetheme.ColorNameInputBorder:
		return color.Transparent
	case fynetheme.ColorNameMenuBackground, fynetheme.ColorNameOverlayBackground:
		return p.Raised
	case fynetheme.ColorNameButton, fynetheme.ColorNameDisabledButton, fynetheme.ColorNameHeaderBackground:
		return p.Hover
	case fynetheme.ColorNameHover, fynetheme.ColorNamePressed:
		return p.Hover
	case fynetheme.ColorNameFocus, fynetheme.ColorNameSelection:
		return Alpha(p.Accent, Selected)
	case fynetheme.ColorNameSeparator:
		return p.Line
	case fynetheme.ColorNameScrollBar:
		return Alpha(p.Muted, 0x80)
	case fynetheme.ColorNameScrollBarBackground:
		return color.Transparent
	case fynetheme.ColorNameError:
		return p.Miss
	case fynetheme.ColorNameSuccess:
		return p.Ring
	case fynetheme.ColorNameWarning:
		return p.Hold
	case fynetheme.ColorNameShadow:
		return color.NRGBA{A: 0x30}
	}
	return fynetheme.DefaultTheme().Color(name, variant)
}

// Font is Inter for words; symbols and fixed width stay Fyne's.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Symbol:
		return t.symbols
	case style.Monospace:
		return t.fixed
	case style.Bold:
		return t.bold
	}
	return t.regular
}

// Icon is Fyne's own.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

// Size is ours where it shows, Fyne's elsewhere.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return Body
	case fynetheme.SizeNameCaptionText:
		return Caption
	case fynetheme.SizeNameHeadingText:
		return Title
	case fynetheme.SizeNameSubHeadingText:
		return Heading
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameSelectionRadius:
		return RadiusButton
	case fynetheme.SizeNameScrollBar:
		return 10
	case fynetheme.SizeNameScrollBarSmall:
		return 4
	case fynetheme.SizeNameInnerPadding:
		return 8
	}
	return fynetheme.DefaultTheme().Size(name)
}
