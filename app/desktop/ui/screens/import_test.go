package screens

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/importer"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// uploaded is how the server understood a file of the school's.
func uploaded() client.Import {
	im := client.Import{
		ID: "i1", Kind: "contracts", File: "Договоры 2026.csv", State: client.ImportReady, Format: "csv", Encoding: "windows-1251", Delimiter: ";",
		Heading: true, Rows: 4312, Fields: []string{
			"number", "name", "last_name", "first_name", "middle_name", "phone", "category", "group", "signed_on", "status", "tags", "responsible", "note", "external_id",
		},
	}
	for _, c := range [][2]string{
		{"№ п/п", ""},
		{"№ договора", "number"},
		{"ФИО", "name"},
		{"Телефон", "phone"},
		{"Категория", "category"},
		{"Дата заключения договора", "signed_on"},
		{"Примечание", "note"},
	} {
		im.Columns = append(im.Columns, client.ImportColumn{Name: c[0], Guess: c[1]})
		im.Mapping = append(im.Mapping, c[1])
	}
	names := []string{"Шангутов Александр Александрович", "Константинопольская-Покровская Дарья", "Орлов Тимур", "Петрова Мария Игоревна"}
	for i := range 20 {
		im.Preview = append(im.Preview, []string{
			fmt.Sprint(i + 1), fmt.Sprintf("%d/26", 120+i), names[i%len(names)], fmt.Sprintf("8 (914) 555-01-%02d", i), "B", "24.11.2026",
			[]string{"", "Просил звонить после 18:00,\nучится в вечерней группе"}[i%2],
		})
	}
	return im
}

func became(state string, dry bool, counts client.ImportCounts) client.Import {
	im := uploaded()
	im.State, im.DryRun, im.Counts, im.Done, im.Report = state, dry, counts, 4312, counts.Faulty+counts.Doubles+counts.Remarks+counts.Questions > 0
	if counts.Questions > 0 {
		im.Notes = []client.ImportNote{
			{Line: 14, RU: "загружена с замечанием: телефон +7 914 555-18-01 есть и у «Гусева Анна» (строка 13): заведена отдельная карточка", EN: "taken with a remark: «Гусева Анна» (line 13) has the telephone +7 914 555-18-01, too: a card of its own was made"},
			{Line: 27, RU: "вопрос: чья это строка? тот же телефон у «Гусев Борис», «Гусева Анна»: ни одна карточка не изменена и не заведена, решите сами", EN: "question: whose row is this? the same telephone: «Гусев Борис», «Гусева Анна»; no card was changed or made, decide yourself"},
			{Line: 1031, RU: "пропущена: нет номера договора", EN: "skipped: there is no contract number"},
		}
	}
	return im
}

var mostly = client.ImportCounts{Added: 4180, Changed: 96, Unchanged: 12, Questions: 2, Doubles: 9, Faulty: 15, Remarks: 31}

// loading is the sheet over the page of contracts, with the file read.
func loading(t *testing.T, h *host, answer any) (*importer.Sheet, fyne.Window) {
	t.Helper()
	h.school.answers["POST /imports"] = answer
	w := windowOf(t, window(h, "contracts"), fyne.NewSize(1180, 760))
	return importer.Open(h, w.Canvas(), client.KindContract, t.TempDir(), "Договоры 2026.csv", io.NopCloser(strings.NewReader("файл"))), w
}

func pressOver(t *testing.T, w fyne.Window, word string) {
	t.Helper()
	b := buttons(over(w), map[string]*widgets.Button{})[word]
	if b == nil {
		t.Fatalf("there is no button %q in\n%s", word, readable(over(w)))
	}
	test.Tap(b)
}

func wantOver(t *testing.T, w fyne.Window, words ...string) {
	t.Helper()
	for _, one := range words {
		if !strings.Contains(strings.ReplaceAll(readable(over(w)), "\u00a0", " "), one) {
			t.Errorf("the sheet does not say %q; it says\n%s", one, readable(over(w)))
		}
	}
}

