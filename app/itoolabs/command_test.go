package itoolabs_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/itoolabs"
)

func TestReadAccounts_ofBothAPIs(t *testing.T) {
	t.Parallel()
	old, err := itoolabs.ReadAccounts(command(t, "accounts").body())
	if err != nil || !slices.Equal(old, []itoolabs.Account{
		{Login: "anna", Name: "Анна Вымышленная", Ext: "701", Telnum: "79010007010"}, {Login: "boris", Name: "Борис", Ext: "702"}, {Login: "vera", Name: "Вера", Ext: "703"},
	}) {
		t.Errorf("old: %+v, %v", old, err)
	}
	users, err := itoolabs.ReadAccounts(command(t, "users-v1").body())
	if err != nil || !slices.Equal(users, []itoolabs.Account{{Login: "anna", Name: "Анна", Ext: "701", Telnum: "79010007010"}}) {
		t.Errorf("new: %+v, %v", users, err)
	}
	odd, err := itoolabs.ReadAccounts([]byte(`[{"name":"vera","realName":"<b>Вера</b>","ext":703,"telnum":["1"],"email":null},{"name":"g_1@x","ext":"9"},{}]`))
	if err != nil || !slices.Equal(odd, []itoolabs.Account{{Login: "vera", Name: "Вера", Ext: "703"}}) {
		t.Errorf("odd: %+v, %v", odd, err)
	}
	for _, body := range []string{"", "null", "{}", `{"items":null}`, `{"message":"x"}`, "<html>", `"anna"`, `[1]`, `{"items":[`} {
		if all, err := itoolabs.ReadAccounts([]byte(body)); !errors.Is(err, itoolabs.ErrMalformed) {
			t.Errorf("%q: %v, %v", body, all, err)
		}
	}
}

// TestReadMadeCall_isAnIDOrNothing: section 13 has the answers text, object and NULL.
func TestReadMadeCall_isAnIDOrNothing(t *testing.T) {
	t.Parallel()
	const id = "B10D0EB124F4E64AF4EA-1610"
	for _, name := range []string{"makecall", "makecall-v1"} {
		if got := itoolabs.ReadMadeCall(command(t, name).body()); got != id {
			t.Errorf("%s: %q", name, got)
		}
	}
	for body, want := range map[string]string{
		string(command(t, "makecall-object").body()): "", `"` + id + `"`: id, " " + id + "\r\n": id, `{"callid":1755930001}`: "1755930001", "mcr-8A.1:2": "mcr-8A.1:2",
		"": "", "NULL": "", "null": "", "OK": "", "true": "", "1": "", `{"callid":""}`: "", `{"callid":null}`: "", `{"callid":{"a":1}}`: "", `{"callid":"a b"}`: "", `["` + id + `"]`: "",
		"two words": "", "<html>": "", `{"callid":"`: "", `"a`: "", strings.Repeat("a", 129): "",
	} {
		if got := itoolabs.ReadMadeCall([]byte(body)); got != want {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
	}
}

func TestReadRefusal_inThePBXsWords(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"makecall-refused": "Invalid parameters: [user]", "token-wrong": "Invalid token", "tenant-wrong": "", "accounts": ""} {
		if got := itoolabs.ReadRefusal(command(t, name).body()); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for body, want := range map[string]string{
		`{"message":"User <b>not</b> found"}`: "User not found", `{"error":{"a":1},"message":"b"}`: "b", "<html>": "", `{"callid":"x"}`: "",
	} {
		if got := itoolabs.ReadRefusal([]byte(body)); got != want {
			t.Errorf("%s: %q", body, got)
		}
	}
}

func TestReadListing_ofBothAPIs(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 10, 9, 9, 0, 0, 0, time.UTC)
	first := itoolabs.Row{
		UID: "a252179d-0000-4000-8000-000000000001", Type: "in", Client: "+79000000401", User: "anna@demo.example", Line: "+74950000030",
		Start: at, Wait: 6 * time.Second, Duration: 124 * time.Second, Record: "https://files.example.ru/mp3/1601.mp3",
	}
	rows, faulty, err := itoolabs.ReadListing(command(t, "history").body())
	if err != nil || faulty != 0 || len(rows) != 2 || rows[0] != first || rows[1].Type != itoolabs.TypeMissed || !itoolabs.IsGroup(rows[1].User) || rows[1].Wait != 22*time.Second {
		t.Errorf("CSV: %+v, %d faulty, %v", rows, faulty, err)
	}
	first.UID, first.Result, first.Client, first.User, first.Line = "1755930001", itoolabs.ResultSuccess, "79000000401", "anna", "74950000030"
	rows, faulty, err = itoolabs.ReadListing(command(t, "history-json").body())
	if err != nil || faulty != 0 || !slices.Equal(rows, []itoolabs.Row{first}) {
		t.Errorf("JSON: %+v, %d faulty, %v", rows, faulty, err)
	}
	raw, err := json.Marshal([]any{first.JSON()})
	if err != nil {
		t.Fatal(err)
	}
	if rows, _, err = itoolabs.ReadListing(raw); err != nil || !slices.Equal(rows, []itoolabs.Row{first}) {
		t.Errorf("written and read again: %+v, %v", rows, err)
	}
}

