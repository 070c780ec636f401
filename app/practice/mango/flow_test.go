package mango_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

// normalise writes a flow so that two runs of it are equal: ids become the index of their first
// appearance, times only say whether they are set. Results may overtake events, so they come only if asked for.
func normalise(events []webhook, results bool) []string {
	index := map[mango.Text]int{}
	leg := func(id mango.Text) string {
		if id == "" {
			return "-"
		}
		if _, ok := index[id]; !ok {
			index[id] = len(index) + 1
		}
		return fmt.Sprint(index[id])
	}
	kind := func(number mango.Text) string {
		switch {
		case number == "":
			return "-"
		case mango.IsSIP(string(number)):
			return "device"
		}
		return "number"
	}
	var flow []string
	for _, w := range events {
		switch e := w.event.(type) {
		case mango.CallEvent:
			flow = append(flow, fmt.Sprintf(
				"call leg %s seq %d %s %s from %q %s tf %s was %v hold %v to %q %s line %s group %q was %v hold %v reason %d transfer %q initiator %q command %v",
				leg(e.CallID), e.Seq, e.State, e.Location, e.From.Extension, kind(e.From.Number), leg(e.From.TakenFromCallID),
				e.From.WasTransferred, e.From.HoldInitiator, e.To.Extension, kind(e.To.Number), kind(e.To.LineNumber), e.To.ACDGroup,
				e.To.WasTransferred, e.To.HoldInitiator, e.DisconnectReason, e.Transfer, e.CallbackInitiator, e.CommandID != ""))
		case mango.Summary:
			flow = append(flow, fmt.Sprintf("summary direction %d from %q %s to %q %s line %s create %v forward %v talk %v end %v result %d reason %d",
				e.Direction, e.From.Extension, kind(e.From.Number), e.To.Extension, kind(e.To.Number), kind(e.LineNumber),
				e.CreateTime > 0, e.ForwardTime > 0, e.TalkTime > 0, e.EndTime > 0, e.EntryResult, e.DisconnectReason))
		case mango.RecordingEvent:
			flow = append(flow, fmt.Sprintf("recording seq %d %s leg %s at %q code %d to %q",
				e.Seq, e.State, leg(e.CallID), e.Extension, e.CompletionCode, e.Recipient))
		case mango.RecordAdded:
			flow = append(flow, fmt.Sprintf("added by user %d", e.UserID))
		case mango.DTMF:
			flow = append(flow, fmt.Sprintf("dtmf seq %d %q leg %s %s from %s by %s to %s line %s", e.Seq, e.Digits, leg(e.CallID),
				e.Location, kind(e.FromNumber), kind(e.Initiator), kind(e.ToNumber), kind(e.LineNumber)))
		case mango.Result:
			if results {
				flow = append(flow, fmt.Sprintf("result %s %d", e.Command, e.Code))
			}
		}
	}
	return flow
}

const sampleFlows = "../../mango/testdata/samples/flows/"

// compareTruth holds the PBX's own account of a call against the sample's expect.json, whose nulls are not asserted.
func compareTruth(t *testing.T, got practice.CallTruth, sample string) {
	t.Helper()
	raw, err := os.ReadFile(sampleFlows + sample + "/expect.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Direction, Result string
		Rang              []string
		Talked            *string
		All               []string `json:"talked_all"`
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if want.Talked != nil && *want.Talked != "" {
		want.All = []string{*want.Talked}
	}
	direction := [...]string{"internal", "in", "out"}[got.Direction]
	if direction != want.Direction || got.Answered != (want.Result == "answered") ||
		!slices.Equal(got.Rang, want.Rang) || !slices.Equal(got.Talked, want.All) {
		t.Errorf("the PBX's account %+v, want %+v", got, want)
	}
}

func sampleFlow(t *testing.T, name string) []webhook {
	t.Helper()
	files, err := filepath.Glob(sampleFlows + name + "/[0-9]*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample %s: %v", name, err)
	}
	var events []webhook
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s struct {
			Path string
			JSON json.RawMessage
		}
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		event, err := mango.Decode(s.Path, s.JSON)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, webhook{s.Path, s.JSON, event})
	}
	return events
}

