package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/client"
)

// people is every client as "name numbers e-mail", sorted.
func (s *school) people() string {
	s.t.Helper()
	cards, _, err := s.parts.Store.CardPage(s.t.Context(), client.KindClient, store.CardFilter{}, storeStart, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, c := range cards {
		all = append(all, strings.TrimSpace(c.Name+" "+strings.Join(c.Numbers(), ",")+" "+c.Email))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// cards is every card of a kind in full, so that nothing may change unseen.
func (s *school) cards(kind client.SubjectKind) string {
	s.t.Helper()
	var out strings.Builder
	for c := &storeStart; c != nil; {
		page, next, err := s.parts.Store.CardPage(s.t.Context(), kind, store.CardFilter{}, *c, 1000)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, card := range page {
			raw, err := json.Marshal(card)
			if err != nil {
				s.t.Fatal(err)
			}
			out.Write(append(raw, '\n'))
		}
		c = next
	}
	return out.String()
}

func (s *school) client(api *client.API, in client.ClientInput) {
	s.t.Helper()
	if _, err := api.CreateClient(s.t.Context(), in); err != nil {
		s.t.Fatal(err)
	}
}

// TestImport_aTelephoneAloneNeverSaysWhoItIs: each file comes twice, and the second time changes nothing.
func TestImport_aTelephoneAloneNeverSaysWhoItIs(t *testing.T) {
	t.Parallel()
	const anna, boris = "Гусева Анна +79145551801", "Гусев Борис +79145551801"
	had := func(lines ...string) []string { return lines }
	tests := []struct {
		name   string
		rule   string
		before []string // clients: "name;number;e-mail;external id"
		file   string
		want   []string
		counts client.ImportCounts
		report string // part of it
	}{
		{
			"two of one family in a file", "update", nil, "ФИО;Телефон\nГусева Анна;+79145551801\nГусев Борис;8 914 555-18-01\n",
			had(boris, anna),
			client.ImportCounts{Added: 2, Remarks: 1},
			"телефон +7 914 555-18-01 есть и у «Гусева Анна» (строка 2): заведена отдельная карточка",
		},
		{
			"a card of another name", "update", had("Рыжов Пётр;+79145551801"), "ФИО;Телефон\nГусева Анна;+79145551801\n",
			had(anna, "Рыжов Пётр +79145551801"),
			client.ImportCounts{Added: 1, Remarks: 1},
			"есть и у «Рыжов Пётр»: заведена отдельная карточка",
		},
		{
			"a card of another name, duplicates left alone", "skip", had("Рыжов Пётр;+79145551801"), "ФИО;Телефон\nГусева Анна;+79145551801\n",
			had(anna, "Рыжов Пётр +79145551801"),
			client.ImportCounts{Added: 1, Remarks: 1},
			"заведена отдельная карточка",
		},
		{
			"two cards of other names", "update", had("Гусева Анна;+79145551801", "Гусев Борис;+79145551801"), "ФИО;Телефон;Почта\nРыжова Ольга;+79145551801;o@example.com\n",
			had(boris, anna),
			client.ImportCounts{Questions: 1},
			"вопрос;чья это строка? тот же телефон у «Гусев Борис», «Гусева Анна»: ни одна карточка не изменена и не заведена",
		},
		{
			"two numbers of two people", "update", had("Гусева Анна;+79145551801", "Рыжов Пётр;+79145551802"), "ФИО;Телефон\nРыжова Ольга;+79145551801, +79145551802\n",
			had(anna, "Рыжов Пётр +79145551802"),
			client.ImportCounts{Questions: 1},
			"вопрос",
		},
		{
			"one of the two by name", "update", had("Гусева Анна;+79145551801", "Гусев Борис;+79145551801"), "Имя;Телефон;Почта\nборис ГУСЕВ;89145551801;b@example.com\n",
			had(boris+" b@example.com", anna),
			client.ImportCounts{Changed: 1},
			"",
		},
		{
			"the same person in another spelling", "update", had("Семёнова Алёна;+79145551801"), "ФИО;Телефон\nАлена  СЕМЕНОВА;8(914)5551801\n",
			had("Семёнова Алёна +79145551801"),
			client.ImportCounts{Unchanged: 1},
			"",
		},
		{
			"the same row twice", "update", nil, "ФИО;Телефон\nГусева Анна;+79145551801\nГусева Анна;+79145551801\n",
			had(anna),
			client.ImportCounts{Added: 1, Unchanged: 1},
			"",
		},
		{
			"the same row twice, another each time", "add", nil, "ФИО;Телефон\nГусева Анна;+79145551801\nГусева Анна;+79145551801\n",
			had(anna),
			client.ImportCounts{Added: 1, Unchanged: 1},
			"",
		},
		{
			"three of one number", "update", nil, "ФИО;Телефон\nГусева Анна;+79145551801\nГусев Борис;+79145551801\nГусев Вадим;+79145551801\n",
			had(boris, anna),
			client.ImportCounts{Added: 2, Remarks: 1, Questions: 1},
			"«Гусева Анна» (строка 2), «Гусев Борис» (строка 3)",
		},
		{
			"a lead that is called by his number gets a name", "update", had("+7 914 555-18-01;+79145551801"), "ФИО;Телефон\nГусева Анна;+79145551801\n",
			had(anna),
			client.ImportCounts{Changed: 1},
			"",
		},
		{
			"a row without a name", "update", had("Гусева Анна;+79145551801"), "Телефон;Почта\n89145551801;x@example.com\n89145551809;\n",
			had("+7 914 555-18-09 +79145551809", anna),
			client.ImportCounts{Added: 1, Doubles: 1},
			"в строке нет имени, а телефон +7 914 555-18-01 уже есть у «Гусева Анна»",
		},
		{
			"a name with an address is a person", "update", had("Гусева Анна;+79145551801;a@example.com"), "ФИО;Почта;Метки\nГусева Анна;A@example.com;VIP\nГусев Борис;a@example.com;\n",
			had("Гусев Борис  a@example.com", anna+" A@example.com"),
			client.ImportCounts{Added: 1, Changed: 1},
			"",
		},
		{
			"ids of two programs", "update", had("Рыжов Пётр;+79145551802;;1", "Гусева Анна;+79145551801;;2"), "ID;ФИО;Телефон\n1;Гусев Борис;+79145551803\n2;Орлова Анна;+79145551801\n",
			had("Орлова Анна +79145551801", "Рыжов Пётр +79145551802"),
			client.ImportCounts{Changed: 1, Questions: 1},
			"вопрос;чья это строка? тот же внешний код у «Рыжов Пётр»",
		},
		{
			"a family with ids of the other CRM", "update", nil, "ID;ФИО;Телефон\n1;Гусева Анна;+79145551801\n2;Гусев Борис;+79145551801\n3;Гусева Анна;+79145551801\n",
			had(boris, anna, anna),
			client.ImportCounts{Added: 3, Remarks: 2},
			"есть и у «Гусева Анна» (строка 2): заведена отдельная карточка",
		},
		{
			"a name alone is nobody", "update", had("Гусева Анна;+79145551801"), "ФИО;Примечание\nГусева Анна;тёзка\n",
			had("Гусева Анна", anna),
			client.ImportCounts{Added: 1},
			"",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openSchool(t, "", "")
			api := s.api("105")
			for _, line := range tt.before {
				parts := append(strings.Split(line, ";"), "", "")
				s.client(api, client.ClientInput{Name: &parts[0], Phones: &[]string{parts[1]}, Email: &parts[2], ExternalID: &parts[3]})
			}
			im := s.bringIn(api, s.upload(api, "clients", tt.file), tt.rule, false)
			if im.State != client.ImportDone || im.Counts != tt.counts {
				t.Errorf("counted %+v, want %+v", im.Counts, tt.counts)
			}
			slices.Sort(tt.want)
			if got := s.people(); got != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", got, strings.Join(tt.want, "\n"))
			}
			if tt.report != "" {
				if told := strings.ReplaceAll(s.importReport(api, im.ID), `"`, ""); !strings.Contains(told, tt.report) {
					t.Errorf("the report is\n%s\nit lacks %q", told, tt.report)
				}
				if len(im.Notes) == 0 || im.Notes[0].Line == 0 || im.Notes[0].RU == im.Notes[0].EN {
					t.Errorf("the sheet is told %+v", im.Notes)
				}
			}
			before := s.cards(client.KindClient)
			again := s.bringIn(api, s.upload(api, "clients", tt.file), tt.rule, false)
			if again.Counts.Added != 0 || again.Counts.Changed != 0 || s.cards(client.KindClient) != before {
				t.Errorf("the second time: %+v, now\n%s", again.Counts, s.people())
			}
		})
	}
}

// TestImport_onEveryDatabase: what finds people asks SQL, so both are asked.
func TestImport_findsPeopleOnEveryDatabase(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s := openSchool(t, url, "")
		api := s.api("105")
		s.client(api, client.ClientInput{Name: ptr("Гусева Анна"), Phones: &[]string{"+79145551801"}})
		const file = "ФИО;Телефон;Почта\nАнна Гусева;89145551801;\nГусев Борис;89145551801;b@example.com\nБез Номера;;\nПочтовый Иван;;i@example.com\n"
		for round, want := range []client.ImportCounts{{Added: 3, Unchanged: 1, Remarks: 1}, {Unchanged: 4}} {
			if im := s.bringIn(api, s.upload(api, "clients", file), "update", false); im.Counts != want {
				t.Errorf("round %d: %+v, want %+v", round, im.Counts, want)
			}
		}
	})
}

