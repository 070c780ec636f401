package beeline_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline"
	"dozvon/app/practice/beeline/subscription"
)

func TestSubscription_endsByItselfAndSaysSo(t *testing.T) {
	t.Parallel()
	s := start(t, beeline.Config{})
	id := s.subscribe(subscription.Advanced, "", 1)
	end := s.until(isEvent("SubscriptionTerminatedEvent"))
	if got := end.value("subscriptionId"); got != id {
		t.Errorf("subscription %s ended, want %s", got, id)
	}
	s.want(http.StatusNotFound, http.MethodGet, "subscription?subscriptionId="+id, nil, nil)
	s.play(practice.CallRequest{From: "79000000101"})
	if events := s.events(); len(events) != 1 {
		t.Errorf("%d events after the end", len(events)-1)
	}
}

func TestSubscription_endsByCommandOrVanishes(t *testing.T) {
	t.Parallel()
	s := start(t, beeline.Config{MaxExpires: 600})
	ended, vanished := s.subscribe(subscription.Advanced, "", 3600), s.subscribe(subscription.Advanced, "", 3600)
	var info subscription.Subscription
	s.want(http.StatusOK, http.MethodGet, "subscription?subscriptionId="+ended, nil, &info)
	if info.Expires <= 0 || info.Expires > 600 || info.TargetType != "GROUP" || info.URL != s.target.URL+"/hook/k-word" {
		t.Errorf("subscription %+v", info)
	}
	s.want(http.StatusOK, http.MethodDelete, "subscription?subscriptionId="+ended, nil, nil)
	s.want(http.StatusNotFound, http.MethodDelete, "subscription?subscriptionId="+ended, nil, nil)
	if !s.pbx.VanishSubscription(vanished) {
		t.Error("the subscription was not there")
	}
	if err := s.pbx.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if events := s.events(); len(events) != 1 || events[0].value("subscriptionId") != ended {
		t.Errorf("%d ends told, want one of the subscription that was ended", len(events))
	}
}

func TestSubscription_overlapTellsEverythingTwice(t *testing.T) {
	t.Parallel()
	s := start(t, beeline.Config{})
	first, second := s.subscribe(subscription.Advanced, "", 3600), s.subscribe(subscription.Advanced, "", 3600)
	id := s.play(practice.CallRequest{From: "79000000101"})
	told, eventIDs := map[string][]string{}, map[string]bool{}
	for _, e := range s.events() {
		if e.value("eventData", "call", "extTrackingId") != id {
			t.Errorf("an event of another call")
		}
		told[e.value("subscriptionId")] = append(told[e.value("subscriptionId")], e.at("eventData").typeName()+e.value("sequenceNumber"))
		eventIDs[e.value("eventID")] = true
	}
	// The first event of each subscription, 1, is about nothing.
	want := []string{"CallReceivedEvent2", "CallAnsweredEvent3", "CallReleasedEvent4"}
	if !slices.Equal(told[first], want) || !slices.Equal(told[second], want) || len(eventIDs) != 6 {
		t.Errorf("told %v with %d ids, want %v twice", told, len(eventIDs), want)
	}
}

func TestSubscription_ofOnePlaceReplacesTheOlderIfThePBXIsSo(t *testing.T) {
	t.Parallel()
	s := start(t, beeline.Config{OneSubscription: true})
	first := s.subscribe(subscription.Advanced, "", 3600)
	second := s.subscribe(subscription.Advanced, "", 3600)
	if live := s.pbx.Subscriptions(); len(live) != 1 || live[0].ID != second {
		t.Errorf("live %v, want %s only", live, second)
	}
	if end := s.until(isEvent("SubscriptionTerminatedEvent")); end.value("subscriptionId") != first {
		t.Error("another subscription ended")
	}
}

func TestSubscription_basicBringsLess(t *testing.T) {
	t.Parallel()
	s := start(t, beeline.Config{BasicOnly: true})
	s.want(http.StatusBadRequest, http.MethodPut, "subscription", map[string]any{
		"expires": 60, "subscriptionType": "ADVANCED_CALL", "url": s.target.URL,
	}, nil)
	s.subscribe(subscription.Basic, "", 3600)
	s.play(practice.CallRequest{From: "79000000101", Scenario: "hold"})
	s.play(practice.CallRequest{From: "79000000101", Scenario: "transfer-blind"})
	s.play(practice.CallRequest{From: "79000000101", Scenario: "outbound-busy"})
	var types []string
	for _, e := range s.events() {
		if kind := e.at("eventData").typeName(); !slices.Contains(types, kind) {
			types = append(types, kind)
		}
	}
	slices.Sort(types)
	want := []string{"CallAnsweredEvent", "CallOriginatedEvent", "CallReceivedEvent", "CallReleasedEvent", "HookStatusEvent"}
	if !slices.Equal(types, want) {
		t.Errorf("types %v, want %v", types, want)
	}
}

