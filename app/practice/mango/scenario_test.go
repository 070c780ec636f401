package mango_test

import (
	"strings"
	"testing"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

func TestScenarios_showWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		scenario string
		has      []string // in the normalised flow
		truth    func(practice.CallTruth) bool
	}{
		{"anonymous", []string{`from "" - tf`}, func(c practice.CallTruth) bool { return c.Client == "" && c.Answered }},
		{"forwarded-mobile", []string{`to "105" number line number`}, func(c practice.CallTruth) bool { return strings.Join(c.Talked, "") == "105" }},
		{"sip-line", []string{`line device`}, func(c practice.CallTruth) bool { return c.Line == practice.SIPLine }},
		{"busy-dnd", []string{"reason 1123"}, func(c practice.CallTruth) bool { return !c.Answered && c.Reason == 1123 }},
		{"unknown-code", []string{"reason 1119"}, func(c practice.CallTruth) bool { return !c.Answered && c.Reason == 1119 }},
		{"pickup", []string{`reason 1182`, `to "104"`}, func(c practice.CallTruth) bool { return strings.Join(c.Talked, "") == "104" }},
		{"serial-group", []string{`group "900"`}, func(c practice.CallTruth) bool { return strings.Join(c.Rang, " ") == "101 102" }},
		{"queue-answered", []string{"Appeared queue", "Disconnected queue"}, func(c practice.CallTruth) bool { return strings.Join(c.Talked, "") == "102" }},
		{"widget", []string{`initiator "СallbackWidget"`}, func(c practice.CallTruth) bool { return c.Direction == 2 && c.Client == "79000000101" }},
		{"two-recordings", []string{`Started leg 2 at "101"`, `Started leg 3 at "103"`}, func(c practice.CallTruth) bool { return len(c.Recordings) == 2 }},
		{"transfer-blind", []string{`Started leg 2 at "101"`, `Continued leg 3 at "103"`}, func(c practice.CallTruth) bool { return len(c.Recordings) == 1 }},
		{"transfer-consult-cancelled", []string{`transfer "consultative"`}, func(c practice.CallTruth) bool { return c.Reason == 1110 && len(c.Recordings) == 1 }},
		{"internal-missed", []string{`from "101" device`}, func(c practice.CallTruth) bool { return c.Direction == 0 && !c.Answered && c.Line == "" }},
		{"outbound-missed", []string{"reason 1111"}, func(c practice.CallTruth) bool { return c.Direction == 2 && !c.Answered && len(c.Rang) == 0 }},
	}
	for _, tt := range tests {
		t.Run(tt.scenario, func(t *testing.T) {
			t.Parallel()
			s := start(t, practice.Config{})
			s.call(practice.CallRequest{From: "79000000101", Scenario: tt.scenario})
			flow := strings.Join(normalise(s.untilSummary(), false), "\n")
			for _, want := range tt.has {
				if !strings.Contains(flow, want) {
					t.Errorf("no %s in\n%s", want, flow)
				}
			}
			if got := s.ended(); !tt.truth(got) {
				t.Errorf("the PBX's account is %+v", got)
			}
		})
	}
}

func TestRecordings_neverEarlyAndDeleted(t *testing.T) {
	t.Parallel()
	post := func(s *server, id string) int {
		status, _ := s.command(mango.PathRecordingPost, mango.RecordingRequest{RecordingID: mango.Text(id), Action: "play"})
		return status
	}
	s := start(t, practice.Config{NoLimits: true, Faults: practice.Faults{NeverRecorded: 1}})
	s.call(practice.CallRequest{From: "79000000101"})
	if got := post(s, s.ended().Recordings[0]); got != 420 {
		t.Errorf("a recording that never is ready: %d", got)
	}

	s = start(t, practice.Config{NoLimits: true, Faults: practice.Faults{RecordedFirst: 1}})
	s.call(practice.CallRequest{From: "79000000101"})
	early := false
	for _, w := range s.untilSummary() {
		if _, ok := w.event.(mango.RecordAdded); ok {
			early = true
		}
	}
	id := s.ended().Recordings[0]
	if got := post(s, id); !early || got != 302 {
		t.Errorf("before the summary: told %v, link %d", early, got)
	}
	if status, body := s.control("DELETE", "recordings/"+id, ""); status != 204 {
		t.Errorf("delete: %d %s", status, body)
	}
	if status, _ := s.control("DELETE", "recordings/"+id, ""); status != 404 || post(s, id) != 420 {
		t.Errorf("a deleted recording is still there: %d", status)
	}
}

func TestRecordings_ofEachEmployeeByConfiguration(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{RecordEachEmployee: true})
	s.call(practice.CallRequest{From: "79000000101", Scenario: "transfer-consult"})
	if got := s.ended(); len(got.Recordings) != 2 {
		t.Errorf("recordings %v, want one of each employee", got.Recordings)
	}
}
