package remembered_test

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/remembered"
	"dozvon/app/desktop/ui/reports"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// school answers with more entries than a page shows.
func school(t *testing.T) *uitest.Host {
	t.Helper()
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/feed"] = func(url.Values) any {
		var all []client.FeedEntry
		for n := range 60 {
			e := uitest.Entries()[2]
			e.ID, e.CallID, e.At = fmt.Sprint("f", n), fmt.Sprint("c", n), uitest.Ago(time.Duration(n)*time.Minute)
			all = append(all, e)
		}
		return client.Page[client.FeedEntry]{Items: all}
	}
	return h
}

func feedOf(t *testing.T, h *uitest.Host, state *feed.State) *feed.View {
	t.Helper()
	v := feed.New(h, func() *client.API { return h.API }, player.New(h, t.TempDir()), state)
	uitest.WindowOf(t, v, fyne.NewSize(1100, 600))
	v.Resume()
	return v
}

func tapped(t *testing.T, in fyne.CanvasObject, words string) {
	t.Helper()
	for _, chip := range uitest.All[*widgets.Chip](in) {
		if strings.HasPrefix(chip.Label, words) {
			test.Tap(chip)
			return
		}
	}
	t.Fatalf("there is no chip %q", words)
}

// again is what the next start reads on a day.
func again(t *testing.T, p remembered.Pages, wrote, reads time.Time) remembered.Pages {
	t.Helper()
	text, err := p.Write(wrote)
	if err != nil {
		t.Fatal(err)
	}
	out, err := remembered.Read(text, reads)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestPages_areAsTheyWereLeft, filters and place.
func TestPages_areAsTheyWereLeft(t *testing.T) {
	h := school(t)
	before := &feed.State{}
	v := feedOf(t, h, before)
	tapped(t, v, "Пропущенные")
	tapped(t, v, "Не привязанные")
	v.Expand("c40")
	stood := uitest.All[*widgets.List](v)[0].ScrollOffset()
	p := again(t, remembered.Pages{Front: "feed", Feed: before.Kept(uitest.Now)}, uitest.Now, uitest.Now.Add(time.Minute))
	after := &feed.State{}
	after.Resume(p.Feed, uitest.Now)
	next := feedOf(t, h, after)
	if got, want := next.Query(), v.Query(); got != want || got.Bound != "false" || p.Front != "feed" {
		t.Errorf("asks for %+v, want %+v; in front is %q", got, want, p.Front)
	}
	if got := uitest.All[*widgets.List](next)[0].ScrollOffset(); got != stood || stood == 0 {
		t.Errorf("stands at %v, want %v", got, stood)
	}
}

// TestPages_ofAnotherDay begin at their top, and a period that goes by the day is that day's.
func TestPages_ofAnotherDay(t *testing.T) {
	h := school(t)
	state, tomorrow := &feed.State{}, uitest.Now.AddDate(0, 0, 1)
	state.Resume(feed.Kept{Period: present.PeriodToday, Scroll: 300}, uitest.Now)
	p := again(t, remembered.Pages{
		Feed: state.Kept(uitest.Now), Missed: 40, Clients: register.Kept{Filter: 1, Scroll: 70}, Reports: reports.Kept{Scroll: 9},
	}, uitest.Now, tomorrow)
	if p.Feed.Scroll+p.Missed+p.Clients.Scroll+p.Reports.Scroll != 0 || p.Clients.Filter != 1 {
		t.Errorf("the next day begins with %+v", p)
	}
	next := &feed.State{}
	next.Resume(p.Feed, tomorrow)
	h.Clock = tomorrow
	from, to := present.PeriodQuery(present.PeriodToday, tomorrow)
	if got := feedOf(t, h, next).Query(); got.From != from || got.To != to {
		t.Errorf("tomorrow «today» is from %s to %s", got.From, got.To)
	}
}

// TestPages_forgetWhatWasAMomentsQuestion: a search, and whose feed a card opened.
func TestPages_forgetWhatWasAMomentsQuestion(t *testing.T) {
	h := school(t)
	state := &feed.State{}
	v := feedOf(t, h, state)
	v.OpenSubject(client.SubjectRef{Kind: client.KindContract, ID: "k1"}, "Шангутов")
	next := &feed.State{}
	next.Resume(again(t, remembered.Pages{Feed: state.Kept(uitest.Now)}, uitest.Now, uitest.Now).Feed, uitest.Now)
	if got := feedOf(t, h, next).Query(); got != (client.FeedQuery{}) {
		t.Errorf("the next start asks for %+v", got)
	}
}

// TestRead_leavesOutWhatCannotBe: the file is of a later version, or of a hand.
func TestRead_leavesOutWhatCannotBe(t *testing.T) {
	h := school(t)
	for _, text := range []string{"", "{", `{"feed":[]}`, `[]`} {
		if p, err := remembered.Read([]byte(text), uitest.Now); err == nil {
			t.Errorf("of %q it reads %+v", text, p)
		}
	}
	p, err := remembered.Read([]byte(`{"front":"moon","feed":{"filter":99,"period":"x","from":"yesterday","to":"2026-13-01"},`+
		`"clients":{"filter":-1},"contracts":{"filter":2},"reports":{"period":"x","people":"y"},"more":{"a":1}}`), uitest.Now)
	if err != nil {
		t.Fatal(err)
	}
	state := &feed.State{}
	state.Resume(p.Feed, uitest.Now)
	if got := feedOf(t, h, state).Query(); got != (client.FeedQuery{}) {
		t.Errorf("the feed asks for %+v", got)
	}
	for kind, kept := range map[client.SubjectKind]register.Kept{client.KindClient: p.Clients, client.KindContract: p.Contracts} {
		of := &register.State{}
		of.Resume(kept, kind)
		if !reflect.DeepEqual(of.Kept(), register.Kept{}) {
			t.Errorf("the register of %ss stands at %+v", kind, of.Kept())
		}
	}
	of := &reports.State{}
	if of.Resume(p.Reports); of.Kept() != (reports.Kept{}) {
		t.Errorf("the reports show %+v", of.Kept())
	}
}
