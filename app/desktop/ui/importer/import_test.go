package importer_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/importer"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestImporter_triesFirstAndThenLoads(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	states := []client.Import{uitest.Became(client.ImportChecked, true, uitest.Mostly), uitest.Became(client.ImportDone, false, uitest.Mostly)}
	h.School.Answers["POST /imports/i1/run"] = func(body []byte) any {
		var run client.ImportRun
		if err := json.Unmarshal(body, &run); err != nil {
			t.Error(err)
		}
		return uitest.Became(client.ImportRunning, run.DryRun, client.ImportCounts{})
	}
	h.School.Answers["GET /imports/i1"] = func(url.Values) any {
		next := states[0]
		states = states[1:]
		return next
	}
	_, w := uitest.Loading(t, h, uitest.Uploaded())
	uitest.WantOver(t, w, "Загрузка договоров", "Договоры 2026.csv · 4 312 строк · windows-1251, точка с запятой", "Константинопольская-Покровская Дарья")
	choices := uitest.All[*widgets.Choice](uitest.Over(w))
	choices[0].Choose(13) // № п/п is the note of nobody, but the person says so
	choices[len(choices)-1].Choose(1)
	uitest.PressOver(t, w, "Проверить")
	uitest.WantOver(t, w, "пока ничего не изменено", "Добавится карточек: 4 180", "Не читаются, строки будут пропущены: 15")
	uitest.PressOver(t, w, "Загрузить")
	uitest.WantOver(t, w, "Загрузка закончена", "Добавлено карточек: 4 180", "Загружены с замечаниями: 31")
	mapping := `"mapping":["note","number","name","phone","category","signed_on","note"],"rule":"update"`
	want := []string{"POST /imports файл", "POST /imports/i1/run {" + mapping + `,"dry_run":true}`, "POST /imports/i1/run {" + mapping + "}"}
	if !slices.Equal(h.School.Told, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(h.School.Told, "\n"), strings.Join(want, "\n"))
	}
}

func TestImporter_asksWhichColumnAndTellsTheRemarks(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["POST /imports/i1/run"] = uitest.Became(client.ImportRunning, true, client.ImportCounts{})
	h.School.Answers["GET /imports/i1"] = uitest.Became(client.ImportChecked, true, uitest.Mostly)
	sheet, w := uitest.Loading(t, h, uitest.InDoubt())
	uitest.WantOver(t, w, "Какой столбец — дата договора?")
	uitest.All[*widgets.Choice](uitest.Over(w))[5].Choose(9)
	if strings.Contains(uitest.Readable(uitest.Over(w)), "Какой столбец") {
		t.Error("the question stands although it was answered")
	}
	sheet.Map(5, 0)
	uitest.WantOver(t, w, "Какой столбец — дата договора?")
	sheet.Run(true)
	uitest.WantOver(t, w, "Вопросы, строки не загрузятся: 2", "Строка 27: вопрос: чья это строка?", "Строка 1 031: пропущена: нет номера договора")
}

func TestImporter_savesTheReport(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["POST /imports/i1/run"] = uitest.Became(client.ImportRunning, true, client.ImportCounts{})
	h.School.Answers["GET /imports/i1"] = uitest.Became(client.ImportChecked, true, client.ImportCounts{Faulty: 3})
	h.School.Answers["/imports/i1/report"] = "почему"
	sheet, w := uitest.Loading(t, h, uitest.Uploaded())
	sheet.Run(true)
	uitest.WantOver(t, w, "Загружать нечего")
	if uitest.Buttons(uitest.Over(w), map[string]*widgets.Button{})["Загрузить"].Enabled() {
		t.Error("an import of nothing can be started")
	}
	uitest.PressOver(t, w, "Сохранить отчёт")
	text := uitest.Readable(uitest.Over(w))
	at := strings.Index(text, "Отчёт сохранён: ")
	if at < 0 {
		t.Fatalf("nothing is told of the report:\n%s", text)
	}
	path, _, _ := strings.Cut(text[at+len("Отчёт сохранён: "):], "\n")
	if raw, err := os.ReadFile(path); err != nil || !strings.Contains(string(raw), "почему") {
		t.Errorf("the report is %q, %v", raw, err)
	}
}

func TestImporter_aRefusedFileIsToldInTheServersWords(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	_, w := uitest.Loading(t, h, &client.Problem{Status: 422, Code: "too_many_columns", Detail: "Строка 1. Столбцов больше 100. Оставьте в файле только нужные."})
	uitest.WantOver(t, w, "Файл не прочитан", "Столбцов больше 100")
	uitest.PressOver(t, w, "Закрыть")
	if len(h.School.Told) != 1 {
		t.Errorf("told %q", h.School.Told)
	}
}

func TestImporter_cancelForgetsTheFile(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["DELETE /imports/i1"] = nil
	_, w := uitest.Loading(t, h, uitest.Uploaded())
	uitest.PressOver(t, w, "Отменить")
	if got := h.School.Told[len(h.School.Told)-1]; got != "DELETE /imports/i1" {
		t.Errorf("told last %q", got)
	}
}

func TestImporter_aClosedSheetTellsTheEndAtTheFoot(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	h.School.Answers["POST /imports/i1/run"] = uitest.Became(client.ImportRunning, false, client.ImportCounts{})
	var sheet *importer.Sheet
	h.School.Answers["GET /imports/i1"] = func(url.Values) any {
		sheet.Close()
		return uitest.Became(client.ImportDone, false, uitest.Mostly)
	}
	sheet, _ = uitest.Loading(t, h, uitest.Uploaded())
	sheet.Run(false)
	if !strings.Contains(h.Told, "Загрузка закончена") {
		t.Errorf("told %q", h.Told)
	}
	for _, said := range h.School.Told {
		if strings.HasPrefix(said, "DELETE") {
			t.Error("closing the sheet stopped the import")
		}
	}
}

func TestExport_savesTheListWithItsFilter(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	var asked url.Values
	h.School.Answers["/export/contracts"] = func(q url.Values) any { asked = q; return "таблица" }
	dir := t.TempDir()
	importer.Export(h, dir, "contracts", "xlsx", url.Values{"q": {"петр"}})
	path := filepath.Join(dir, "Договоры "+uitest.Now.Local().Format("2006-01-02 15-04")+".xlsx")
	if raw, err := os.ReadFile(path); err != nil || !strings.Contains(string(raw), "таблица") || h.Told != "Сохранено: "+path {
		t.Errorf("%q, %v, told %q", raw, err, h.Told)
	}
	if asked.Get("q") != "петр" || asked.Get("format") != "xlsx" || asked.Get("tz") == "" {
		t.Errorf("asked for %v", asked)
	}
}

func TestFiles_theMenuLoadsAndExports(t *testing.T) {
	uitest.LightApp(t)
	h := uitest.NewHost(t, i18n.Russian)
	loads := 0
	w := uitest.HeadWithFiles(t, h, func() { loads++ })
	menus := uitest.All[*widget.PopUpMenu](uitest.Over(w))
	if len(menus) != 1 || len(menus[0].Items) != 5 {
		t.Fatalf("%d menus are open", len(menus))
	}
	menus[0].Items[0].(fyne.Tappable).Tapped(nil)
	if loads != 1 {
		t.Errorf("%d files were asked for", loads)
	}
}
