package itoolabs_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	protocol "dozvon/app/itoolabs"
	"dozvon/app/practice"
	"dozvon/app/practice/itoolabs"
)

// commandSample is a command and its answer.
type commandSample struct {
	Request struct {
		Form map[string]string `json:"form"`
		JSON json.RawMessage   `json:"json"`
	} `json:"request"`
	Response struct {
		Status int             `json:"status"`
		JSON   json.RawMessage `json:"json"`
	} `json:"response"`
}

func sample(t *testing.T, name string) (c commandSample, form url.Values) {
	t.Helper()
	raw, err := os.ReadFile(samples + "commands/" + name + ".json")
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	form = url.Values{}
	for name, value := range c.Request.Form {
		form.Set(name, value)
	}
	return c, form
}

// TestAPI_answersTheSamplesCommands in their shape.
func TestAPI_answersTheSamplesCommands(t *testing.T) {
	t.Parallel()
	s := connect(t, itoolabs.Config{}, nil)
	for _, name := range []string{"makecall-refused", "token-wrong"} {
		c, form := sample(t, name)
		if status, said := s.old(form); status != c.Response.Status || said != strings.Join(strings.Fields(string(c.Response.JSON)), "") && !sameJSON(t, said, c.Response.JSON) {
			t.Errorf("%s: %d %s", name, status, said)
		}
	}
	_, form := sample(t, "accounts")
	status, said := s.old(form)
	people, err := protocol.ReadAccounts([]byte(said))
	if status != 200 || err != nil || len(people) != 5 || people[0].Login != "anna" || people[0].Ext != "701" || people[3].Telnum != "" {
		t.Errorf("accounts: %d %s", status, said)
	}
	status, said = s.newer(http.MethodGet, "/crmapi/v1/users?start=1&limit=2", key, "")
	if page, err := protocol.ReadAccounts([]byte(said)); status != 200 || err != nil || len(page) != 2 || page[0].Login != "boris" {
		t.Errorf("users: %d %s", status, said)
	}
	_, form = sample(t, "groups")
	if status, said := s.old(form); status != 200 || !strings.Contains(said, `"realName":"Отдел записи"`) {
		t.Errorf("groups: %d %s", status, said)
	}
	_, form = sample(t, "subscribe")
	if status, said := s.old(form); status != 200 || said != "OK" {
		t.Errorf("subscribe: %d %s", status, said)
	}
	if _, said := s.old(url.Values{"cmd": {"subscriptionStatus"}, "user": {"anna"}, "token": {key}}); said != `{"status":"off"}` {
		t.Errorf("subscriptionStatus: %s", said)
	}
}

func sameJSON(t *testing.T, a string, b json.RawMessage) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal(b, &y); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(y)
	return json.Unmarshal([]byte(a), &x) == nil && err == nil && a == string(again)
}

