package colleagues_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/colleagues"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/client"
)

// TestColleagues_followPresence without throwing a reader back to the top.
func TestColleagues_followPresence(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	v := colleagues.New(h, &colleagues.State{})
	uitest.WindowOf(t, v, fyne.NewSize(700, 120))
	v.Sync()
	if words := uitest.Readable(v); !strings.Contains(words, "Борисов Борис Петрович\nдоб. 102\nразговаривает") {
		t.Errorf("the page says\n%s", words)
	}
	uitest.All[*container.Scroll](v)[0].Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -60}})
	at := uitest.All[*container.Scroll](v)[0].Offset
	h.Facts.Apply(client.StreamEvent{Type: "presence", Data: &client.Presence{EmployeeID: "e2", State: client.PresenceFree}})
	v.Sync()
	if words := uitest.Readable(v); strings.Contains(words, "доб. 102\nразговаривает") {
		t.Errorf("after the talk the page still says\n%s", words)
	}
	if got := uitest.All[*container.Scroll](v)[0].Offset; got != at || at.Y == 0 {
		t.Errorf("it stands at %v, want %v", got, at)
	}
}
