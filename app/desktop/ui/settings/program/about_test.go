package program_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestAbout_showsTheTermsOfWhatIsBuiltIn: Inter's licence wants to travel with the font, and those of the
// libraries likewise.
func TestAbout_showsTheTermsOfWhatIsBuiltIn(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Borisov)
	d.School.Answers["GET /sessions"] = client.Page[client.Session]{}
	d.View.Shown()
	d.Wants("О программе", "Версия")
	d.Press("Лицензии")
	over := fyne.CurrentApp().Driver().CanvasForObject(d.View).Overlays()
	sheet := over.Top()
	list := uitest.All[*widgets.List](sheet)
	if len(list) != 1 {
		t.Fatalf("%d lists of licences", len(list))
	}
	seen := map[string]bool{}
	for offset := float32(0); ; offset += list[0].Size().Height / 2 {
		list[0].ScrollToOffset(offset)
		for _, l := range uitest.All[*widgets.Label](list[0]) {
			seen[l.Text] = true
			for _, name := range []string{"Inter", "fyne.io/fyne/v2 ", "Go, "} {
				if l.Bold && strings.HasPrefix(l.Text, name) {
					seen[name] = true
				}
			}
		}
		if list[0].ScrollOffset() < offset {
			break
		}
	}
	for _, want := range []string{"Inter", "fyne.io/fyne/v2 ", "Go, ", "SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007"} {
		if !seen[want] {
			t.Errorf("nobody can read %q there", want)
		}
	}
	for _, b := range uitest.All[*widgets.Button](sheet) {
		test.Tap(b)
	}
	if over.Top() != nil {
		t.Error("the licences cannot be closed")
	}
}
