package mango_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"dozvon/app/mango"
)

// bodies are the sample bodies of events and results by the path that each is of.
func bodies(tb testing.TB) map[string][]json.RawMessage {
	tb.Helper()
	all := map[string][]json.RawMessage{}
	for _, file := range eventFiles(tb) {
		var s sample
		load(tb, file, &s)
		if len(s.JSON) > 0 && !strings.Contains(file, "unknown-event") {
			path := strings.Trim(s.Path, "/")
			all[path] = append(all[path], s.JSON)
		}
	}
	// Not among the flows: the bodies as the document prints them.
	all[mango.PathSMS] = append(all[mango.PathSMS], json.RawMessage(`{"command_id":"s1","timestamp":"1760100000","reason":"1000"}`))
	all[mango.PathRecordTagged] = append(all[mango.PathRecordTagged], json.RawMessage(
		`{"entry_id":"e","product_id":300022532,"user_id":300031111,"timestamp":1760100000,"recording_id":"r"}`))
	all["result/stat"] = append(all["result/stat"], json.RawMessage(`{"key":"b3Z7","request_id":"r1"}`))
	return all
}

// alike are the paths whose bodies cannot be told apart: what one of them says is true at the other.
func alike(path string) string {
	switch {
	case path == mango.PathRecordTagged:
		return mango.PathRecordAdded
	case strings.HasPrefix(path, mango.PathResult):
		return mango.PathResult
	}
	return path
}

// TestDecode_takesEveryBodyAtItsOwnPathOnly sends every sample body to every path: a signature does
// not say for which path a body was made.
func TestDecode_takesEveryBodyAtItsOwnPathOnly(t *testing.T) {
	t.Parallel()
	all := bodies(t)
	paths := slices.Sorted(maps.Keys(all))
	if len(paths) < 10 {
		t.Fatalf("bodies of only %d paths: %v", len(paths), paths)
	}
	for _, path := range paths {
		for _, of := range paths {
			for _, body := range all[of] {
				_, err := mango.Decode(path, body)
				if own := alike(path) == alike(of); own != (err == nil) || !own && !errors.Is(err, mango.ErrUnfit) {
					t.Errorf("a body of %s at %s: %v\n%s", of, path, err, body)
				}
			}
		}
	}
}

func TestDecode_believesPlausibleTimesOnly(t *testing.T) {
	t.Parallel()
	call := `{"entry_id":"e","call_id":"c","call_state":"Appeared","timestamp":%s}`
	summary := `{"entry_id":"e","call_direction":1,"create_time":%s,"talk_time":%s,"end_time":%s}`
	tests := []struct {
		name, path, payload string
		want                bool
	}{
		{"now", mango.PathCall, fmt.Sprintf(call, "1760000000"), true},
		{"as text", mango.PathCall, fmt.Sprintf(call, `"1760000000"`), true},
		{"milliseconds", mango.PathCall, fmt.Sprintf(call, "1760000000123"), true},
		{"1970", mango.PathCall, fmt.Sprintf(call, "1"), false},
		{"before 1970", mango.PathCall, fmt.Sprintf(call, "-1760000000"), false},
		{"1999", mango.PathCall, fmt.Sprintf(call, "946684799"), false},
		{"year 2100", mango.PathCall, fmt.Sprintf(call, "4102444800"), false},
		{"year 10000", mango.PathCall, fmt.Sprintf(call, "253402300800"), false},
		{"microseconds", mango.PathCall, fmt.Sprintf(call, "1760000000123456"), false},
		{"the largest number", mango.PathCall, fmt.Sprintf(call, "9223372036854775807"), false},
		{"a summary", mango.PathSummary, fmt.Sprintf(summary, "1760000000", "1760000010", "1760000020"), true},
		{"nobody talked", mango.PathSummary, fmt.Sprintf(summary, "1760000000", "0", "1760000020"), true},
		{"ended in 1970", mango.PathSummary, fmt.Sprintf(summary, "1760000000", "0", "0"), false},
		{"began in 1970", mango.PathSummary, fmt.Sprintf(summary, "0", "0", "1760000000"), false},
		{"ended before it began", mango.PathSummary, fmt.Sprintf(summary, "1760000000", "0", "1759999990"), false},
		{"answered before it began", mango.PathSummary, fmt.Sprintf(summary, "1760000000", "1759999000", "1760000020"), false},
		{"answered after its end", mango.PathSummary, fmt.Sprintf(summary, "1760000000", "1760000100", "1760000020"), false},
		{"a talk of seconds instead of a moment", mango.PathSummary, fmt.Sprintf(summary, "1760000000", "10", "1760000020"), false},
	}
	for _, tt := range tests {
		e, err := mango.Decode(tt.path, []byte(tt.payload))
		if (err == nil) != tt.want || err != nil && !errors.Is(err, mango.ErrUnfit) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if c, ok := e.(mango.CallEvent); ok && c.Timestamp != 1760000000 {
			t.Errorf("%s: read as %d", tt.name, c.Timestamp)
		}
	}
}

