package mango_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

func TestAPI_refusesWhatACommandLacks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("c", 129)
	tests := []struct {
		name, path, json string
		want             int
	}{
		{"callback without number", mango.PathCallback, `{"from":{"extension":"101"}}`, 3103},
		{"callback to a group", mango.PathCallback, `{"from":{"extension":"101"},"to_number":"900"}`, 3136},
		{"callback with a long command_id", mango.PathCallback, `{"command_id":"` + long + `","from":{"extension":"101"},"to_number":"79000000101"}`, 3104},
		{"group callback without line", mango.PathCallbackGroup, `{"from":"900","to":"79000000101"}`, 3103},
		{"group callback of two groups", mango.PathCallbackGroup, `{"from":"900","to":"900","line_number":"74951234567"}`, 3136},
		{"group callback of two clients", mango.PathCallbackGroup, `{"from":"79000000101","to":"79000000102","line_number":"74951234567"}`, 3136},
		{"group callback of objects", mango.PathCallbackGroup, `{"from":{"extension":"900"},"to":"79000000102","line_number":"74951234567"}`, 3104},
		{"hold without initiator", mango.PathHold, `{"command_id":"x","call_id":"x"}`, 3103},
		{"hold without command_id", mango.PathHold, `{"call_id":"x","initiator":"101"}`, 3103},
		{"hold/off", mango.PathUnhold, `{"command_id":"x","call_id":"x","initiator":"101"}`, 4001},
		{"route with a list of headers", mango.PathRoute, `{"call_id":"x","to_number":"101","sip_headers":[]}`, 3104},
		{"transfer without initiator", mango.PathTransfer, `{"call_id":"x","to_number":"101","method":"blind"}`, 3103},
		{"connect without legs", mango.PathConnect, `{"command_id":"x"}`, 3103},
		{"connect with a slash", mango.PathConnect + "/", `{"command_id":"x"}`, 3103},
		{"cancel without leg", mango.PathTransferCancel, `{"command_id":"x"}`, 3103},
		{"sms without sender", mango.PathSMSSend, `{"text":"t","to_number":"79000000101"}`, 3103},
		{"sms without text", mango.PathSMSSend, `{"from_extension":"101","to_number":"79000000101"}`, 3103},
		{"sms to a colleague", mango.PathSMSSend, `{"text":"t","from_extension":"101","to_number":"102"}`, 3136},
		{"sms of 613 latin letters", mango.PathSMSSend, sms(strings.Repeat("a", 613)), 3100},
		{"sms of 269 cyrillic letters", mango.PathSMSSend, sms(strings.Repeat("я", 269)), 3100},
		{"recording without party", mango.PathRecordingStart, `{"call_id":"x"}`, 3103},
		{"play nowhere", mango.PathPlayStart, `{}`, 3103},
		{"play with a negative pause", mango.PathPlayStart, `{"call_id":"x","after_play_time":-1}`, 3104},
		{"recording without action", mango.PathRecordingPost, `{"recording_id":"x"}`, 3103},
		{"recording with a third action", mango.PathRecordingPost, `{"recording_id":"x","action":"sing"}`, 3104},
		{"json that is a list", mango.PathUsers, `[]`, 3400},
		{"json cut off", mango.PathUsers, `{"extension":`, 3400},
		{"statistics without dates", mango.PathStats, `{}`, 3103},
		{"statistics by date text", mango.PathStats, `{"date_from":"2025-10-09","date_to":"2025-10-10"}`, 3104},
		{"statistics backwards", mango.PathStats, `{"date_from":"1760000001","date_to":"1760000000"}`, 3111},
		{"statistics of a month and a second", mango.PathStats, `{"date_from":"1760000000","date_to":"1762678401"}`, 3111},
		{"statistics of an unknown column", mango.PathStats, `{"date_from":"1760000000","date_to":"1760000001","fields":"mood"}`, 3104},
		{"statistics by party and from", mango.PathStats, `{"date_from":"1760000000","date_to":"1760000001","call_party":{"extension":"101"},"from":{"extension":"101"}}`, 3123},
		{"statistics by a word", mango.PathStats, `{"date_from":"1760000000","date_to":"1760000001","from":{"number":"home"}}`, 3104},
		{"statistics without key", mango.PathStatsResult, `{}`, 3103},
		{"book without query", mango.PathBookInit, `{}`, 3103},
		{"book by 501", mango.PathBookInit, `{"query":"","limit_rows":501}`, 3107},
		{"book of an unknown cursor", mango.PathBookCursor, `{"cursor":"x","mode":"next-page-1"}`, 3300},
		{"contact without name", mango.PathBookCreate, `{"data":[{"phones":[]}]}`, 3103},
		{"no contacts", mango.PathBookUpdate, `{"data":[]}`, 3103},
		{"501 contacts", mango.PathBookDelete, `{"data":["1"` + strings.Repeat(`,"1"`, 500) + `]}`, 3107},
		{"contact with a third way", mango.PathBookCreate, `{"data":[{"name":"a"}],"on_error":"shrug"}`, 3104},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, practice.Config{})
			status, body := s.form(tt.path, mango.NewForm(key, salt, tt.json))
			if want := fmt.Sprintf(`{"code":%d}`, tt.want); status != 420 || body != want {
				t.Errorf("got %d %s, want 420 %s", status, body, want)
			}
		})
	}
}

