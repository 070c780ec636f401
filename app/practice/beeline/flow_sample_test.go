package beeline_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline"
	"dozvon/app/practice/beeline/routing"
)

const samples = "../../beeline/testdata/samples/"

// sampleFlow says how a flow of the samples comes about, and which of its events the samples leave
// out or the order of which they only infer.
type sampleFlow struct {
	request  practice.CallRequest
	callback string // the rule of the client of a click-to-call; else request is played
	phones   map[string]practice.Rule
	agentOff string
	without  []string // types of events that this flow of the samples does not show
	anyOrder bool
}

var sampleFlows = map[string]sampleFlow{
	"inbound-answered":              {request: practice.CallRequest{Scenario: "answered"}},
	"inbound-missed-caller-gave-up": {request: practice.CallRequest{Scenario: "missed"}},
	"inbound-missed-unavailable":    {request: practice.CallRequest{Scenario: "unavailable", To: "102"}},
	"inbound-declined":              {request: practice.CallRequest{Scenario: "declined", To: "102"}},
	"inbound-group-answered":        {request: practice.CallRequest{Scenario: "group"}},
	"inbound-callcentre-missed":     {request: practice.CallRequest{Scenario: "queue-missed"}, agentOff: "103"},
	"inbound-ivr-abandoned":         {request: practice.CallRequest{Scenario: "ivr-abandoned"}},
	"inbound-ivr-answered":          {request: practice.CallRequest{Scenario: "ivr-answered"}},
	"inbound-hold":                  {request: practice.CallRequest{Scenario: "hold"}},
	"inbound-forwarded-no-answer":   {request: practice.CallRequest{Scenario: "forwarded"}},
	"transfer-blind":                {request: practice.CallRequest{Scenario: "transfer-blind"}},
	"transfer-consultative":         {request: practice.CallRequest{Scenario: "transfer-consult"}, anyOrder: true},
	"outbound-answered":             {request: practice.CallRequest{Scenario: "outbound"}},
	"outbound-busy":                 {request: practice.CallRequest{Scenario: "outbound-busy"}, without: []string{"HookStatusEvent"}},
	"internal-answered":             {request: practice.CallRequest{Scenario: "internal"}, without: []string{"HookStatusEvent"}},
	"callback-answered":             {callback: practice.Answers},
	"callback-operator-no-answer":   {callback: practice.Answers, phones: map[string]practice.Rule{"101": {Outcome: practice.NoAnswer}}},
	"callback-client-no-answer":     {callback: practice.NoAnswer, without: []string{"CallUpdatedEvent"}},
}

// TestFlows_areAsTheSamples compares every event with the sample's, element by element: names, order,
// attributes and words. Numbers, ids, times and people differ.
func TestFlows_areAsTheSamples(t *testing.T) {
	t.Parallel()
	all, err := filepath.Glob(samples + "flows/*")
	if err != nil || len(all) != len(sampleFlows) {
		t.Fatalf("%d flows tested of %d samples, %v", len(sampleFlows), len(all), err)
	}
	for name, flow := range sampleFlows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := subscribed(t, beeline.Config{
				Employees: sampleCast(), Domains: beeline.DomainsOld, IDs: beeline.IDsPair, FirstID: 480000,
				Details: name == "inbound-answered",
			})
			id := s.playSample(flow)
			got, want := shapes(s.events(), flow), shapes(sampleEvents(t, name), flow)
			for i := range max(len(got), len(want)) {
				g, w := "nothing", "nothing"
				if i < len(got) {
					g = got[i]
				}
				if i < len(want) {
					w = want[i]
				}
				if g != w {
					t.Errorf("event %d:\ngot  %s\nwant %s", i+1, g, w)
				}
			}
			s.compareWithExpect(name, id)
		})
	}
}

