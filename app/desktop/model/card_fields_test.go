package model

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dozvon/client"
)

// zaitseva is a lead as the server keeps it.
func zaitseva() CardFields {
	return FieldsOfClient(client.Client{
		Kind: Lead, Name: "Зайцева Ольга", Status: client.StatusNew, Tags: []string{"автомат"}, Note: "Звонить после 18:00",
		PhoneList: []client.Phone{{Number: "+79035550152", Label: "мобильный"}}, Responsible: &client.Person{ID: "e1"},
	})
}

func TestCardFields_sendOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	change := func(do func(*CardFields)) string {
		f := zaitseva()
		f.Phones, f.Tags = slices.Clone(f.Phones), slices.Clone(f.Tags)
		do(&f)
		raw, err := json.Marshal(f.ClientInput(zaitseva()))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	for _, tt := range []struct {
		name string
		do   func(*CardFields)
		want string
	}{
		{"nothing", func(*CardFields) {}, `{}`},
		{"a space more", func(f *CardFields) { f.Name += " " }, `{}`},
		{"the status", func(f *CardFields) { f.Status = client.StatusThinking }, `{"status":"thinking"}`},
		{"a label", func(f *CardFields) { f.Phones[0].Label = "мама" }, `{"phone_list":[{"number":"+79035550152","label":"мама"}]}`},
		{"no number is left", func(f *CardFields) { f.Phones = nil }, `{"phone_list":[]}`},
		{"no tag is left", func(f *CardFields) { f.Tags = nil }, `{"tags":[]}`},
		{"nobody looks after", func(f *CardFields) { f.ResponsibleID = "" }, `{"responsible_id":""}`},
		{"a note is emptied", func(f *CardFields) { f.Note = "" }, `{"note":""}`},
		{"becomes a client", func(f *CardFields) { f.Lead = Client }, `{"kind":"client"}`},
	} {
		if got := change(tt.do); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestCardFields_aContractsOwn(t *testing.T) {
	t.Parallel()
	before := FieldsOfContract(client.Contract{Number: "123", Name: "Шангутов", Phones: []string{"+79645550190"}})
	if len(before.Phones) != 1 || before.Phones[0].Number != "+79645550190" {
		t.Errorf("bare numbers became %+v", before.Phones)
	}
	f := before
	f.Number, f.Category, f.Group, f.SignedOn, f.ClientID = "124", "B", "14", "2026-11-24", "c1"
	raw, _ := json.Marshal(f.ContractInput(before))
	if want := `{"number":"124","client_id":"c1","category":"B","group":"14","signed_on":"2026-11-24"}`; string(raw) != want {
		t.Errorf("%s, want %s", raw, want)
	}
}

// TestContractFields_eachIsReadAndSent: what the API has of a contract reaches the form, and what is
// written there the API, each field under its own name; a field that the form does not know is seen here.
func TestContractFields_eachIsReadAndSent(t *testing.T) {
	t.Parallel()
	var known []string
	for _, own := range ContractFields() {
		known = append(known, own.Name)
		want := fmt.Sprintf(`{%q:"2026-11-24"}`, own.Name)
		var c client.Contract
		if err := json.Unmarshal([]byte(want), &c); err != nil {
			t.Fatal(err)
		}
		f := FieldsOfContract(c)
		if got := *own.At(&f); got != "2026-11-24" {
			t.Errorf("%s reads %q", own.Name, got)
		}
		raw, err := json.Marshal(f.ContractInput(CardFields{}))
		if err != nil || string(raw) != want {
			t.Errorf("%s sends %s, %v; want %s", own.Name, raw, err, want)
		}
	}
	// Every card has these, or the form has a line of another kind for them; the id in another CRM is shown only.
	known = append(known, "name", "status", "note", "responsible_id", "client_id", "external_id")
	in := reflect.TypeFor[client.ContractInput]()
	for i := range in.NumField() {
		name, _, _ := strings.Cut(in.Field(i).Tag.Get("json"), ",")
		if in.Field(i).Type == reflect.TypeFor[*string]() && !slices.Contains(known, name) {
			t.Errorf("the form of a contract has no %s", name)
		}
	}
}

// TestCardFields_rebase: two people write in one card at once.
func TestCardFields_rebase(t *testing.T) {
	t.Parallel()
	mine, theirs := zaitseva(), zaitseva()
	mine.Note, mine.Status, mine.Name = "Хочет на автомат", client.StatusThinking, "Зайцева Ольга Павловна"
	theirs.Email, theirs.Status, theirs.Name = "olga@mail.ru", client.StatusContacted, "Зайцева Ольга Павловна"
	out, both := mine.Rebase(zaitseva(), theirs)
	if out.Note != mine.Note || out.Status != mine.Status || out.Email != theirs.Email {
		t.Errorf("put together %+v", out)
	}
	if !slices.Equal(both, []string{"status"}) {
		t.Errorf("both changed %q; the same name from both is no quarrel", both)
	}
	raw, _ := json.Marshal(out.ClientInput(theirs))
	if want := `{"status":"thinking","note":"Хочет на автомат"}`; string(raw) != want {
		t.Errorf("sends %s, want %s", raw, want)
	}
}

func TestReadTags_commasBetween(t *testing.T) {
	t.Parallel()
	if got := ReadTags(" автомат,, вечерняя   группа ,Автомат"); !slices.Equal(got, []string{"автомат", "вечерняя группа"}) {
		t.Errorf("%q", got)
	}
}
