package feed_test

import (
	"net/url"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/client"
)

func TestFeed_opensWithTheFilterOfAReportAndSaysSo(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	var asked []url.Values
	h.School.Answers["/feed"] = func(q url.Values) any {
		asked = append(asked, q)
		return client.Page[client.FeedEntry]{Items: uitest.Entries()}
	}
	view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), &feed.State{})
	uitest.Shown(t, view)
	view.OpenQuery(client.FeedQuery{
		Type: "call_missed", Employee: "e1", Line: "+74951234567",
		From: "2026-11-24T09:00:00Z", To: "2026-11-24T10:00:00Z",
	})
	last := asked[len(asked)-1]
	if last.Get("type") != "call_missed" || last.Get("line") != "+74951234567" || last.Get("to") != "2026-11-24T10:00:00Z" {
		t.Errorf("asked for %v", last)
	}
	for _, words := range []string{"24.11, 09:00–10:00 ▾", "Киреева А. С. ▾", "+7 495 123-45-67 ▾", "Входящие, пропущены ▾"} {
		if uitest.Chips(view)[words] == nil {
			t.Errorf("no chip %q", words)
		}
	}
	const drop = "Сбросить ×"
	test.Tap(uitest.Chips(view)[drop])
	if last := asked[len(asked)-1]; last.Has("from") || last.Has("employee") || last.Has("type") {
		t.Errorf("the filter is dropped, but %v was asked for", last)
	}
	if found := uitest.Chips(view)[drop]; found != nil && found.Visible() {
		t.Error("the chip still stands there")
	}
}
