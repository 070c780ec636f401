package school_test

import (
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/settings"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestSchool_changesGoToTheServer(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHostFor(t, i18n.Russian, uitest.Schetova)
	uitest.Choose(h, uitest.Chosen())
	kept := uitest.Chosen()
	h.School.Answers["PATCH /settings"] = func([]byte) any { return kept }
	v := uitest.SchoolTab(t, h)
	press := func(word string) {
		t.Helper()
		b := uitest.Buttons(v, map[string]*widgets.Button{})[word]
		if b == nil {
			t.Fatalf("no button %q", word)
		}
		h.School.Told = nil
		test.Tap(b)
	}
	told := func(want string) {
		t.Helper()
		if got := strings.Join(h.School.Told, "\n"); got != want {
			t.Errorf("told %s\nwant %s", got, want)
		}
	}
	fields := uitest.All[*widgets.Entry](v) // limit, name, city code, contract, client
	fields[0].SetText("30")
	press("Сохранить")
	told(`PATCH /settings {"name":"Автошкола «Старт»","missed_limit_minutes":30}`)
	fields[0].SetText("полчаса")
	press("Сохранить")
	told("")
	if !strings.Contains(uitest.Readable(v), "Впишите минуты целым числом") {
		t.Error("what is wrong with the minutes is not said")
	}
	press("Отменить")
	if fields[0].Text != "15" {
		t.Errorf("cancelled to %q, want 15", fields[0].Text)
	}
	h.School.Told = nil
	test.Tap(uitest.All[*widgets.Toggle](v)[0])
	told(`PATCH /settings {"whatsapp":false}`)
	fields[4].SetText("https://crm.school.ru/c/{external_id}")
	press("Сохранить")
	told(`PATCH /settings {"crm_link":{"contract":"https://crm.school.ru/deal/{external_id}","client":"https://crm.school.ru/c/{external_id}"}}`)
	h.School.Told = nil
	toggles := uitest.All[*widgets.Toggle](v)
	test.Tap(toggles[len(toggles)-1])
	told(`PATCH /settings {"crm_link":{"contract":"https://crm.school.ru/deal/{external_id}","instead":true}}`)
}

func TestSchool_accessAndLimitsGoToTheServer(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHostFor(t, i18n.Russian, uitest.Schetova)
	uitest.Choose(h, uitest.Chosen())
	h.School.Answers["PATCH /settings"] = func([]byte) any { return uitest.Chosen() }
	v := uitest.SchoolTab(t, h)
	told := func(want string) {
		t.Helper()
		if got := strings.Join(h.School.Told, "\n"); got != want {
			t.Errorf("told %s\nwant %s", got, want)
		}
		h.School.Told = nil
	}
	uitest.All[*widgets.Choice](v)[0].Choose(1)
	told(`PATCH /settings {"recordings_for":"participants"}`)
	fields := uitest.All[*widgets.Entry](v) // after the five above: idle, longest, SMS a minute and a day, abroad
	fields[5].SetText("7")
	fields[9].SetText("0")
	test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})["Сохранить"])
	told(`PATCH /settings {"session_idle_days":7,"abroad_per_day":0}`)
	fields[6].SetText("год")
	test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})["Сохранить"])
	told("")
	if !strings.Contains(uitest.Readable(v), "Впишите целое число") {
		t.Error("what is wrong with the days is not said")
	}
	fields[2].SetText("42")
	h.School.Answers["PATCH /settings"] = &client.Problem{Status: 422, Code: "invalid", Fields: []string{"city_code: three to five digits expected"}}
	for _, b := range uitest.All[*widgets.Button](v) {
		if b.Label == "Сохранить" {
			test.Tap(b) // the first panel's
			break
		}
	}
	if !strings.Contains(uitest.Readable(v), "Код города — от трёх до пяти цифр") {
		t.Error("what is wrong with the city code is not said")
	}
}

