package itoolabs_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	protocol "dozvon/app/itoolabs"
	"dozvon/app/practice"
	"dozvon/app/practice/day"
	"dozvon/app/practice/itoolabs"
)

const samples = "../../itoolabs/testdata/samples/"

// sampleFlows says how a flow of the samples comes about. history-before-event has events out of their
// order, which the faults of the network make.
var sampleFlows = map[string]struct {
	scenario string
	config   itoolabs.Config
}{
	"inbound-answered":       {"answered", itoolabs.Config{}},
	"inbound-missed":         {"missed", itoolabs.Config{}},
	"inbound-group-answered": {"group", itoolabs.Config{NoContact: true, NoWait: true}},
	"inbound-group-missed":   {"group-missed", itoolabs.Config{NoContact: true}},
	"outbound-answered":      {"outbound", itoolabs.Config{NoWait: true}},
	"outbound-busy":          {"outbound-busy", itoolabs.Config{}},
	"transferred":            {"transfer", itoolabs.Config{NoContact: true, NoWait: true}},
}

// TestFlows_areAsTheSamples: the same requests with the same fields, but for numbers, ids and times.
func TestFlows_areAsTheSamples(t *testing.T) {
	t.Parallel()
	for name, flow := range sampleFlows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := connect(t, flow.config, nil)
			// The samples have three members in the group, two of whom ring in the missed one.
			if name == "inbound-group-missed" {
				if status, said := s.old(map[string][]string{"cmd": {"subscribeOnCalls"}, "user": {"vera"}, "status": {"off"}, "token": {key}}); status != 200 || said != "OK" {
					t.Fatalf("%d %s", status, said)
				}
			}
			_, posted := s.play(practice.CallRequest{From: "79000000401", Scenario: flow.scenario})
			got, want := shapes(posted), shapes(sampleFlow(t, name))
			if name == "inbound-group-answered" { // who stops to ring when is chance
				slices.Sort(got)
				slices.Sort(want)
			}
			if !slices.Equal(got, want) {
				t.Errorf("posted\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func sampleFlow(t *testing.T, name string) (all []protocol.Fields) {
	t.Helper()
	files, err := filepath.Glob(samples + "flows/" + name + "/[0-9]*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no sample %s, %v", name, err)
	}
	slices.Sort(files)
	for _, file := range files {
		var request struct {
			Form protocol.Fields `json:"form"`
		}
		raw, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(raw, &request)
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, request.Form.Without(protocol.FieldToken))
	}
	return all
}

// shapes writes what is alike in two calls of one kind: ids by the order in which they come, words as
// they are, and of numbers and times only that they are there.
func shapes(requests []protocol.Fields) []string {
	ids := map[string]string{}
	id := func(s string) string {
		if s != "" && ids[s] == "" {
			ids[s] = string(rune('A' + len(ids)))
		}
		return ids[s]
	}
	var all []string
	for _, f := range requests {
		shape := protocol.Fields{}
		for name, value := range f {
			switch name {
			case "callid", "second_callid":
				value = id(value)
			case "phone", "diversion", "telnum", "link", "start", "duration", "wait":
				value = "…"
			case "groupRealName":
				value = "a group"
			case "rating": // the samples have an empty one
				continue
			case "user":
				if protocol.IsGroup(value) {
					value = "a group"
				}
			}
			shape[name] = value
		}
		all = append(all, string(shape.Canonical()))
	}
	return all
}

