package wire_test

import (
	"reflect"
	"testing"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/wire"
	"dozvon/client"
)

// TestInputs_giveEveryFieldOfACard: what a program may send reaches the card, and what a card has is
// told; a field that is forgotten on the way is seen here.
func TestInputs_giveEveryFieldOfACard(t *testing.T) {
	t.Parallel()
	inputs := map[client.SubjectKind]crm.Input{
		client.KindClient: wire.ClientInput(filled[client.ClientInput](t)), client.KindContract: wire.ContractInput(filled[client.ContractInput](t)),
	}
	for kind, in := range inputs {
		for _, f := range crm.Fields(kind) {
			if f.Text != nil && in.Text(f.Name) == nil {
				t.Errorf("%s: %s is not taken from the input", kind, f.Name)
			}
		}
		if in.Phones == nil || in.PhoneList == nil || in.Tags == nil || in.ResponsibleID == nil {
			t.Errorf("%s: a list is not taken from the input: %+v", kind, in)
		}
	}
}

func TestCards_areToldWhole(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	card := crm.Card{
		ID: "id", Version: 3, PhoneList: []crm.Phone{{Number: "+79145550148", Label: "жена"}}, Tags: []string{"VIP"},
		Responsible: &client.Person{ID: "e", Name: "E"}, CreatedAt: at, UpdatedAt: at, DeletedAt: &at, MergedInto: &client.SubjectRef{Kind: "client", ID: "x"},
	}
	for _, kind := range []client.SubjectKind{client.KindClient, client.KindContract} {
		card.Kind = kind
		for _, f := range crm.Fields(kind) {
			if f.Text != nil {
				*f.Text(&card) = f.Name
			}
		}
		told := reflect.ValueOf(wire.Card(card))
		for i := range told.NumField() {
			if told.Field(i).IsZero() {
				t.Errorf("%s: %s is not told", kind, told.Type().Field(i).Name)
			}
		}
	}
}

// filled gives every field of an input a value.
func filled[T any](t *testing.T) T {
	t.Helper()
	var v T
	fields := reflect.ValueOf(&v).Elem()
	for i := range fields.NumField() {
		if fields.Field(i).Kind() != reflect.Pointer {
			t.Fatalf("%s is no pointer", fields.Type().Field(i).Name)
		}
		fields.Field(i).Set(reflect.New(fields.Field(i).Type().Elem()))
	}
	return v
}
