package screens

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/bind"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// asking is the feed with the queries it made.
func asking(t *testing.T, h *host) (*feed.View, fyne.Window, func() url.Values) {
	t.Helper()
	var last url.Values
	h.school.answers["/feed"] = func(q url.Values) any {
		last = q
		return client.Page[client.FeedEntry]{Items: entries()}
	}
	h.school.answers["/lines"] = client.Page[client.Line]{Items: []client.Line{{Number: "+74951234567", Name: "Сайт"}, {Number: "+74957654321"}}}
	h.school.answers["/feed/health"] = client.FeedHealth{
		From: ago(14 * time.Hour), To: ago(3 * time.Minute), Calls: 214, Confirmed: 214, Restored: 3,
		Outages: []client.Outage{{From: ago(142 * time.Minute), To: ago(88 * time.Minute), Cause: "pbx", Restored: 3}},
	}
	v := feed.New(h, func() *client.API { return h.api }, player.New(h, t.TempDir()), &feed.State{})
	w := windowOf(t, v, fyne.NewSize(940, 640))
	v.Reload()
	return v, w, func() url.Values { return last }
}

// pickItem chooses from the menu that lies over a window.
func pickItem(t *testing.T, w fyne.Window, words string) {
	t.Helper()
	menus := all[*widget.PopUpMenu](over(w))
	if len(menus) != 1 {
		t.Fatalf("%d menus are open", len(menus))
	}
	for _, item := range menus[0].Items {
		if line, ok := item.(fyne.Tappable); ok && strings.Contains(fmt.Sprint(itemWords(item)), words) {
			line.Tapped(nil)
			return
		}
	}
	t.Fatalf("the menu has no %q", words)
}

// itemWords are what a line of a menu says.
func itemWords(object fyne.CanvasObject) string {
	for _, words := range test.LaidOutObjects(object) {
		if line, ok := words.(*canvas.Text); ok {
			return line.Text
		}
	}
	return ""
}

// choose takes an item of the menu that a chip opens.
func chooseFrom(t *testing.T, v fyne.CanvasObject, w fyne.Window, chip, item string) {
	t.Helper()
	for _, c := range all[*widgets.Chip](v) {
		if strings.HasPrefix(c.Label, chip) {
			test.Tap(c)
			pickItem(t, w, item)
			return
		}
	}
	t.Fatalf("no chip %q", chip)
}

func TestFeed_filtersByPeriodPersonLineAndKind(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	v, w, last := asking(t, h)
	if !strings.Contains(readable(v), "Сверено с АТС: 214 из 214, до 14:29.") || !strings.Contains(readable(v), "С 12:10 до 13:04 АТС не присылала событий, восстановлено 3 звонка") {
		t.Errorf("what is known is not told: %q", readable(v))
	}
	chooseFrom(t, v, w, "Период", "Вчера")
	chooseFrom(t, v, w, "Сотрудник", "Борисов Б. П.")
	chooseFrom(t, v, w, "Линия", "Сайт")
	chooseFrom(t, v, w, "Вид", "Исходящие: занято")
	q := last()
	got := strings.Join([]string{q.Get("from"), q.Get("to"), q.Get("employee"), q.Get("line"), q.Get("type"), q.Get("result")}, " ")
	if want := "2026-11-23T00:00:00Z 2026-11-24T00:00:00Z e2 +74951234567 call_out busy"; got != want {
		t.Errorf("asked for %q, want %q", got, want)
	}
	for _, c := range all[*widgets.Chip](v) {
		if c.Label == "Сбросить ×" {
			test.Tap(c)
		}
	}
	if q := last(); q.Get("employee")+q.Get("type")+q.Get("from") != "" {
		t.Errorf("reset, it asked for %v", q)
	}
}

func TestFeed_takesDaysOfOnesOwn(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	v, w, last := asking(t, h)
	chooseFrom(t, v, w, "Период", "Период…")
	fields := all[*widgets.Entry](over(w)) // first day, last day
	for _, tt := range []struct{ first, last, says string }{
		{"скоро", "24.11.2026", "Не похоже на дату: скоро"}, {"24.11.2026", "20.11.2026", "Начало позже конца"},
	} {
		fields[0].SetText(tt.first)
		fields[1].SetText(tt.last)
		test.Tap(buttons(over(w), map[string]*widgets.Button{})["Показать"])
		if !strings.Contains(readable(over(w)), tt.says) || last().Get("from") != "" {
			t.Errorf("%s–%s: says %q, asked for %v", tt.first, tt.last, readable(over(w)), last())
		}
	}
	fields[0].SetText("3.11")
	fields[1].SetText("5.11")
	test.Tap(buttons(over(w), map[string]*widgets.Button{})["Показать"])
	if q := last(); q.Get("from") != "2026-11-03T00:00:00Z" || q.Get("to") != "2026-11-06T00:00:00Z" {
		t.Errorf("asked for %v", q)
	}
	if chips(v)["03.11–05.11 ▾"] == nil {
		t.Error("the chip does not name the days")
	}
}

