package beeline_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline"
	"dozvon/app/practice/beeline/routing"
	"dozvon/app/practice/day"
)

// TestEvents_plainSpellingTellsTheSame plays one call in both spellings.
func TestEvents_plainSpellingTellsTheSame(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 10, 9, 8, 0, 0, 123_000_000, time.UTC)
	facts := map[string][]string{}
	for _, spelling := range []string{beeline.EventsPrefixed, beeline.EventsPlain} {
		s := subscribed(t, beeline.Config{Events: spelling, Now: func() time.Time { return at }, FirstID: 1, IDs: beeline.IDsPair})
		s.play(practice.CallRequest{From: "79000000101", Scenario: "transfer-consult"})
		for _, e := range s.events() {
			data := e.at("eventData")
			call := data
			for _, name := range []string{"calls", "call"} {
				if len(call.at(name).Kids) > 0 {
					call = call.at(name)
				}
			}
			if spelling == beeline.EventsPlain && len(data.at("call").Kids) > 0 {
				t.Errorf("%s has a call element", data.typeName())
			}
			want := map[string]string{beeline.EventsPrefixed: "1759996800123", beeline.EventsPlain: "2025-10-09T08:00:00.123Z"}[spelling]
			if got := call.value("startTime"); got != want {
				t.Errorf("startTime %q, want %q", got, want)
			}
			facts[spelling] = append(facts[spelling], strings.Join([]string{
				data.typeName(), call.value("callId"), call.value("extTrackingId"), call.value("personality"), call.value("state"),
				call.value("remoteParty", "address"),
			}, " "))
		}
		raw := string(s.posts[len(s.posts)-1].body)
		if prefixed := strings.Contains(raw, "<xsi:Event "); prefixed != (spelling == beeline.EventsPrefixed) {
			t.Errorf("%s: prefixes %v", spelling, prefixed)
		}
	}
	if !slices.Equal(facts[beeline.EventsPrefixed], facts[beeline.EventsPlain]) || len(facts[beeline.EventsPlain]) != 12 {
		t.Errorf("the spellings differ:\n%v\n%v", facts[beeline.EventsPrefixed], facts[beeline.EventsPlain])
	}
}

func TestEvents_idsAndAddressesAsThePBXIsSet(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		config                    beeline.Config
		tracking, target, address string
	}{
		"today": {beeline.Config{}, `^[0-9a-f]{8}-[0-9a-f]{4}-4`, `^9600000201@msk\.ims\.`, `^tel:\+79000000101$`},
		"before": {
			beeline.Config{IDs: beeline.IDsPair, Domains: beeline.DomainsOld}, `^\d+:1$`, `^9600000201@mpbx\.sip\.beeline\.ru$`, `^tel:`,
		},
		"sip": {beeline.Config{SIPAddresses: true}, `-`, `@`, `^sip:\+79000000101@msk\.ims\..*;user=phone$`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := subscribed(t, tt.config)
			s.play(practice.CallRequest{From: "79000000101"})
			e := s.events()[0]
			for what, pair := range map[string][2]string{
				"tracking": {e.value("eventData", "call", "extTrackingId"), tt.tracking}, "target": {e.value("targetId"), tt.target},
				"address": {e.value("eventData", "call", "remoteParty", "address"), tt.address},
			} {
				if !regexp.MustCompile(pair[1]).MatchString(pair[0]) {
					t.Errorf("%s %q, want %s", what, pair[0], pair[1])
				}
			}
		})
	}
}

func TestCast_beginsWhereItIsTold(t *testing.T) {
	t.Parallel()
	s := subscribed(t, beeline.Config{FirstExtension: 101})
	if truth := s.truth(s.play(practice.CallRequest{From: "79000000101", Scenario: "transfer-consult"})); !slices.Equal(truth.With, []string{"101", "102"}) {
		t.Errorf("talked with %v", truth.With)
	}
	if got := s.events()[0].value("targetId"); !strings.HasPrefix(got, "9600000101@") {
		t.Errorf("the first is %s", got)
	}
}

