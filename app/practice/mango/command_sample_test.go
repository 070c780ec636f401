package mango_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

// commandSample is a file of samples/commands.
type commandSample struct {
	Key, Salt string
	Request   struct {
		Method, Path string
		JSON         map[string]any
	}
	Response        sampleAnswer
	ResponsePending *sampleAnswer `json:"response_pending"`
	ResponseBadKey  *sampleAnswer `json:"response_bad_key"`
	Async           *struct {
		Path string
		JSON map[string]any
	}
	Then *struct {
		Status  int
		Headers map[string]string
	}
	Events []struct{ Path string }
}

type sampleAnswer struct {
	Status  int
	JSON    any
	Body    *string
	Headers map[string]string
}

// sampleSetup makes the state that a sample needs, and changes its ids to those of the living call.
type sampleSetup struct {
	config practice.Config
	run    func(s *server, c *commandSample)
	form   func(c commandSample) mango.Form // nil: rightly signed
}

// The samples' recording 1:10045678:16170000037:0 is the first call's when ids begin here.
const sampleFirstID = 16170000036

func sampleSetups() map[string]sampleSetup {
	talking := func(s *server, c *commandSample) {
		s.call(practice.CallRequest{From: "79000000101"})
		c.Request.JSON["call_id"] = s.untilLeg(mango.StateConnected, "101")
	}
	over := func(s *server, c *commandSample) {
		s.call(practice.CallRequest{From: "79000000101", Scenario: "direct"})
		c.Request.JSON["call_id"] = s.untilLeg(mango.StateDisconnected, "102")
		s.ended()
	}
	recorded := func(s *server, _ *commandSample) {
		s.call(practice.CallRequest{From: "79000000101"})
		s.until("record/added", func(e any) bool { _, ok := e.(mango.RecordAdded); return ok })
	}
	at := func(unix int64) func() time.Time { return func() time.Time { return time.Unix(unix, 0) } }
	long := slow(func(t *practice.Timing) { t.Talk, t.IVR, t.Consult = patience, quick.IVR, patience })
	menu := slow(func(t *practice.Timing) { t.IVR = patience })
	inMenu := func(s *server, c *commandSample) {
		s.call(practice.CallRequest{From: "79000000101"})
		c.Request.JSON["call_id"] = s.untilLeg(mango.StateAppeared, mango.LocationIVR)
	}
	none := func(*server, *commandSample) {}
	return map[string]sampleSetup{
		"balance": {run: none}, "groups": {run: none}, "incominglines": {run: none}, "sips": {run: none}, "users": {run: none},
		"callback": {run: none}, "callback-group": {run: none}, "callback-unknown-extension": {run: none},
		"sms":    {config: practice.Config{SMSDelay: time.Millisecond}, run: none},
		"hangup": {config: practice.Config{Timing: long}, run: talking}, "hangup-ended": {run: over},
		"hold-on":         {config: practice.Config{Timing: long, Faults: practice.Faults{AcceptedZero: true}}, run: talking},
		"transfer-blind":  {config: practice.Config{Timing: long, Faults: practice.Faults{AcceptedZero: true}}, run: talking},
		"transfer-hold":   {config: practice.Config{Timing: long}, run: talking},
		"recording-start": {config: practice.Config{Timing: long, Recordings: practice.RecordOnCommand}, run: talking},
		"route":           {config: practice.Config{Timing: menu}, run: inMenu},
		"route-rate-limited": {config: practice.Config{Timing: menu, Now: at(1760000000)}, run: func(s *server, c *commandSample) {
			inMenu(s, c)
			s.command(mango.PathRoute, c.Request.JSON)
		}},
		"calls-connect": {config: practice.Config{Timing: long, NoLimits: true}, run: func(s *server, c *commandSample) {
			talking(s, c)
			held := c.Request.JSON["call_id"]
			delete(c.Request.JSON, "call_id")
			s.command(mango.PathTransfer, map[string]any{
				"command_id": "t", "call_id": held, "method": "hold", "to_number": "102", "initiator": "101",
			})
			c.Request.JSON["holded_call_id"] = held
			c.Request.JSON["transferred_call_id"] = s.untilLeg(mango.StateConnected, "102")
		}},
		"transfer-cancel":     {run: over},
		"recording-post":      {config: practice.Config{FirstID: sampleFirstID}, run: recorded},
		"recording-link":      {config: practice.Config{FirstID: sampleFirstID, Now: at(1760000000)}, run: recorded},
		"stats-request":       {config: practice.Config{StatsDelay: time.Millisecond}, run: none},
		"stats-result":        {config: practice.Config{StatsDelay: 500 * time.Millisecond, NoLimits: true, Now: at(1760000000)}, run: withStats(mango.PathStats)},
		"stats-calls-request": {run: none},
		"stats-calls-30-days": {run: none},
		"stats-calls-result":  {config: practice.Config{StatsDelay: time.Nanosecond, Now: at(1760005400)}, run: withStats(mango.PathStatsCalls)},
		"error-bad-sign":      {run: none, form: badlySigned},
		"error-blocked-401": {run: func(s *server, c *commandSample) {
			s.form(mango.PathUsers, badlySigned(*c))
			s.form(mango.PathUsers, badlySigned(*c))
		}},
	}
}

func badlySigned(commandSample) mango.Form { return mango.Form{Key: key, Sign: "0", JSON: "{}"} }