func TestFlows_areTheReferences(t *testing.T) {
	t.Parallel()
	inbound := func(scenario string) func(*server) {
		return func(s *server) { s.call(practice.CallRequest{From: "79000000101", Scenario: scenario}) }
	}
	callback := func(rules map[string]practice.Rule) func(*server) {
		return func(s *server) {
			for number, rule := range rules {
				if err := s.pbx.SetPhone(number, rule); err != nil {
					s.t.Fatal(err)
				}
			}
			s.command(mango.PathCallback, mango.CallbackRequest{
				CommandID: "cb-1", From: mango.Endpoint{Extension: "101"}, ToNumber: "79000000114", LineNumber: "74950000010",
			})
		}
	}
	noAnswer := practice.Rule{Outcome: practice.NoAnswer}
	long := func(d *time.Duration) { *d = patience }
	tests := []struct {
		sample string
		timing practice.Timing
		run    func(*server)
	}{
		{"inbound-ivr-answered", quick, inbound("answered")},
		{"inbound-direct-answered", quick, inbound("direct")},
		{"inbound-missed", quick, inbound("missed")},
		{"inbound-ivr-abandoned", quick, inbound("ivr-abandoned")},
		{"inbound-group-answered", slow(func(t *practice.Timing) { long(&t.NoAnswer) }), inbound("group")},
		{"inbound-group-queue-missed", quick, inbound("group-missed")},
		{"inbound-hold", quick, inbound("hold")},
		{"outbound-answered", quick, inbound("outbound")},
		{"outbound-busy", quick, inbound("outbound-busy")},
		{"internal-answered", quick, inbound("internal")},
		{"callback-answered", quick, callback(nil)},
		{"callback-operator-no-answer", quick, callback(map[string]practice.Rule{"101": noAnswer})},
		{"callback-client-no-answer", quick, callback(map[string]practice.Rule{"79000000114": noAnswer})},
		{"inbound-pickup-by-route", slow(func(t *practice.Timing) { long(&t.Ring) }), func(s *server) {
			_ = s.pbx.SetPhone("104", practice.Rule{Outcome: practice.Answers, AfterMS: 5})
			inbound("answered")(s)
			leg := s.untilLeg(mango.StateAppeared, "101")
			s.command(mango.PathRoute, mango.RouteRequest{CommandID: "rt-1", CallID: mango.Text(leg), ToNumber: "104"})
		}},
		{"inbound-dtmf", quick, inbound("dtmf")},
		{"transfer-consultative", quick, inbound("transfer-consult")},
		{"inbound-routed-by-api", slow(func(t *practice.Timing) { long(&t.IVR) }), func(s *server) {
			inbound("pickup")(s) // it ends by the employee's hang-up, as the sample does; nobody picks up what was routed
			leg := s.untilLeg(mango.StateAppeared, mango.LocationIVR)
			s.command(mango.PathRoute, mango.RouteRequest{CommandID: "rt-5501", CallID: mango.Text(leg), ToNumber: "103"})
		}},
		{"transfer-blind-api", slow(func(t *practice.Timing) { t.Talk = 300 * time.Millisecond }), func(s *server) {
			inbound("answered")(s)
			leg := s.untilLeg(mango.StateConnected, "101")
			s.command(mango.PathTransfer, mango.TransferRequest{
				CommandID: "tr-1", CallID: mango.Text(leg), Method: mango.TransferBlind, ToNumber: "103", Initiator: "101",
			})
		}},
	}
	if all, err := os.ReadDir(sampleFlows); err != nil || len(all) != len(tests) {
		t.Errorf("%d flows tested of %d samples, %v", len(tests), len(all), err)
	}
	for _, tt := range tests {
		t.Run(tt.sample, func(t *testing.T) {
			t.Parallel()
			want := sampleFlow(t, tt.sample)
			s := start(t, practice.Config{Timing: tt.timing})
			tt.run(s)
			got := s.untilSummary()
			if _, added := want[len(want)-1].event.(mango.RecordAdded); added {
				got = s.until("record/added", func(e any) bool { _, ok := e.(mango.RecordAdded); return ok })
			} else {
				// Only one sample shows its recording; every answered call here has one.
				got = slices.DeleteFunc(slices.Clone(got), func(w webhook) bool {
					_, recording := w.event.(mango.RecordingEvent)
					return recording
				})
			}
			a, b := normalise(got, false), normalise(want, false)
			if !slices.Equal(a, b) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
			}
			compareTruth(t, s.ended(), tt.sample)
		})
	}
}

func TestScenarios_allEndInOneSummaryAndNothingAfter(t *testing.T) {
	t.Parallel()
	for _, scenario := range practice.Scenarios() {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			s := start(t, practice.Config{Timing: slow(func(t *practice.Timing) { t.NoAnswer = 100 * time.Millisecond })})
			s.call(practice.CallRequest{From: "79000000101", Scenario: scenario.Name})
			open := map[mango.Text]bool{}
			for _, w := range s.untilSummary() {
				if e, ok := w.event.(mango.CallEvent); ok {
					open[e.CallID] = e.State != mango.StateDisconnected
				}
			}
			for id, living := range open {
				if living {
					t.Errorf("leg %s outlives the call", id)
				}
			}
		})
	}
}