func TestSchool_templatesAreAddedChangedAndRemoved(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHostFor(t, i18n.Russian, uitest.Schetova)
	two := uitest.Chosen()
	two.SMSTemplates = []client.SMSTemplate{{Name: "А", Text: "а"}, {Name: "Б", Text: "б"}}
	uitest.Choose(h, two)
	h.School.Answers["PATCH /settings"] = func([]byte) any { return two }
	v := uitest.SchoolTab(t, h)
	press := func(word string) {
		t.Helper()
		h.School.Told = nil
		test.Tap(uitest.Buttons(v, map[string]*widgets.Button{})[word])
	}
	form := func() (name, text *widgets.Entry) {
		fields := uitest.All[*widgets.Entry](v)
		return fields[3], fields[4] // after the limit, the name and the city code
	}
	press("+ Шаблон")
	name, text := form()
	name.SetText("В")
	press("Сохранить")
	if len(h.School.Told) > 0 || !strings.Contains(uitest.Readable(v), "Впишите название и текст") {
		t.Error("a template without a text was saved, or nothing said")
	}
	text.SetText("в")
	press("Сохранить")
	if got, want := strings.Join(h.School.Told, ""), `PATCH /settings {"sms_templates":[{"name":"А","text":"а"},{"name":"Б","text":"б"},{"name":"В","text":"в"}]}`; got != want {
		t.Errorf("added %s\nwant %s", got, want)
	}
	press("Изменить") // the last one: buttons are found by their words
	_, text = form()
	text.SetText("бб")
	press("Сохранить")
	if got, want := strings.Join(h.School.Told, ""), `PATCH /settings {"sms_templates":[{"name":"А","text":"а"},{"name":"Б","text":"бб"}]}`; got != want {
		t.Errorf("changed %s\nwant %s", got, want)
	}
	press("Изменить")
	press("Удалить")
	if got, want := strings.Join(h.School.Told, ""), `PATCH /settings {"sms_templates":[{"name":"А","text":"а"}]}`; got != want {
		t.Errorf("removed %s\nwant %s", got, want)
	}
	h.School.Answers["PATCH /settings"] = &client.Problem{Status: 422, Code: "invalid", Fields: []string{"sms_templates: two are named А"}}
	press("+ Шаблон")
	name, text = form()
	name.SetText("А")
	text.SetText("а")
	press("Сохранить")
	if !strings.Contains(uitest.Readable(v), "Шаблон с таким названием уже есть") {
		t.Errorf("the refusal is not told: %q", uitest.Readable(v))
	}
	if name, _ := form(); name.Text != "А" {
		t.Error("a refused template is lost")
	}
}

func TestSchool_followsWhatOthersChange(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHostFor(t, i18n.Russian, uitest.Schetova)
	uitest.Choose(h, uitest.Chosen())
	v := uitest.SchoolTab(t, h)
	fields := uitest.All[*widgets.Entry](v)
	fields[1].SetText("Автошкола «Финиш»") // being typed
	other := uitest.Chosen()
	other.MissedLimitMinutes, other.Name = 45, "Автошкола «Путь»"
	uitest.Choose(h, other)
	v.Sync()
	if fields[0].Text != "45" || fields[1].Text != "Автошкола «Финиш»" {
		t.Errorf("the fields hold %q and %q", fields[0].Text, fields[1].Text)
	}
}

func TestSchool_isForTheDirectorAndAbove(t *testing.T) {
	uitest.LightApp(t)
	for _, tt := range []struct {
		me   client.Employee
		want bool
	}{{uitest.Borisov, false}, {uitest.Orlov, false}, {uitest.Kireeva, false}, {uitest.Schetova, true}} {
		h := uitest.NewHostFor(t, i18n.Russian, tt.me)
		v := settings.New(uitest.Settings(h), &settings.State{})
		v.Resize(uitest.Tall)
		v.Shown()
		if got := uitest.Buttons(v, map[string]*widgets.Button{})["Школа"] != nil; got != tt.want {
			t.Errorf("%s sees the school's settings: %v, want %v", tt.me.Role, got, tt.want)
		}
	}
}