func TestImporter_triesFirstAndThenLoads(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	states := []client.Import{became(client.ImportChecked, true, mostly), became(client.ImportDone, false, mostly)}
	h.school.answers["POST /imports/i1/run"] = func(body []byte) any {
		var run client.ImportRun
		if err := json.Unmarshal(body, &run); err != nil {
			t.Error(err)
		}
		return became(client.ImportRunning, run.DryRun, client.ImportCounts{})
	}
	h.school.answers["GET /imports/i1"] = func(url.Values) any {
		next := states[0]
		states = states[1:]
		return next
	}
	_, w := loading(t, h, uploaded())
	wantOver(t, w, "Загрузка договоров", "Договоры 2026.csv · 4 312 строк · windows-1251, точка с запятой", "Константинопольская-Покровская Дарья")
	choices := all[*widgets.Choice](over(w))
	choices[0].Choose(13) // № п/п is the note of nobody, but the person says so
	choices[len(choices)-1].Choose(1)
	pressOver(t, w, "Проверить")
	wantOver(t, w, "пока ничего не изменено", "Добавится карточек: 4 180", "Не читаются, строки будут пропущены: 15")
	pressOver(t, w, "Загрузить")
	wantOver(t, w, "Загрузка закончена", "Добавлено карточек: 4 180", "Загружены с замечаниями: 31")
	mapping := `"mapping":["note","number","name","phone","category","signed_on","note"],"rule":"update"`
	want := []string{"POST /imports файл", "POST /imports/i1/run {" + mapping + `,"dry_run":true}`, "POST /imports/i1/run {" + mapping + "}"}
	if !slices.Equal(h.school.told, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(h.school.told, "\n"), strings.Join(want, "\n"))
	}
}

// inDoubt is a file in which two columns may be the date.
func inDoubt() client.Import {
	im := uploaded()
	im.Columns[5].Guess, im.Mapping[5] = "", ""
	im.Doubts = []client.ImportWord{{
		Code: "signed_on", RU: "Какой столбец — дата договора? Подходят одинаково: «Дата заключения договора», «Дата договора». Выберите один; пока не загружается ни один.",
		EN: "Which column is the contract date? These fit alike: «Дата заключения договора», «Дата договора». Choose one; until then none is loaded.",
	}}
	return im
}

func TestImporter_asksWhichColumnAndTellsTheRemarks(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["POST /imports/i1/run"] = became(client.ImportRunning, true, client.ImportCounts{})
	h.school.answers["GET /imports/i1"] = became(client.ImportChecked, true, mostly)
	sheet, w := loading(t, h, inDoubt())
	wantOver(t, w, "Какой столбец — дата договора?")
	all[*widgets.Choice](over(w))[5].Choose(9)
	if strings.Contains(readable(over(w)), "Какой столбец") {
		t.Error("the question stands although it was answered")
	}
	sheet.Map(5, 0)
	wantOver(t, w, "Какой столбец — дата договора?")
	sheet.Run(true)
	wantOver(t, w, "Вопросы, строки не загрузятся: 2", "Строка 27: вопрос: чья это строка?", "Строка 1 031: пропущена: нет номера договора")
}

func TestImporter_savesTheReport(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["POST /imports/i1/run"] = became(client.ImportRunning, true, client.ImportCounts{})
	h.school.answers["GET /imports/i1"] = became(client.ImportChecked, true, client.ImportCounts{Faulty: 3})
	h.school.answers["/imports/i1/report"] = "почему"
	sheet, w := loading(t, h, uploaded())
	sheet.Run(true)
	wantOver(t, w, "Загружать нечего")
	if buttons(over(w), map[string]*widgets.Button{})["Загрузить"].Enabled() {
		t.Error("an import of nothing can be started")
	}
	pressOver(t, w, "Сохранить отчёт")
	text := readable(over(w))
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
	lightApp(t)
	h := newHost(t, i18n.Russian)
	_, w := loading(t, h, &client.Problem{Status: 422, Code: "too_many_columns", Detail: "Строка 1. Столбцов больше 100. Оставьте в файле только нужные."})
	wantOver(t, w, "Файл не прочитан", "Столбцов больше 100")
	pressOver(t, w, "Закрыть")
	if len(h.school.told) != 1 {
		t.Errorf("told %q", h.school.told)
	}
}

func TestImporter_cancelForgetsTheFile(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["DELETE /imports/i1"] = nil
	_, w := loading(t, h, uploaded())
	pressOver(t, w, "Отменить")
	if got := h.school.told[len(h.school.told)-1]; got != "DELETE /imports/i1" {
		t.Errorf("told last %q", got)
	}
}

func TestImporter_aClosedSheetTellsTheEndAtTheFoot(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	h.school.answers["POST /imports/i1/run"] = became(client.ImportRunning, false, client.ImportCounts{})
	var sheet *importer.Sheet
	h.school.answers["GET /imports/i1"] = func(url.Values) any {
		sheet.Close()
		return became(client.ImportDone, false, mostly)
	}
	sheet, _ = loading(t, h, uploaded())
	sheet.Run(false)
	if !strings.Contains(h.told, "Загрузка закончена") {
		t.Errorf("told %q", h.told)
	}
	for _, said := range h.school.told {
		if strings.HasPrefix(said, "DELETE") {
			t.Error("closing the sheet stopped the import")
		}
	}
}

