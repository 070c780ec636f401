package form_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/server/crm"
	"dozvon/app/server/store/form"
	"dozvon/client"
)

// filled gives every field a value of its own, so that one that is not kept is seen.
func filled[T any](t *testing.T) T {
	t.Helper()
	var v T
	n := 0
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 24, 1, 50, *n%60, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	}
}

func same[T any](t *testing.T, want T, write func(T) (string, error), read func(string) (T, error)) {
	t.Helper()
	raw, err := write(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(raw)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("kept %+v\nread %+v", want, got)
	}
	var empty T
	raw, err = write(empty)
	if err != nil {
		t.Fatal(err)
	}
	if got, err = read(raw); err != nil || !reflect.DeepEqual(got, empty) {
		t.Errorf("kept nothing, read %+v: %v", got, err)
	}
}

// TestForms_keepEveryField: a field that a record gains is kept, or a test fails.
func TestForms_keepEveryField(t *testing.T) {
	t.Parallel()
	call := filled[client.Call](t)
	call.Deleted, call.MergedInto = false, "" // told in the stream, of a call that is kept no longer
	same(t, call, form.Call, form.ReadCall)
	row := filled[entry.Entry](t)
	// These are columns of the feed, kept beside it, or made when it is read.
	row.Subject, row.ByHand, row.Shared, row.Flags = nil, false, false, nil
	same(t, row, form.Entry, form.ReadEntry)
	school := filled[client.School](t)
	school.ETag = "" // made when it is read
	same(t, school, form.School, func(raw string) (client.School, error) { return form.ReadSchool(raw, client.School{}) })
	same(t, filled[client.Import](t), form.Import, form.ReadImport)
	same(t, filled[[]client.Line](t), form.Lines, form.ReadLines)
	same(t, filled[[]crm.Delta](t), form.Deltas, form.ReadDeltas)
	same(t, filled[[]crm.Phone](t), form.Phones, func(raw string) ([]crm.Phone, error) {
		if raw == "null" {
			return nil, nil // a card's list is never null
		}
		return form.ReadPhones(raw)
	})
	comparison, book := filled[client.Reconciled](t), filled[client.BookState](t)
	same(t, comparison, form.Reconciled, func(raw string) (client.Reconciled, error) {
		r, err := form.ReadReconciled(raw)
		return *r, err
	})
	same(t, book, form.AddressBook, func(raw string) (client.BookState, error) {
		b, err := form.ReadAddressBook(raw)
		return *b, err
	})
}

// TestSchool_whatWasNeverChosenHasItsDefault reads rows of schools that chose before there was more
// to choose.
func TestSchool_whatWasNeverChosenHasItsDefault(t *testing.T) {
	t.Parallel()
	defaults := client.School{MissedLimitMinutes: 30, WhatsApp: true, SessionIdleDays: 30, RecordingsFor: client.ForAll}
	s, err := form.ReadSchool(`{"name":"Светофор","missed_limit_minutes":15,"whatsapp":false,"sms_templates":[],"crm_link":{}}`, defaults)
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "Светофор" || s.MissedLimitMinutes != 15 || s.WhatsApp {
		t.Errorf("what was chosen is lost: %+v", s)
	}
	if s.SessionIdleDays != 30 || s.RecordingsFor != client.ForAll {
		t.Errorf("what was not chosen has no default: %+v", s)
	}
}

func TestPhones_ofCardsBeforeLabels(t *testing.T) {
	t.Parallel()
	list, err := form.ReadPhones(`["+79145550148","+79145550149"]`)
	if err != nil || len(list) != 2 || list[1].Number != "+79145550149" {
		t.Errorf("read %+v: %v", list, err)
	}
}

// TestForms_refuseWhatANewerProgramWrote: read half, it would be written back without the other half.
func TestForms_refuseWhatANewerProgramWrote(t *testing.T) {
	t.Parallel()
	if _, err := form.ReadCall(`{"v":99,"id":"c"}`); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("a call of form 99 is read: %v", err)
	}
	if _, err := form.ReadEntry(`{"v":99,"id":"e"}`); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("an entry of form 99 is read: %v", err)
	}
}

// view is the JSON of the fixtures' column view.
var view = regexp.MustCompile(`(?m)^INSERT INTO (calls|feed|imports) .*?'(\{"id":(?:[^']|'')*\})'`)

// TestForms_readTheRowsOfEveryFormerVersion: the rows are those that 0.1 to 0.5 wrote, and what is written
// back says the same.
func TestForms_readTheRowsOfEveryFormerVersion(t *testing.T) {
	t.Parallel()
	for _, version := range []int{1, 2, 3, 4, 5, 8} {
		sql, err := os.ReadFile(fmt.Sprintf("../../testdata/filled_%d.sql", version))
		if err != nil {
			t.Fatal(err)
		}
		read := map[string]int{}
		for _, m := range view.FindAllStringSubmatch(string(sql), -1) {
			table, raw := m[1], strings.ReplaceAll(m[2], "''", "'")
			again, err := rewritten(table, raw)
			if err != nil {
				t.Errorf("schema %d, %s: %v", version, table, err)
				continue
			}
			if was, now := facts(t, table, raw), facts(t, table, again); !reflect.DeepEqual(was, now) {
				t.Errorf("schema %d, %s: was %s\nis %s", version, table, raw, again)
			}
			read[table]++
		}
		if read["calls"] < 5 || read["feed"] < 5 {
			t.Errorf("schema %d: only %v were read", version, read)
		}
	}
}

func rewritten(table, raw string) (string, error) {
	switch table {
	case "calls":
		c, err := form.ReadCall(raw)
		if err != nil {
			return "", err
		}
		return form.Call(c)
	case "feed":
		e, err := form.ReadEntry(raw)
		if err != nil {
			return "", err
		}
		return form.Entry(e)
	}
	i, err := form.ReadImport(raw)
	if err != nil {
		return "", err
	}
	return form.Import(i)
}

// facts is what a row says, without what stands in columns of the feed beside it.
func facts(t *testing.T, table, raw string) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(raw), &all); err != nil {
		t.Fatal(err)
	}
	delete(all, "v")
	if table == "feed" {
		delete(all, "subject")
		delete(all, "by_hand")
	}
	return all
}