func TestSubscription_ofAnAbonentOrALineBringsItsOwn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pattern string
		is      func(s *subscriber, e element) bool
	}{
		"abonent by extension": {"202", func(s *subscriber, e element) bool { return e.value("targetId") == s.pbx.UserID("202") }},
		"abonent by number":    {"9600000202", func(s *subscriber, e element) bool { return e.value("targetId") == s.pbx.UserID("202") }},
		"line": {"9610000020", func(_ *subscriber, e element) bool {
			return strings.HasSuffix(e.value("eventData", "call", "remoteParty", "address"), "102")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, beeline.Config{})
			s.subscribe(subscription.Advanced, tt.pattern, 3600)
			s.play(practice.CallRequest{From: "79000000101", Scenario: "group"})
			s.play(practice.CallRequest{From: "79000000102", To: "201", Line: "79610000020"})
			events := s.events()
			if len(events) < 3 {
				t.Fatalf("%d events", len(events))
			}
			for _, e := range events {
				if !tt.is(s, e) {
					t.Errorf("an event of %s", e.value("targetId"))
				}
			}
		})
	}
	s := start(t, beeline.Config{})
	s.want(http.StatusBadRequest, http.MethodPut, "subscription", map[string]any{
		"pattern": "999", "expires": 60, "subscriptionType": "ADVANCED_CALL", "url": s.target.URL,
	}, nil)
}

func TestSubscription_beginsWithTheCallsInProgress(t *testing.T) {
	t.Parallel()
	s := start(t, beeline.Config{})
	id, err := s.pbx.Call(practice.CallRequest{From: "79000000101", Scenario: "group", RingMS: patience.Milliseconds()})
	if err != nil {
		t.Fatal(err)
	}
	for len(s.pbx.Calls()[0].Legs) < 4 {
		s.want(http.StatusOK, http.MethodGet, "numbers", nil, nil) // lets time pass
	}
	s.subscribe(subscription.Advanced, "", 3600)
	if err := s.pbx.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	targets := map[string]bool{}
	for _, p := range s.posts {
		e := parse(t, p.body)
		call := e.at("eventData", "calls", "call")
		if e.at("eventData").typeName() != "CallSubscriptionEvent" || call.value("extTrackingId") != id || call.value("state") != "Alerting" {
			t.Errorf("first event %s about %q", e.at("eventData").typeName(), call.value("extTrackingId"))
		}
		targets[e.value("targetId")] = true
	}
	if len(targets) != 4 {
		t.Errorf("told of %d targets, want the group and its three", len(targets))
	}
}

func TestSubscription_isToldThatEventsWereLost(t *testing.T) {
	t.Parallel()
	s := start(t, beeline.Config{})
	id := s.subscribe(subscription.Advanced, "", 3600)
	for path, want := range map[string]int{id: http.StatusNoContent, "another": http.StatusNotFound} {
		response, err := http.Post(s.api.URL+"/control/subscriptions/"+path+"/resync", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %s, want %d", path, response.Status, want)
		}
	}
	if e := s.until(isEvent("CallSubscriptionResyncEvent")); e.value("subscriptionId") != id {
		t.Error("another subscription was told")
	}
}

func TestSubscription_asksTheAddressFirst(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		s := start(t, beeline.Config{CheckURL: method, AppendNull: true})
		s.want(http.StatusOK, http.MethodPut, "subscription", map[string]any{
			"expires": 60, "subscriptionType": "ADVANCED_CALL", "url": s.target.URL + "/hook/word?a=b",
		}, nil)
		s.play(practice.CallRequest{From: "79000000101"})
		if first := s.posts[0]; first.method != method || first.path != "/hook/word/null?a=b" {
			t.Errorf("first request %s %s", first.method, first.path)
		}
		if second := s.posts[1]; second.method != http.MethodPost || second.path != "/hook/word/null?a=b" ||
			second.contentType != "application/xml; charset=UTF-8" {
			t.Errorf("second request %+v", second)
		}
		s.want(http.StatusBadRequest, http.MethodPut, "subscription", map[string]any{
			"expires": 60, "subscriptionType": "ADVANCED_CALL", "url": "http://127.0.0.1:1/hook",
		}, nil)
	}
}

func TestSubscription_refusesWhatIsNone(t *testing.T) {
	t.Parallel()
	s := start(t, beeline.Config{})
	for name, body := range map[string]map[string]any{
		"no life":     {"expires": 0, "subscriptionType": "BASIC_CALL", "url": s.target.URL},
		"unknown":     {"expires": 60, "subscriptionType": "Call", "url": s.target.URL},
		"no address":  {"expires": 60, "subscriptionType": "BASIC_CALL"},
		"odd address": {"expires": 60, "subscriptionType": "BASIC_CALL", "url": "ftp://example.com/x"},
	} {
		if response, raw := s.ask(http.MethodPut, "subscription", body); response.StatusCode != http.StatusBadRequest || !strings.Contains(string(raw), "errorCode") {
			t.Errorf("%s: %s %s", name, response.Status, raw)
		}
	}
	if response, _ := s.ask(http.MethodPut, "subscription", "text"); response.StatusCode != http.StatusBadRequest {
		t.Errorf("a text: %s", response.Status)
	}
}
