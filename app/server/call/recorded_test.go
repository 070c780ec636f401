package call_test

import (
	"strings"
	"testing"
	"time"

	"dozvon/app/server/call"
)

// TestRecordings_oneUnderTwoIDsIsOne: a PBX's listing calls its recordings otherwise than its events.
func TestRecordings_oneUnderTwoIDsIsOne(t *testing.T) {
	t.Parallel()
	rec := func(id, ext string, at int, unsure bool) call.Event {
		return call.Event{
			Kind: call.KindRecording, Key: "k", At: noon.Add(time.Duration(at) * time.Second), Recording: id, RecordingState: call.RecordingReady,
			To: call.Party{Extension: ext}, Unsure: unsure,
		}
	}
	for name, tt := range map[string]struct {
		events []call.Event
		want   string
	}{
		"one under two ids":          {[]call.Event{rec("event", "101", 60, false), rec("listing", "101", 62, true)}, "event"},
		"the listing alone":          {[]call.Event{rec("listing", "101", 62, true)}, "listing"},
		"two employees":              {[]call.Event{rec("event", "101", 60, false), rec("listing", "102", 62, true)}, "event listing"},
		"one of two was told":        {[]call.Event{rec("event", "101", 60, false), rec("first", "101", 59, true), rec("second", "101", 200, true)}, "event second"},
		"both of two were told":      {[]call.Event{rec("a", "101", 60, false), rec("b", "101", 200, false), rec("first", "101", 59, true), rec("second", "101", 199, true)}, "a b"},
		"two events, one row":        {[]call.Event{rec("a", "101", 60, false), rec("b", "101", 200, false), rec("second", "101", 199, true)}, "a b"},
		"the listing has event's id": {[]call.Event{rec("event", "101", 60, false), rec("event", "101", 61, true)}, "event"},
	} {
		for _, order := range shuffledAndDoubled(tt.events) {
			var ids []string
			for _, r := range call.FoldAll(order).View().Recordings {
				ids = append(ids, r.ID)
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Fatalf("%s: %s, want %s", name, got, tt.want)
			}
		}
	}
}