// exported is a list as a file, as the app saves it.
func (s *school) exported(api *client.API, what, format string) []byte {
	s.t.Helper()
	in, err := api.Export(s.t.Context(), what, format, url.Values{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer in.Close()
	raw, err := io.ReadAll(in)
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

// fillWithPeople makes a school with everything that is hard to write into a table and read again.
func fillWithPeople(t *testing.T, api *client.API) {
	t.Helper()
	phones := func(list ...client.Phone) *[]client.Phone { return &list }
	family := client.Phone{Number: "+79145551801"}
	clients := []client.ClientInput{
		{Name: ptr("Гусева Анна"), PhoneList: phones(family), Email: ptr("anna@example.com"), Tags: &[]string{"VIP", "ул. Ленина, 5"}},
		{Name: ptr("Гусев Борис"), PhoneList: phones(family, client.Phone{Number: "+79145551802", Label: "мама, после 6"})},
		{Name: ptr("Гусев Вадим"), PhoneList: phones(family)},
		{Name: ptr("Двойник Иван"), PhoneList: phones(client.Phone{Number: "+79145551803"}), Note: ptr("один")},
		{Name: ptr("Двойник Иван"), PhoneList: phones(client.Phone{Number: "+79145551803"}), Note: ptr("другой")},
		{Name: ptr("Тёзка Без-Номера"), Note: ptr("строка\r\nещё одна; и «кавычки\"")},
		{Name: ptr("Тёзка Без-Номера"), Note: ptr("второй")},
		{Name: ptr("Почтовый Пётр"), Email: ptr("petr@example.com"), Status: ptr(client.StatusThinking), Kind: ptr("client")},
		{Name: ptr("=СУММ(А1)"), PhoneList: phones(client.Phone{Number: "+74951234567", Ext: "104", Label: "работа (склад)"})},
		{Name: ptr("'=кавычка"), PhoneList: phones(client.Phone{Number: "+79145551804"})},
		{Name: ptr("+7 914 555-18-05"), PhoneList: phones(client.Phone{Number: "+79145551805"})},
		{Name: ptr("Спросов"), PhoneList: phones(client.Phone{Typed: "спросить у мамы, вечером; или у папы"}, client.Phone{Typed: "255-02-08"})},
		{Name: ptr("Внешний"), ExternalID: ptr("007"), PhoneList: phones(family)},
	}
	for _, in := range clients {
		if _, err := api.CreateClient(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	contracts := []client.ContractInput{
		{Number: ptr("0012/26"), Name: ptr("Гусева Анна"), PhoneList: phones(family), Category: ptr("B"), Group: ptr("14"), SignedOn: ptr("2026-11-05"), Note: ptr("рассрочка")},
		{Number: ptr("13"), Name: ptr("Гусев Борис"), PhoneList: phones(family), Status: ptr(client.StatusFinished)},
		{Number: ptr("13"), Name: ptr("Гусев Борис"), PhoneList: phones(family), Note: ptr("тот же номер")},
		{Number: ptr("-5"), Name: ptr("Минусов"), SignedOn: ptr("2026-02-01"), Tags: &[]string{"a;b"}},
		{Number: ptr("1e5"), Name: ptr("Число"), ExternalID: ptr("1.0")},
	}
	for _, in := range contracts {
		if _, err := api.CreateContract(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
}

// TestImport_ownExportChangesNothing: whatever the rule, the format and the language, and also when every
// row stands in the file twice.
func TestImport_ownExportChangesNothing(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	fillWithPeople(t, api)
	for kind, what := range map[client.SubjectKind]string{client.KindClient: "clients", client.KindContract: "contracts"} {
		before := s.cards(kind)
		rows := strings.Count(before, "\n")
		for _, format := range []string{"csv", "xlsx"} {
			file := s.exported(api, what, format)
			for times, content := range map[int][]byte{1: file, 2: twice(t, format, file)} {
				for _, rule := range []string{"skip", "update", "add"} {
					im := s.bringIn(api, s.upload(api, what, string(content)), rule, false)
					n := im.Counts
					if im.State != client.ImportDone || n.Added+n.Changed+n.Faulty+n.Questions+n.Remarks != 0 || n.Unchanged+n.Doubles != rows*times {
						t.Errorf("%s, %s, %d times, %s: %+v, %v\n%s", what, format, times, rule, n, im.Problem, s.importReport(api, im.ID))
					}
					if after := s.cards(kind); after != before {
						t.Fatalf("%s, %s, %s changed\n%s\nto\n%s", what, format, rule, before, after)
					}
				}
			}
		}
	}
}

// twice is a file with every row of it two times.
func twice(t *testing.T, format string, raw []byte) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := table.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var rows [][]string
	for {
		row, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.Cells)
	}
	var out bytes.Buffer
	w, err := table.NewWriter(&out, format, "Лист", rows[0])
	for _, row := range append(slices.Clone(rows[1:]), rows[1:]...) {
		if err == nil {
			err = w.Write(row)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func bugFile(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "imports", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestImport_filesThatWentWrong are those that 0.4.0 read wrong without a word.
func TestImport_filesThatWentWrong(t *testing.T) {
	t.Parallel()
	tests := []struct {
		file, kind, want string
	}{
		{"phone-number-formats.xlsx", "clients", "Формат 1 +79145550310\nФормат 2 +79145550311\nФормат 3 +79145550312\nФормат 4 +79145550313"},
		{"birth-date.csv", "contracts", "77/26 Рогов Иван +79145550751 B 2026-09-15"},
		{"google-old.csv", "clients", "Жилин Пётр +79145550114\nЛаптева Анна +79145550111,+79145550112,+74232550113 anna@example.com"},
		{"sep-semicolon.csv", "clients", "Ёлкина Анна +79145550701\nЖуков Пётр +79145550702"},
		{"cp866.csv", "clients", "Ёлкина Анна +79145550621"},
		{"update-family.csv", "clients", "Рыжова Ольга +79145551810"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			s := openSchool(t, "", "")
			api := s.api("105")
			im := s.bringIn(api, s.upload(api, tt.kind, bugFile(t, tt.file)), "update", false)
			got := s.people()
			if tt.kind == "contracts" {
				got = ""
				page, err := api.Contracts(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range page.Items {
					got += fmt.Sprint(c.Number, " ", c.Name, " ", strings.Join(c.Phones, ","), " ", c.Category, " ", c.SignedOn)
				}
			}
			if got != tt.want || im.Counts.Remarks != 0 || im.Counts.Faulty != 0 || len(im.Doubts) != 0 {
				t.Errorf("%+v, doubts %v\n%s\nwant\n%s", im.Counts, im.Doubts, got, tt.want)
			}
		})
	}
}

func TestImport_whatIsNoTableIsToldByWhatItIs(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	for file, word := range map[string]string{"html-table-oneline.xls": "HTML", "contacts.vcf": "vCard"} {
		_, err := api.Upload(t.Context(), "clients", file, strings.NewReader(bugFile(t, file)))
		var p *client.Problem
		if !asProblem(err, &p) || p.Code != "not_a_table" || !strings.Contains(p.Detail, word) {
			t.Errorf("%s: %v", file, err)
		}
	}
}
