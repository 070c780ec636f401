package feed_test

import (
	"net/url"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/client"
)

// TestFeed_aNamedPeriodGoesWithTheCalendar: over midnight «Сегодня» became a day of its own, and so it began the next time.
func TestFeed_aNamedPeriodGoesWithTheCalendar(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	var asked []url.Values
	h.School.Answers["/feed"] = func(q url.Values) any {
		asked = append(asked, q)
		return client.Page[client.FeedEntry]{Items: uitest.Entries()}
	}
	state := &feed.State{}
	view := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), state)
	uitest.Shown(t, view)
	day := func(p present.Period) (q client.FeedQuery) { q.From, q.To = present.PeriodQuery(p, h.Clock); return q }
	view.OpenQuery(day(present.PeriodToday))
	before := len(asked)
	view.Tick(h.Clock)
	if len(asked) != before {
		t.Error("on the same day it is read again")
	}
	h.Clock = h.Clock.AddDate(0, 0, 1)
	if kept := state.Kept(h.Clock); kept.Period != present.PeriodToday || kept.From != "" {
		t.Errorf("on the next day it is kept as %+v", kept)
	}
	view.Tick(h.Clock)
	want := day(present.PeriodToday)
	if last := asked[len(asked)-1]; len(asked) != before+1 || last.Get("from") != want.From || last.Get("to") != want.To {
		t.Errorf("on the next day %v is asked for, want from %s", last, want.From)
	}
	if uitest.Chips(view)["Сегодня ▾"] == nil {
		t.Error("no chip says «Сегодня»")
	}

	// A stretch of days of one's own stays the same days.
	own := client.FeedQuery{From: h.Clock.AddDate(0, 0, -9).Format(time.RFC3339), To: h.Clock.AddDate(0, 0, -3).Format(time.RFC3339)}
	view.OpenQuery(own)
	before = len(asked)
	h.Clock = h.Clock.AddDate(0, 0, 1)
	view.Tick(h.Clock)
	if kept := state.Kept(h.Clock); len(asked) != before || kept.Period != "" || kept.From != own.From || kept.To != own.To {
		t.Errorf("days of one's own are kept as %+v", kept)
	}
}
