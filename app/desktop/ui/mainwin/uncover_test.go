package mainwin_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestUncover_closesSheetsByTheirOwnWayAndMenus, one over the other.
func TestUncover_closesSheetsByTheirOwnWayAndMenus(t *testing.T) {
	uitest.LightApp(t)
	w := uitest.WindowOf(t, widgets.NewLabel("the page", theme.Body, widgets.InkNormal), fyne.NewSize(600, 400))
	closed := 0
	var sheet *widget.PopUp
	sheet = widgets.NewOver(w.Canvas(), widgets.NewLabel("a sheet", theme.Body, widgets.InkNormal), func() { closed++; sheet.Hide() })
	sheet.Show()
	// One that asks first does not keep the next person's window.
	stubborn := widgets.NewOver(w.Canvas(), widgets.NewLabel("sure?", theme.Body, widgets.InkNormal), func() { closed++ })
	stubborn.Show()
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", fyne.NewMenuItem("Позвонить", func() {})), w.Canvas(), fyne.NewPos(10, 10))
	mainwin.Uncover(w.Canvas())
	if top := uitest.Over(w); top != nil || closed != 2 {
		t.Errorf("over the window lies %T, %d of 2 sheets were told to close", top, closed)
	}
}