func TestEvents_ofOddCallers(t *testing.T) {
	t.Parallel()
	s := subscribed(t, beeline.Config{})
	s.play(practice.CallRequest{From: "79000000101", Scenario: "anonymous"})
	s.play(practice.CallRequest{From: "79000000102", Scenario: "markup-in-name"})
	s.play(practice.CallRequest{From: "79000000103", Scenario: "late-number"})
	events := s.events()
	party := func(i int) element { return events[i].at("eventData", "call", "remoteParty") }
	if hidden := party(0); hidden.value("address") != "" || hidden.at("privacy").XMLName.Local == "" {
		t.Errorf("a hidden caller is %v", hidden)
	}
	if name := party(3).value("name"); name != `<b onclick="x">Иван & Ко</b>` {
		t.Errorf("name %q", name)
	}
	if first, second := party(6).value("address"), party(7).value("address"); first == second || second != "tel:+79000000103" {
		t.Errorf("first %q, then %q", first, second)
	}
}

func TestFaults_loseWhatTheyAreToLose(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults beeline.Faults
		want   []string
	}{
		"answers":                             {beeline.Faults{LoseAnswered: 1}, []string{"CallReceivedEvent", "CallReleasedEvent"}},
		"all but the ends":                    {beeline.Faults{OnlyReleased: 1}, []string{"CallReleasedEvent"}},
		"everything":                          {beeline.Faults{Drop: 1}, nil},
		"nothing, but twice":                  {beeline.Faults{Duplicate: 1}, []string{"CallReceivedEvent", "CallReceivedEvent", "CallAnsweredEvent", "CallAnsweredEvent", "CallReleasedEvent", "CallReleasedEvent"}},
		"nothing, but a call is listed twice": {beeline.Faults{RepeatedCall: 1}, []string{"CallReceivedEvent", "CallAnsweredEvent", "CallReleasedEvent"}},
		"a failed recording":                  {beeline.Faults{RecordingFailed: 1}, []string{"CallReceivedEvent", "CallAnsweredEvent", "CallRecordingStoppedEvent", "CallReleasedEvent"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := subscribed(t, beeline.Config{})
			if err := s.pbx.SetFaults(tt.faults); err != nil {
				t.Fatal(err)
			}
			id := s.play(practice.CallRequest{From: "79000000101"})
			var got []string
			for _, e := range s.events() {
				got = append(got, e.at("eventData").typeName())
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("told %v, want %v", got, tt.want)
			}
			if truth := s.truth(id); !truth.Answered || !slices.Equal(truth.Talked, []string{"201"}) {
				t.Errorf("the truth suffered: %+v", truth)
			}
		})
	}
}

func TestFaults_aRepeatedCallIsTheSame(t *testing.T) {
	t.Parallel()
	s := subscribed(t, beeline.Config{Faults: beeline.Faults{RepeatedCall: 1}})
	s.play(practice.CallRequest{From: "79000000101"})
	for _, e := range s.events() {
		calls := e.at("eventData", "calls").Kids
		if len(calls) != 2 || shape(calls[0]) != shape(calls[1]) || calls[0].value("callId") != calls[1].value("callId") {
			t.Errorf("%s lists %d calls", e.at("eventData").typeName(), len(calls))
		}
	}
}

func TestFaults_onlyReleasedStillTellsTheWholeLeg(t *testing.T) {
	t.Parallel()
	s := subscribed(t, beeline.Config{Faults: beeline.Faults{OnlyReleased: 1}})
	s.play(practice.CallRequest{From: "79000000101", Scenario: "transfer-blind"})
	for _, e := range s.events() {
		call := e.at("eventData", "call")
		if call.value("startTime") == "" || call.value("answerTime") == "" || call.value("releaseTime") == "" {
			t.Errorf("the end of a leg lacks a time: %v", call)
		}
	}
}

