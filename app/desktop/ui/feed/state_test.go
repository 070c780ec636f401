package feed_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// TestFeed_goesOnInAnotherLanguage with its filter, its place and its open entry, without asking again.
func TestFeed_goesOnInAnotherLanguage(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	asked := 0
	h.School.Answers["/feed"] = func(q url.Values) any {
		asked++
		var all []client.FeedEntry
		for n := range 60 {
			e := uitest.Entries()[2]
			e.ID, e.CallID, e.At = fmt.Sprint("f", n), fmt.Sprint("c", n), uitest.Ago(time.Duration(n)*time.Minute)
			all = append(all, e)
		}
		return client.Page[client.FeedEntry]{Items: all}
	}
	state := &feed.State{}
	made := func() *feed.View {
		v := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), state)
		uitest.WindowOf(t, v, fyne.NewSize(900, 600))
		return v
	}
	v := made()
	v.OpenQuery(client.FeedQuery{Type: string(client.EntryCallMissed)})
	uitest.All[*widgets.Entry](v)[0].SetText("914")
	v.Close() // what is typed would be searched a moment later
	v.Reload()
	v.Expand("c40")
	scrolled := uitest.All[*widgets.List](v)[0].ScrollOffset()
	if scrolled == 0 {
		t.Fatal("the list did not scroll to the entry")
	}
	v.Close()
	before := asked
	h.Words = i18n.New(i18n.English)
	v = made()
	v.Resume()
	if asked != before {
		t.Error("the list was read anew")
	}
	if got, want := v.Query(), (client.FeedQuery{Type: string(client.EntryCallMissed), Q: "914"}); got != want {
		t.Errorf("asks for %+v, want %+v", got, want)
	}
	if got := uitest.All[*widgets.List](v)[0].ScrollOffset(); got != scrolled {
		t.Errorf("stands at %v, want %v", got, scrolled)
	}
	if words := uitest.Readable(v); !strings.Contains(words, h.Words.T("act.call_back")) {
		t.Errorf("the entry is closed; the page says\n%s", words)
	}
	state.Forget() // the role is another now
	v = made()
	v.Resume()
	if asked == before {
		t.Error("after Forget the list was not read")
	}
}
