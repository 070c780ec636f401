package uitest

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/importer"
	"dozvon/app/desktop/ui/mainwin"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/theme"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// Uploaded is how the server understood a file of the school's.
func Uploaded() client.Import {
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

func Became(state string, dry bool, counts client.ImportCounts) client.Import {
	im := Uploaded()
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

var Mostly = client.ImportCounts{Added: 4180, Changed: 96, Unchanged: 12, Questions: 2, Doubles: 9, Faulty: 15, Remarks: 31}

// Loading is the sheet over the page of contracts, with the file read.
func Loading(t *testing.T, h *Host, answer any) (*importer.Sheet, fyne.Window) {
	t.Helper()
	h.School.Answers["POST /imports"] = answer
	w := WindowOf(t, Window(h, "contracts"), fyne.NewSize(1180, 760))
	return importer.Open(h, w.Canvas(), client.KindContract, t.TempDir(), "Договоры 2026.csv", io.NopCloser(strings.NewReader("файл"))), w
}

func PressOver(t *testing.T, w fyne.Window, word string) {
	t.Helper()
	b := Buttons(Over(w), map[string]*widgets.Button{})[word]
	if b == nil {
		t.Fatalf("there is no button %q in\n%s", word, Readable(Over(w)))
	}
	test.Tap(b)
}

func WantOver(t *testing.T, w fyne.Window, words ...string) {
	t.Helper()
	for _, one := range words {
		if !strings.Contains(strings.ReplaceAll(Readable(Over(w)), "\u00a0", " "), one) {
			t.Errorf("the sheet does not say %q; it says\n%s", one, Readable(Over(w)))
		}
	}
}

// InDoubt is a file in which two columns may be the date.
func InDoubt() client.Import {
	im := Uploaded()
	im.Columns[5].Guess, im.Mapping[5] = "", ""
	im.Doubts = []client.ImportWord{{
		Code: "signed_on", RU: "Какой столбец — дата договора? Подходят одинаково: «Дата заключения договора», «Дата договора». Выберите один; пока не загружается ни один.",
		EN: "Which column is the contract date? These fit alike: «Дата заключения договора», «Дата договора». Choose one; until then none is loaded.",
	}}
	return im
}

// HeadWithFiles is a page of the register in a small window with a card open: the least room that
// its head ever has.
func HeadWithFiles(t *testing.T, h *Host, load func()) fyne.Window {
	t.Helper()
	list := register.New(h, client.KindClient, &register.State{}, func(string) {})
	files := importer.NewFiles(h, t.TempDir(), "clients", list.Query, load)
	frame := mainwin.New(h.Words, []mainwin.Page{{
		Name: "clients", Object: list, Shown: list.Shown, Card: true,
		Action: widgets.Row(theme.Gap, nil, files, widgets.NewButton(h.Words.T("act.new_lead"), widgets.Plain, nil)),
	}}, nil)
	panel := card.New(h, &card.State{}, func() {})
	panel.Open(client.KindContract, "k123")
	frame.SetSide(panel)
	w := WindowOf(t, frame, fyne.NewSize(960, 640))
	test.Tap(files)
	return w
}

func FailedImport() client.Import {
	im := Became(client.ImportFailed, false, client.ImportCounts{})
	im.Problem = &client.ImportWord{
		Code: "interrupted", RU: "Загрузка прервалась: сервер остановился. Ни одна строка не загружена, запустите её ещё раз.",
		EN: "The import was interrupted: the server stopped. Not a single row was taken, start it again.",
	}
	return im
}