func (s *subscriber) playSample(flow sampleFlow) string {
	s.t.Helper()
	for number, rule := range flow.phones {
		if err := s.pbx.SetPhone(number, rule); err != nil {
			s.t.Fatal(err)
		}
	}
	if flow.agentOff != "" {
		s.want(http.StatusOK, http.MethodPut, "abonents/"+flow.agentOff+"/agent?status=OFFLINE", nil, nil)
	}
	if flow.callback == "" {
		flow.request.From = "79000000201"
		return s.play(flow.request)
	}
	if err := s.pbx.SetPhone("79000000211", practice.Rule{Outcome: flow.callback}); err != nil {
		s.t.Fatal(err)
	}
	_, raw := s.ask(http.MethodPost, "abonents/"+url.PathEscape(s.pbx.UserID("101"))+"/call?phoneNumber=9000000211", nil)
	s.finish(string(raw))
	return string(raw)
}

func sampleEvents(t *testing.T, name string) []element {
	t.Helper()
	files, _ := filepath.Glob(samples + "flows/" + name + "/*.xml")
	var list []element
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, parse(t, raw))
	}
	return list
}

// shapes are the events of a flow, repeated ones once.
func shapes(events []element, flow sampleFlow) []string {
	var list []string
	for _, e := range events {
		if !slices.Contains(flow.without, e.at("eventData").typeName()) {
			list = append(list, shape(e))
		}
	}
	list = slices.Compact(list)
	if flow.anyOrder {
		slices.Sort(list)
	}
	return list
}

// words are the elements whose values are the same in every call.
var words = []string{
	"personality", "state", "releasingParty", "internalReleaseCause", "cdrTerminationCause", "callType", "reason",
	"hookStatus", "externalApplicationId",
}

// shape writes an element with what does not differ from call to call.
func shape(e element) string {
	var b strings.Builder
	b.WriteString(e.XMLName.Local)
	if kind := e.typeName(); kind != "" {
		b.WriteString("=" + kind)
	}
	switch value := strings.TrimSpace(e.Text); {
	case slices.Contains(words, e.XMLName.Local):
		b.WriteString(":" + value)
	case e.XMLName.Local == "targetId":
		b.WriteString(":" + targetShape(value))
	case e.XMLName.Local == "address":
		b.WriteString(":" + addressShape(value))
	}
	if len(e.Kids) == 0 {
		return b.String()
	}
	b.WriteString("(")
	for i, kid := range e.Kids {
		if i > 0 {
			b.WriteString(" ")
		}
		b.WriteString(shape(kid))
	}
	b.WriteString(")")
	return b.String()
}

// targetShape tells an abonent's id by who it is, and a system's by its kind.
func targetShape(id string) string {
	for _, mark := range []string{"_vxml", "_hg_", "MPBX"} {
		if strings.Contains(id, mark) {
			return mark
		}
	}
	local, domain, _ := strings.Cut(id, "@")
	return local[len(local)-3:] + "@" + domain
}

func addressShape(address string) string {
	number := strings.TrimPrefix(address, "tel:")
	switch {
	case strings.HasPrefix(number, "+7961"):
		return "line"
	case strings.HasPrefix(number, "+7900"):
		return "client"
	case strings.HasPrefix(number, "+7960"):
		return "own"
	case len(number) == 3:
		return "internal"
	}
	return "unknown " + address
}

// compareWithExpect compares the PBX's own account with what the sample says the call was.
func (s *subscriber) compareWithExpect(name, id string) {
	s.t.Helper()
	raw, err := os.ReadFile(samples + "flows/" + name + "/expect.json")
	if err != nil {
		s.t.Fatal(err)
	}
	var want struct {
		Direction string   `json:"direction"`
		Result    string   `json:"result"`
		Rang      []string `json:"rang"`
		Talked    *string  `json:"talked"`
		TalkedAll []string `json:"talked_all"`
		Aliases   []string `json:"aliases"`
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		s.t.Fatal(err)
	}
	got := s.truth(id)
	if word := [...]string{"internal", "in", "out"}[got.Direction]; word != want.Direction {
		s.t.Errorf("direction %s, want %s", word, want.Direction)
	}
	if answered := want.Result == "answered"; got.Answered != answered {
		s.t.Errorf("answered %v, want %v", got.Answered, answered)
	}
	if want.Rang != nil && !slices.Equal(got.Rang, want.Rang) {
		s.t.Errorf("rang %v, want %v", got.Rang, want.Rang)
	}
	talked := want.TalkedAll
	if want.Talked != nil && *want.Talked != "" {
		talked = []string{*want.Talked}
	}
	if talked != nil && !slices.Equal(got.Talked, talked) {
		s.t.Errorf("talked %v, want %v", got.Talked, talked)
	}
	if len(got.Aliases) != len(want.Aliases) {
		s.t.Errorf("aliases %v, want %d", got.Aliases, len(want.Aliases))
	}
}

