package imports_test

import (
	"strings"
	"testing"

	"dozvon/app/phone"
	"dozvon/app/server/imports"
	"dozvon/app/server/table"
	"dozvon/client"
)

func TestDraft_remarksOnEveryTelephoneInDoubt(t *testing.T) {
	t.Parallel()
	tests := []struct{ cell, phones, remark string }{
		{"914 555-02-61 после 6", "+79145550261=после 6", "остальное сохранено как пометка «после 6»"},
		{"812 315-98-83 кв. 4", "+78123159883=кв. 4", "номер +7 812 315-98-83"},
		{"914 555-02-62 (2)", "+79145550262=2", "пометка «2»"},
		{"255-02-08", "?255-02-08", "нет кода города"},
		{"8(495)123-45-67 офис 3", "+74951234567=офис 3", "пометка «офис 3»"},
		{"8 914 555-О2-61", "+79145550261", "буквы прочитаны как цифры"},
		{"паспорт 45 08 123456", "?паспорт 45 08 123456", "не похоже на номер"},
		{"8 914 555-02-61 мама", "+79145550261=мама", ""},
		{"8 (495) 123-45-67, доб. 104", "+74951234567", ""},
		{"-", "", ""},
	}
	for _, tt := range tests {
		d := drafted(client.KindClient, imports.Mapping{"name", "phone"}, 2, "И", tt.cell)
		var got []string
		for _, p := range d.Phones {
			text := p.Number
			if text == "" {
				text = "?" + p.Typed
			}
			if p.Label != "" {
				text += "=" + p.Label
			}
			got = append(got, text)
		}
		if strings.Join(got, " ") != tt.phones || len(d.Faults) != 0 {
			t.Errorf("%q: %v, faults %v; want %s", tt.cell, got, d.Faults, tt.phones)
		}
		if (tt.remark == "") != (len(d.PhoneRemarks) == 0) || tt.remark != "" && !strings.Contains(d.PhoneRemarks[0].In("ru"), tt.remark) {
			t.Errorf("%q: remarks %v, want %q", tt.cell, d.PhoneRemarks, tt.remark)
		}
	}
}

func TestDraft_theSchoolsCityAndALongNote(t *testing.T) {
	t.Parallel()
	m := imports.Mapping{"name", "phone", "note"}
	d := imports.Reader{Kind: client.KindClient, Fields: m, Numbers: phone.Reader{CityCode: "423"}}.Draft(table.Row{Line: 2, Cells: []string{"И", "255-02-08", ""}})
	if len(d.Numbers) != 1 || d.Numbers[0] != "+74232550208" || len(d.PhoneRemarks) != 0 {
		t.Errorf("got %v, remarks %v", d.Numbers, d.PhoneRemarks)
	}
	cell := "8 914 555-02-61 " + strings.Repeat("только вечером ", 9)
	d = drafted(client.KindClient, m, 2, "И", cell, "VIP")
	if d.Numbers[0] != "+79145550261" || d.Phones[0].Label != "" || *d.Input.Text("note") != strings.TrimSpace(cell)+"\nVIP" {
		t.Errorf("got %v, note %q", d.Phones, *d.Input.Text("note"))
	}
}