func TestReadListing_oddities(t *testing.T) {
	t.Parallel()
	const row = "u1,in,+79000000401,anna,+7495,2025-10-09T12:00:00+03:00,6,124,https://x/1.mp3"
	for name, tt := range map[string]struct {
		body         string
		rows, faulty int
	}{
		"nothing": {"", 0, 0}, "an empty list": {"[]", 0, 0}, "with marks": {row + ",5\r\n", 1, 0}, "without its last column": {strings.TrimSuffix(row, ",https://x/1.mp3"), 1, 0},
		"with a header": {"UID,type,client,account,via,start,wait,duration,record\r\n" + row, 1, 1}, "with a short row": {"a,b\r\n" + row, 1, 1}, "quoted": {`"u""1",in,,,,20251009T090000Z,,,`, 1, 0},
		"a type of tomorrow": {row + "\r\nu2,fax,,,,2025-10-09T12:00:00Z,,,", 1, 1}, "items": {`{"items":[{"uid":5,"type":"out","start":"2025-10-09T09:00:00Z"}]}`, 1, 0},
	} {
		rows, faulty, err := itoolabs.ReadListing([]byte(tt.body))
		if err != nil || len(rows) != tt.rows || faulty != tt.faulty {
			t.Errorf("%s: %+v, %d faulty, %v", name, rows, faulty, err)
		}
	}
	for _, body := range []string{"<html></html>", "{}", `{"message":"x"}`, "OK", "Invalid token", `[{"uid":""}]`, `[1]`} {
		if rows, _, err := itoolabs.ReadListing([]byte(body)); !errors.Is(err, itoolabs.ErrMalformed) {
			t.Errorf("%q: %+v, %v", body, rows, err)
		}
	}
}

// FuzzReadFields: whatever comes is refused or read, and what was read is read again from its own writing.
func FuzzReadFields(f *testing.F) {
	for _, fields := range flows(f) {
		f.Add([]byte(fields.Form()))
		f.Add(fields.Canonical())
	}
	f.Add([]byte("\ufeff{\"cmd\":null}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		fields, err := itoolabs.ReadFields(body)
		if err != nil {
			return
		}
		again, err := itoolabs.ReadFields(fields.Canonical())
		if err != nil || string(again.Canonical()) != string(fields.Canonical()) {
			t.Errorf("%q and then %q, %v", fields.Canonical(), again.Canonical(), err)
		}
		if _, err := itoolabs.Decode(fields); err != nil && !errors.Is(err, itoolabs.ErrMalformed) {
			t.Error(err)
		}
	})
}

func FuzzReadListing(f *testing.F) {
	f.Add(command(f, "history").body())
	f.Add(command(f, "history-json").body())
	f.Fuzz(func(t *testing.T, body []byte) {
		rows, _, err := itoolabs.ReadListing(body)
		if err != nil && !errors.Is(err, itoolabs.ErrMalformed) {
			t.Error(err)
		}
		for _, r := range rows {
			if r.UID == "" || r.Start.IsZero() || r.Wait < 0 || r.Duration < 0 {
				t.Errorf("a row without sense: %+v", r)
			}
		}
	})
}
