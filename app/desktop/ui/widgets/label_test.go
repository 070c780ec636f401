package widgets_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

func TestFit_cutsAtTheEnd(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.LightChoice))
	const name = "Константинопольская-Покровская Дарья"
	cut := widgets.Fit(name, 120, theme.Body, fyne.TextStyle{})
	if []rune(cut)[len([]rune(cut))-1] != '…' || fyne.MeasureText(cut, theme.Body, fyne.TextStyle{}).Width > 120 {
		t.Errorf("cut to %q", cut)
	}
	if got := widgets.Fit(name, 1000, theme.Body, fyne.TextStyle{}); got != name {
		t.Errorf("cut %q without need", got)
	}
}
