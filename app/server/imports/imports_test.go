package imports_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/imports"
	"dozvon/app/server/table"
	"dozvon/client"
)

func fields(all []imports.Field) string {
	var out []string
	for _, f := range all {
		if f == "" {
			f = "-"
		}
		out = append(out, string(f))
	}
	return strings.Join(out, " ")
}

func TestGuess_byHeading(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind    client.SubjectKind
		heading string
		want    string
	}{
		{
			client.KindContract, "№ п/п;№ договора;ФИО;Телефон;Тел. 2;Категория;Группа;Дата договора;Ответственный;Статус;Метки;Примечание;Внешний код",
			"- number name phone phone category group signed_on responsible status tags note external_id",
		},
		{client.KindContract, "Договор;Фамилия;Имя;Отчество;Моб.;Кат.;Гр;Заключён;Комментарий", "number last_name first_name middle_name phone category - signed_on note"},
		{client.KindContract, "Contract No.;Full name;Phone;Category;Group;Signed on;Manager;Status", "number name phone category group signed_on responsible status"},
		{client.KindContract, "Номер;Номер телефона;Ученик", "number phone name"},
		{client.KindClient, "Имя;Телефон;E-mail;Тип;Статус;Заметки;ID", "name phone email kind status note external_id"},
		{client.KindClient, "Ф.И.О.;Мобильный;Почта;Категория", "name phone email -"},
		{client.KindClient, "ФИО;ФИО родителя;Телефон родителя", "name - phone"},
	}
	for _, tt := range tests {
		got, doubts := imports.Guess(tt.kind, strings.Split(tt.heading, ";"), nil)
		if fields(got) != tt.want || len(doubts) != 0 {
			t.Errorf("%s\n got %s, doubts %v\nwant %s", tt.heading, fields(got), doubts, tt.want)
		}
	}
}

func TestGuess_byCellsWhereTheHeadingSaysNothing(t *testing.T) {
	t.Parallel()
	sample := [][]string{
		{"1", "Иванов Иван", "8 964 439-90-95", "24.11.2026", "B", "a@b.ru"},
		{"2", "Петров Пётр Ильич", "", "25.11.2026", "A1", ""},
		{"3", "Сидорова А.", "+79145550148", "1.12.26", "B, C", "x@y.ru"},
	}
	heading := []string{"а", "б", "в", "г", "д", "е"}
	for kind, want := range map[client.SubjectKind]string{client.KindContract: "- name phone signed_on category -", client.KindClient: "- name phone - - email"} {
		if got, doubts := imports.Guess(kind, heading, sample); fields(got) != want || len(doubts) != 0 {
			t.Errorf("got %s, doubts %v, want %s", fields(got), doubts, want)
		}
	}
}

func TestHasHeading_tellsNamesOfColumnsFromPeople(t *testing.T) {
	t.Parallel()
	for first, want := range map[string]bool{
		"ФИО;Телефон": true, "Кто;Куда": true, "Иванов Иван;89644399095": false, "Д-1;24.11.2026": false, "a@b.ru;Иван": false,
	} {
		if got := imports.HasHeading(strings.Split(first, ";")); got != want {
			t.Errorf("%s: %v", first, got)
		}
	}
}

var contract = imports.Mapping{"number", "name", "phone", "phone", "category", "signed_on", "status", "tags", "note", "responsible"}

func drafted(kind client.SubjectKind, fields imports.Mapping, line int, cells ...string) imports.Draft {
	return imports.Reader{Kind: kind, Fields: fields}.Draft(table.Row{Line: line, Cells: cells})
}

// shown is a draft as a line: what it would make, or why it cannot.
func shown(t *testing.T, d imports.Draft) string {
	t.Helper()
	if faults := append(d.Faults, d.Missing...); len(faults) > 0 {
		var all []string
		for _, f := range faults {
			words := f.Both()
			if words.EN == "" || words.RU == words.EN {
				t.Errorf("a fault without words: %+v", f)
			}
			all = append(all, words.RU)
		}
		return strings.Join(all, "; ")
	}
	c, err := d.Card(nil, "id", nil, time.Unix(0, 0))
	if err != nil {
		return err.Error()
	}
	var phones []string
	for _, p := range c.PhoneList {
		text := p.Number
		if text == "" {
			text = "?" + p.Typed
		}
		if p.Label != "" {
			text += "=" + p.Label
		}
		phones = append(phones, text)
	}
	return fmt.Sprint(c.Number, " ", c.Name, " ", phones, " ", c.Category, " ", c.SignedOn, " ", c.Status, " ", c.Tags, " ", c.Note, " ", d.Responsible)
}