func TestFaults_wrongOnesAreNamed(t *testing.T) {
	t.Parallel()
	err := beeline.Config{IDs: "odd", ICRReplaces: "GET", Faults: beeline.Faults{Drop: 2, CallAnswerMS: -1}}.Validate()
	for _, want := range []string{"ids is", "icr-replaces is", "drop is 2", "call_answer_ms is -1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %q", err, want)
		}
	}
}

func TestAPI_misbehavesAsItIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults beeline.Faults
		status int
		body   string
	}{
		"away":         {beeline.Faults{APIError: 1}, 503, "errorCode"},
		"too many":     {beeline.Faults{APILimit: 1}, 429, "errorCode"},
		"wrong token":  {beeline.Faults{APIRefused: 1}, 401, "Unauthorized"},
		"bad":          {beeline.Faults{APIBad: 1}, 400, "BadRequest"},
		"portal page":  {beeline.Faults{APIHTML: 1}, 200, "<html>"},
		"nothing else": {beeline.Faults{}, 200, "userId"},
	} {
		s := start(t, beeline.Config{Faults: tt.faults})
		if response, raw := s.ask(http.MethodGet, "abonents", nil); response.StatusCode != tt.status || !strings.Contains(string(raw), tt.body) {
			t.Errorf("%s: %s %s", name, response.Status, raw)
		}
	}
	s := start(t, beeline.Config{})
	response, err := http.Get(s.api.URL + "/new/")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if kind := response.Header.Get("Content-Type"); response.StatusCode != 200 || !strings.HasPrefix(kind, "text/html") {
		t.Errorf("a wrong address: %s %s", response.Status, kind)
	}
}

// TestCall_eventMayComeBeforeTheAnswer waits for the event while the answer of the command is on its way.
func TestCall_eventMayComeBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	timing := quick
	timing.Ring = patience
	s := subscribed(t, beeline.Config{Timing: timing, Faults: beeline.Faults{CallAnswerMS: patience.Milliseconds()}})
	answered := make(chan struct{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.api.URL+"/apis/portal/v2/abonents/201/call?phoneNumber=9000000211", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-MPBX-API-AUTH-TOKEN", token)
	go func() {
		defer close(answered)
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
		}
	}()
	e := s.until(isEvent("CallOriginatingEvent"))
	select {
	case <-answered:
		t.Error("the answer came first")
	default:
	}
	if address := e.value("eventData", "call", "remoteParty", "address"); address != "tel:+79600000201" {
		t.Errorf("the first event names %q, want the operator's own number", address)
	}
	s.api.CloseClientConnections()
	<-answered
}

func TestCall_secondVersionMayBeMissing(t *testing.T) {
	t.Parallel()
	s := subscribed(t, beeline.Config{NoV2Call: true, ClientInOriginating: true})
	s.want(http.StatusNotFound, http.MethodPost, "v2/abonents/201/call?phoneNumber=9000000211", nil, nil)
	response, raw := s.ask(http.MethodPost, "abonents/201/call?phoneNumber=9000000211", nil)
	if kind := response.Header.Get("Content-Type"); response.StatusCode != 200 || !strings.HasPrefix(kind, "text/plain") {
		t.Fatalf("%s %s", response.Status, kind)
	}
	s.finish(string(raw))
	if address := s.events()[0].value("eventData", "call", "remoteParty", "address"); address != "tel:+79000000211" {
		t.Errorf("the first event names %q, want the client", address)
	}
}

func TestCall_operatorsDecline(t *testing.T) {
	t.Parallel()
	for softphone, want := range map[bool]string{false: "Busy", true: "Forbidden"} {
		s := subscribed(t, beeline.Config{Softphones: softphone})
		if err := s.pbx.SetPhone("201", practice.Rule{Outcome: practice.Declines}); err != nil {
			t.Fatal(err)
		}
		_, raw := s.ask(http.MethodPost, "abonents/201/call?phoneNumber=9000000211", nil)
		s.finish(string(raw))
		if cause := s.events()[1].value("eventData", "call", "releaseCause", "internalReleaseCause"); cause != want {
			t.Errorf("softphone %v: %q, want %q", softphone, cause, want)
		}
	}
}

