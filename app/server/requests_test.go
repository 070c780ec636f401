package server_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"dozvon/app/mango"
	"dozvon/app/server/requestid"
	"dozvon/client"
)

// Every answer names its request, and a refusal tells it in its document, too: whichever part of the server refuses.
func TestRequestID_isInEveryAnswer(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	token := s.token("105")
	for _, tt := range []struct{ token, method, path, body string }{
		{token, "GET", "/api/v1/me", ""},
		{"", "GET", "/api/v1/me", ""},
		{token, "GET", "/api/v1/calls/none", ""},
		{token, "POST", "/api/v1/clients", "{"},
		{token, "POST", "/api/v1/clients", `{"name":""}`},
		{token, "GET", "/api/v1/clients?q=%00", ""},
		{token, "GET", "/api/v1/calls/none/recording", ""},
		{"", "GET", "/api/v1/stream", ""},
		{"", "GET", "/readyz", ""},
		{"", "POST", "/hook/none", ""},
	} {
		status, head, body := s.ask(tt.token, tt.method, tt.path, tt.body)
		id := head.Get(requestid.Header)
		if len(id) != 36 {
			t.Errorf("%s %s: the answer's id is %q", tt.method, tt.path, id)
		}
		if !strings.HasPrefix(head.Get("Content-Type"), "application/problem+json") {
			continue
		}
		var p client.Problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || p.RequestID != id {
			t.Errorf("%s %s: %d, the problem names %q, the answer %q (%v)", tt.method, tt.path, status, p.RequestID, id, err)
		}
	}
}

// A request's and a call's lines are found by their ids, and none of them tells a whole number.
func TestLog_linesCarryTheRequestAndTheCall(t *testing.T) { //nolint:paralleltest // it listens to the program's log
	var heard lockedText
	was := slog.Default()
	slog.SetDefault(slog.New(requestid.Logs(slog.NewJSONHandler(&heard, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	defer slog.SetDefault(was)
	s := openSchool(t, "", "")
	post := func(id, payload string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.http.URL+"/mango/events/"+strings.SplitN(payload, "|", 2)[0],
			strings.NewReader(mango.NewForm(key, salt, strings.SplitN(payload, "|", 2)[1]).Values().Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(requestid.Header, id)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.Header.Get(requestid.Header) != id {
			t.Fatalf("%s: %d, named %q", id, resp.StatusCode, resp.Header.Get(requestid.Header))
		}
	}
	now := s.parts.Now().Unix()
	post("balancer-1", fmt.Sprintf(`call|{"entry_id":"E1","call_id":"C1","timestamp":%d,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":"79145550148"},"to":{"extension":"101"}}`, now))
	post("balancer-2", fmt.Sprintf(`summary|{"entry_id":"E1","call_direction":1,"from":{"number":"79145550148"},"to":{"extension":"101","number":"101"},"line_number":"74951234567","create_time":%d,"forward_time":%d,"talk_time":0,"end_time":%d,"entry_result":0,"disconnect_reason":1110}`, now, now, now+5))
	all := s.calls()
	if len(all) != 1 {
		t.Fatalf("%d calls", len(all))
	}
	written, ended := map[string]bool{}, false
	for line := range strings.Lines(heard.String()) {
		var l struct {
			Msg, Request, Call string
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if strings.Contains(line, "9145550148") {
			t.Errorf("a whole number: %s", line)
		}
		if l.Call == all[0].ID && l.Msg == "webhook written" {
			written[l.Request] = true
		}
		if l.Call == all[0].ID && l.Msg == "call ended" {
			ended = l.Request == "balancer-2"
		}
	}
	if !written["balancer-1"] || !written["balancer-2"] || !ended {
		t.Errorf("the call's lines are of %v, its end of its request: %v\n%s", written, ended, heard.String())
	}
}