func TestExport_savesTheListWithItsFilter(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	var asked url.Values
	h.school.answers["/export/contracts"] = func(q url.Values) any { asked = q; return "таблица" }
	dir := t.TempDir()
	importer.Export(h, dir, "contracts", "xlsx", url.Values{"q": {"петр"}})
	path := filepath.Join(dir, "Договоры "+now.Local().Format("2006-01-02 15-04")+".xlsx")
	if raw, err := os.ReadFile(path); err != nil || !strings.Contains(string(raw), "таблица") || h.told != "Сохранено: "+path {
		t.Errorf("%q, %v, told %q", raw, err, h.told)
	}
	if asked.Get("q") != "петр" || asked.Get("format") != "xlsx" || asked.Get("tz") == "" {
		t.Errorf("asked for %v", asked)
	}
}

// headWithFiles is a page of the register in a small window with a card open: the least room that
// its head ever has.
func headWithFiles(t *testing.T, h *host, load func()) fyne.Window {
	t.Helper()
	list := register.New(h, client.KindClient, &register.State{}, func(string) {})
	files := importer.NewFiles(h, t.TempDir(), "clients", list.Query, load)
	frame := mainwin.New(h.text, []mainwin.Page{{
		Name: "clients", Object: list, Shown: list.Shown, Card: true,
		Action: widgets.Row(theme.Gap, nil, files, widgets.NewButton(h.text.T("act.new_lead"), widgets.Plain, nil)),
	}}, nil)
	panel := card.New(h, &card.State{}, func() {})
	panel.Open(client.KindContract, "k123")
	frame.SetSide(panel)
	w := windowOf(t, frame, fyne.NewSize(960, 640))
	test.Tap(files)
	return w
}

func TestFiles_theMenuLoadsAndExports(t *testing.T) {
	lightApp(t)
	h := newHost(t, i18n.Russian)
	loads := 0
	w := headWithFiles(t, h, func() { loads++ })
	menus := all[*widget.PopUpMenu](over(w))
	if len(menus) != 1 || len(menus[0].Items) != 4 {
		t.Fatalf("%d menus are open", len(menus))
	}
	menus[0].Items[0].(fyne.Tappable).Tapped(nil)
	if loads != 1 {
		t.Errorf("%d files were asked for", loads)
	}
}

// drawImport draws the sheet's faces.
func drawImport(t *testing.T, l look) {
	for name, end := range map[string]client.Import{
		"checked": became(client.ImportChecked, true, mostly),
		"done":    became(client.ImportDone, false, mostly),
		"failed":  failedImport(),
	} {
		h := newHost(t, l.lang)
		h.school.answers["POST /imports/i1/run"] = became(client.ImportRunning, end.DryRun, client.ImportCounts{})
		h.school.answers["GET /imports/i1"] = end
		sheet, w := loading(t, h, uploaded())
		if name == "checked" {
			snap(t, "import-columns"+l.suffix(), w)
		}
		if name == "done" {
			h.school.answers["GET /imports/i1"] = func(url.Values) any {
				going := became(client.ImportRunning, false, client.ImportCounts{})
				going.Done = 2600
				sheet.Follow(going)
				snap(t, "import-running"+l.suffix(), w)
				return end
			}
		}
		sheet.Run(end.DryRun)
		snap(t, "import-"+name+l.suffix(), w)
	}
	h := newHost(t, l.lang)
	_, w := loading(t, h, inDoubt())
	snap(t, "import-doubts"+l.suffix(), w)
	h = newHost(t, l.lang)
	w = windowOf(t, window(h, "contracts"), fyne.NewSize(1180, 760))
	h.school.answers["POST /imports"] = func([]byte) any {
		snap(t, "import-reading"+l.suffix(), w)
		return uploaded()
	}
	importer.Open(h, w.Canvas(), client.KindContract, t.TempDir(), "Договоры 2026.csv", io.NopCloser(strings.NewReader("файл")))
	if l.choice == theme.LightChoice {
		shoot(t, "import-columns"+l.suffix()+"-2x", 2, fyne.NewSize(840, 560), over(w).(*widget.PopUp).Content)
	}
	h = newHost(t, l.lang)
	_, w = loading(t, h, &client.Problem{Status: 422, Code: "mixed_encodings", Detail: "Строка 17. В файле смешаны кодировки: эта строка не в той, что остальные. Сохраните файл заново в UTF-8."})
	snap(t, "import-refused"+l.suffix(), w)
	snap(t, "import-menu"+l.suffix(), headWithFiles(t, newHost(t, l.lang), nil))
}

func failedImport() client.Import {
	im := became(client.ImportFailed, false, client.ImportCounts{})
	im.Problem = &client.ImportWord{
		Code: "interrupted", RU: "Загрузка прервалась: сервер остановился. Ни одна строка не загружена, запустите её ещё раз.",
		EN: "The import was interrupted: the server stopped. Not a single row was taken, start it again.",
	}
	return im
}
