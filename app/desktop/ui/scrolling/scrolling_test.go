package scrolling_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/ui/scrolling"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestScroll_followsTheKeyboard down and up, and lets be what is seen and what is none of its own.
func TestScroll_followsTheKeyboard(t *testing.T) {
	uitest.LightApp(t)
	var buttons []*widgets.Button
	rows := widgets.Column(0)
	for range 20 {
		b := widgets.NewButton("Нажать", widgets.Quiet, func() {})
		buttons = append(buttons, b)
		rows.Add(widgets.Pad(34, 0, 34, 0, b)) // 100 high
	}
	scroll := scrolling.New(rows)
	above := widgets.NewEntry("Поиск")
	w := uitest.WindowOf(t, container.NewBorder(widgets.Field(above), nil, nil, nil, scroll), fyne.NewSize(300, 436))
	over, driver := w.Canvas(), fyne.CurrentApp().Driver()
	seen := func(b *widgets.Button) bool {
		y := driver.AbsolutePositionForObject(b).Y - driver.AbsolutePositionForObject(scroll).Y
		return y >= 0 && y+b.Size().Height <= scroll.Size().Height
	}
	over.Focus(above)
	for n, b := range buttons {
		before := scroll.Offset.Y
		whole := seen(b)
		over.FocusNext()
		if over.Focused() != fyne.Focusable(b) || !seen(b) {
			t.Fatalf("button %d: it has the keyboard %t, it is seen %t", n, over.Focused() == fyne.Focusable(b), seen(b))
		}
		if n == 0 && scroll.Offset.Y != before || n == 1 && (!whole || scroll.Offset.Y != before) {
			t.Errorf("button %d was seen, and it scrolled from %v to %v", n, before, scroll.Offset.Y)
		}
	}
	for n := len(buttons) - 2; n >= 0; n-- {
		over.FocusPrevious()
		if !seen(buttons[n]) {
			t.Fatalf("back at button %d, it is not seen", n)
		}
	}
	scroll.ScrollToOffset(fyne.NewPos(0, 700))
	over.Focus(above)
	if scroll.Offset.Y != 700 {
		t.Errorf("the field above scrolled it to %v", scroll.Offset.Y)
	}
}
