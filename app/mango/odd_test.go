package mango_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"dozvon/app/mango"
)

// TestDecode_oddities names for each odd sample what must come out of it; a new file without an assertion fails.
func TestDecode_oddities(t *testing.T) {
	t.Parallel()
	call := func(check func(mango.CallEvent) bool) func(any) bool {
		return func(e any) bool { c, ok := e.(mango.CallEvent); return ok && check(c) }
	}
	tests := map[string]func(any) bool{
		"anonymous-caller.json": call(func(e mango.CallEvent) bool { return e.From == mango.Party{} && e.To.Extension == "101" }),
		"cyrillic-initiator.json": call(func(e mango.CallEvent) bool {
			return e.Initiator() == "MissGroupCallCallback" && e.TaskID == 123456
		}),
		"empty-acd-group.json":  call(func(e mango.CallEvent) bool { return e.To.ACDGroup == "" && e.To.Extension == "101" }),
		"from-line-number.json": call(func(e mango.CallEvent) bool { return e.From.LineNumber == "74950000010" }),
		"locaton-typo.json": call(func(e mango.CallEvent) bool {
			return e.Location == mango.LocationAbonent && e.Seq == 2 && e.Timestamp == 1760100000
		}),
		"missing-location.json":  call(func(e mango.CallEvent) bool { return e.Location == "" && e.State == mango.StateAppeared }),
		"numeric-extension.json": call(func(e mango.CallEvent) bool { return e.To.Extension == "101" && e.To.ACDGroup == "900" }),
		"sip-line.json": call(func(e mango.CallEvent) bool {
			return mango.IsSIP(e.To.LineNumber.String()) && e.To.Number == "79000001105"
		}),
		"string-numbers.json": call(func(e mango.CallEvent) bool {
			return e.Seq == 3 && e.Timestamp == 1760100000 && e.DisconnectReason == 1120
		}),
		"unknown-code.json": call(func(e mango.CallEvent) bool {
			return e.DisconnectReason == 1119 && mango.Class(int(e.DisconnectReason)) == 1110
		}),
		"summary-contradiction.json": func(e any) bool {
			s, ok := e.(mango.Summary)
			return ok && s.EntryResult == 1 && !s.Answered() && s.To == mango.Party{}
		},
		"unknown-event.json": func(e any) bool { return e == mango.Unknown{Path: "events/md/onAppealClose"} },
		"record-added-no-user.json": func(e any) bool {
			r, ok := e.(mango.RecordAdded)
			return ok && r.UserID == -1
		},
		"recognized-offline.json": func(e any) bool {
			r, ok := e.(mango.Recognized)
			return ok && r.RecognizedAt == 1647946810404 && r.RequestID == "298842241"
		},
		"ping-no-json.json": func(e any) bool { return e == mango.Unknown{Path: "ping"} },
		"raw-signed.json":   func(any) bool { return true }, // TestForm_rawSignedSample
	}
	files, err := os.ReadDir("testdata/samples/odd")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		check, ok := tests[file.Name()]
		if !ok {
			t.Errorf("%s has no assertion", file.Name())
			continue
		}
		var s sample
		load(t, "testdata/samples/odd/"+file.Name(), &s)
		if file.Name() == "raw-signed.json" {
			continue
		}
		event, err := mango.Decode(s.Path, s.JSON)
		if err != nil || !check(event) {
			t.Errorf("%s: got %+v, %v", file.Name(), event, err)
		}
	}
}

func TestForm_rawSignedSample(t *testing.T) {
	t.Parallel()
	var s struct {
		Path, Sign, Salt string
		Key              string `json:"vpbx_api_key"`
		JSON             string `json:"json_raw"`
	}
	load(t, "testdata/samples/odd/raw-signed.json", &s)
	form := mango.Form{Key: s.Key, Sign: s.Sign, JSON: s.JSON}
	if err := form.Verify(s.Key, s.Salt); err != nil {
		t.Error(err)
	}
	if _, err := mango.Decode(s.Path, []byte(form.JSON)); err != nil {
		t.Error(err)
	}
}

