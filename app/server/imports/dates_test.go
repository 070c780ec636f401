package imports_test

import (
	"testing"

	"dozvon/app/server/imports"
	"dozvon/app/server/table"
	"dozvon/client"
)

func TestDraft_readsDatesInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		file []string // the column's cells
		cell string
		want string // "" when it is left out with a remark
	}{
		{"Russian", nil, "31.12.2025", "2025-12-31"},
		{"ISO", nil, "2025-12-31", "2025-12-31"},
		{"ISO with a time and a zone", nil, "2025-12-31T10:00:00+10:00", "2025-12-31"},
		{"Excel's number", nil, "46022", "2025-12-31"},
		{"Excel's number with a time", nil, "46022.75", "2025-12-31"},
		{"slashes, the day first", nil, "05/06/2025", "2025-06-05"},
		{"American by itself", nil, "12/31/2025", "2025-12-31"},
		{"American because of its file", []string{"12/31/2025", "05/06/2025"}, "05/06/2025", "2025-05-06"},
		{"American with a time", []string{"12/31/2025 9:15 AM"}, "5/6/2025 10:00 PM", "2025-05-06"},
		{"Russian beside American ones", []string{"12/31/2025"}, "05.06.2025", "2025-06-05"},
		{"both orders in one file", []string{"12/31/2025", "31/12/2025"}, "05/06/2025", ""},
		{"both orders, but clear by itself", []string{"12/31/2025", "31/12/2025"}, "30/06/2025", "2025-06-30"},
		{"in words", nil, "9 ноября 2026 г.", "2026-11-09"},
		{"in short words", nil, "09-дек-25", "2025-12-09"},
		{"in English", nil, "Dec 9, 2025", "2025-12-09"},
		{"a day that is not in the calendar", nil, "31.02.2025", ""},
		{"a month that is none", nil, "13.13.2025", ""},
		{"no date", nil, "завтра", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := imports.Reader{Kind: client.KindContract, Fields: imports.Mapping{"number", "name", "signed_on"}}
			for _, cell := range tt.file {
				r.Dates.See(cell)
			}
			d := r.Draft(table.Row{Line: 2, Cells: []string{"1", "И", tt.cell}})
			got := ""
			if at := d.Input.Text("signed_on"); at != nil {
				got = *at
			}
			if got != tt.want || (tt.want == "") != (len(d.Remarks) == 1) || len(d.Faults) != 0 {
				t.Errorf("got %q, remarks %v, faults %v; want %q", got, d.Remarks, d.Faults, tt.want)
			}
		})
	}
	d := imports.Reader{Kind: client.KindContract, Fields: imports.Mapping{"signed_on"}, Dates: imports.Dates{From1904: true}}.Draft(table.Row{Cells: []string{"44560"}})
	if at := d.Input.Text("signed_on"); at == nil || *at != "2025-12-31" {
		t.Errorf("from 1904: %v", at)
	}
}

func TestDraft_takesWhatItCanAndRemarksTheRest(t *testing.T) {
	t.Parallel()
	fields := imports.Mapping{"last_name", "first_name", "name", "email", "email", "status", "kind", "tags", "phone"}
	d := drafted(client.KindClient, fields, 2,
		"Лаптева", "Анна", "Анна Лаптева", "анна@", "a@example.com ::: b@example.com", "На паузе", "Контакт", "* My Contacts ::: Ученики", "#N/A")
	if d.Name() != "Лаптева Анна" || d.Email() != "a@example.com" || len(d.Tags) != 1 || d.Tags[0] != "Ученики" || d.Input.Text("kind") != nil || d.Input.Text("status") != nil {
		t.Errorf("got %q, %q, tags %q, kind %v, status %v", d.Name(), d.Email(), d.Tags, d.Input.Text("kind"), d.Input.Text("status"))
	}
	// The address that is none, the second address, the status, the error of Excel; «Контакт» is no doubt.
	if len(d.Remarks) != 4 || len(d.Faults) != 0 {
		t.Errorf("remarks %v, faults %v", d.Remarks, d.Faults)
	}
}

func TestDraft_aRowOfTotalsIsNobody(t *testing.T) {
	t.Parallel()
	for name, nobody := range map[string]bool{"Итого: 25": true, "ВСЕГО 25": true, "Total": true, "Тоталов Иван": false, "Всеволод": false} {
		if d := drafted(client.KindClient, imports.Mapping{"name", "phone"}, 9, name, ""); (len(d.Faults) == 1) != nobody {
			t.Errorf("%s: faults %v", name, d.Faults)
		}
	}
	for _, tt := range []struct {
		cells  []string
		nobody bool
	}{
		{[]string{"Итого", "2", ""}, true}, // the codes' column begins the row, as 1C prints it
		{[]string{"", "Итого по группе", ""}, true},
		{[]string{" ", "Всего за сентябрь: 12", ""}, true},
		{[]string{"17", "Итого", ""}, true},
		{[]string{"Итого", "Лаптева Анна", "8 914 555-10-81"}, false},
		{[]string{"17", "Лаптева Анна", "", "Итого 35 000"}, false},
		{[]string{"000000017", "Лаптева Анна", ""}, false},
	} {
		if d := drafted(client.KindClient, imports.Mapping{"external_id", "name", "phone"}, 9, tt.cells...); (len(d.Faults) == 1) != tt.nobody {
			t.Errorf("%q: faults %v", tt.cells, d.Faults)
		}
	}
}

func TestNameKey_isOfOnePersonHoweverWritten(t *testing.T) {
	t.Parallel()
	same := [][2]string{
		{"Гусева Анна", "Анна Гусева"},
		{"ГУСЕВА  АННА", "гусева анна"},
		{"Семёнов Пётр", "Семенов Петр"},
		{"Гусева А. П.", "гусева а.п"},
		{"Гусeва Aнна", "Гусева Анна"}, // with a Latin e and A
		{"Smith John", "john smith"},
	}
	for _, pair := range same {
		if imports.NameKey(pair[0]) != imports.NameKey(pair[1]) {
			t.Errorf("%q and %q differ", pair[0], pair[1])
		}
	}
	others := [][2]string{
		{"Гусева Анна", "Гусев Борис"},
		{"Гусева Анна Петровна", "Гусева Анна Сергеевна"},
		{"Гусева Анна", "Гусева Анна Петровна"},
		{"Гусева", "Гусева Анна"},
	}
	for _, pair := range others {
		if imports.NameKey(pair[0]) == imports.NameKey(pair[1]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
}