// withStats plays a call and asks for the statistics it is in.
func withStats(path string) func(*server, *commandSample) {
	return func(s *server, c *commandSample) {
		s.call(practice.CallRequest{From: "79000000101"})
		s.ended()
		request := map[string]any{"date_from": "1760000000", "date_to": "1760086399", "request_id": "st"}
		if path == mango.PathStatsCalls {
			request = map[string]any{"start_date": "09.10.2025 00:00:00", "end_date": "10.10.2025 23:59:59", "limit": "100", "offset": "0"}
		}
		_, body := s.command(path, request)
		var key mango.StatsKey
		if err := json.Unmarshal([]byte(body), &key); err != nil || key.Key == "" {
			s.t.Fatalf("no key in %s", body)
		}
		c.Request.JSON["key"] = key.Key
	}
}

func TestCommandSamples_areAnsweredAsTheReferenceShows(t *testing.T) {
	t.Parallel()
	setups := sampleSetups()
	files, err := filepath.Glob("../../mango/testdata/samples/commands/*.json")
	if err != nil || len(files) != len(setups) {
		t.Fatalf("%d samples, %d set-ups, %v", len(files), len(setups), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var sample commandSample
			if err := json.Unmarshal(raw, &sample); err != nil {
				t.Fatal(err)
			}
			setup := setups[name]
			setup.config.Key, setup.config.Salt = sample.Key, sample.Salt
			s := start(t, setup.config)
			setup.run(s, &sample)
			runSample(s, sample, setup)
		})
	}
}

func runSample(s *server, sample commandSample, setup sampleSetup) {
	ask := func() (int, string) {
		if sample.Request.Method == http.MethodGet {
			return s.get(sample.Request.Path)
		}
		path := strings.TrimPrefix(sample.Request.Path, "/vpbx/")
		if setup.form != nil {
			return s.form(path, setup.form(sample))
		}
		return s.command(path, sample.Request.JSON)
	}
	if sample.ResponseBadKey != nil {
		status, _ := s.command(strings.TrimPrefix(sample.Request.Path, "/vpbx/"), map[string]string{"key": "nobody's"})
		if status != sample.ResponseBadKey.Status {
			s.t.Errorf("unknown key: %d, want %d", status, sample.ResponseBadKey.Status)
		}
	}
	if sample.ResponsePending != nil {
		status, body := ask()
		compareAnswer(s, "pending", status, body, *sample.ResponsePending)
		if strings.HasSuffix(sample.Request.Path, mango.PathStatsResult) {
			s.untilPath("/result/stat")
		}
	}
	status, body := ask()
	compareAnswer(s, "answer", status, body, sample.Response)
	if sample.Then != nil {
		for _, want := range []int{sample.Then.Status, http.StatusNotFound} {
			if status, _ := s.get(body); status != want {
				s.t.Errorf("following the link: %d, want %d", status, want)
			}
		}
	}
	if sample.Async != nil {
		compareAsync(s, sample)
	}
	for _, e := range sample.Events {
		s.untilPath(e.Path)
	}
}

// compareAsync waits for the sample's webhook and compares its result.
func compareAsync(s *server, sample commandSample) {
	s.t.Helper()
	got := s.untilPath(sample.Async.Path)
	var body map[string]any
	if err := json.Unmarshal(got.raw, &body); err != nil {
		s.t.Fatal(err)
	}
	compareShape(s.t, sample.Async.Path, sample.Async.JSON, body)
}

func compareAnswer(s *server, what string, status int, body string, want sampleAnswer) {
	s.t.Helper()
	if status != want.Status {
		s.t.Errorf("%s: status %d %s, want %d", what, status, body, want.Status)
		return
	}
	switch {
	case want.Body != nil:
		if strings.Count(*want.Body, ";") > 0 && strings.Count(body, ";") == 0 {
			s.t.Errorf("%s: %q is no CSV", what, body)
		}
	case want.JSON != nil:
		var got any
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			s.t.Fatalf("%s: %s: %v", what, body, err)
		}
		compareShape(s.t, what, want.JSON, got)
	}
}

// compareShape wants every key of the sample, with a value of its kind; codes must be equal. The
// samples themselves mix numbers and their strings, and null stands beside everything.
func compareShape(t *testing.T, at string, want, got any) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			t.Errorf("%s is %T, want an object", at, got)
			return
		}
		for key, value := range w {
			there, ok := g[key]
			if !ok {
				t.Errorf("%s lacks %s", at, key)
				continue
			}
			if key == "result" || key == "code" || key == "status" || strings.HasSuffix(at, "/fields") {
				if fmt.Sprint(there) != fmt.Sprint(value) {
					t.Errorf("%s/%s is %v, want %v", at, key, there, value)
				}
				continue
			}
			compareShape(t, at+"/"+key, value, there)
		}
	case []any:
		g, ok := got.([]any)
		if !ok {
			t.Errorf("%s is %T, want a list", at, got)
			return
		}
		if len(w) > 0 && len(g) > 0 {
			compareShape(t, at+"/0", w[0], g[0])
		}
	default:
		sameType := fmt.Sprintf("%T", want) == fmt.Sprintf("%T", got)
		if want != nil && got != nil && !sameType && scalarKind(want) != scalarKind(got) {
			t.Errorf("%s is %T %v, want %T", at, got, got, want)
		}
	}
}

func scalarKind(v any) string {
	if text, ok := v.(string); ok {
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			return "number"
		}
	}
	switch v.(type) {
	case float64:
		return "number"
	case bool:
		return "truth"
	}
	return "text"
}

// get fetches a path without following redirects; the body is the Location of one.
func (s *server) get(path string) (int, string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.api.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.answer(response)
}

// untilPath waits for a webhook to a path.
func (s *server) untilPath(path string) webhook {
	s.t.Helper()
	var found webhook
	s.untilWebhook("webhook to "+path, func(w webhook) bool {
		found = w
		return strings.Trim(w.path, "/") == strings.Trim(path, "/")
	})
	return found
}
