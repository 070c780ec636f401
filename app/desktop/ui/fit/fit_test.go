package fit_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/fit"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
)

func TestLine_cutsAtTheEnd(t *testing.T) {
	uitest.LightApp(t)
	const name = "Константинопольская-Покровская Дарья"
	cut := fit.Line(name, 120, theme.Body, fyne.TextStyle{})
	if []rune(cut)[len([]rune(cut))-1] != '…' || fyne.MeasureText(cut, theme.Body, fyne.TextStyle{}).Width > 120 {
		t.Errorf("cut to %q", cut)
	}
	if got := fit.Line(name, 1000, theme.Body, fyne.TextStyle{}); got != name {
		t.Errorf("cut %q without need", got)
	}
}

func TestLines_breakADoubleSurnameAtItsHyphen(t *testing.T) {
	uitest.LightApp(t)
	const name = "Константинопольская-Покровская Дарья"
	if got := fit.Lines(name, 200, theme.Heading, 3, fyne.TextStyle{}); !slices.Equal(got, []string{"Константинопольская-", "Покровская Дарья"}) {
		t.Errorf("%q", got)
	}
	if got := fit.Lines("Иванова-Петрова Анна", 200, theme.Heading, 3, fyne.TextStyle{}); len(got) != 1 {
		t.Errorf("broken without need: %q", got)
	}
}
