package widgets_test

import (
	"slices"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
)

func TestWrap_breaksADoubleSurnameAtItsHyphen(t *testing.T) {
	uitest.LightApp(t)
	const name = "Константинопольская-Покровская Дарья"
	if got := widgets.Wrap(name, 200, theme.Heading, 3, fyne.TextStyle{}); !slices.Equal(got, []string{"Константинопольская-", "Покровская Дарья"}) {
		t.Errorf("%q", got)
	}
	if got := widgets.Wrap("Иванова-Петрова Анна", 200, theme.Heading, 3, fyne.TextStyle{}); len(got) != 1 {
		t.Errorf("broken without need: %q", got)
	}
}