func sms(text string) string {
	return `{"from_extension":"101","to_number":"79000000101","text":"` + text + `"}`
}

func TestAPI_takesTheLongestSMS(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true})
	for _, text := range []string{strings.Repeat("a", 612), strings.Repeat("я", 268)} {
		if status, body := s.form(mango.PathSMSSend, mango.NewForm(key, salt, sms(text))); status != 200 {
			t.Errorf("%d letters: %d %s", len([]rune(text)), status, body)
		}
	}
}

func TestAPI_refusesGET(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{})
	if status, body := s.get("/vpbx/" + mango.PathUsers); status != 420 || !strings.Contains(body, "3101") {
		t.Errorf("got %d %s", status, body)
	}
}

func TestExtendedStatistics_namesTheWrongFields(t *testing.T) {
	t.Parallel()
	const day = `"start_date":"09.10.2025 00:00:00","end_date":"10.10.2025 00:00:00"`
	tests := []struct{ name, json, want string }{
		{"nothing", `{}`, `{"end_date":3103,"limit":3103,"offset":3103,"start_date":3103}`},
		{"ISO date", `{"start_date":"2025-10-09T00:00:00","end_date":"10.10.2025 00:00:00","limit":"100","offset":"0"}`, `{"start_date":3104}`},
		{"limit of its own", `{` + day + `,"limit":"99","offset":"0"}`, `{"limit":3104}`},
		{"negative offset", `{` + day + `,"limit":"100","offset":"-1"}`, `{"offset":3104}`},
		{"short search", `{` + day + `,"limit":"100","offset":"0","search_string":"79"}`, `{"search_string":3108}`},
		{"backwards", `{"start_date":"10.10.2025 00:00:00","end_date":"09.10.2025 00:00:00","limit":"100","offset":"0"}`, `{"end_date":3111}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, practice.Config{})
			status, body := s.form(mango.PathStatsCalls+"/", mango.NewForm(key, salt, tt.json))
			if want := `{"result":3100,"fields":` + tt.want + `}`; status != http.StatusOK || body != want {
				t.Errorf("got %d %s, want %s", status, body, want)
			}
		})
	}
	s := start(t, practice.Config{})
	almost := `{"start_date":"24.04.2026 00:00:00","end_date":"23.05.2026 23:59:59","limit":"5000","offset":"0"}`
	if status, body := s.form(mango.PathStatsCalls, mango.NewForm(key, salt, almost)); status != 200 || !strings.Contains(body, `"key"`) {
		t.Errorf("30 days less a second: %d %s", status, body)
	}
}

func TestAPI_limitsByCommand(t *testing.T) {
	t.Parallel()
	span := map[string]string{"date_from": "1760000000", "date_to": "1760000001"}
	tests := []struct {
		path  string
		body  any
		times int
	}{
		{mango.PathTransfer, map[string]string{"call_id": "x", "to_number": "101", "initiator": "101", "method": "blind"}, 1},
		{mango.PathUsers, struct{}{}, 1},
		{mango.PathStats, span, 1},
		{mango.PathBalance, struct{}{}, 2},
		{mango.PathCallback, map[string]any{"from": map[string]string{"extension": "777"}, "to_number": "79000000101"}, 4},
		{mango.PathRecordingStart, map[string]string{"call_id": "x", "call_party_number": "101"}, 4},
		{mango.PathLines, struct{}{}, 10},
		{mango.PathBookDelete, mango.BookDelete{Data: []mango.Text{"1"}}, 10},
		{mango.PathBookInit, mango.BookInit{}, 50},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			s := start(t, practice.Config{Now: frozen})
			for i := range tt.times + 1 {
				want := http.StatusOK
				if i == tt.times {
					want = http.StatusTooManyRequests
				}
				if status, body := s.command(tt.path, tt.body); status != want {
					t.Errorf("request %d: %d %s, want %d", i+1, status, body, want)
				}
			}
		})
	}
}
