package feed_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestFeed_noCardStandsOverAnOpenPlayer, when its row is opened, is come back to by the keyboard, or pointed at.
func TestFeed_noCardStandsOverAnOpenPlayer(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	entries := uitest.Entries()
	for n := range entries {
		entries[n].Subject = &client.Subject{Kind: client.KindContract, ID: "k1", Name: "Константинопольская-Покровская Александра Владиславовна"}
	}
	h.School.Answers["/feed"] = client.Page[client.FeedEntry]{Items: entries}
	view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	frame := mainwin.New(h.Words, []mainwin.Page{{Name: "feed", Object: view, Shown: view.Reload}}, func() {})
	over := uitest.WindowOf(t, frame, fyne.NewSize(860, 700)).Canvas()
	frame.HoverLayer().After = func(_ time.Duration, do func()) { do() }
	card := func() string { return uitest.Readable(frame.HoverLayer()) }
	if !frame.Rows() || card() == "" {
		t.Fatal("a cut name has no card")
	}
	list := over.Focused().(*widgets.List)
	press := func(key fyne.KeyName) { list.TypedKey(&fyne.KeyEvent{Name: key}) }
	press(fyne.KeyDown)
	press(fyne.KeyReturn)
	if says := card(); says != "" {
		t.Errorf("over the player stands %q", says)
	}
	press(fyne.KeyUp)
	if card() == "" {
		t.Error("the row before has no card")
	}
	press(fyne.KeyDown)
	if says := card(); says != "" {
		t.Errorf("over the player of the row that one has come back to stands %q", says)
	}
	for _, area := range uitest.All[*widgets.Area](view) {
		area.MouseIn(nil)
		if at := fyne.CurrentApp().Driver().AbsolutePositionForObject(area).Y; card() != "" && opened(list, at) {
			t.Errorf("over the player, pointed at its row, stands %q", card())
		}
		area.MouseOut()
	}
}

// opened tells whether something at this height lies in the row that the keyboard is at.
func opened(list *widgets.List, y float32) bool {
	under := fyne.CurrentApp().Driver().AbsolutePositionForObject(list).Y + list.Under().Y
	return y < under && y > under-50
}
