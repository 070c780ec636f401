package screens

import (
	"os"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
)

// look is a language and a theme.
type look struct {
	lang   i18n.Lang
	choice theme.Choice
}

func (l look) suffix() string { return "-" + string(l.lang) + "-" + string(l.choice) }

// looks are all four; a short run draws two, in which each language and each theme stands once.
func looks() []look {
	two := []look{{i18n.Russian, theme.DarkChoice}, {i18n.English, theme.LightChoice}}
	if testing.Short() {
		return two
	}
	return append(two, look{i18n.Russian, theme.LightChoice}, look{i18n.English, theme.DarkChoice})
}

// scales are how large pictures are drawn.
func scales() []float32 {
	if testing.Short() {
		return []float32{1}
	}
	return []float32{1, 2}
}

// inEveryLook draws for people, who open the pictures. No such test is parallel: the theme is the
// process's.
func inEveryLook(t *testing.T, draw func(t *testing.T, l look)) {
	t.Helper()
	if err := os.MkdirAll(uitest.Where, 0o755); err != nil {
		t.Fatal(err)
	}
	app := test.NewTempApp(t)
	for _, l := range looks() {
		app.Settings().SetTheme(theme.New(l.choice))
		draw(t, l)
	}
}