// TestAPI_refusesAsTheReferenceSays: each generation in its own words.
func TestAPI_refusesAsTheReferenceSays(t *testing.T) {
	t.Parallel()
	s := connect(t, itoolabs.Config{}, nil)
	for name, tt := range map[string]struct {
		form   url.Values
		status int
		said   string
	}{
		"no key":  {url.Values{"cmd": {"accounts"}}, 401, "Invalid token"},
		"no cmd":  {url.Values{"token": {key}}, 400, "[cmd]"},
		"a plus":  {url.Values{"token": {key}, "cmd": {"makeCall"}, "user": {"anna"}, "phone": {"+79000000410"}}, 400, "[phone]"},
		"no user": {url.Values{"token": {key}, "cmd": {"makeCall"}, "phone": {"79000000410"}}, 400, "[user]"},
		"no time": {url.Values{"token": {key}, "cmd": {"history"}}, 400, "[start]"},
	} {
		if status, said := s.old(tt.form); status != tt.status || !strings.Contains(said, tt.said) || !strings.HasPrefix(said, `{"error":`) {
			t.Errorf("%s: %d %s", name, status, said)
		}
	}
	for name, tt := range map[string]struct {
		method, path, key, body string
		status                  int
		said                    string
	}{
		"no key": {"GET", "/crmapi/v1/users", "", "", 401, `{"message":"Invalid token"}`}, "no page": {"GET", "/crmapi/v1/sims", key, "", 404, "<!DOCTYPE html>"},
		"a plus":  {"POST", "/crmapi/v1/makecall", key, `{"phone":"+79000000410","user":"anna"}`, 400, `{"message":"Invalid parameters: [phone]"}`},
		"no JSON": {"POST", "/crmapi/v1/makecall", key, `phone=1`, 400, `{"message":`},
	} {
		if status, said := s.newer(tt.method, tt.path, tt.key, tt.body); status != tt.status || !strings.HasPrefix(said, tt.said) {
			t.Errorf("new, %s: %d %s", name, status, said)
		}
	}
	users, accounts := "/crmapi/v1/users", url.Values{"cmd": {"accounts"}, "token": {key}}
	for api, want := range map[string][2]int{itoolabs.APIOld: {404, 200}, itoolabs.APINew: {200, 404}, itoolabs.APIBoth: {200, 200}} {
		s := connect(t, itoolabs.Config{API: api}, nil)
		newer, _ := s.newer(http.MethodGet, users, key, "")
		old, _ := s.old(accounts)
		if got := [2]int{newer, old}; got != want {
			t.Errorf("%s: %v", api, got)
		}
	}
	for name, tt := range map[string]struct {
		faults itoolabs.Faults
		want   int
	}{
		"error": {itoolabs.Faults{APIError: 1}, 503}, "limit": {itoolabs.Faults{APILimit: 1}, 429}, "refused": {itoolabs.Faults{APIRefused: 1}, 401},
		"bad": {itoolabs.Faults{APIBad: 1}, 400}, "moved": {itoolabs.Faults{APIMoved: 1}, 301}, "a page": {itoolabs.Faults{APIHTML: 1}, 200},
	} {
		s := connect(t, itoolabs.Config{Faults: tt.faults}, nil)
		if status, said := s.old(accounts); status != tt.want || name == "a page" && !protocol.IsPage([]byte(said)) {
			t.Errorf("%s: %d %s", name, status, said)
		}
	}
}

