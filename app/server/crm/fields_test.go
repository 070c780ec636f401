package crm_test

import (
	"testing"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// TestFields_everyOneIsKeptToldAndChanged: a field of the table is written by an input, stands in the
// history, and is taken over when cards are merged, unless each keeps its own.
func TestFields_everyOneIsKeptToldAndChanged(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		crm.FieldEmail: "a@example.com", crm.FieldKind: crm.Client, crm.FieldStatus: "", crm.FieldSignedOn: "2026-11-24",
	}
	for _, kind := range []client.SubjectKind{client.KindClient, client.KindContract} {
		in := crm.Input{Texts: map[string]*string{}}
		for _, f := range crm.Fields(kind) {
			value, ok := values[f.Name]
			if !ok {
				value = "value of " + f.Name
			}
			if f.Text != nil && value != "" {
				in.Texts[f.Name] = &value
			}
		}
		card, err := crm.Change(crm.NewCard(kind, "id", time.Time{}), in, crm.Terms{})
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]string{}
		for _, d := range crm.Deltas(nil, card) {
			told[d.Field] = d.To
		}
		other, err := crm.Merge(crm.Card{Kind: kind}, card, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range in.Texts {
			if told[name] != *value {
				t.Errorf("%s: the history tells %q of %s, want %q", kind, told[name], name, *value)
			}
		}
		for _, f := range crm.Fields(kind) {
			if f.Text != nil && !f.Own && *f.Text(&other) != *f.Text(&card) {
				t.Errorf("%s: merging loses %s", kind, f.Name)
			}
		}
	}
}

// TestFields_areWhole: what a field lacks, a list or a file would lack.
func TestFields_areWhole(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, f := range crm.AllFields() {
		if names[f.Name] {
			t.Errorf("%s stands twice", f.Name)
		}
		names[f.Name] = true
		if (f.Text == nil) != (f.Column == "") {
			t.Errorf("%s: a field of plain text has a column, and no other has", f.Name)
		}
		for begin, told := range map[string]bool{"column.": f.Exported, "field.": f.Imported} {
			if told && f.Name != crm.FieldPhones && !texts.Has(begin+f.Name) {
				t.Errorf("%s%s is not told", begin, f.Name)
			}
		}
		if f.Text != nil && f.Limit == 0 && !f.Date && f.Name != crm.FieldKind && f.Name != crm.FieldStatus && f.Name != crm.FieldClientID {
			t.Errorf("%s has no bound", f.Name)
		}
	}
}
