package mango_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

// dayOf60 has played a day, whose statistics are ready at once.
func dayOf60(t *testing.T) *server {
	t.Helper()
	s := start(t, practice.Config{NoLimits: true, StatsDelay: time.Nanosecond})
	playDay(t, s, practice.DayRequest{Operators: 6, Calls: 60, Seed: 4, Start: dayStart})
	return s
}

// base asks for the base statistics of the day and reads its rows.
func (s *server) base(request map[string]any, fields []string) []mango.StatsRow {
	s.t.Helper()
	request["date_from"], request["date_to"] = fmt.Sprint(dayStart), fmt.Sprint(dayStart+24*60*60)
	_, body := s.command(mango.PathStatsResult, s.statsKey(mango.PathStats, request))
	rows, err := mango.ReadStats(strings.NewReader(body), fields)
	if err != nil {
		s.t.Fatalf("%v: %s", err, body)
	}
	return rows
}

// statsKey starts a statistics.
func (s *server) statsKey(path string, request any) mango.StatsKey {
	s.t.Helper()
	_, body := s.command(path, request)
	var key mango.StatsKey
	if err := json.Unmarshal([]byte(body), &key); err != nil || key.Key == "" {
		s.t.Fatalf("%s: no key in %s", path, body)
	}
	return key
}

// calls asks for the extended statistics of the day.
func (s *server) calls(change map[string]any) mango.StatsCallsAnswer {
	s.t.Helper()
	date := func(unix int64) string { return time.Unix(unix, 0).In(mango.Moscow).Format(mango.StatsDate) }
	request := map[string]any{"start_date": date(dayStart), "end_date": date(dayStart + 24*60*60), "limit": "5000", "offset": "0"}
	for name, value := range change {
		request[name] = value
	}
	key := s.statsKey(mango.PathStatsCalls+"/", request)
	var answer mango.StatsCallsAnswer
	for _, want := range []mango.Text{mango.StatsWork, mango.StatsComplete} {
		answer = mango.StatsCallsAnswer{}
		_, body := s.command(mango.PathStatsCallsResult+"/", key)
		if err := json.Unmarshal([]byte(body), &answer); err != nil || answer.Status != want {
			s.t.Fatalf("status %s, %v, want %s", answer.Status, err, want)
		}
	}
	return answer
}

func inOne(answer mango.StatsCallsAnswer) []mango.StatsCall {
	var list []mango.StatsCall
	for _, day := range answer.Data {
		list = append(list, day.List...)
	}
	return list
}

func TestBaseStatistics_hasARowForEveryLeg(t *testing.T) {
	t.Parallel()
	s := dayOf60(t)
	fields := append(mango.DefaultStatsFields[:len(mango.DefaultStatsFields):len(mango.DefaultStatsFields)], mango.FieldEntryID, mango.FieldCreate)
	rows := s.base(map[string]any{"fields": strings.Join(fields, ",")}, fields)
	legs := map[string]int{}
	for _, c := range s.pbx.Calls() {
		legs[c.EntryID] = len(c.Legs)
	}
	talked, recorded := map[string]bool{}, map[string]int{}
	for _, r := range rows {
		legs[r.EntryID]--
		if r.Answer > 0 && r.Location == "abonent" {
			talked[r.EntryID] = true
		}
		recorded[r.EntryID] += len(r.Records)
		if r.Start < dayStart || r.Finish < r.Start || r.Reason == 0 {
			t.Errorf("row %+v", r)
		}
	}
	for _, c := range s.pbx.List() {
		if legs[c.EntryID] != 0 {
			t.Errorf("%d legs without a row in %+v", legs[c.EntryID], c)
		}
		if c.Answered && !talked[c.EntryID] || len(c.Recordings) > recorded[c.EntryID] {
			t.Errorf("the rows do not show %+v", c)
		}
	}
}

func TestBaseStatistics_filtersAndColumns(t *testing.T) {
	t.Parallel()
	s := dayOf60(t)
	client := ""
	for _, c := range s.pbx.List() {
		if c.Client != "" && c.Answered {
			client = c.Client
		}
	}
	columns := []string{mango.FieldEntryID, mango.FieldFromNumber, mango.FieldToNumber, mango.FieldToExtension}
	for _, fields := range []any{columns, strings.Join(columns, ", ")} {
		rows := s.base(map[string]any{"fields": fields, "call_party": map[string]string{"number": client}}, columns)
		if len(rows) == 0 {
			t.Errorf("no rows of %s with fields %v", client, fields)
		}
		for _, r := range rows {
			if r.FromNumber != client && r.ToNumber != client {
				t.Errorf("row %+v is not of %s", r, client)
			}
		}
	}
	rows := s.base(map[string]any{"fields": columns, "to": map[string]string{"extension": "103"}}, columns)
	for _, r := range rows {
		if r.ToExtension != "103" {
			t.Errorf("row %+v is not to 103", r)
		}
	}
	if all := s.base(map[string]any{}, mango.DefaultStatsFields); len(rows) == 0 || len(rows) >= len(all) {
		t.Errorf("%d rows to 103 of %d", len(rows), len(all))
	}
}