func TestDraft_readsARowAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, row, want string }{
		{
			"whole", "12;Иванов Иван;8 (964) 439-90-95;;B;24.11.2026;действует;VIP, рассрочка;Зв. вечером;Кузнецова",
			"12 Иванов Иван [+79644399095] B 2026-11-24 active [VIP рассрочка] Зв. вечером Кузнецова",
		},
		{"two numbers in a cell, one with whose it is", "12;И;89644399095, +7 914 555-01-48 (жена);8964 439 90 95", "12 И [+79644399095 +79145550148=жена]   active []  "},
		{"whose it is before the number", "12;И;мама: 89644399095", "12 И [+79644399095=мама]   active []  "},
		{"what is no number is kept", "12;И;спросить у мамы", "12 И [?спросить у мамы]   active []  "},
		{"a number that Excel wrote in full", "12;И;7.9644399095E+10", "12 И [+79644399095]   active []  "},
		{"a number of which Excel threw digits away", "12;И;7,96444E+10", "телефон «7,96444E+10» испорчен: Excel отбросил его последние цифры. Сделайте столбец текстовым и выгрузите заново"},
		{"a date in words", "12;И;;;;9 ноября 2026 г.", "12 И []  2026-11-09 active []  "},
		{"a date as Excel counts", "12;И;;;;46350", "12 И []  2026-11-24 active []  "},
		{"a date with a time", "12;И;;;;2026-11-24 10:00", "12 И []  2026-11-24 active []  "},
		{"short row", "12;И", "12 И []   active []  "},
		{"everything wrong at once", ";;7,9E+10;;;завтра;чудо", "телефон «7,9E+10» испорчен: Excel отбросил его последние цифры. Сделайте столбец текстовым и выгрузите заново; нет имени; нет номера договора"},
		{"a name too long", "12;" + strings.Repeat("ы", 301), "ФИО: 301 знаков, можно 300"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := shown(t, drafted(client.KindContract, contract, 7, strings.Split(tt.row, ";")...)); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestDraft_aLeadWithANumberAloneIsNamedByIt(t *testing.T) {
	t.Parallel()
	d := drafted(client.KindClient, imports.Mapping{"name", "phone"}, 2, "", "89145550148")
	if len(d.Faults) != 0 || d.Name() != "+7 914 555-01-48" {
		t.Errorf("got %+v", d)
	}
}

func TestMapping_saysWhatIsMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind client.SubjectKind
		m    imports.Mapping
		want int
	}{
		{client.KindContract, imports.Mapping{"number", "name", "", "phone", "phone"}, 0},
		{client.KindContract, imports.Mapping{"name"}, 1},
		{client.KindContract, imports.Mapping{"", ""}, 2},
		{client.KindContract, imports.Mapping{"number", "name", "name"}, 1},
		{client.KindClient, imports.Mapping{"name", "number"}, 1},
		{client.KindClient, imports.Mapping{"phone"}, 0},
	}
	for _, tt := range tests {
		if got := tt.m.Check(tt.kind); len(got) != tt.want {
			t.Errorf("%s %v: %v", tt.kind, tt.m, got)
		}
	}
}

func TestDraft_updateAddsAndNeverTakesAway(t *testing.T) {
	t.Parallel()
	before := crm.Card{
		Kind: client.KindContract, ID: "c", Version: 4, Number: "12", Name: "Иванов", Category: "B", Note: "старое", Status: client.StatusActive,
		PhoneList: []crm.Phone{{Number: "+79644399095", Label: "он"}}, Tags: []string{"VIP"},
	}
	d := drafted(client.KindContract, imports.Mapping{"number", "phone", "tags", "category", "note"}, 2, "12", "89145550148;89644399095", "vip, новая", "C", "")
	after, err := d.Card(&before, "", nil, time.Unix(9, 0))
	if err != nil {
		t.Fatal(err)
	}
	if after.Category != "C" || after.Note != "старое" || after.Name != "Иванов" || after.Version != 5 || !slices.Equal(after.Tags, []string{"VIP", "новая"}) ||
		len(after.PhoneList) != 2 || after.PhoneList[0].Label != "он" || before.Category != "B" || len(before.PhoneList) != 1 {
		t.Errorf("got %+v of %+v", after, before)
	}
}

func TestDraft_aNumberInCommonIsNoDuplicateOfAnotherContract(t *testing.T) {
	t.Parallel()
	row := func(m imports.Mapping, kind client.SubjectKind, cells ...string) imports.Draft {
		return drafted(kind, m, 2, cells...)
	}
	contractOf := func(number, external string) crm.Card {
		return crm.Card{Kind: client.KindContract, Number: number, ExternalID: external}
	}
	clientOf := func(external string) crm.Card { return crm.Card{Kind: client.KindClient, ExternalID: external} }
	m := imports.Mapping{"number", "external_id", "phone"}
	cm := imports.Mapping{"external_id", "phone"}
	tests := []struct {
		name  string
		draft imports.Draft
		card  crm.Card
		other bool
	}{
		{"two children, one mother", row(m, client.KindContract, "1", "", "89644399095"), contractOf("2", ""), true},
		{"the same contract", row(m, client.KindContract, "1", "", ""), contractOf("1", ""), false},
		{"renumbered, known by the other CRM", row(m, client.KindContract, "1", "x", ""), contractOf("1", "y"), true},
		{"a client whom the other CRM did not know yet", row(cm, client.KindClient, "x", "89644399095"), clientOf(""), false},
		{"two clients of the other CRM", row(cm, client.KindClient, "x", "89644399095"), clientOf("y"), true},
	}
	for _, tt := range tests {
		if got := tt.draft.Other(tt.card); got != tt.other {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