// talk is long enough for a command to come while it lasts, on a busy machine too.
const talk = 5 * time.Second

// TestTransfer_byCommand hands a talk over, and gets the client back when nobody answers.
func TestTransfer_byCommand(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rule practice.Rule
		to   string
		with []string
	}{
		"answered":     {practice.Rule{Outcome: practice.Answers}, "204", []string{"201", "204"}},
		"not answered": {practice.Rule{Outcome: practice.NoAnswer}, "204", []string{"201"}},
		"to a mobile":  {practice.Rule{Outcome: practice.Answers}, "9000000977", []string{"201"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := subscribed(t, beeline.Config{})
			if err := s.pbx.SetPhone("204", tt.rule); err != nil {
				t.Fatal(err)
			}
			id, err := s.pbx.Call(practice.CallRequest{From: "79000000101", To: "201", TalkMS: talk.Milliseconds()})
			if err != nil {
				t.Fatal(err)
			}
			leg := s.until(isEvent("CallAnsweredEvent")).value("eventData", "call", "callId")
			transfer := fmt.Sprintf("callTransfer?callId=%s&phoneNumber=%s", url.QueryEscape(leg), tt.to)
			s.want(http.StatusBadRequest, http.MethodPost, "abonents/202/"+transfer, nil, nil)
			s.want(http.StatusOK, http.MethodPost, "abonents/201/"+transfer, nil, nil)
			s.finish(id)
			s.want(http.StatusBadRequest, http.MethodPost, "abonents/201/"+transfer, nil, nil)
			truth := s.truth(id)
			if !slices.Equal(truth.With, tt.with) || !truth.Answered {
				t.Errorf("truth %+v, want with %v", truth, tt.with)
			}
			recalls := slices.DeleteFunc(s.events(), func(e element) bool { return e.value("eventData", "call", "recallType") == "" })
			if back := len(recalls) > 0; back != (name == "not answered") {
				t.Errorf("rang back: %v", back)
			}
		})
	}
}

// TestConnect_joinsAClickToCall: nothing starts a consultation but the employee's telephone or a call of its own.
func TestConnect_joinsAClickToCall(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		number string
		with   []string
	}{
		"a colleague":          {"202", []string{"201", "202"}},
		"an outside telephone": {"9000000977", []string{"201"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timing := quick
			timing.Talk = talk
			s := subscribed(t, beeline.Config{Timing: timing})
			id, err := s.pbx.Call(practice.CallRequest{From: "79000000101", To: "201"})
			if err != nil {
				t.Fatal(err)
			}
			first := s.until(isEvent("CallAnsweredEvent")).value("eventData", "call", "callId")
			_, raw := s.ask(http.MethodPost, "abonents/201/call?phoneNumber="+tt.number, nil)
			second := string(raw)
			own := s.until(func(e element) bool {
				return isEvent("CallAnsweredEvent")(e) && e.value("eventData", "call", "extTrackingId") == second &&
					e.value("eventData", "call", "personality") == "Originator"
			}).value("eventData", "call", "callId")
			connect := "callTransferConsult?callId=" + url.QueryEscape(first) + "&callIdConsult=" + url.QueryEscape(own)
			s.want(http.StatusBadRequest, http.MethodPost, "abonents/204/"+connect, nil, nil)
			s.want(http.StatusOK, http.MethodPost, "abonents/201/"+connect, nil, nil)
			s.want(http.StatusBadRequest, http.MethodPost, "abonents/201/"+connect, nil, nil)
			s.finish(id)
			left := s.until(isEvent("CallRedirectedEvent")).at("eventData", "calls")
			if len(left.Kids) != 2 || left.Kids[0].value("callId") != first || left.Kids[1].value("callId") != own {
				t.Errorf("%d calls left the employee", len(left.Kids))
			}
			truth := s.truth(id)
			if len(s.pbx.List()) != 1 || !slices.Equal(truth.Aliases, []string{second}) {
				t.Errorf("%d calls, aliases %v, want one with %s", len(s.pbx.List()), truth.Aliases, second)
			}
			if name == "a colleague" && (!slices.Equal(truth.With, tt.with) || len(s.events()) == 0) {
				t.Errorf("talked with %v, want %v", truth.With, tt.with)
			}
			for _, leg := range s.pbx.Calls()[0].Legs {
				if leg.State != "Released" {
					t.Errorf("leg %+v lives on", leg)
				}
			}
		})
	}
}