func TestBaseStatistics_isAskedForSeldom(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{StatsDelay: time.Millisecond})
	key := s.statsKey(mango.PathStats, map[string]string{"date_from": "1760000000", "date_to": "1760000001", "request_id": "r"})
	ready := s.untilPath("/result/stat")
	if r, _ := ready.event.(mango.Result); r.Key != key.Key || r.RequestID != "r" {
		t.Errorf("told of %+v, want %s", ready.event, key.Key)
	}
	for i, want := range []int{200, 429} {
		if status, body := s.command(mango.PathStatsResult, key); status != want {
			t.Errorf("poll %d: %d %s, want %d", i+1, status, body, want)
		}
	}
}

func TestExtendedStatistics_areThePBXsOwnList(t *testing.T) {
	t.Parallel()
	s := dayOf60(t)
	calls := map[string]mango.StatsCall{}
	answer := s.calls(nil)
	for _, c := range inOne(answer) {
		calls[string(c.EntryID)] = c
	}
	total := mango.Int(0)
	for _, day := range answer.Data {
		total += day.Count
	}
	if len(calls) != 60 || total != 60 {
		t.Fatalf("%d calls, %d counted, want 60", len(calls), total)
	}
	contexts := map[int]mango.Int{0: mango.ContextInternal, 1: mango.ContextIn, 2: mango.ContextOut}
	for _, c := range s.pbx.List() {
		got := calls[c.EntryID]
		records, rang := 0, map[string]bool{}
		for _, l := range got.Legs {
			for _, one := range append(l.Members, l) {
				records += len(one.Records)
				if one.Type == "user" {
					rang[string(one.AbonentInfo)] = true
				}
			}
		}
		if got.Type != contexts[c.Direction] || (got.Status == 1) != c.Answered || int64(got.Talk) != c.TalkSeconds ||
			int64(got.Start) != c.Start || int64(got.Start+got.Duration) != c.End || records < len(c.Recordings) || len(rang) < len(c.Rang) {
			t.Errorf("statistics %+v\nlist %+v", got, c)
		}
	}
}

func TestExtendedStatistics_pagesAndFilters(t *testing.T) {
	t.Parallel()
	s := dayOf60(t)
	seen := map[mango.Text]bool{}
	for offset := 0; offset < 60; offset += 20 {
		for _, c := range inOne(s.calls(map[string]any{"limit": "20", "offset": fmt.Sprint(offset)})) {
			seen[c.EntryID] = true
		}
	}
	if len(seen) != 60 {
		t.Errorf("three pages have %d calls, want 60", len(seen))
	}
	user := s.pbx.Employees()[1]
	tests := []struct {
		name   string
		change map[string]any
		wants  func(mango.StatsCall) bool
	}{
		{"outbound", map[string]any{"context_type": 2}, func(c mango.StatsCall) bool { return c.Type == 2 }},
		{"unsuccessful", map[string]any{"context_status": 0}, func(c mango.StatsCall) bool { return c.Status == 0 }},
		{"successful", map[string]any{"context_status": "1"}, func(c mango.StatsCall) bool { return c.Status == 1 }},
		{"not called back", map[string]any{"recall_status": 2}, func(c mango.StatsCall) bool { return c.Status == 0 && c.Type == 1 }},
		{"of an employee", map[string]any{"user_ids": []int64{user.UserID}}, func(c mango.StatsCall) bool {
			raw, _ := json.Marshal(c)
			return strings.Contains(string(raw), fmt.Sprint(user.UserID))
		}},
		{"of the group", map[string]any{"group_ids": []int{10048964}}, func(c mango.StatsCall) bool {
			return c.Legs[0].Type == "group" && bool(c.Legs[0].Group) && len(c.Legs[0].Members) > 0
		}},
		{"by name", map[string]any{"search_string": user.Name[:12]}, func(mango.StatsCall) bool { return true }},
	}
	for _, tt := range tests {
		found := inOne(s.calls(tt.change))
		if len(found) == 0 || len(found) == 60 {
			t.Errorf("%s: %d of 60 calls", tt.name, len(found))
		}
		for _, c := range found {
			if !tt.wants(c) {
				t.Errorf("%s: %+v", tt.name, c)
			}
		}
	}
}

func TestExtendedStatistics_unknownKey(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	if status, body := s.command(mango.PathStatsCallsResult, mango.StatsKey{Key: "nobody's"}); status != 200 || body != `{"result":1000,"status":"not-found"}` {
		t.Errorf("got %d %s", status, body)
	}
}

func TestHistory_isBounded(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{History: 15})
	playDay(t, s, practice.DayRequest{Operators: 6, Calls: 60, Seed: 4})
	if got := len(s.pbx.List()); got < 15 || got > 20 { // those that run are never forgotten
		t.Errorf("%d calls remembered, want about 15", got)
	}
}
