package courselink_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/courselink"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestLink_opensByItsWordsAlone: beside them, and where there is no call, a click is the row's.
func TestLink_opensByItsWordsAlone(t *testing.T) {
	uitest.LightApp(t)
	opened, rows, lit := 0, 0, 0
	label := widgets.NewLabel("", theme.Body, widgets.InkMuted)
	link := courselink.Over(label, func() { opened++ }, func(in bool) {
		if in {
			lit++
		}
	})
	w := uitest.WindowOf(t, widgets.Stack(widgets.NewArea(func() { rows++ }), widgets.Pad(0, 0, 0, 0, link.Words)), fyne.NewSize(400, 40))
	says := func(when, words string, on bool, wantOpened, wantRows int) {
		t.Helper()
		link.Set(words, on)
		opened, rows = 0, 0
		wide := fyne.MeasureText(words, theme.Body, fyne.TextStyle{}).Width
		test.TapCanvas(w.Canvas(), fyne.NewPos(wide-4, 12))
		test.TapCanvas(w.Canvas(), fyne.NewPos(wide+4, 12))
		if opened != wantOpened || rows != wantRows {
			t.Errorf("%s: %d clicks open the course, %d are the row's; want %d and %d", when, opened, rows, wantOpened, wantRows)
		}
	}
	says("a talk", "говорит 4:12", true, 1, 1)
	says("a longer one", "говорит 1:04:12", true, 1, 1)
	says("no call", "свободна", false, 0, 2)

	link.Set("говорит 4:12", true)
	test.MoveMouse(w.Canvas(), fyne.NewPos(10, 12))
	if lit != 1 || label.Ink(theme.Colors()) != widgets.InkAccent(theme.Colors()) {
		t.Errorf("pointed at, it is not the accent's colour")
	}
	link.Set("свободна", false)
	if label.Ink(theme.Colors()) != widgets.InkMuted(theme.Colors()) {
		t.Error("without a call it keeps the colour of what can be clicked")
	}
}