func TestRouting_goesToTheResponsible(t *testing.T) {
	t.Parallel()
	s := subscribed(t, beeline.Config{Rules: []routing.Rule{{Number: "9000000300", Extension: "205"}}})
	call := practice.CallRequest{From: "79000000301", Scenario: "ivr-answered"}
	rang := func() []string { return s.truth(s.play(call)).Rang }
	s.want(http.StatusOK, http.MethodPut, "icr/route", []routing.Rule{{Number: "+79000000301", Extension: "202"}}, nil)
	if got := rang(); !slices.Equal(got, []string{"204"}) {
		t.Errorf("the line is off, but %v rang", got)
	}
	s.want(http.StatusOK, http.MethodPut, "icr/numbers", []string{"9610000010"}, nil)
	if got := rang(); !slices.Equal(got, []string{"202"}) {
		t.Errorf("%v rang, want the responsible", got)
	}
	if got := len(s.pbx.Rules()); got != 2 {
		t.Errorf("%d rules, want the foreign one and ours", got)
	}
	s.want(http.StatusOK, http.MethodPost, "icr/route", []routing.Rule{{Number: "9000000302", Extension: "203"}}, nil)
	if rules := s.pbx.Rules(); !slices.Equal(rules, []routing.Rule{{Number: "9000000302", Extension: "203"}}) {
		t.Errorf("rules %v, want the last only: this verb replaces", rules)
	}
	for _, wrong := range []any{routing.Rule{Number: "9000000302", Extension: "203"}, "text", nil} {
		if response, _ := s.ask(http.MethodPut, "icr/route", wrong); response.StatusCode != http.StatusBadRequest {
			t.Errorf("%v is no list: %s", wrong, response.Status)
		}
	}
	other := start(t, beeline.Config{ICRReplaces: http.MethodPut, Rules: []routing.Rule{{Number: "9000000300", Extension: "205"}}})
	other.want(http.StatusOK, http.MethodPost, "icr/route", []routing.Rule{{Number: "9000000302", Extension: "203"}}, nil)
	merged := len(other.pbx.Rules())
	other.want(http.StatusOK, http.MethodPut, "icr/route", []routing.Rule{{Number: "9000000303", Extension: "203"}}, nil)
	if replaced := len(other.pbx.Rules()); merged != 2 || replaced != 1 {
		t.Errorf("POST left %d rules, PUT %d, want 2 and 1", merged, replaced)
	}
}

func TestRecords_comeAfterAWhileAndInPages(t *testing.T) {
	t.Parallel()
	timing := quick
	timing.RecordingDelay = patience
	s := subscribed(t, beeline.Config{Timing: timing})
	id := s.play(practice.CallRequest{From: "79000000101"})
	path := "v2/records/" + url.PathEscape(id) + "/" + url.PathEscape(s.pbx.UserID("201"))
	s.want(http.StatusNotFound, http.MethodGet, path+"/download", nil, nil)

	s = subscribed(t, beeline.Config{})
	var ids []string
	for range 3 {
		id := s.play(practice.CallRequest{From: "79000000101"})
		s.untilRecorded(id)
		ids = append(ids, s.truth(id).Recordings...)
	}
	var list []struct{ ID string }
	s.want(http.StatusOK, http.MethodGet, "records?id="+ids[0], nil, &list)
	if len(list) != 2 || list[0].ID != ids[1] || list[1].ID != ids[2] {
		t.Errorf("after %s: %v of %v", ids[0], list, ids)
	}
	s.want(http.StatusOK, http.MethodDelete, "abonents/201/recording", nil, nil)
	if quiet := s.play(practice.CallRequest{From: "79000000101"}); len(s.truth(quiet).Recordings) != 0 {
		t.Error("recorded though it is switched off")
	}
	response, sound := s.ask(http.MethodGet, "v2/records/"+ids[0]+"/download", nil)
	if kind := response.Header.Get("Content-Type"); kind != "audio/mpeg" || len(sound) < 1000 {
		t.Errorf("%s of %d bytes", kind, len(sound))
	}
	var link struct{ URL string }
	s.want(http.StatusOK, http.MethodGet, "records/"+ids[0]+"/reference", nil, &link)
	for _, want := range []int{200, 404} {
		response, err := http.Get(link.URL)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("the link answers %s, want %d: it works once", response.Status, want)
		}
	}
}