// commandSample is a file of samples/commands.
type commandSample struct {
	Request struct {
		Method  string            `json:"method"`
		Path    string            `json:"path"`
		Headers map[string]string `json:"headers"`
		Query   map[string]any    `json:"query"`
		JSON    json.RawMessage   `json:"json"`
	} `json:"request"`
	Response struct {
		Status      int             `json:"status"`
		ContentType string          `json:"content_type"`
		JSON        json.RawMessage `json:"json"`
		Text        *string         `json:"text"`
	} `json:"response"`
}

// commandState is what must be so before a sample's request can be made.
var commandState = map[string]func(s *subscriber, c *commandSample){
	"error-token":  func(_ *subscriber, c *commandSample) { c.Request.Headers["X-MPBX-API-AUTH-TOKEN"] = "another" },
	"call-refused": nil,
	"icr-numbers": func(s *subscriber, _ *commandSample) {
		s.want(200, http.MethodPut, "icr/numbers", []string{"9610000010"}, nil)
	},
	"icr-route-list":   withRules,
	"icr-route-delete": withRules,
	"records":          (*subscriber).recordForSample, "record": (*subscriber).recordForSample,
	"record-by-call": (*subscriber).recordForSample, "record-reference": (*subscriber).recordForSample,
	"record-reference-by-call": (*subscriber).recordForSample, "record-download": (*subscriber).recordForSample,
	"record-delete":       (*subscriber).recordForSample,
	"statistics-v1":       (*subscriber).recordForSample,
	"statistics-v2":       (*subscriber).recordForSample,
	"subscription-get":    (*subscriber).subscriptionForSample,
	"subscription-delete": (*subscriber).subscriptionForSample,
	"transfer-blind":      func(s *subscriber, c *commandSample) { s.talkForSample(c, "answered", 600_000) },
	"transfer-consult":    func(s *subscriber, c *commandSample) { s.talkForSample(c, "transfer-consult", 1) },
}

func withRules(s *subscriber, _ *commandSample) {
	s.want(http.StatusOK, http.MethodPut, "icr/route", []routing.Rule{{Number: "9000000201", Extension: "101"}, {Number: "9000000202", Extension: "102"}}, nil)
}

func (s *subscriber) subscriptionForSample(c *commandSample) {
	c.Request.Query["subscriptionId"] = s.subscribe("ADVANCED_CALL", "", 3600)
}

// recordForSample makes two recorded calls, and puts their ids where the sample's stand.
func (s *subscriber) recordForSample(c *commandSample) {
	s.t.Helper()
	id := s.play(practice.CallRequest{From: "79000000201", To: "101"})
	s.untilRecorded(id)
	s.untilRecorded(s.play(practice.CallRequest{From: "79000000205", To: "102"}))
	recordID := s.truth(id).Recordings[0]
	c.Request.Path = strings.NewReplacer(
		"480001%3A1", url.PathEscape(id), "480001:1", url.PathEscape(id), "551000001", recordID,
	).Replace(c.Request.Path)
	for _, name := range []string{"dateFrom", "dateTo"} {
		if _, ok := c.Request.Query[name]; ok {
			c.Request.Query[name] = map[string]string{"dateFrom": "2020-01-01T00:00:00Z", "dateTo": "2100-01-01T00:00:00.000Z"}[name]
		}
	}
}