// TestMakeCall_ringsTheOperatorFirst, and answers in every form that was seen.
func TestMakeCall_ringsTheOperatorFirst(t *testing.T) {
	t.Parallel()
	_, form := sample(t, "makecall")
	newBody, _ := sample(t, "makecall-v1")
	for name, tt := range map[string]struct {
		config itoolabs.Config
		newer  bool
		rule   *practice.Rule // of the operator
		client *practice.Rule
		says   string // the beginning of the answer
		want   []string
	}{
		"text":                     {itoolabs.Config{}, false, nil, nil, "B10D", []string{"OUTGOING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}},
		"object":                   {itoolabs.Config{Answer: itoolabs.AnswerObject}, false, nil, nil, "{}", []string{"OUTGOING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}},
		"NULL":                     {itoolabs.Config{Answer: itoolabs.AnswerNull}, false, nil, nil, "NULL", []string{"OUTGOING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}},
		"new":                      {itoolabs.Config{}, true, nil, nil, `{"callid":"B10D`, []string{"OUTGOING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}},
		"the operator is away":     {itoolabs.Config{}, false, &practice.Rule{Outcome: practice.NoAnswer}, nil, "B10D", []string{"OUTGOING anna", "CANCELLED anna"}},
		"the client does not":      {itoolabs.Config{}, false, nil, &practice.Rule{Outcome: practice.NoAnswer}, "B10D", []string{"OUTGOING anna", "CANCELLED anna", "history Cancel anna"}},
		"told late":                {itoolabs.Config{OutgoingLate: true}, false, nil, nil, "B10D", []string{"OUTGOING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}},
		"told late, and is away":   {itoolabs.Config{OutgoingLate: true}, false, &practice.Rule{Outcome: practice.NoAnswer}, nil, "B10D", nil},
		"events before the answer": {itoolabs.Config{Faults: itoolabs.Faults{CallAnswerMS: 150}}, false, nil, nil, "B10D", []string{"OUTGOING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := connect(t, tt.config, nil)
			for number, rule := range map[string]*practice.Rule{"701": tt.rule, "79000000410": tt.client} {
				if rule != nil {
					if err := s.pbx.SetPhone(number, *rule); err != nil {
						t.Fatal(err)
					}
				}
			}
			status, said := 0, ""
			if tt.newer {
				status, said = s.newer(http.MethodPost, "/crmapi/v1/makecall", key, string(newBody.Request.JSON))
			} else {
				status, said = s.old(form)
			}
			if status != 200 || !strings.HasPrefix(said, tt.says) {
				t.Fatalf("%d %s", status, said)
			}
			s.ended(s.pbx.Calls()[0].EntryID)
			if got := words(s.posted()); !slices.Equal(got, tt.want) && !(name == "the client does not" && len(got) == 3) {
				t.Errorf("posted %q", got)
			}
		})
	}
}

// TestListing_hasOneRowAPart under another id than the callid, in both forms.
func TestListing_hasOneRowAPart(t *testing.T) {
	t.Parallel()
	s := connect(t, itoolabs.Config{NoContact: true}, nil)
	began := time.Now().Add(-time.Second)
	answered, _ := s.play(practice.CallRequest{From: "79000000401"})
	s.play(practice.CallRequest{From: "79000000402", Scenario: "group-missed"})
	s.play(practice.CallRequest{From: "79000000403", Scenario: "transfer"})
	query := url.Values{"start": {began.UTC().Format(protocol.Moment)}, "end": {time.Now().Add(time.Minute).UTC().Format(protocol.Moment)}, "type": {"all"}, "limit": {"100"}}
	form := url.Values{"cmd": {"history"}, "token": {key}}
	for name, values := range query {
		form[name] = values
	}
	_, csv := s.old(form)
	_, list := s.newer(http.MethodGet, "/crmapi/v1/history/json?"+query.Encode(), key, "")
	for name, body := range map[string]string{"CSV": csv, "JSON": list} {
		rows, faulty, err := protocol.ReadListing([]byte(body))
		if err != nil || faulty > 0 || len(rows) != 4 {
			t.Fatalf("%s: %+v, %d faulty, %v", name, rows, faulty, err)
		}
		slices.Reverse(rows) // the newest comes first
		if rows[0].Type != "in" || protocol.Login(rows[0].User) != "anna" || rows[0].UID == answered || !strings.HasPrefix(rows[0].Record, s.api.URL) {
			t.Errorf("%s: %+v", name, rows[0])
		}
		if rows[1].Type != protocol.TypeMissed || !protocol.IsGroup(rows[1].User) || rows[1].Record != "" {
			t.Errorf("%s: %+v", name, rows[1])
		}
		if protocol.Login(rows[2].User) != "anna" || protocol.Login(rows[3].User) != "boris" {
			t.Errorf("%s: %+v", name, rows[2:])
		}
	}
	form.Set("limit", "1")
	if _, csv := s.old(form); strings.Count(csv, "\n") != 0 {
		t.Errorf("of one row: %q", csv)
	}
	form.Del("start")
	form.Set("period", "last_month")
	if status, csv := s.old(form); status != 200 || csv != "" {
		t.Errorf("of last month: %d %q", status, csv)
	}
	late := connect(t, itoolabs.Config{ListingDelay: time.Hour}, nil)
	late.play(practice.CallRequest{From: "79000000401"})
	form.Set("period", "today")
	if _, csv := late.old(form); csv != "" {
		t.Errorf("before its time: %q", csv)
	}
}

// TestRecordings_comeAfterTheirLink: announced before they are there, with the key where it is wanted.
func TestRecordings_comeAfterTheirLink(t *testing.T) {
	t.Parallel()
	slow := quick
	slow.RecordingDelay = 150 * time.Millisecond
	s := connect(t, itoolabs.Config{NoContact: true, KeyedRecordings: true, Timing: slow}, nil)
	id, posted := s.play(practice.CallRequest{From: "79000000401"})
	link := posted[len(posted)-1]["link"]
	path, ok := strings.CutPrefix(link, s.api.URL)
	if !ok || path != "/mp3/"+id+".mp3" {
		t.Fatalf("linked %q", link)
	}
	if status, _ := s.newer(http.MethodGet, path, "", ""); status != 401 {
		t.Errorf("without the key: %d", status)
	}
	deadline := time.Now().Add(patience)
	status, body := s.newer(http.MethodGet, path, key, "")
	if status != 404 {
		t.Errorf("at once: %d", status)
	}
	for status != 200 && time.Now().Before(deadline) {
		status, body = s.newer(http.MethodGet, path, key, "")
	}
	if status != 200 || len(body) < 1000 {
		t.Errorf("later: %d, %d bytes", status, len(body))
	}
	if err := s.pbx.DeleteRecording(id); err != nil {
		t.Error(err)
	}
	if status, _ = s.newer(http.MethodGet, path, key, ""); status != 404 {
		t.Errorf("deleted: %d", status)
	}
	if err := s.pbx.DeleteRecording("x"); err == nil {
		t.Error("deleted what is not there")
	}
}
