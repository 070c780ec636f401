package screens

import (
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/feed"
	"dozvon/app/desktop/ui/numbermenu"
	"dozvon/app/desktop/ui/player"
	"dozvon/app/desktop/ui/popup"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/sms"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// chosen is what the made-up school has chosen.
func chosen() client.School {
	return client.School{
		Name: "Автошкола «Старт»", MissedLimitMinutes: 15, WhatsApp: true,
		SMSTemplates: []client.SMSTemplate{
			{Name: "Ждём на занятие", Text: "{имя}, ждём вас на занятие {дата} в {время}. Если не получается, перезвоните нам."},
			{Name: "Не дозвонились", Text: "{имя}, мы не смогли до вас дозвониться. Перезвоните, пожалуйста, когда будет удобно."},
			{Name: "Экзамен в ГИБДД и документы к нему", Text: "{имя}, экзамен {дата} в {время}. Возьмите паспорт, медицинскую справку и квитанцию об оплате пошлины, а если вы сдаёте повторно, то ещё и прошлый экзаменационный лист."},
		},
		CRMLink:         client.CRMLink{Contract: "https://crm.school.ru/deal/{external_id}"},
		SessionIdleDays: 30, SessionMaxDays: 90, RecordingsFor: client.ForAll, SMSPerMinute: 10, SMSPerDay: 200, AbroadPerDay: 20, CityCode: "423",
	}
}

// choose makes the school of a desk known to it.
func choose(h *host, s client.School) {
	h.school.answers["/settings"] = s
	h.model.Apply(client.StreamEvent{Type: "school", Data: &s})
}

func windowOf(t *testing.T, object fyne.CanvasObject, size fyne.Size) fyne.Window {
	t.Helper()
	w := test.NewWindow(object)
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(size)
	return w
}

// snap keeps a picture of a window as it stands, with what lies over it.
func snap(t *testing.T, name string, w fyne.Window) {
	t.Helper()
	file, err := os.Create(filepath.Join(where, name+"-1x.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := png.Encode(file, w.Canvas().Capture()); err != nil {
		t.Fatalf("writing %s: %v", name, err)
	}
}

// written is the sheet of a message after some presses.
func written(t *testing.T, h *host, subject *client.Subject) (*sms.Sheet, fyne.Window) {
	t.Helper()
	w := windowOf(t, window(h, "missed"), fyne.NewSize(900, 620))
	return sms.Open(h, w.Canvas(), "+79645550190", subject), w
}

// over is what lies over a window.
func over(w fyne.Window) fyne.CanvasObject { return w.Canvas().Overlays().Top() }

func TestSMS_isFilledFromTheSubjectAndTheDate(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	choose(h, chosen())
	h.school.answers["POST /sms"] = client.FeedEntry{ID: "m1", Type: client.EntrySMS, Delivery: client.SMSSending}
	sheet, w := written(t, h, &shangutov)
	sheet.Choose(0)
	fields := all[*widgets.Entry](over(w)) // date, time, text
	text := fields[2]
	if want := "Александр Александрович, ждём вас на занятие {дата} в {время}. Если не получается, перезвоните нам."; text.Text != want {
		t.Fatalf("the text is %q, want %q", text.Text, want)
	}
	press := func(word string) { test.Tap(buttons(over(w), map[string]*widgets.Button{})[word]) }
	press("Отправить")
	if len(h.school.told) > 0 || !strings.Contains(readable(over(w)), "Осталось заполнить: {дата}, {время}") {
		t.Fatalf("an unfilled message was sent, or nothing said: %q", h.school.told)
	}
	fields[0].SetText("26.11")
	fields[1].SetText("9")
	fields[0].SetText("27.11") // thought better of it
	if want := "Александр Александрович, ждём вас на занятие 27 ноября в 9:00. Если не получается, перезвоните нам."; text.Text != want {
		t.Fatalf("the text is %q, want %q", text.Text, want)
	}
	if !strings.Contains(readable(over(w)), "99 из 134 знаков · 2 части") {
		t.Errorf("the count is not told in %q", readable(over(w)))
	}
	text.SetText(text.Text + " До встречи {дата}")
	if !strings.HasSuffix(text.Text, "До встречи {дата}") {
		t.Fatalf("what is typed was changed while typing: %q", text.Text)
	}
	fields[1].SetText("10")
	if !strings.Contains(text.Text, "в 9:00") || !strings.HasSuffix(text.Text, "До встречи 27 ноября") {
		t.Errorf("the person's own text became %q", text.Text)
	}
	press("Отправить")
	want := `POST /sms {"phone":"+79645550190","text":"Александр Александрович, ждём вас на занятие 27 ноября в 9:00. Если не получается, перезвоните нам. До встречи 27 ноября","subject":{"kind":"contract","id":"k123"}}`
	if !slices.Equal(h.school.told, []string{want}) {
		t.Errorf("sent %q\nwant %q", h.school.told, want)
	}
	if visible := over(w); visible != nil && visible.Visible() {
		t.Error("the sheet still lies over the window")
	}
	if !strings.Contains(h.told, "покажет Лента") {
		t.Errorf("told %q", h.told)
	}
}

func TestSMS_aRefusalKeepsTheText(t *testing.T) {
	lightApp(t)
	for _, tt := range []struct {
		problem *client.Problem
		want    string
	}{
		{&client.Problem{Status: 422, Code: "too_long", Detail: "Сообщение слишком длинное: 900 / 480"}, "Сообщение слишком длинное: 900 / 480 Сократите текст."},
		{&client.Problem{Status: 409, Code: "no_extension", Detail: "Вам не назначен внутренний номер. Слова сервера."}, "Вам не назначен внутренний номер"},
		{&client.Problem{Status: 502, Code: "pbx_refused", Detail: "нет денег"}, "АТС отказала: нет денег"},
	} {
		h := newHost(t, i18n.Russian)
		choose(h, chosen())
		h.school.answers["POST /sms"] = tt.problem
		sheet, w := written(t, h, nil)
		fields := all[*widgets.Entry](over(w))
		fields[0].SetText("Здравствуйте")
		sheet.Send()
		if words := readable(over(w)); !strings.Contains(words, tt.want) || fields[0].Text != "Здравствуйте" {
			t.Errorf("%s: told %q with the text %q, want %q", tt.problem.Code, words, fields[0].Text, tt.want)
		}
	}
}

func TestSMS_theFeedShowsWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	for state, want := range map[client.SMSState]string{
		client.SMSSending: "hold отправляется · Ждём вас", client.SMSSent: "hold отправлено · Ждём вас",
		client.SMSDelivered: "hold доставлено · Ждём вас", client.SMSFailed: "miss не доставлено · Ждём вас",
	} {
		row := present.RowOf(client.FeedEntry{Type: client.EntrySMS, Delivery: state, Description: "SMS: Ждём вас"}, i18n.New(i18n.Russian), now)
		if got := row.Tone + " " + row.WhatAbout; got != want {
			t.Errorf("%s: got %q, want %q", state, got, want)
		}
	}
}

func TestNumberMenu_doesWhatItSays(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	choose(h, chosen())
	extra := 0
	items := numbermenu.Items(h, "+79645550190", &shangutov, numbermenu.Item{Words: "Привязать", Do: func() { extra++ }})
	var words []string
	for _, it := range items {
		words = append(words, it.Words)
		it.Do()
	}
	if want := "Позвонить|Отправить SMS…|Чат WhatsApp…|Напомнить или поручить…|Скопировать|Привязать"; strings.Join(words, "|") != want {
		t.Errorf("the menu holds %q, want %q", words, want)
	}
	got := fmt.Sprint(h.dialed, h.messages, h.urls, h.copied, extra)
	if want := fmt.Sprint([]string{"+79645550190"}, []string{"+79645550190 " + shangutov.Name}, []string{"https://wa.me/79645550190"}, "+79645550190", 1); got != want {
		t.Errorf("it did %s, want %s", got, want)
	}
	away := chosen()
	away.WhatsApp = false
	choose(h, away)
	for _, it := range numbermenu.Items(h, "+79645550190", nil) {
		if strings.Contains(it.Words, "WhatsApp") {
			t.Error("the chat is offered although the school has taken it away")
		}
	}
	if left := numbermenu.Items(h, "", nil, numbermenu.Item{Words: "Привязать"}); len(left) != 1 {
		t.Errorf("a hidden number still offers %v", left)
	}
}

// menuOf opens the menu of a sign and gives its words; pick chooses one.
func menuOf(t *testing.T, w fyne.Window, sign *widgets.Button) *widget.PopUpMenu {
	t.Helper()
	sign.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	for _, menu := range all[*widget.PopUpMenu](over(w)) {
		return menu
	}
	t.Fatal("no menu opened")
	return nil
}

func TestNumberMenu_standsByEveryNumberAndIsReachedByKeys(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	choose(h, chosen())
	panel := card.New(h, &card.State{}, func() {})
	panel.Open(client.KindContract, "k123")
	list := register.New(h, client.KindContract, &register.State{}, func(id string) { h.opened = append(h.opened, id) })
	list.Shown()
	rows := feed.New(h, func() *client.API { return h.api }, player.New(h, t.TempDir()), &feed.State{})
	rows.Reload()
	for name, tt := range map[string]struct {
		object fyne.CanvasObject
		signs  int
		number string
	}{
		"the card's two numbers": {panel, 2, "+79645550190"},
		"the register's rows":    {list, 4, "+79645550190"},
		"an open row of a feed":  {rows, 1, "+79145550148"},
	} {
		w := windowOf(t, tt.object, fyne.NewSize(900, 600))
		if tt.object == fyne.CanvasObject(rows) {
			rows.Expand("c3")
		}
		var signs []*widgets.Button
		for _, b := range all[*widgets.Button](tt.object) {
			if b.Label == "⋯" {
				signs = append(signs, b)
			}
		}
		if len(signs) != tt.signs {
			t.Errorf("%s: %d signs, want %d", name, len(signs), tt.signs)
			continue
		}
		h.dialed, h.copied = nil, ""
		menu := menuOf(t, w, signs[0])
		for range 5 {
			menu.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
		}
		menu.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if h.copied != tt.number {
			t.Errorf("%s: the keys copied %q, want %q", name, h.copied, tt.number)
		}
		if len(h.opened) > 0 {
			t.Errorf("%s: the record %q opened beneath the sign", name, h.opened)
		}
	}
}

func TestCard_opensTheOtherCRM(t *testing.T) {
	lightApp(t)
	for _, tt := range []struct {
		name, external, template string
		want                     string
	}{
		{"with the id of the other CRM", "77/8", "https://crm.school.ru/deal/{external_id}", "https://crm.school.ru/deal/77%2F8"},
		{"a card that was never there", "", "https://crm.school.ru/deal/{external_id}", ""},
		{"a school without another CRM", "77", "", ""},
	} {
		h := newHost(t, i18n.Russian)
		s := chosen()
		s.CRMLink.Contract = tt.template
		choose(h, s)
		h.school.answers["/contracts/k123"] = client.Contract{ID: "k123", Number: "123", Name: shangutov.Name, ExternalID: tt.external}
		panel := card.New(h, &card.State{}, func() {})
		panel.Open(client.KindContract, "k123")
		button := buttons(panel, map[string]*widgets.Button{})["Открыть в CRM"]
		if (button != nil) != (tt.want != "") {
			t.Errorf("%s: there is a button: %v", tt.name, button != nil)
		}
		if button == nil {
			continue
		}
		test.Tap(button)
		if !slices.Equal(h.urls, []string{tt.want}) {
			t.Errorf("%s: opened %q, want %q", tt.name, h.urls, tt.want)
		}
	}
}

func TestCallCard_writesToTheCaller(t *testing.T) {
	lightApp(t)
	text := i18n.New(i18n.Russian)
	for _, chat := range []bool{true, false} {
		m := model.New(model.Config{Me: kireeva})
		m.Apply(client.StreamEvent{Type: "school", Data: &client.School{WhatsApp: chat}})
		call := cards()["1-known"]
		m.Apply(client.StreamEvent{Type: "call", Data: &call})
		heard := &said{}
		view := popup.NewView(text, heard, nil)
		view.Draw(present.Cards(m, text, now)[0], text, now)
		for _, word := range []string{"⋯", "SMS…", "WhatsApp…"} {
			if b := buttons(view, map[string]*widgets.Button{})[word]; b != nil {
				test.Tap(b)
			} else if chat || word != "WhatsApp…" {
				t.Fatalf("no button %q", word)
			}
		}
		want := []string{"sms +79645550190"}
		if chat {
			want = append(want, "chat +79645550190")
		}
		if !slices.Equal(heard.acts, want) {
			t.Errorf("with a chat %v: reported %q, want %q", chat, heard.acts, want)
		}
	}
}

// schoolTab is the page of settings with the tab of the school in front.
func schoolTab(t *testing.T, h *host) *settings.View {
	t.Helper()
	v := settings.New(settingsHost{h, program{}}, &settings.State{})
	v.Resize(tall)
	v.Shown()
	test.Tap(buttons(v, map[string]*widgets.Button{})[h.text.T("set.tab_school")])
	return v
}

func TestSchool_changesGoToTheServer(t *testing.T) {
	lightApp(t)
	h := newHostFor(t, i18n.Russian, schetova)
	choose(h, chosen())
	kept := chosen()
	h.school.answers["PATCH /settings"] = func([]byte) any { return kept }
	v := schoolTab(t, h)
	press := func(word string) {
		t.Helper()
		b := buttons(v, map[string]*widgets.Button{})[word]
		if b == nil {
			t.Fatalf("no button %q", word)
		}
		h.school.told = nil
		test.Tap(b)
	}
	told := func(want string) {
		t.Helper()
		if got := strings.Join(h.school.told, "\n"); got != want {
			t.Errorf("told %s\nwant %s", got, want)
		}
	}
	fields := all[*widgets.Entry](v) // limit, name, city code, contract, client
	fields[0].SetText("30")
	press("Сохранить")
	told(`PATCH /settings {"name":"Автошкола «Старт»","missed_limit_minutes":30}`)
	fields[0].SetText("полчаса")
	press("Сохранить")
	told("")
	if !strings.Contains(readable(v), "Впишите минуты целым числом") {
		t.Error("what is wrong with the minutes is not said")
	}
	press("Отменить")
	if fields[0].Text != "15" {
		t.Errorf("cancelled to %q, want 15", fields[0].Text)
	}
	h.school.told = nil
	test.Tap(all[*widgets.Toggle](v)[0])
	told(`PATCH /settings {"whatsapp":false}`)
	fields[4].SetText("https://crm.school.ru/c/{external_id}")
	press("Сохранить")
	told(`PATCH /settings {"crm_link":{"contract":"https://crm.school.ru/deal/{external_id}","client":"https://crm.school.ru/c/{external_id}"}}`)
	h.school.told = nil
	toggles := all[*widgets.Toggle](v)
	test.Tap(toggles[len(toggles)-1])
	told(`PATCH /settings {"crm_link":{"contract":"https://crm.school.ru/deal/{external_id}","instead":true}}`)
}

func TestSchool_accessAndLimitsGoToTheServer(t *testing.T) {
	lightApp(t)
	h := newHostFor(t, i18n.Russian, schetova)
	choose(h, chosen())
	h.school.answers["PATCH /settings"] = func([]byte) any { return chosen() }
	v := schoolTab(t, h)
	told := func(want string) {
		t.Helper()
		if got := strings.Join(h.school.told, "\n"); got != want {
			t.Errorf("told %s\nwant %s", got, want)
		}
		h.school.told = nil
	}
	all[*widgets.Choice](v)[0].Choose(1)
	told(`PATCH /settings {"recordings_for":"participants"}`)
	fields := all[*widgets.Entry](v) // after the five above: idle, longest, SMS a minute and a day, abroad
	fields[5].SetText("7")
	fields[9].SetText("0")
	test.Tap(buttons(v, map[string]*widgets.Button{})["Сохранить"])
	told(`PATCH /settings {"session_idle_days":7,"abroad_per_day":0}`)
	fields[6].SetText("год")
	test.Tap(buttons(v, map[string]*widgets.Button{})["Сохранить"])
	told("")
	if !strings.Contains(readable(v), "Впишите целое число") {
		t.Error("what is wrong with the days is not said")
	}
	fields[2].SetText("42")
	h.school.answers["PATCH /settings"] = &client.Problem{Status: 422, Code: "invalid", Fields: []string{"city_code: three to five digits expected"}}
	for _, b := range all[*widgets.Button](v) {
		if b.Label == "Сохранить" {
			test.Tap(b) // the first panel's
			break
		}
	}
	if !strings.Contains(readable(v), "Код города — от трёх до пяти цифр") {
		t.Error("what is wrong with the city code is not said")
	}
}

func TestSchool_templatesAreAddedChangedAndRemoved(t *testing.T) {
	lightApp(t)
	h := newHostFor(t, i18n.Russian, schetova)
	two := chosen()
	two.SMSTemplates = []client.SMSTemplate{{Name: "А", Text: "а"}, {Name: "Б", Text: "б"}}
	choose(h, two)
	h.school.answers["PATCH /settings"] = func([]byte) any { return two }
	v := schoolTab(t, h)
	press := func(word string) {
		t.Helper()
		h.school.told = nil
		test.Tap(buttons(v, map[string]*widgets.Button{})[word])
	}
	form := func() (name, text *widgets.Entry) {
		fields := all[*widgets.Entry](v)
		return fields[3], fields[4] // after the limit, the name and the city code
	}
	press("+ Шаблон")
	name, text := form()
	name.SetText("В")
	press("Сохранить")
	if len(h.school.told) > 0 || !strings.Contains(readable(v), "Впишите название и текст") {
		t.Error("a template without a text was saved, or nothing said")
	}
	text.SetText("в")
	press("Сохранить")
	if got, want := strings.Join(h.school.told, ""), `PATCH /settings {"sms_templates":[{"name":"А","text":"а"},{"name":"Б","text":"б"},{"name":"В","text":"в"}]}`; got != want {
		t.Errorf("added %s\nwant %s", got, want)
	}
	press("Изменить") // the last one: buttons are found by their words
	_, text = form()
	text.SetText("бб")
	press("Сохранить")
	if got, want := strings.Join(h.school.told, ""), `PATCH /settings {"sms_templates":[{"name":"А","text":"а"},{"name":"Б","text":"бб"}]}`; got != want {
		t.Errorf("changed %s\nwant %s", got, want)
	}
	press("Изменить")
	press("Удалить")
	if got, want := strings.Join(h.school.told, ""), `PATCH /settings {"sms_templates":[{"name":"А","text":"а"}]}`; got != want {
		t.Errorf("removed %s\nwant %s", got, want)
	}
	h.school.answers["PATCH /settings"] = &client.Problem{Status: 422, Code: "invalid", Fields: []string{"sms_templates: two are named А"}}
	press("+ Шаблон")
	name, text = form()
	name.SetText("А")
	text.SetText("а")
	press("Сохранить")
	if !strings.Contains(readable(v), "Шаблон с таким названием уже есть") {
		t.Errorf("the refusal is not told: %q", readable(v))
	}
	if name, _ := form(); name.Text != "А" {
		t.Error("a refused template is lost")
	}
}

func TestSchool_followsWhatOthersChange(t *testing.T) {
	lightApp(t)
	h := newHostFor(t, i18n.Russian, schetova)
	choose(h, chosen())
	v := schoolTab(t, h)
	fields := all[*widgets.Entry](v)
	fields[1].SetText("Автошкола «Финиш»") // being typed
	other := chosen()
	other.MissedLimitMinutes, other.Name = 45, "Автошкола «Путь»"
	choose(h, other)
	v.Sync()
	if fields[0].Text != "45" || fields[1].Text != "Автошкола «Финиш»" {
		t.Errorf("the fields hold %q and %q", fields[0].Text, fields[1].Text)
	}
}

func TestSchool_isForTheDirectorAndAbove(t *testing.T) {
	lightApp(t)
	for _, tt := range []struct {
		me   client.Employee
		want bool
	}{{borisov, false}, {orlov, false}, {kireeva, false}, {schetova, true}} {
		h := newHostFor(t, i18n.Russian, tt.me)
		v := settings.New(settingsHost{h, program{}}, &settings.State{})
		v.Resize(tall)
		v.Shown()
		if got := buttons(v, map[string]*widgets.Button{})["Школа"] != nil; got != tt.want {
			t.Errorf("%s sees the school's settings: %v, want %v", tt.me.Role, got, tt.want)
		}
	}
}

// drawWriting draws the sheet of a message, a number's menu, the card with the other CRM, the
// school's settings and the call card's second row.
func drawWriting(t *testing.T, l look) {
	h := newHost(t, l.lang)
	choose(h, chosen())
	sheet, w := written(t, h, &shangutov)
	snap(t, "sms-empty"+l.suffix(), w)
	sheet.Choose(2)
	all[*widgets.Entry](over(w))[0].SetText("27.11")
	sheet.Send()
	snap(t, "sms-open"+l.suffix(), w)

	contract := h.school.answers["/contracts/k123"].(client.Contract)
	contract.ExternalID = "77"
	h.school.answers["/contracts/k123"] = contract
	menu := windowOf(t, window(h, "contracts"), fyne.NewSize(1180, 760))
	for _, b := range all[*widgets.Button](menu.Content()) {
		if b.Label == "⋯" {
			test.Tap(b)
			break
		}
	}
	snap(t, "number-menu"+l.suffix(), menu)

	h = newHostFor(t, l.lang, schetova)
	choose(h, chosen())
	v := schoolTab(t, h)
	shoot(t, "settings-school"+l.suffix()+"-1x", 1, fyne.NewSize(980, 1240), page(v))
	test.Tap(buttons(v, map[string]*widgets.Button{})[h.text.T("sch.template_add")])
	all[*widgets.Entry](v)[0].SetText("20")
	shoot(t, "settings-school-form"+l.suffix()+"-1x", 1, fyne.NewSize(980, 1100), page(v))

	m := model.New(model.Config{Me: kireeva, Now: h.Now})
	m.Apply(client.StreamEvent{Type: "school", Data: &client.School{WhatsApp: true}})
	call := cards()["1-known"]
	m.Apply(client.StreamEvent{Type: "call", Data: &call})
	view := popup.NewView(h.text, &said{}, nil)
	view.Draw(present.Cards(m, h.text, now)[0], h.text, now)
	test.Tap(buttons(view, map[string]*widgets.Button{})["⋯"])
	view.Tick(now)
	shoot(t, "card-1-number"+l.suffix()+"-1x", 1, fyne.Size{}, widgets.Stack(widgets.NewBox(widgets.Ground, 0), widgets.Pad(16, 16, 16, 16, view)))
}
