package sms_test

import (
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestSMS_isFilledFromTheSubjectAndTheDate(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	uitest.Choose(h, uitest.Chosen())
	h.School.Answers["POST /sms"] = client.FeedEntry{ID: "m1", Type: client.EntrySMS, Delivery: client.SMSSending}
	sheet, w := uitest.Written(t, h, &uitest.Shangutov)
	sheet.Choose(0)
	fields := uitest.All[*widgets.Entry](uitest.Over(w)) // date, time, text
	text := fields[2]
	if want := "Александр Александрович, ждём вас на занятие {дата} в {время}. Если не получается, перезвоните нам."; text.Text != want {
		t.Fatalf("the text is %q, want %q", text.Text, want)
	}
	press := func(word string) { test.Tap(uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})[word]) }
	press("Отправить")
	if len(h.School.Told) > 0 || !strings.Contains(uitest.Readable(uitest.Over(w)), "Осталось заполнить: {дата}, {время}") {
		t.Fatalf("an unfilled message was sent, or nothing said: %q", h.School.Told)
	}
	fields[0].SetText("26.11")
	fields[1].SetText("9")
	fields[0].SetText("27.11") // thought better of it
	if want := "Александр Александрович, ждём вас на занятие 27 ноября в 9:00. Если не получается, перезвоните нам."; text.Text != want {
		t.Fatalf("the text is %q, want %q", text.Text, want)
	}
	if !strings.Contains(uitest.Readable(uitest.Over(w)), "99 из 134 знаков · 2 части") {
		t.Errorf("the count is not told in %q", uitest.Readable(uitest.Over(w)))
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
	if !slices.Equal(h.School.Told, []string{want}) {
		t.Errorf("sent %q\nwant %q", h.School.Told, want)
	}
	if visible := uitest.Over(w); visible != nil && visible.Visible() {
		t.Error("the sheet still lies over the window")
	}
	if !strings.Contains(h.Told, "покажет Лента") {
		t.Errorf("told %q", h.Told)
	}
}

func TestSMS_aRefusalKeepsTheText(t *testing.T) {
	uitest.LightApp(t)
	for _, tt := range []struct {
		problem *client.Problem
		want    string
	}{
		{&client.Problem{Status: 422, Code: "too_long", Detail: "Сообщение слишком длинное: 900 / 480"}, "Сообщение слишком длинное: 900 / 480 Сократите текст."},
		{&client.Problem{Status: 409, Code: "no_extension", Detail: "Вам не назначен внутренний номер. Слова сервера."}, "Вам не назначен внутренний номер"},
		{&client.Problem{Status: 502, Code: "pbx_refused", Detail: "нет денег"}, "АТС отказала: нет денег"},
	} {
		h := uitest.NewHost(t, i18n.Russian)
		uitest.Choose(h, uitest.Chosen())
		h.School.Answers["POST /sms"] = tt.problem
		sheet, w := uitest.Written(t, h, nil)
		fields := uitest.All[*widgets.Entry](uitest.Over(w))
		fields[0].SetText("Здравствуйте")
		sheet.Send()
		if words := uitest.Readable(uitest.Over(w)); !strings.Contains(words, tt.want) || fields[0].Text != "Здравствуйте" {
			t.Errorf("%s: told %q with the text %q, want %q", tt.problem.Code, words, fields[0].Text, tt.want)
		}
	}
}

// TestSMS_speaksOneLanguage: a Russian template names the day in Russian, whatever language its sender reads.
func TestSMS_speaksOneLanguage(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.English)
	uitest.Choose(h, uitest.Chosen())
	sheet, w := uitest.Written(t, h, &uitest.Shangutov)
	sheet.Choose(0)
	fields := uitest.All[*widgets.Entry](uitest.Over(w))
	fields[0].SetText("26.11")
	if !strings.Contains(fields[2].Text, "занятие 26 ноября") {
		t.Errorf("the text is %q", fields[2].Text)
	}
}