func TestFeed_handsACallOverWithItsRecording(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	v, w, _ := asking(t, h)
	v.Expand("c2")
	for _, b := range all[*widgets.Button](v) {
		if b.Label == "⋯" {
			test.Tap(b)
			pickItem(t, w, "Напомнить или поручить")
			break
		}
	}
	if len(h.tasks) != 1 || h.tasks[0].CallID != "c2" || h.tasks[0].Phone != "+79645550190" {
		t.Errorf("the sheet was asked for %+v", h.tasks)
	}
}

func TestFeed_opensTheCallOfAReminder(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	v, _, last := asking(t, h)
	var opened client.FeedEntry
	v.OpenCall("c2", "+79645550190", func(e client.FeedEntry) { opened = e })
	if opened.ID != "f2" || last().Get("phone") != "" {
		t.Errorf("a loaded call opened %q, after asking for %v", opened.ID, last())
	}
	older := entries()[1]
	older.ID, older.CallID = "f99", "c99"
	h.school.answers["/feed"] = func(q url.Values) any {
		if q.Get("phone") == "" {
			return client.Page[client.FeedEntry]{Items: entries()}
		}
		return client.Page[client.FeedEntry]{Items: []client.FeedEntry{older}}
	}
	v.OpenCall("c99", older.Phone, func(e client.FeedEntry) { opened = e })
	if opened.ID != "f99" {
		t.Errorf("a call that was not loaded opened %q", opened.ID)
	}
	v.OpenCall("c100", older.Phone, func(client.FeedEntry) { t.Error("an unknown call was opened") })
	if !strings.Contains(h.told, "Этого звонка в ленте нет") {
		t.Errorf("told %q", h.told)
	}
}

func TestFeed_showsOneCardsAlone(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	panel := card.New(h, &card.State{}, func() {})
	panel.Open(client.KindContract, "k123")
	windowOf(t, panel, fyne.NewSize(320, 900))
	test.Tap(buttons(panel, map[string]*widgets.Button{})["Вся история в ленте"])
	if want := []string{"feed of contract:k123 " + shangutov.Name}; !slices.Equal(h.opened, want) {
		t.Fatalf("opened %q, want %q", h.opened, want)
	}
	v, _, last := asking(t, h)
	v.OpenSubject(client.SubjectRef{Kind: client.KindContract, ID: "k123"}, shangutov.Name)
	chip := chips(v)[shangutov.Name+"  ×"]
	if chip == nil || last().Get("subject") != "contract:k123" {
		t.Fatalf("asked for %v", last())
	}
	test.Tap(chip)
	if last().Get("subject") != "" {
		t.Errorf("asked for %v", last())
	}
}

func TestBind_standsByACallOfNobodys(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["/lookup"] = map[string]any{"matches": []client.Subject{}}
	v, w, _ := asking(t, h)
	v.Expand("c3")
	test.Tap(buttons(v, map[string]*widgets.Button{})["Привязать к…"])
	if words := readable(over(w)); !strings.Contains(words, "Этот номер ни у кого не записан") {
		t.Errorf("the sheet says %q", words)
	}
}

func TestBind_offersTheOwnersThenSearches(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["/lookup"] = map[string]any{"matches": []client.Subject{shangutov}}
	h.school.answers["POST /calls/c7/subject"] = client.Call{}
	h.school.answers["DELETE /calls/c7/subject"] = client.Call{}
	w := windowOf(t, window(h, "missed"), fyne.NewSize(900, 700))
	entry := entries()[6]
	entry.ByHand = true
	sheet := bind.Open(h, w.Canvas(), entry)
	if words := readable(over(w)); !strings.Contains(words, shangutov.Name) || !strings.Contains(words, "+7 903 555-01-53") {
		t.Fatalf("offers %q", words)
	}
	all[*widgets.Entry](over(w))[0].SetText("Зай")
	sheet.Search()
	if words := readable(over(w)); !strings.Contains(words, zaitseva.Name) {
		t.Errorf("found %q", words)
	}
	sheet.Choose(zaitseva)
	bind.Open(h, w.Canvas(), entry).ByNumber()
	want := []string{`POST /calls/c7/subject {"kind":"client","id":"l2"}`, "DELETE /calls/c7/subject"}
	if !slices.Equal(h.school.told, want) {
		t.Errorf("told %q, want %q", h.school.told, want)
	}
}