// talkForSample begins a call that talks until the command comes.
func (s *subscriber) talkForSample(c *commandSample, scenario string, talkMS int64) {
	s.t.Helper()
	if _, err := s.pbx.Call(practice.CallRequest{From: "79000000201", To: "101", Scenario: scenario, TalkMS: talkMS}); err != nil {
		s.t.Fatal(err)
	}
	s.until(isEvent("CallAnsweredEvent"))
	c.Request.Query["callId"] = s.pbx.Calls()[0].Legs[0].CallID
}

// TestCommands_areAsTheSamples makes every request of the samples and compares status, type and shape
// of the answer.
func TestCommands_areAsTheSamples(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(samples + "commands/*.json")
	if err != nil || len(files) < 39 {
		t.Fatalf("%d samples, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c commandSample
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			timing := quick
			config := beeline.Config{Employees: sampleCast(), Domains: beeline.DomainsOld, IDs: beeline.IDsPair}
			if name == "transfer-consult" {
				timing.Consult = patience
				config.Timing = timing
			}
			s := subscribed(t, config)
			if prepare := commandState[name]; prepare != nil {
				prepare(s, &c)
			}
			if name == "transfer-consult" {
				s.consultForSample(&c)
			}
			s.compareAnswer(c)
		})
	}
}

// consultForSample waits until the consultant has answered.
func (s *subscriber) consultForSample(c *commandSample) {
	s.t.Helper()
	s.until(func(e element) bool {
		own := e.value("eventData", "call", "personality") == "Originator" && isEvent("CallAnsweredEvent")(e)
		if own {
			c.Request.Query["callIdConsult"] = e.value("eventData", "call", "callId")
		}
		return own
	})
}

func (s *subscriber) compareAnswer(c commandSample) {
	s.t.Helper()
	query := url.Values{}
	for name, value := range c.Request.Query {
		query.Set(name, fmt.Sprint(value))
	}
	request, err := http.NewRequestWithContext(s.t.Context(), c.Request.Method, s.api.URL+c.Request.Path+"?"+query.Encode(), strings.NewReader(string(c.Request.JSON)))
	if err != nil {
		s.t.Fatal(err)
	}
	for name, value := range c.Request.Headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != c.Response.Status {
		s.t.Errorf("answered %s, want %d", response.Status, c.Response.Status)
	}
	if c.Response.JSON == nil {
		return
	}
	if kind := response.Header.Get("Content-Type"); !strings.HasPrefix(kind, c.Response.ContentType) {
		s.t.Errorf("content type %q, want %q", kind, c.Response.ContentType)
	}
	var got, want any
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		s.t.Fatal(err)
	}
	if err := json.Unmarshal(c.Response.JSON, &want); err != nil {
		s.t.Fatal(err)
	}
	if fault := lacks("answer", got, want); fault != "" {
		s.t.Errorf("%s\ngot  %v\nwant %v", fault, got, want)
	}
}

// lacks says what an answer has not, or has of another type, that the sample's first of each kind has.
func lacks(at string, got, want any) string {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return at + " is no object"
		}
		for name, value := range w {
			if name == "email" || name == "phone" && g[name] == nil {
				continue // not every abonent has them
			}
			if _, ok := g[name]; !ok {
				return at + " lacks " + name
			}
			if fault := lacks(at+"."+name, g[name], value); fault != "" {
				return fault
			}
		}
	case []any:
		g, ok := got.([]any)
		if !ok {
			return at + " is no list"
		}
		if len(w) > 0 && len(g) == 0 {
			return at + " is empty"
		}
		if len(w) > 0 {
			return lacks(at+"[0]", g[0], w[0])
		}
	default:
		if fmt.Sprintf("%T", got) != fmt.Sprintf("%T", want) {
			return fmt.Sprintf("%s is %T, want %T", at, got, want)
		}
	}
	return ""
}

// untilRecorded waits until the recordings of a call are ready.
func (s *subscriber) untilRecorded(id string) {
	s.t.Helper()
	for range 100_000 {
		if len(s.truth(id).Recordings) > 0 {
			return
		}
		s.want(http.StatusOK, http.MethodGet, "numbers", nil, nil) // lets time pass
	}
	s.t.Fatal("no recording became ready")
}
