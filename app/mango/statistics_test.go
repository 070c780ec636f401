package mango_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"dozvon/app/mango"
)

var statsFields = append(append([]string{}, mango.DefaultStatsFields...), mango.FieldEntryID)

func TestReadStats_readsTheSample(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "samples", "commands", "stats-result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sample struct {
		Response struct{ Body string }
	}
	if err := json.Unmarshal(raw, &sample); err != nil {
		t.Fatal(err)
	}
	rows, err := mango.ReadStats(strings.NewReader(sample.Response.Body), statsFields)
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	first := mango.StatsRow{
		Records: []string{"MToxMDA0NTY3ODoxNjE3MDAwMDAzNzow"}, Start: 1760005406, Finish: 1760005478, Answer: 1760005415,
		FromNumber: "79000000101", ToExtension: "101", ToNumber: "sip:user101@vpbx400045678.mangosip.ru",
		Reason: 1110, Line: "74950000010", Location: "abonent", EntryID: "MTYxNzAwMDAwMzc=",
	}
	if !reflect.DeepEqual(rows[0], first) {
		t.Errorf("got %+v\nwant %+v", rows[0], first)
	}
	if rows[1].Answer != 0 || len(rows[1].Records) != 0 || rows[2].EntryID != "" {
		t.Errorf("got %+v", rows[1:])
	}
	var out bytes.Buffer
	if err := mango.WriteStats(&out, rows, statsFields); err != nil || out.String() != sample.Response.Body {
		t.Errorf("written again as %q, %v", out.String(), err)
	}
}

func TestReadStats_refusesWhatItCannotTrust(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"<html>", "[];1;2", "[];x;2;3;;;;;;;;", `{"result":3100}`} {
		if _, err := mango.ReadStats(strings.NewReader(body), statsFields); err == nil {
			t.Errorf("%q was read", body)
		}
	}
}

func TestStatsCalls_readTheSample(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "samples", "commands", "stats-calls-result.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sample struct {
		Response struct{ JSON mango.StatsCallsAnswer }
	}
	if err := json.Unmarshal(raw, &sample); err != nil {
		t.Fatal(err)
	}
	a := sample.Response.JSON
	if a.Status != mango.StatsComplete || len(a.Data) != 1 || len(a.Data[0].List) != 1 {
		t.Fatalf("got %+v", a)
	}
	c := a.Data[0].List[0]
	if c.Type != mango.ContextIn || c.Talk != 63 || len(c.Legs) != 1 || c.Legs[0].CallID == "" || c.Legs[0].AbonentID != 300040101 || len(c.Legs[0].Records) != 1 {
		t.Errorf("got %+v", c)
	}
}

func FuzzReadStats(f *testing.F) {
	f.Add("[a,b];1;2;0;101;sip:x;;79000000101;1110;;abonent;id\r\n")
	f.Add("[];;;;;;;;;;;\n\"")
	f.Fuzz(func(t *testing.T, body string) {
		rows, err := mango.ReadStats(strings.NewReader(body), statsFields)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := mango.WriteStats(&out, rows, statsFields); err != nil {
			t.Fatal(err)
		}
	})
}