func TestDecode_takesAByteOrderMark(t *testing.T) {
	t.Parallel()
	e, err := mango.Decode(mango.PathCall, []byte("\ufeff"+`{"entry_id":"e","call_id":"c","call_state":"Appeared","timestamp":1760000000}`))
	if c, ok := e.(mango.CallEvent); err != nil || !ok || c.EntryID != "e" {
		t.Errorf("got %+v, %v", e, err)
	}
}

func TestReadAnswer_tellsAnAnswerFromWhatIsNone(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		`{"result":1000}`: true, `{"result":"1001"}`: true, `{"result":[1000]}`: true, `{"result":0}`: true, `{}`: true, `{"command_id":"c"}`: true,
		`{"result":3103}`: true, `{"code":3104}`: true, `{"name":"x","message":"Rate limit exceeded.","code":0,"status":429}`: true,
		"": false, "null": false, "[]": false, "1000": false, `"ok"`: false, "<html></html>": false, `{"result":1000`: false, `{"result":1000}{}`: false,
		`{"result":null}`: false, `{"result":""}`: false, `{"result":{}}`: false, `{"result":true}`: false, `{"result":"ok"}`: false, `{"result":[]}`: false,
		`{"error":"not found"}`: false, `{"code":"ERR"}`: false, `{"status":"ok"}`: false,
	} {
		if a, err := mango.ReadAnswer([]byte(raw)); (err == nil) != want || err != nil && !errors.Is(err, mango.ErrMalformed) {
			t.Errorf("%s: %+v, %v", raw, a, err)
		}
	}
}

// FuzzSummary: whatever is believed to be a summary begins before it ends, in this century.
func FuzzSummary(f *testing.F) {
	for _, body := range bodies(f)[mango.PathSummary] {
		f.Add([]byte(body))
	}
	f.Add([]byte(`{"entry_id":"e","call_direction":"1","create_time":1760000000000,"end_time":"1760000020"}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := mango.Decode(mango.PathSummary, payload)
		if err != nil {
			return
		}
		s := e.(mango.Summary)
		if s.EntryID == "" || s.CreateTime < 946684800 || s.EndTime < s.CreateTime-2 || s.EndTime > 4102444800 ||
			s.TalkTime != 0 && (s.TalkTime < s.CreateTime-2 || s.TalkTime > s.EndTime+2) {
			t.Errorf("believed %+v", s)
		}
	})
}

func FuzzReadAnswer(f *testing.F) {
	for _, raw := range []string{`{"result":1000}`, `{"code":3104}`, `{"result":[1000,"3103"]}`, `{}`, "null", "<html>", `{"status":429,"code":0}`} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := mango.ReadAnswer(raw)
		if err != nil && !errors.Is(err, mango.ErrMalformed) {
			t.Errorf("error of another kind: %v", err)
		}
		if err == nil && !strings.HasPrefix(strings.TrimLeft(string(raw), " \t\r\n"), "{") {
			t.Errorf("%q is an answer: %+v", raw, a)
		}
	})
}
