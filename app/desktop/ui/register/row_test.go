package register_test

import (
	"slices"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestRegister_leavesTheNameItsRoom: beside an open card in a small window two letters of the name were left.
func TestRegister_leavesTheNameItsRoom(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.CardHost(t, i18n.Russian)
	list := register.New(h, client.KindClient, &register.State{}, func(string) {})
	w := uitest.WindowOf(t, list, fyne.NewSize(452, 400))
	list.Shown()
	responsible := func() bool {
		return slices.ContainsFunc(uitest.All[*widgets.Label](list), func(l *widgets.Label) bool {
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
