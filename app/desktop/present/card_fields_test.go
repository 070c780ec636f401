package present

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/phone"
	"dozvon/client"
)

func TestTypedPhone_keepsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		typed    string
		want     client.Phone
		readable bool
	}{
		{"8 (964) 555-01-90", client.Phone{Number: "+79645550190", Label: "мама"}, true},
		{"8 495 123-45-67 доб. 12", client.Phone{Number: "+74951234567", Ext: "12", Label: "мама"}, true},
		{" у мамы спросить ", client.Phone{Typed: "у мамы спросить", Label: "мама"}, false},
		{"12", client.Phone{Typed: "12", Label: "мама"}, false},
	} {
		if got, readable := TypedPhone(tt.typed, " мама "); got != tt.want || readable != tt.readable {
			t.Errorf("%q: %+v, %v", tt.typed, got, readable)
		}
	}
}

func TestTypedPhones_aLineOfAFormIsReadLikeACell(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		city, typed string
		want        []client.Phone
		doubt       phone.Doubt
	}{
		{"", "914 555-02-61 после 6", []client.Phone{{Number: "+79145550261", Label: "мама, после 6"}}, phone.DigitsBeside},
		{"", "89145550261, 89145550262", []client.Phone{{Number: "+79145550261", Label: "мама"}, {Number: "+79145550262", Label: "мама"}}, phone.Sure},
		{"", "89145550261 мама", []client.Phone{{Number: "+79145550261", Label: "мама"}}, phone.Sure},
		{"", "255-02-08", []client.Phone{{Typed: "255-02-08", Label: "мама"}}, phone.CityCodeMissing},
		{"423", "255-02-08", []client.Phone{{Number: "+74232550208", Label: "мама"}}, phone.Sure},
		{"", "паспорт 45 08 123456", []client.Phone{{Typed: "паспорт 45 08 123456", Label: "мама"}}, phone.NotANumber},
		{"", " ", nil, phone.Sure},
	} {
		got, doubt := TypedPhones(phone.Reader{CityCode: tt.city}, tt.typed, " мама ")
		if !slices.Equal(got, tt.want) || doubt != tt.doubt {
			t.Errorf("%q: %+v, %q; want %+v, %q", tt.typed, got, doubt, tt.want, tt.doubt)
		}
	}
}

func TestPhoneLines_tellWhereTheNumberIsAndWhatIsNone(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	got := PhoneLines([]client.Phone{
		{Number: "+74232555148", Label: "рабочий", Ext: "12"}, {Number: "+79645550190"}, {Typed: "у мамы"},
	}, text, noon)
	if l := got[0]; l.Words != "+7 423 255-51-48 доб. 12" || !strings.HasPrefix(l.Where, "Приморский край, там ") || l.Bad {
		t.Errorf("%+v", l)
	}
	if l := got[1]; l.Where != "" {
		t.Errorf("a mobile number says no more than the country, not %q", l.Where)
	}
	if l := got[2]; l.Words != "у мамы" || !l.Bad || l.Number != "" {
		t.Errorf("%+v", l)
	}
	again, readable := TypedPhone(got[0].Words, got[0].Label)
	if !readable || again != (client.Phone{Number: "+74232555148", Label: "рабочий", Ext: "12"}) {
		t.Errorf("what the form shows is read back as %+v", again)
	}
}

func TestHistoryRow_saysWhoAndWhat(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	row := HistoryRow(client.KindClient, client.Change{
		At: noon.AddDate(0, 0, -14).Add(-5 * time.Minute), Action: "changed", By: &client.Person{Name: "Киреева Анна Сергеевна"},
		Fields: []client.FieldDelta{
			{Field: "status", From: "new", To: "thinking"},
			{Field: "phones", To: "+79035550152 мобильный, у мамы"},
			{Field: "kind", From: "lead", To: "client"},
			{Field: "later_field", From: "a", To: "b"},
		},
	}, text, noon)
	want := []ChangeLine{
		{Field: "Статус", From: "Новый", To: "Думает"},
		{Field: "Телефоны", To: "+7 903 555-01-52 мобильный, у мамы"},
		{Field: "Лид или клиент", From: "Лид", To: "Клиент"},
		{Field: "later_field", From: "a", To: "b"},
	}
	if !slices.Equal(row.Fields, want) || row.Who != "Киреева А. С." || row.What != "Карточка изменена" {
		t.Errorf("%+v", row)
	}
	if !strings.HasSuffix(row.When, ", "+text.Clock(noon.Add(-5*time.Minute))) {
		t.Errorf("when: %q", row.When)
	}
	made := HistoryRow(client.KindContract, client.Change{Action: "imported", Fields: []client.FieldDelta{
		{Field: "client_id", To: "c1"}, {Field: "signed_on", From: "2026-11-01", To: "2026-11-24"}, {Field: "status", To: "active"},
	}}, text, noon)
	want = []ChangeLine{{Field: "Привязан клиент", Bare: true}, {Field: "Дата договора", From: "01.11.2026", To: "24.11.2026"}, {Field: "Статус", To: "Действует"}}
	if made.Who != "Дозвон" || !slices.Equal(made.Fields, want) {
		t.Errorf("%+v", made)
	}
}

func TestTypedDay_asPeopleWriteIt(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"24.11.2026": "2026-11-24", "1.2.26": "2026-02-01", "2026-11-24": "2026-11-24", "": ""} {
		if got, ok := TypedDay(typed); !ok || got != want {
			t.Errorf("%q: %q, %v", typed, got, ok)
		}
	}
	for _, bad := range []string{"31.02.2026", "завтра", "24.11"} {
		if got, ok := TypedDay(bad); ok {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

// TestCardWords_computedKeysExist covers the keys that are put together at run time.
func TestCardWords_computedKeysExist(t *testing.T) {
	t.Parallel()
	for _, lang := range []i18n.Lang{i18n.Russian, i18n.English} {
		text := i18n.New(lang)
		for _, own := range model.ContractFields() {
			if !text.Has("crd.f_"+own.Name) || !text.Has("imp.f."+own.Name) {
				t.Errorf("%s: the contract's %s has no words in cards or in imports", lang, own.Name)
			}
		}
		for prefix, ends := range map[string]string{
			"crd.did_": "created changed deleted restored merged imported synced undone",
			"crd.f_":   "kind name phones email note status tags responsible client_id number category group signed_on external_id",
			"crd.":     "client_new client_contacted client_thinking client_enrolled client_refused contract_active contract_finished contract_cancelled",
		} {
			for end := range strings.FieldsSeq(ends) {
				if !text.Has(prefix + end) {
					t.Errorf("%s: %q has no words", lang, prefix+end)
				}
			}
		}
	}
}
