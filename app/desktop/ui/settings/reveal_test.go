package settings_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
)

// TestCheck_whatItFoundIsSeen: the button stands at the lower edge of a window, and what it finds below that.
func TestCheck_whatItFoundIsSeen(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	v := settings.New(uitest.Settings(h), &settings.State{})
	const high = 620
	w := uitest.WindowOf(t, v, fyne.NewSize(980, high))
	v.Shown()
	test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})[h.Words.T("act.check")])
	w.Canvas().Capture()
	checks, _ := v.Found()
	if len(checks) < 3 {
		t.Fatalf("it found %+v", checks)
	}
	found := checks[len(checks)-1].Name
	for _, words := range uitest.All[*widgets.Paragraph](v) {
		if strings.Contains(words.Text, found) {
			if low := fyne.CurrentApp().Driver().AbsolutePositionForObject(words).Y + words.Size().Height; low > high {
				t.Errorf("%q ends at %v, the window at %v", found, low, high)
			}
			return
		}
	}
	t.Fatalf("%q is nowhere in\n%s", found, uitest.Readable(v))
}
