package mango_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"dozvon/app/mango"
)

type sample struct {
	Path string          `json:"path"`
	JSON json.RawMessage `json:"json"`
}

func load(tb testing.TB, file string, into any) {
	tb.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
}

func eventFiles(tb testing.TB) []string {
	tb.Helper()
	var files []string
	for _, root := range []string{"testdata/samples/flows", "testdata/samples/odd"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".json") && d.Name() != "expect.json" {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	return files
}

func TestDecode_readsEverySampleEvent(t *testing.T) {
	t.Parallel()
	for _, file := range eventFiles(t) {
		var s sample
		load(t, file, &s)
		if len(s.JSON) == 0 {
			continue // ping-no-json and raw-signed have tests of their own
		}
		event, err := mango.Decode(s.Path, s.JSON)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if _, unknown := event.(mango.Unknown); unknown && !strings.Contains(file, "unknown-event") {
			t.Errorf("%s: decoded as unknown", file)
		}
	}
}

func TestEvents_encodeToTheWireShapeTheyCameFrom(t *testing.T) {
	t.Parallel()
	for _, file := range eventFiles(t) {
		if strings.Contains(filepath.ToSlash(file), "/odd/") {
			continue
		}
		var s sample
		load(t, file, &s)
		event, err := mango.Decode(s.Path, s.JSON)
		if err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		if err := json.Unmarshal(again, &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(s.JSON, &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", file, got, want)
		}
	}
}

func TestCommandSamples_decode(t *testing.T) {
	t.Parallel()
	requests := map[string]func() any{
		mango.PathCallback:      func() any { return &mango.CallbackRequest{} },
		mango.PathHangup:        func() any { return &mango.HangupRequest{} },
		mango.PathRoute:         func() any { return &mango.RouteRequest{} },
		mango.PathTransfer:      func() any { return &mango.TransferRequest{} },
		mango.PathRecordingPost: func() any { return &mango.RecordingRequest{} },
		mango.PathUsers:         func() any { return &mango.UsersRequest{} },
	}
	files, err := filepath.Glob("testdata/samples/commands/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no command samples: %v", err)
	}
	for _, file := range files {
		var s struct {
			Request struct {
				Path string          `json:"path"`
				JSON json.RawMessage `json:"json"`
			} `json:"request"`
			Response struct {
				JSON json.RawMessage `json:"json"`
			} `json:"response"`
			Async  *sample  `json:"async"`
			Events []sample `json:"events"`
		}
		load(t, file, &s)
		path := strings.Trim(strings.TrimPrefix(s.Request.Path, "/vpbx/"), "/")
		if newRequest, ok := requests[path]; ok {
			if err := json.Unmarshal(s.Request.JSON, newRequest()); err != nil {
				t.Errorf("%s: request: %v", file, err)
			}
		}
		if len(s.Response.JSON) > 0 {
			var a mango.Answer
			if err := json.Unmarshal(s.Response.JSON, &a); err != nil {
				t.Errorf("%s: answer: %v", file, err)
			}
		}
		if s.Async != nil {
			s.Events = append(s.Events, *s.Async)
		}
		for _, e := range s.Events {
			if _, err := mango.Decode(e.Path, e.JSON); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func TestConfigurationSamples(t *testing.T) {
	t.Parallel()
	answer := func(file string, into any) {
		var s struct {
			Response struct {
				JSON json.RawMessage `json:"json"`
			} `json:"response"`
		}
		load(t, "testdata/samples/commands/"+file, &s)
		if err := json.Unmarshal(s.Response.JSON, into); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	var users mango.UsersAnswer
	answer("users.json", &users)
	if len(users.Users) < 2 || users.Users[0].Telephony.Extension != "101" ||
		users.Users[0].Telephony.Numbers[0].WaitSec != 12 || users.Users[1].General.Email != "" {
		t.Errorf("users: %+v", users)
	}
	var lines mango.LinesAnswer
	answer("incominglines.json", &lines)
	if len(lines.Lines) != 2 || !mango.IsSIP(lines.Lines[0].Number.String()) || lines.Lines[1].SchemaName != "По умолчанию" {
		t.Errorf("lines: %+v", lines)
	}
	var balance mango.BalanceAnswer
	answer("balance.json", &balance)
	if balance.Balance != "963592.45" || balance.Currency != "RUB" {
		t.Errorf("balance: %+v", balance)
	}
}

func TestAnswer_Accepted(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		`{"result":1000}`: true, `{"result":"0"}`: true, `{}`: true, `{"result":1000,"status":"complete"}`: true,
		`{"result":3103}`: false, `{"code":3104}`: false,
		`{"name":"Service Unavailable","message":"Rate limit exceeded.","code":0,"status":429}`: false,
	} {
		var a mango.Answer
		if err := json.Unmarshal([]byte(raw), &a); err != nil || a.Accepted() != want {
			t.Errorf("%s: %+v accepted %v, want %v (%v)", raw, a, a.Accepted(), want, err)
		}
	}
}