// TestContact_isAskedAndObeyed: the name is shown, the responsible rings first, and whoever cannot is passed over.
func TestContact_isAskedAndObeyed(t *testing.T) {
	t.Parallel()
	slow := func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(patience):
		}
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		config itoolabs.Config
		phone  *practice.Rule // of 702
		want   []string
		shown  string
	}{
		"both":                 {says("Клиентова Мария", "boris"), itoolabs.Config{}, nil, []string{"contact", "INCOMING boris", "ACCEPTED boris", "COMPLETED boris", "history Success boris"}, "Клиентова Мария"},
		"nobody knows":         {says("", ""), itoolabs.Config{}, nil, []string{"contact", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, ""},
		"does not answer":      {says("М", "boris"), itoolabs.Config{}, &practice.Rule{Outcome: practice.NoAnswer}, []string{"contact", "INCOMING boris", "CANCELLED boris", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, "М"},
		"nobody's login":       {says("", "zoya"), itoolabs.Config{}, nil, []string{"contact", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, ""},
		"an extension":         {says("", "702"), itoolabs.Config{}, nil, []string{"contact", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, ""},
		"a group":              {says("", "g_0f0e0d0c-0000-4000-8000-000000000001"), itoolabs.Config{}, nil, []string{"contact", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, ""},
		"the cabinet forbids":  {says("М", "boris"), itoolabs.Config{NoResponsible: true}, nil, []string{"contact", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, "М"},
		"no answer in time":    {slow, itoolabs.Config{ContactWait: 30 * time.Millisecond}, nil, []string{"contact", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, ""},
		"an answer that fails": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oh", 500) }, itoolabs.Config{}, nil, []string{"contact", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, ""},
		"no JSON":              {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, itoolabs.Config{}, nil, []string{"contact", "INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, ""},
		"not asked":            {says("М", "boris"), itoolabs.Config{NoContact: true}, nil, []string{"INCOMING anna", "ACCEPTED anna", "COMPLETED anna", "history Success anna"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := connect(t, tt.config, tt.answer)
			if tt.phone != nil {
				if err := s.pbx.SetPhone("702", *tt.phone); err != nil {
					t.Fatal(err)
				}
			}
			_, posted := s.play(practice.CallRequest{From: "79000000401"})
			if got := words(posted); !slices.Equal(got, tt.want) {
				t.Errorf("posted %q", got)
			}
			if legs := s.pbx.Calls()[0].Legs; legs[len(legs)-1].ShownName != tt.shown {
				t.Errorf("shown %q", legs[len(legs)-1].ShownName)
			}
		})
	}
}

// TestHistory_goesAstrayAsTheFaultsSay: early, twice, lost.
func TestHistory_goesAstrayAsTheFaultsSay(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults itoolabs.Faults
		want   []string
	}{
		"early": {itoolabs.Faults{HistoryEarly: 1}, []string{"OUTGOING boris", "ACCEPTED boris", "history Success boris", "COMPLETED boris"}},
		"twice": {itoolabs.Faults{HistoryTwice: 1}, []string{"OUTGOING boris", "ACCEPTED boris", "COMPLETED boris", "history Success boris", "history Success boris"}},
		"lost":  {itoolabs.Faults{HistoryLost: 1}, []string{"OUTGOING boris", "ACCEPTED boris", "COMPLETED boris"}},
	} {
		s := connect(t, itoolabs.Config{Faults: tt.faults}, nil)
		if _, posted := s.play(practice.CallRequest{From: "79000000401", Scenario: "outbound"}); !slices.Equal(words(posted), tt.want) {
			t.Errorf("%s: %q", name, words(posted))
		}
	}
}

// TestEvents_areSpelledAsChosen: what differs from brand to brand.
func TestEvents_areSpelledAsChosen(t *testing.T) {
	t.Parallel()
	s := connect(t, itoolabs.Config{JSON: true, NoDirection: true, NoExt: true, Numbers: itoolabs.NumbersEight}, nil)
	_, posted := s.play(practice.CallRequest{From: "79000000401"})
	for _, f := range posted {
		_, direction := f["direction"]
		_, ext := f["ext"]
		if f["phone"] != "89000000401" || direction || ext && f["cmd"] == "event" {
			t.Errorf("posted %v", f)
		}
	}
	if !s.kinds["application/json"] || len(s.kinds) != 1 {
		t.Errorf("posted as %v", s.kinds)
	}
	_, posted = connect(t, itoolabs.Config{}, nil).play(practice.CallRequest{From: "79000000401", Scenario: "anonymous"})
	if posted[0]["phone"] != "anonymous" {
		t.Errorf("a hidden number: %v", posted[0])
	}
}

// TestList_isWhatReallyHappened, whatever was told of it.
func TestList_isWhatReallyHappened(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[string]practice.CallTruth{
		"answered":        {Direction: practice.Inbound, Answered: true, Rang: []string{"701"}, Talked: []string{"701"}, Reason: 200},
		"group":           {Direction: practice.Inbound, Answered: true, Rang: []string{"701", "702", "703"}, Talked: []string{"703"}, Reason: 200},
		"queue-answered":  {Direction: practice.Inbound, Answered: true, Rang: []string{"701", "702"}, Talked: []string{"702"}, Reason: 200},
		"transfer":        {Direction: practice.Inbound, Answered: true, Rang: []string{"701", "702"}, Talked: []string{"701", "702"}, Reason: 200},
		"missed":          {Direction: practice.Inbound, Rang: []string{"702"}, Reason: 408},
		"ivr-abandoned":   {Direction: practice.Inbound, Reason: 408},
		"outbound":        {Direction: practice.Outbound, Answered: true, Talked: []string{"702"}, Reason: 200},
		"outbound-busy":   {Direction: practice.Outbound, Reason: 486},
		"internal":        {Direction: practice.Internal, Answered: true, Rang: []string{"702"}, Talked: []string{"702"}, Reason: 200},
		"internal-missed": {Direction: practice.Internal, Rang: []string{"702"}, Reason: 487},
	} {
		s := connect(t, itoolabs.Config{NoContact: true, Faults: itoolabs.Faults{Drop: 1}}, nil)
		request := practice.CallRequest{From: "79000000401", Scenario: scenario}
		if want.Direction == practice.Internal {
			request.From = ""
		}
		id, posted := s.play(request)
		got := s.pbx.List()
		if len(got) != 1 || len(posted) > 0 {
			t.Fatalf("%s: %+v; posted %q", scenario, got, words(posted))
		}
		g := got[0]
		if g.EntryID != id || g.Direction != want.Direction || g.Answered != want.Answered || g.Reason != want.Reason ||
			!slices.Equal(g.Rang, want.Rang) || !slices.Equal(g.Talked, want.Talked) || (scenario == "transfer") != (len(g.Aliases) == 1) {
			t.Errorf("%s: %+v", scenario, g)
		}
	}
}

// TestDay_isPlayedAtOnce, and one seed is one day.
func TestDay_isPlayedAtOnce(t *testing.T) {
	t.Parallel()
	played := func() (truth []practice.CallTruth, histories int) {
		s := connect(t, itoolabs.Config{FirstID: 1}, nil)
		d, err := s.pbx.Day(day.Request{Operators: 5, Calls: 40, Seed: 7, Start: 1764290000})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.pbx.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, f := range s.posted() {
			if f["cmd"] == protocol.CommandHistory {
				histories++
			}
		}
		return s.pbx.List(), histories
	}
	one, histories := played()
	other, _ := played()
	parts := 0
	for i, c := range one {
		parts += 1 + len(c.Aliases)
		if i < len(other) && (c.Start != other[i].Start || c.Client != other[i].Client || !slices.Equal(c.Talked, other[i].Talked)) {
			t.Errorf("call %d: %+v and %+v", i, c, other[i])
		}
	}
	if len(one) != 40 || len(other) != 40 || histories != parts {
		t.Errorf("%d and %d calls, %d histories of %d parts", len(one), len(other), histories, parts)
	}
}

func TestCall_refusesWhatItCannotPlay(t *testing.T) {
	t.Parallel()
	s := connect(t, itoolabs.Config{}, nil)
	for name, r := range map[string]practice.CallRequest{
		"scenario": {From: "79000000401", Scenario: "hold"}, "caller": {From: "nobody"}, "line": {From: "79000000401", Line: "74990000000"},
		"to": {From: "79000000401", To: "799"}, "to a client": {From: "79000000401", To: "79000000402"}, "outbound to nobody": {From: "701", Scenario: "outbound"},
	} {
		if id, err := s.pbx.Call(r); err == nil {
			t.Errorf("%s: %s is played", name, id)
		}
	}
	if err := s.pbx.SetPhone("700", practice.Rule{Outcome: practice.Answers}); err == nil {
		t.Error("a group has a telephone")
	}
	for _, c := range []itoolabs.Config{{API: "third"}, {Answer: "x"}, {Numbers: "x"}, {ContactWait: time.Minute}, {Operators: -1}, {Faults: itoolabs.Faults{HistoryLost: 2}}} {
		if c.Validate() == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
