package mango_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

// twenty plays twenty calls of a day under faults and returns what arrived.
func twenty(t *testing.T, config practice.Config) (*server, []webhook) {
	t.Helper()
	config.FirstID = 1000
	s := start(t, config)
	playDay(t, s, practice.DayRequest{Operators: 5, Calls: 20, Seed: 9, Start: dayStart})
	return s, s.received()
}

func summaries(events []webhook) int {
	n := 0
	for _, w := range events {
		if _, ok := w.event.(mango.Summary); ok {
			n++
		}
	}
	return n
}

func raws(events []webhook) []string {
	var list []string
	for _, w := range events {
		list = append(list, w.path+string(w.raw))
	}
	return list
}

func TestFaults_ofTheNetwork(t *testing.T) {
	t.Parallel()
	_, whole := twenty(t, practice.Config{})
	sorted := slices.Sorted(slices.Values(raws(whole)))
	tests := []struct {
		name   string
		config practice.Config
		check  func(t *testing.T, s *server, got []webhook)
	}{
		{"drop", practice.Config{Faults: practice.Faults{Drop: 0.3}}, func(t *testing.T, s *server, got []webhook) {
			if len(got) > len(whole)*8/10 || len(got) < len(whole)*6/10 {
				t.Errorf("%d of %d came, want about 70%%", len(got), len(whole))
			}
			if len(s.pbx.List()) != 20 {
				t.Error("the PBX's own list lost calls too")
			}
		}},
		{"lost summaries", practice.Config{Faults: practice.Faults{LoseSummary: 1}}, func(t *testing.T, _ *server, got []webhook) {
			if summaries(got) != 0 || len(got) != len(whole)-20 {
				t.Errorf("%d summaries and %d events came", summaries(got), len(got))
			}
		}},
		{"duplicates", practice.Config{Faults: practice.Faults{Duplicate: 1}}, func(t *testing.T, _ *server, got []webhook) {
			if len(got) != 2*len(whole) {
				t.Errorf("%d came, want %d twice", len(got), len(whole))
			}
		}},
		{"other order", practice.Config{Faults: practice.Faults{Reorder: 0.3}}, func(t *testing.T, _ *server, got []webhook) {
			if slices.Equal(raws(got), raws(whole)) {
				t.Error("the order is the usual one")
			}
			if !slices.Equal(slices.Sorted(slices.Values(raws(got))), sorted) {
				t.Error("not the same events")
			}
		}},
		{"side by side", practice.Config{Parallel: true}, func(t *testing.T, _ *server, got []webhook) {
			if !slices.Equal(slices.Sorted(slices.Values(raws(got))), sorted) {
				t.Error("not the same events")
			}
		}},
		{"delay", practice.Config{Faults: practice.Faults{DelayMS: 20}}, func(t *testing.T, _ *server, got []webhook) {
			if !slices.Equal(raws(got), raws(whole)) {
				t.Error("not the same events in the same order")
			}
		}},
		{"fast clock", practice.Config{Faults: practice.Faults{SkewS: 3600}}, func(t *testing.T, s *server, got []webhook) {
			e, _ := got[0].event.(mango.CallEvent)
			first, _ := whole[0].event.(mango.CallEvent)
			if e.Timestamp != first.Timestamp+3600 || s.pbx.List()[0].Start < dayStart+3600 {
				t.Errorf("stamped %d, want an hour after %d", e.Timestamp, first.Timestamp)
			}
		}},
		{"multipart", practice.Config{Multipart: true}, func(t *testing.T, s *server, got []webhook) {
			if !slices.Equal(raws(got), raws(whole)) || !strings.HasPrefix(s.kinds[0], "multipart/form-data") {
				t.Errorf("not the same events, or not as %s", s.kinds[0])
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, got := twenty(t, tt.config)
			tt.check(t, s, got)
		})
	}
}

func TestFaults_areTheirSeeds(t *testing.T) {
	t.Parallel()
	faults := practice.Faults{Seed: 5, Drop: 0.2, Duplicate: 0.2, Reorder: 0.2, LoseSummary: 0.2, NeverRecorded: 0.2}
	_, first := twenty(t, practice.Config{Faults: faults})
	_, again := twenty(t, practice.Config{Faults: faults})
	if !slices.Equal(raws(first), raws(again)) {
		t.Error("one seed gave two sets of faults")
	}
	faults.Seed = 6
	if _, other := twenty(t, practice.Config{Faults: faults}); slices.Equal(raws(first), raws(other)) {
		t.Error("two seeds gave the same faults")
	}
}

func TestFaults_cutConnectionsAreNotRetried(t *testing.T) {
	t.Parallel()
	s, got := twenty(t, practice.Config{Faults: practice.Faults{Cut: 1}})
	seen := map[string]bool{}
	for _, raw := range raws(got) {
		if seen[raw] {
			t.Errorf("came twice: %s", raw)
		}
		seen[raw] = true
	}
	if len(s.pbx.List()) != 20 {
		t.Error("calls were lost")
	}
}

func TestFaults_ofThePayload(t *testing.T) {
	t.Parallel()
	play := func(t *testing.T, f practice.Faults) string {
		s := start(t, practice.Config{Faults: f})
		s.call(practice.CallRequest{From: "79000000101", Scenario: "transfer-consult"})
		var all strings.Builder
		for _, w := range s.untilSummary() {
			all.Write(w.raw)
		}
		return all.String()
	}
	tests := []struct {
		name        string
		faults      practice.Faults
		has, hasNot []string
	}{
		{"at its best", practice.Faults{}, []string{`"seq":1`, `"location":"ivr"`, `"was_transferred":true`, `"transfer":"consultative"`}, nil},
		{"strings", practice.Faults{Strings: true}, []string{`"seq":"1"`, `"disconnect_reason":"1120"`}, []string{`"seq":1`}},
		{"missing", practice.Faults{Missing: []string{"location", "dct"}}, []string{`"seq":1`}, []string{`"location"`, `"dct"`}},
		{"v1", practice.Faults{V1: true}, []string{`"location":"ivr"`}, []string{"was_transferred", "hold_initiator", `"transfer"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			all := play(t, tt.faults)
			for _, want := range tt.has {
				if !strings.Contains(all, want) {
					t.Errorf("no %s in %s", want, all)
				}
			}
			for _, no := range tt.hasNot {
				if strings.Contains(all, no) {
					t.Errorf("%s in %s", no, all)
				}
			}
		})
	}
}

func TestFaults_ofTheAPI(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true})
	ask := func(f practice.Faults) (int, string) {
		if err := s.pbx.SetFaults(f); err != nil {
			t.Fatal(err)
		}
		return s.command(mango.PathBalance, struct{}{})
	}
	for want, f := range map[int]practice.Faults{503: {APIError: 1}, 429: {APILimit: 1}, 200: {APISlowMS: 1}} {
		if status, body := ask(f); status != want {
			t.Errorf("%+v: %d %s, want %d", f, status, body, want)
		}
	}
	if err := s.pbx.SetFaults(practice.Faults{APICut: 1}); err != nil {
		t.Fatal(err)
	}
	form := mango.NewForm(key, salt, `{"command_id":"x","call_id":"nobody"}`)
	response, err := s.api.Client().PostForm(s.api.URL+"/vpbx/"+mango.PathHangup, form.Values())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the answer was not cut: %s, %v", body, err)
	}
	if got := s.untilResult("x"); got != 3310 {
		t.Errorf("the cut request was not carried out: %d", got)
	}
}

func TestFaults_ofResults(t *testing.T) {
	t.Parallel()
	for place, before := range map[string]bool{practice.ResultsBefore: true, practice.ResultsAfter: false} {
		s, leg := talking(t, practice.Config{Faults: practice.Faults{Results: place}})
		s.must(mango.PathHold, "a", hold("a", leg, "101"), 1000)
		s.untilState(leg, 3, mango.StateOnHold)
		var order []string
		for _, w := range s.received() {
			switch e := w.event.(type) {
			case mango.Result:
				order = append(order, "result")
			case mango.CallEvent:
				if e.State == mango.StateOnHold {
					order = append(order, "hold")
				}
			}
		}
		if got := order[0] == "result"; got != before {
			t.Errorf("%s: %v", place, order)
		}
	}
}

func TestFaults_validateNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	err := practice.Faults{Drop: 1.1, Duplicate: -1, DelayMS: -1, Results: "never"}.Validate()
	if !errors.Is(err, practice.ErrConfig) {
		t.Fatalf("got %v", err)
	}
	for _, field := range []string{"drop", "duplicate", "delay_ms", "results"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("%v does not name %s", err, field)
		}
	}
}

func TestControl_replacesTheFaults(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{Faults: practice.Faults{Drop: 1}})
	for body, want := range map[string]int{`{"seed":3,"duplicate":0.5}`: 204, `{"duplicate":2}`: 400, `{"colour":1}`: 400} {
		if status, answer := s.control(http.MethodPut, "faults", body); status != want {
			t.Errorf("%s: %d %s, want %d", body, status, answer, want)
		}
	}
	_, body := s.control(http.MethodGet, "faults", "")
	var got practice.Faults
	if err := json.Unmarshal([]byte(body), &got); err != nil || got.Duplicate != 0.5 || got.Drop != 0 || got.Seed != 3 {
		t.Errorf("in force: %s", body)
	}
}

func TestControl_playsADay(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	status, body := s.control(http.MethodPost, "day?wait", `{"operators":6,"calls":10,"seed":1}`)
	if status != 200 || body != `{"calls":10,"made":10}` || summaries(s.received()) != 10 {
		t.Errorf("%d %s, %d summaries", status, body, summaries(s.received()))
	}
	_, body = s.control(http.MethodGet, "list", "")
	var list []practice.CallTruth
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != 10 {
		t.Errorf("%d in the list, %v", len(list), err)
	}
	if status, body := s.control(http.MethodPost, "day", `{"operators":6}`); status != 400 || !strings.Contains(body, "calls") {
		t.Errorf("%d %s", status, body)
	}
}

func TestDrain_waitsForItsContextOnly(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{Faults: practice.Faults{DelayMS: 60_000}})
	s.call(practice.CallRequest{From: "79000000101"})
	s.ended()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.pbx.Drain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// control asks the control API.
func (s *server) control(method, path, body string) (int, string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.api.URL+"/control/"+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := s.api.Client().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response.StatusCode, strings.TrimSpace(string(answer))
}
