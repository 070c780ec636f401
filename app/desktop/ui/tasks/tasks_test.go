package tasks_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/ui/tasks"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestTasks_actsReachTheServer(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	uitest.Promise(h)
	h.School.Answers["PATCH /tasks/1"] = client.Task{}
	h.School.Answers["PATCH /tasks/4"] = client.Task{}
	v := tasks.New(h, &tasks.State{})
	v.Shown()
	uitest.Shown(t, v)
	press := uitest.Buttons(v, map[string]*widgets.Button{})
	for _, word := range []string{"Пора перезвонить", "Просят перезвонить", "Поручено другим", "просит Орлов-Константинопольский Т. В."} {
		if !strings.Contains(uitest.Readable(v), word) {
			t.Errorf("the page does not say %q", word)
		}
	}
	press["Готово"].Tapped(nil) // of several with one word, the last
	press["Позвонить"].Tapped(nil)
	v.PutOff("1", uitest.Now.Add(time.Hour))
	want := []string{`PATCH /tasks/4 {"done":true}`, `PATCH /tasks/1 {"due_at":"2026-11-24T15:32:07Z"}`}
	if !slices.Equal(h.School.Told, want) || !slices.Equal(h.Dialed, []string{"+79035550153"}) {
		t.Errorf("told %q, called %q", h.School.Told, h.Dialed)
	}
}

func TestTasks_aBrokenListSaysSoAndIsReadAgain(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["/tasks"] = &client.Problem{Status: 500, Detail: "диск полон", Code: "x"}
	v := tasks.New(h, &tasks.State{})
	v.Shown()
	if words := uitest.Readable(v); !strings.Contains(words, "Задачи не загрузились") || !strings.Contains(words, "диск полон") {
		t.Fatalf("says %q", words)
	}
	h.School.Answers["/tasks"] = client.Page[client.Task]{}
	uitest.Buttons(v, map[string]*widgets.Button{})["Повторить"].Tapped(nil)
	if words := uitest.Readable(v); !strings.Contains(words, "Обещанных звонков нет") {
		t.Errorf("then says %q", words)
	}
}

func TestTaskSheet_asksForWhatIsMissingAndHandsOver(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["POST /tasks"] = client.Task{}
	w := uitest.WindowOf(t, uitest.Window(h, "missed"), fyne.NewSize(900, 700))
	sheet := tasks.Open(h, w.Canvas(), model.TaskAbout{Phone: "+79645550190", Subject: &uitest.Shangutov, CallID: "c1"})
	says := func(words string) {
		t.Helper()
		if !strings.Contains(uitest.Readable(uitest.Over(w)), words) {
			t.Errorf("the sheet does not say %q", words)
		}
	}
	sheet.Save()
	says("Когда напомнить?")
	fields := uitest.All[*widgets.Entry](uitest.Over(w)) // day, time, note
	fields[0].SetText("23.11.2026")
	fields[1].SetText("10")
	sheet.Save()
	says("Это время уже прошло")
	fields[0].SetText("скоро")
	sheet.Save()
	says("Не похоже на день и время")
	if len(h.School.Told) > 0 {
		t.Fatalf("told %q", h.School.Told)
	}
	fields[0].SetText("26.11")
	fields[2].SetText("Вождение")
	sheet.Save()
	if visible := uitest.Over(w); visible != nil && visible.Visible() {
		t.Error("the sheet still lies over the window")
	}
	sheet = tasks.Open(h, w.Canvas(), model.TaskAbout{Phone: "+79035550152"})
	uitest.All[*widgets.Choice](uitest.Over(w))[0].Choose(1) // a colleague, and no time
	sheet.Save()
	want := []string{
		`POST /tasks {"phone":"+79645550190","subject":{"kind":"contract","id":"k123"},"call_id":"c1","note":"Вождение","due_at":"2026-11-26T10:00:00Z"}`,
		`POST /tasks {"phone":"+79035550152","assignee_id":"e2"}`,
	}
	if !slices.Equal(h.School.Told, want) {
		t.Errorf("told %q\nwant %q", h.School.Told, want)
	}
}
