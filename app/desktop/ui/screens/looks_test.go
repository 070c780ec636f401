package screens

import (
	"os"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/theme"
)

// look is a language and a theme.
type look struct {
	lang   i18n.Lang
	choice theme.Choice
}

// afresh puts the theme on anew, which drops the fonts that were read so far: Fyne reads them once more
// for every field with a theme of its own, 10 MB each time.
func (l look) afresh() { fyne.CurrentApp().Settings().SetTheme(theme.New(l.choice)) }

func (l look) suffix() string { return "-" + string(l.lang) + "-" + string(l.choice) }

// looks are all four. A short run draws two, in which each language and each theme stands once. Under
// the race detector one is enough: what runs is the same in each, only words and colours differ.
func looks() []look {
	all := []look{
		{i18n.Russian, theme.DarkChoice},
		{i18n.English, theme.LightChoice},
		{i18n.Russian, theme.LightChoice},
		{i18n.English, theme.DarkChoice},
	}
	switch {
	case underRace:
		return all[:1]
	case testing.Short():
		return all[:2]
	}
	return all
}

// scales are how large pictures are drawn.
func scales() []float32 {
	if underRace || testing.Short() || uitest.Collect != nil { // who collects draws each at its own scales
		return []float32{1}
	}
	return []float32{1, 2}
}

// inEveryLook draws for people, who open the pictures. No such test is parallel: the theme is the
// process's. Each look has an app of its own: a change of theme redraws every window that is open.
func inEveryLook(t *testing.T, draw func(t *testing.T, l look)) {
	t.Helper()
	if err := os.MkdirAll(uitest.Where, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, l := range looks() {
		t.Run(string(l.lang)+"-"+string(l.choice), func(t *testing.T) {
			test.NewTempApp(t)
			l.afresh()
			draw(t, l)
		})
	}
}
