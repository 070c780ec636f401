package hush_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/hush"
	"dozvon/app/desktop/ui/keys"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestHush_takesTheKeysUntilTheyPause: neither the window nor what has its keyboard gets any.
func TestHush_takesTheKeysUntilTheyPause(t *testing.T) {
	uitest.LightApp(t)
	pressed, searched := 0, 0
	button := widgets.NewButton("Позвонить", widgets.Primary, func() { pressed++ })
	over := uitest.WindowOf(t, button, fyne.NewSize(400, 300)).Canvas()
	table := &keys.Table{}
	table.Add(keys.Binding{Strokes: []keys.Stroke{keys.On(fyne.KeySlash)}, Do: func(int) bool { searched++; return true }})
	table.Hear(over, func(keys.Stroke) bool { return over.Overlays().Top() == nil })
	over.Focus(button)
	types := func() {
		for _, key := range []fyne.KeyName{fyne.KeySlash, fyne.KeySpace, fyne.KeyReturn} {
			if at := over.Focused(); at != nil {
				at.TypedKey(&fyne.KeyEvent{Name: key})
			} else if hear := over.OnTypedKey(); hear != nil {
				hear(&fyne.KeyEvent{Name: key})
			}
		}
	}
	now := uitest.Now
	due := make(chan func(), 8)
	h := hush.New(over)
	h.Now, h.Do = func() time.Time { return now }, func(do func()) { due <- do }
	look := func() {
		t.Helper()
		select {
		case do := <-due:
			do()
		case <-time.After(60 * time.Second):
			t.Fatal("nobody looks whether the keys have paused")
		}
	}
	h.Begin()
	for range 3 {
		types()
		now = now.Add(hush.Pause - time.Millisecond)
		look()
		types()
		over.Overlays().Remove(h) // the window was uncovered for another one who signs in
		look()
		if over.Overlays().Top() == nil {
			t.Fatal("the window hears keys again before they have paused")
		}
	}
	types()
	if pressed+searched > 0 {
		t.Errorf("what was meant for elsewhere pressed %d times and searched %d times", pressed, searched)
	}
	now = now.Add(hush.Pause)
	look()
	if over.Overlays().Top() != nil || over.Focused() != fyne.Focusable(button) {
		t.Errorf("after a pause %v lies over the window and %v has the keyboard", over.Overlays().Top(), over.Focused())
	}
	if types(); pressed == 0 {
		t.Error("after a pause keys do nothing")
	}

	h.Begin()
	test.TapCanvas(over, fyne.NewPos(390, 290))
	if over.Overlays().Top() != nil {
		t.Error("a click does not end it")
	}
}