func TestDecode_refuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"nothing":          ``,
		"not an object":    `[]`,
		"null":             `null`,
		"cut off":          `{"entry_id":"e"`,
		"no entry_id":      `{"call_id":"c","call_state":"Appeared"}`,
		"no call_id":       `{"entry_id":"e","call_state":"Appeared"}`,
		"no state":         `{"entry_id":"e","call_id":"c"}`,
		"an object as id":  `{"entry_id":{},"call_id":"c","call_state":"Appeared"}`,
		"words as seq":     `{"entry_id":"e","call_id":"c","call_state":"Appeared","seq":"soon"}`,
		"half a second":    `{"entry_id":"e","call_id":"c","call_state":"Appeared","timestamp":1.5}`,
		"NUL in id":        `{"entry_id":"e\u0000","call_id":"c","call_state":"Appeared"}`,
		"bad UTF-8":        "{\"entry_id\":\"\xff\",\"call_id\":\"c\",\"call_state\":\"Appeared\"}",
		"endless id":       `{"entry_id":"` + strings.Repeat("e", 300) + `","call_id":"c","call_state":"Appeared"}`,
		"a tower of lists": `{"entry_id":"e","x":` + strings.Repeat("[", 99) + strings.Repeat("]", 99) + `}`,
		"a megabyte":       `{"entry_id":"` + strings.Repeat("e", 1<<20) + `"}`,
		"two values":       `{"entry_id":"e","call_id":"c","call_state":"Appeared"}{}`,
	}
	for name, payload := range tests {
		if e, err := mango.Decode("/events/call/", []byte(payload)); !errors.Is(err, mango.ErrMalformed) {
			t.Errorf("%s: got %+v, %v; want ErrMalformed", name, e, err)
		}
	}
}

func TestDecode_resultNamesItsCommand(t *testing.T) {
	t.Parallel()
	e, err := mango.Decode("/result/transfer_cancel/", []byte(`{"result":"4101"}`))
	if want := (mango.Result{Command: "transfer_cancel", Code: 4101}); err != nil || e != want {
		t.Errorf("got %+v, %v; want %+v", e, err, want)
	}
}

func TestParty_readsTheSingleRTransfer(t *testing.T) {
	t.Parallel()
	e, err := mango.Decode("events/call",
		[]byte(`{"entry_id":"e","call_id":"c","call_state":"Disconnected","from":{"was_transfered":"1"},"to":null}`))
	if c, ok := e.(mango.CallEvent); err != nil || !ok || !bool(c.From.WasTransferred) {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestClass_fallsBackToWhatTheDocumentPrescribes(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]int{1111: 1111, 1119: 1110, 1090: 1000, 2219: 2210, 3999: 3000, 9123: 9000, 0: 0, -5: 0} {
		if got := mango.Class(code); got != want {
			t.Errorf("Class(%d) = %d, want %d", code, got, want)
		}
	}
}

func TestDigits(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"79000000101": "79000000101", "8 (999) 000-00-30": "79990000030", "+7 (812) 000-00-01": "78120000001",
		"81079990000030": "79990000030", "9990000030": "79990000030", "442079460958": "442079460958",
		"+81 3 1234 5678": "81312345678", "88000000001": "78000000001", "112": "112", "": "",
		"sip:user101@vpbx400045678.mangosip.ru": "", "user1@x": "", "anonymous": "",
	} {
		if got := mango.Digits(in); got != want {
			t.Errorf("Digits(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, file := range eventFiles(f) {
		var s sample
		load(f, file, &s)
		f.Add(s.Path, []byte(s.JSON))
	}
	f.Fuzz(func(t *testing.T, path string, payload []byte) {
		event, err := mango.Decode(path, payload)
		if err != nil && !errors.Is(err, mango.ErrMalformed) {
			t.Errorf("error of another kind: %v", err)
		}
		if (event == nil) != (err != nil) {
			t.Errorf("event %v with error %v", event, err)
		}
	})
}
