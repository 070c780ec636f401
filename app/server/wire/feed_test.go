package wire_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"dozvon/app/server/entry"
	"dozvon/app/server/sandbox"
	"dozvon/app/server/wire"
	"dozvon/client"
)

// TestEntries_areToldWhole: what an entry has is told, and no field of the API's is forgotten.
func TestEntries_areToldWhole(t *testing.T) {
	t.Parallel()
	at, seconds := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), 7
	who := &client.Person{ID: "e", Name: "E"}
	e := entry.Entry{
		ID: sandbox.ID("id"), Type: entry.Note, At: at, Phone: "+79145550148", Subject: &client.Subject{ID: "c"}, ByHand: true, Shared: true, Employee: who,
		Description: "d", DescriptionEN: "d", Result: "answered", Source: "s", SourceName: "s", CallID: "c", Line: "l",
		TalkSeconds: &seconds, WaitSeconds: &seconds, AnswerSeconds: &seconds, Recording: &entry.Recording{Ready: true, Seconds: 7},
		Recordings: []entry.Part{{Part: 1, Ready: true, Gone: true, Seconds: 7, Extension: "101", Employee: who}}, Restored: true,
		Flags:   []entry.Flag{{ID: "f"}},
		Settled: &entry.Settled{By: who, At: at, CallID: "d"}, Outcome: "enrolled", EditedAt: &at, Delivery: entry.Sent, Why: "w", WhyEN: "w",
	}
	told := wire.Entry(e)
	for _, v := range []any{told, *told.Recording, told.Recordings[0], *told.Settled} {
		fields := reflect.ValueOf(v)
		for i := range fields.NumField() {
			if fields.Field(i).IsZero() {
				t.Errorf("%T: %s is not told", v, fields.Type().Field(i).Name)
			}
		}
	}
}

// TestEntryTypes_areTheWires: a type that the feed has is one of the API's, and the other way round.
func TestEntryTypes_areTheWires(t *testing.T) {
	t.Parallel()
	var ours []client.EntryType
	for _, of := range entry.Types() {
		ours = append(ours, client.EntryType(of))
	}
	if !slices.Equal(ours, client.EntryTypes()) {
		t.Errorf("the feed has %v, the API %v", ours, client.EntryTypes())
	}
}
