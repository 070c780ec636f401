package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/client"
)

// TestCommands_aLostHangUpIsBelieved: the PBX says that the call is over; the employee is free at
// once, and the statistics is asked how it really ended.
func TestCommands_aLostHangUpIsBelieved(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(*client.API, *http.Request, string) error{
		"hang-up": func(a *client.API, r *http.Request, id string) error { return a.Hangup(r.Context(), id) },
		"hold":    func(a *client.API, r *http.Request, id string) error { return a.HoldCall(r.Context(), id) },
		"transfer": func(a *client.API, r *http.Request, id string) error {
			return a.Transfer(r.Context(), id, client.Transfer{Extension: "102"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, pbx := withPBXOf(t, server.Config{}, practice.Config{NoLimits: true})
			number := "79000000601"
			entry, err := pbx.Call(practice.CallRequest{From: number, To: "101", Scenario: "direct", RingMS: 5, TalkMS: 1500})
			if err != nil {
				t.Fatal(err)
			}
			c := s.until(number, "talk", func(c client.Call) bool { return c.State == client.StateTalking })
			if err := pbx.SetFaults(practice.Faults{Drop: 1}); err != nil {
				t.Fatal(err)
			}
			ended, err := pbx.Ended(entry)
			if err != nil {
				t.Fatal(err)
			}
			<-ended
			if err := pbx.SetFaults(practice.Faults{}); err != nil {
				t.Fatal(err)
			}
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			// It takes the command, and then tells by a result that there is no such call.
			if err := send(s.api("101"), r, c.ID); err != nil {
				t.Fatal(err)
			}
			c = s.until(number, "be over", func(c client.Call) bool { return c.State == client.StateEnded })
			people, err := s.api("101").Employees(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range people {
				if e.Presence == client.PresenceTalking {
					t.Errorf("%s still talks", e.Name)
				}
			}
			go s.parts.Run(t.Context())
			c = s.until(number, "be known as it was", func(c client.Call) bool { return c.Restored && !c.Unconfirmed })
			if c.Result != client.Answered || *c.TalkSeconds > 3 {
				t.Errorf("told as %s, %d s", c.Result, *c.TalkSeconds)
			}
		})
	}
}

// TestCommands_aCallThatThePBXDoesNotKnowIsOver: the same said at once, instead of by a result.
func TestCommands_aCallThatThePBXDoesNotKnowIsOver(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]client.CallState{4101: client.StateEnded, 3310: client.StateEnded, 4100: client.StateTalking} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"result":"%d"}`, code) }))
		t.Cleanup(srv.Close)
		s := openSchool(t, "", srv.URL+"/vpbx/")
		s.leg(1, 1, "Appeared", "79000000501", "101")
		s.leg(1, 2, "Connected", "79000000501", "101")
		var p *client.Problem
		if err := s.api("101").Hangup(t.Context(), s.calls()[0].ID); !asProblem(err, &p) || p.PBXCode != code {
			t.Errorf("%d: answered %v", code, err)
		}
		if c := s.calls()[0]; c.State != want || c.Unconfirmed != (want == client.StateEnded) {
			t.Errorf("%d: the call is %s, unconfirmed %v", code, c.State, c.Unconfirmed)
		}
	}
}

// recorded is a school whose PBX answers for a recording as told, and an ended call that has one.
func recorded(t *testing.T, answer http.HandlerFunc) (*school, client.Call) {
	t.Helper()
	srv := httptest.NewServer(answer)
	t.Cleanup(srv.Close)
	s := openSchool(t, "", srv.URL+"/vpbx/")
	now := time.Now().Unix()
	s.mustDeliver("events/summary", fmt.Sprintf(`{"entry_id":"e1","call_direction":1,"from":{"number":"79000000101"},"to":{"extension":"101"},"create_time":%d,"forward_time":0,"talk_time":%d,"end_time":%d,"entry_result":1,"disconnect_reason":1110}`, now-90, now-80, now-20))
	s.mustDeliver("events/record/added", fmt.Sprintf(`{"entry_id":"e1","product_id":1,"user_id":-1,"timestamp":%d,"recording_id":"r1"}`, now-10))
	return s, s.calls()[0]
}

// TestRecording_whatIsNoneIsToldApart: never 500, and never kept.
func TestRecording_whatIsNoneIsToldApart(t *testing.T) {
	t.Parallel()
	say := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, body)
		}
	}
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		status int
		code   string
	}{
		{"empty", say("audio/mpeg", ""), 425, "not_ready"},
		{"a page", say("text/html", "<html>sorry</html>"), 502, "pbx_unreachable"},
		{"a page called audio", say("audio/mpeg", "<html>sorry</html>"), 502, "pbx_unreachable"},
		{"an error without a code", say("application/json", `{"error":"x"}`), 502, "pbx_unreachable"},
		{"null", say("application/json", `null`), 502, "pbx_unreachable"},
		{"no MP3", say("audio/mpeg", strings.Repeat("RIFF", 100)), 502, "pbx_unreachable"},
		{"not yet", say("application/json", `{"result":3320}`), 425, "not_ready"},
		{"cut", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, "\xff\xfb\x90\x00")
		}, 502, "pbx_unreachable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, c := recorded(t, tt.answer)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+"/api/v1/calls/"+c.ID+"/recording", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+s.tokenOf("101"))
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != tt.status || !strings.Contains(string(body), `"`+tt.code+`"`) {
				t.Errorf("answered %d %s, want %d %s", resp.StatusCode, body, tt.status, tt.code)
			}
		})
	}
}

// TestDial_anUnclearAnswerSaysThatItMayHaveRung: in words, and it is not sent twice.
func TestDial_anUnclearAnswerSaysThatItMayHaveRung(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }))
	t.Cleanup(srv.Close)
	s := openSchool(t, "", srv.URL+"/vpbx/")
	_, err := s.api("101").Dial(t.Context(), client.Dial{Phone: "+79000000101"})
	var p *client.Problem
	if !asProblem(err, &p) || p.Status != 502 || p.Code != "pbx_unreachable" || !strings.Contains(p.Detail, "могла выполниться") {
		t.Errorf("a dial: %v", err)
	}
	_, err = s.api("101").SendSMS(t.Context(), client.SMSInput{Phone: "+79000000101", Text: "x"})
	if !asProblem(err, &p) || p.Code != "pbx_unreachable" || !strings.Contains(p.Detail, "могла выполниться") {
		t.Errorf("a message: %v", err)
	}
}

// TestIntegration_theSaltIsAskedForAgainWhenTheHostChanges: else whoever may change the address
// would have everything signed for a host of their own.
func TestIntegration_theSaltIsAskedForAgainWhenTheHostChanges(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "https://app.mango-office.ru/vpbx/")
	save := func(in client.IntegrationInput) error {
		_, err := s.parts.Directory.SaveIntegration(t.Context(), client.Employee{}, s.pbx.ID, in)
		return err
	}
	if err := save(client.IntegrationInput{APIURL: ptr("https://evil.example/vpbx/")}); err == nil || !strings.Contains(err.Error(), "api_salt: give it once more") {
		t.Errorf("another host: %v", err)
	}
	if err := save(client.IntegrationInput{APIURL: ptr("https://evil.example/vpbx/"), APISalt: ptr(" ")}); err == nil {
		t.Error("another host with a blank salt was taken")
	}
	if err := save(client.IntegrationInput{APIURL: ptr("https://app.mango-office.ru/vpbx/v2/"), Name: ptr("Манго")}); err != nil {
		t.Errorf("another path: %v", err)
	}
	if err := save(client.IntegrationInput{APIURL: ptr("https://pbx.example.ru/"), APISalt: ptr("new")}); err != nil {
		t.Errorf("another host with its salt: %v", err)
	}
	if err := save(client.IntegrationInput{APIURL: ptr("https://10.0.0.5/"), APISalt: ptr("new")}); err == nil || !strings.Contains(err.Error(), "--allow-local-pbx") {
		t.Errorf("a private host: %v", err)
	}
}