// TestDay_everyCallCanBeToldFromItsEvents plays a day and reads the calls off the events by the
// reference's rules of folding (section 8), to compare them with the PBX's own account.
func TestDay_everyCallCanBeToldFromItsEvents(t *testing.T) {
	t.Parallel()
	s := subscribed(t, beeline.Config{})
	played, err := s.pbx.Day(day.Request{Operators: 7, Calls: 120, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := played.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.pbx.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	answered, known := map[string]bool{}, map[string]bool{}
	for _, e := range s.events() {
		call := e.at("eventData", "call")
		id := call.value("extTrackingId")
		known[id] = true
		system := strings.Contains(e.value("targetId"), "_hg_") || strings.Contains(e.value("targetId"), "_vxml") || strings.HasPrefix(e.value("targetId"), "MPBX")
		if call.value("answerTime") != "" && !system && call.value("personality") != "Click-to-Dial" {
			answered[id] = true
		}
	}
	list := s.pbx.List()
	if len(list) != played.Planned() || len(list) < 100 {
		t.Fatalf("%d calls of %d", len(list), played.Planned())
	}
	talks := 0
	for _, c := range list {
		outside := c.Answered && len(c.Talked) == 0 // at a mobile, of which nothing is told
		if !known[c.EntryID] || answered[c.EntryID] != (c.Answered && !outside) {
			t.Errorf("call %+v: known %v, answered %v by its events", c, known[c.EntryID], answered[c.EntryID])
		}
		talks += len(c.Recordings)
	}
	if talks < 50 {
		t.Errorf("%d recordings", talks)
	}
	s.compareStatistics()
}

// compareStatistics counts the rows that say somebody talked.
func (s *subscriber) compareStatistics() {
	s.t.Helper()
	received, want := 0, 0
	for page := 0; ; page++ {
		var rows []struct {
			Status    string
			Direction string
		}
		s.want(http.StatusOK, http.MethodGet, fmt.Sprintf("v2/statistics?dateFrom=2020-01-01T00:00:00Z&dateTo=2100-01-01T00:00:00Z&page=%d&pageSize=100", page), nil, &rows)
		for _, row := range rows {
			if row.Status == "RECIEVED" {
				received++
			}
		}
		if len(rows) < 100 {
			break
		}
	}
	for _, e := range s.events() {
		if call := e.at("eventData", "call"); isEvent("CallReleasedEvent")(e) && call.value("answerTime") != "" &&
			call.value("personality") == "Terminator" && len(call.at("appearance").Text) > 0 {
			want++
		}
	}
	if received != want || want < 50 {
		s.t.Errorf("%d rows of answered legs, want %d", received, want)
	}
}

func TestClose_endsRunningCalls(t *testing.T) {
	t.Parallel()
	pbx := beeline.New(beeline.Config{Token: token})
	server := httptest.NewServer(pbx.Handler())
	defer server.Close()
	for name := range map[string]bool{"queue-missed": true, "transfer-consult": true, "outbound": true} {
		if _, err := pbx.Call(practice.CallRequest{From: "79000000101", Scenario: name}); err != nil {
			t.Fatal(err)
		}
	}
	pbx.Close()
	if _, err := pbx.Call(practice.CallRequest{From: "79000000101"}); err == nil {
		t.Error("a closed PBX made a call")
	}
}
