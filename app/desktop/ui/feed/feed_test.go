package feed_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestFeed_filtersByPeriodPersonLineAndKind(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	v, w, last := uitest.Asking(t, h)
	if !strings.Contains(uitest.Readable(v), "Сверено с АТС: 214 из 214, до 14:29.") || !strings.Contains(uitest.Readable(v), "С 12:10 до 13:04 АТС не присылала событий, восстановлено 3 звонка") {
		t.Errorf("what is known is not told: %q", uitest.Readable(v))
	}
	uitest.ChooseFrom(t, v, w, "Период", "Вчера")
	uitest.ChooseFrom(t, v, w, "Сотрудник", "Борисов Б. П.")
	uitest.ChooseFrom(t, v, w, "Линия", "Сайт")
	uitest.ChooseFrom(t, v, w, "Вид", "Исходящие: занято")
	q := last()
	got := strings.Join([]string{q.Get("from"), q.Get("to"), q.Get("employee"), q.Get("line"), q.Get("type"), q.Get("result")}, " ")
	if want := "2026-11-23T00:00:00Z 2026-11-24T00:00:00Z e2 +74951234567 call_out busy"; got != want {
		t.Errorf("asked for %q, want %q", got, want)
	}
	for _, c := range uitest.All[*widgets.Chip](v) {
		if c.Label == "Сбросить ×" {
			test.Tap(c)
		}
	}
	if q := last(); q.Get("employee")+q.Get("type")+q.Get("from") != "" {
		t.Errorf("reset, it asked for %v", q)
	}
}

func TestFeed_takesDaysOfOnesOwn(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	v, w, last := uitest.Asking(t, h)
	uitest.ChooseFrom(t, v, w, "Период", "Период…")
	fields := uitest.All[*widgets.Entry](uitest.Over(w)) // first day, last day
	for _, tt := range []struct{ first, last, says string }{
		{"скоро", "24.11.2026", "Не похоже на дату: скоро"}, {"24.11.2026", "20.11.2026", "Начало позже конца"},
	} {
		fields[0].SetText(tt.first)
		fields[1].SetText(tt.last)
		test.Tap(uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})["Показать"])
		if !strings.Contains(uitest.Readable(uitest.Over(w)), tt.says) || last().Get("from") != "" {
			t.Errorf("%s–%s: says %q, asked for %v", tt.first, tt.last, uitest.Readable(uitest.Over(w)), last())
		}
	}
	fields[0].SetText("3.11")
	fields[1].SetText("5.11")
	test.Tap(uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})["Показать"])
	if q := last(); q.Get("from") != "2026-11-03T00:00:00Z" || q.Get("to") != "2026-11-06T00:00:00Z" {
		t.Errorf("asked for %v", q)
	}
	if uitest.Chips(v)["03.11–05.11 ▾"] == nil {
		t.Error("the chip does not name the days")
	}
}

func TestFeed_handsACallOverWithItsRecording(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	v, w, _ := uitest.Asking(t, h)
	v.Expand("c2")
	for _, b := range uitest.All[*widgets.Button](v) {
		if b.Label == "⋯" {
			test.Tap(b)
			uitest.PickItem(t, w, "Напомнить или поручить")
			break
		}
	}
	if len(h.Tasks) != 1 || h.Tasks[0].CallID != "c2" || h.Tasks[0].Phone != "+79645550190" {
		t.Errorf("the sheet was asked for %+v", h.Tasks)
	}
}

func TestFeed_opensTheCallOfAReminder(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	v, _, last := uitest.Asking(t, h)
	var opened client.FeedEntry
	v.OpenCall("c2", "+79645550190", func(e client.FeedEntry) { opened = e })
	if opened.ID != "f2" || last().Get("phone") != "" {
		t.Errorf("a loaded call opened %q, after asking for %v", opened.ID, last())
	}
	older := uitest.Entries()[1]
	older.ID, older.CallID = "f99", "c99"
	h.School.Answers["/feed"] = func(q url.Values) any {
		if q.Get("phone") == "" {
			return client.Page[client.FeedEntry]{Items: uitest.Entries()}
		}
		return client.Page[client.FeedEntry]{Items: []client.FeedEntry{older}}
	}
	v.OpenCall("c99", older.Phone, func(e client.FeedEntry) { opened = e })
	if opened.ID != "f99" {
		t.Errorf("a call that was not loaded opened %q", opened.ID)
	}
	v.OpenCall("c100", older.Phone, func(client.FeedEntry) { t.Error("an unknown call was opened") })
	if !strings.Contains(h.Told, "Этого звонка в ленте нет") {
		t.Errorf("told %q", h.Told)
	}
}

func TestFeed_showsOneCardsAlone(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	panel := card.New(h, &card.State{}, func() {})
	panel.Open(client.KindContract, "k123")
	uitest.WindowOf(t, panel, fyne.NewSize(320, 900))
	test.Tap(uitest.Buttons(panel, map[string]*widgets.Button{})["Вся история в ленте"])
	if want := []string{"feed of contract:k123 " + uitest.Shangutov.Name}; !slices.Equal(h.Opened, want) {
		t.Fatalf("opened %q, want %q", h.Opened, want)
	}
	v, _, last := uitest.Asking(t, h)
	v.OpenSubject(client.SubjectRef{Kind: client.KindContract, ID: "k123"}, uitest.Shangutov.Name)
	chip := uitest.Chips(v)[uitest.Shangutov.Name+"  ×"]
	if chip == nil || last().Get("subject") != "contract:k123" {
		t.Fatalf("asked for %v", last())
	}
	test.Tap(chip)
	if last().Get("subject") != "" {
		t.Errorf("asked for %v", last())
	}
}
