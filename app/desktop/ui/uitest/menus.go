package uitest

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Asking is the feed with the queries it made.
func Asking(t *testing.T, h *Host) (*feed.View, fyne.Window, func() url.Values) {
	t.Helper()
	var last url.Values
	h.School.Answers["/feed"] = func(q url.Values) any {
		last = q
		return client.Page[client.FeedEntry]{Items: Entries()}
	}
	h.School.Answers["/lines"] = client.Page[client.Line]{Items: []client.Line{{Number: "+74951234567", Name: "Сайт"}, {Number: "+74957654321"}}}
	h.School.Answers["/feed/health"] = client.FeedHealth{
		From: Ago(14 * time.Hour), To: Ago(3 * time.Minute), Calls: 214, Confirmed: 214, Restored: 3,
		Outages: []client.Outage{{From: Ago(142 * time.Minute), To: Ago(88 * time.Minute), Cause: "pbx", Restored: 3}},
	}
	v := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	w := WindowOf(t, v, fyne.NewSize(940, 640))
	v.Reload()
	return v, w, func() url.Values { return last }
}

// PickItem chooses from the menu that lies over a window.
func PickItem(t *testing.T, w fyne.Window, words string) {
	t.Helper()
	menus := All[*widget.PopUpMenu](Over(w))
	if len(menus) != 1 {
		t.Fatalf("%d menus are open", len(menus))
	}
	for _, item := range menus[0].Items {
		if line, ok := item.(fyne.Tappable); ok && strings.Contains(fmt.Sprint(ItemWords(item)), words) {
			line.Tapped(nil)
			return
		}
	}
	t.Fatalf("the menu has no %q", words)
}

// ItemWords are what a line of a menu says.
func ItemWords(object fyne.CanvasObject) string {
	for _, words := range test.LaidOutObjects(object) {
		if line, ok := words.(*canvas.Text); ok {
			return line.Text
		}
	}
	return ""
}

// choose takes an item of the menu that a chip opens.
func ChooseFrom(t *testing.T, v fyne.CanvasObject, w fyne.Window, chip, item string) {
	t.Helper()
	for _, c := range All[*widgets.Chip](v) {
		if strings.HasPrefix(c.Label, chip) {
			test.Tap(c)
			PickItem(t, w, item)
			return
		}
	}
	t.Fatalf("no chip %q", chip)
}
