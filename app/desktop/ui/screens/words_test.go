package screens

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestWrap_breaksADoubleSurnameAtItsHyphen(t *testing.T) {
	lightApp(t)
	const name = "Константинопольская-Покровская Дарья"
	if got := widgets.Wrap(name, 200, theme.Heading, 3, fyne.TextStyle{}); !slices.Equal(got, []string{"Константинопольская-", "Покровская Дарья"}) {
		t.Errorf("%q", got)
	}
	if got := widgets.Wrap("Иванова-Петрова Анна", 200, theme.Heading, 3, fyne.TextStyle{}); len(got) != 1 {
		t.Errorf("broken without need: %q", got)
	}
}

// TestRegister_leavesTheNameItsRoom: beside an open card in a small window two letters of the name were left.
func TestRegister_leavesTheNameItsRoom(t *testing.T) {
	lightApp(t)
	h := cardHost(t, i18n.Russian)
	list := register.New(h, client.KindClient, &register.State{}, func(string) {})
	w := windowOf(t, list, fyne.NewSize(452, 400))
	list.Shown()
	responsible := func() bool {
		return slices.ContainsFunc(all[*widgets.Label](list), func(l *widgets.Label) bool {
			return l.Text == "Орлов-Константинопольский Т. В."
		})
	}
	if responsible() {
		t.Error("the responsible employee stands where the name needs the room")
	}
	w.Resize(fyne.NewSize(900, 400))
	if !responsible() {
		t.Error("the responsible employee is missing where there is room")
	}
}
