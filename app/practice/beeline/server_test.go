package beeline_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline"
	"dozvon/app/practice/beeline/subscription"
	"dozvon/app/practice/staff"
)

const (
	token = "00000000-0000-4000-8000-000000000001"
	// patience bounds every wait for a fact; a healthy run needs a few milliseconds.
	patience = 2 * time.Minute
)

// quick has pauses long enough to keep telephones apart and short enough to run hundreds.
var quick = practice.Timing{
	IVR: 5 * time.Millisecond, Ring: 20 * time.Millisecond, NoAnswer: 60 * time.Millisecond, Outside: 20 * time.Millisecond,
	Talk: 20 * time.Millisecond, Join: 5 * time.Millisecond, RecordingDelay: 5 * time.Millisecond,
	Hold: 20 * time.Millisecond, Consult: 20 * time.Millisecond,
}

// sampleCast are the people of the samples.
func sampleCast() []staff.Employee {
	return []staff.Employee{
		{Extension: "101", Name: "Вымышленная Анна", Department: "Отдел продаж", Mobile: "79600000101"},
		{Extension: "102", Name: "Примерный Борис", Department: "Отдел продаж", Mobile: "79600000102", NoEmail: true},
		{Extension: "103", Name: "Образцова Вера", Department: "Отдел продаж", NoEmail: true},
		{Extension: "104", Name: "Пробный Глеб", Department: "Отдел продаж", Mobile: "79600000104", NoEmail: true},
	}
}

// element is an XML element as a stranger reads it.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Kids    []element  `xml:",any"`
}

// at finds the first element of a path of local names.
func (e element) at(path ...string) element {
	for _, name := range path {
		i := slices.IndexFunc(e.Kids, func(kid element) bool { return kid.XMLName.Local == name })
		if i < 0 {
			return element{}
		}
		e = e.Kids[i]
	}
	return e
}

func (e element) value(path ...string) string { return strings.TrimSpace(e.at(path...).Text) }

// typeName is the value of the attribute type, without prefix.
func (e element) typeName() string {
	for _, a := range e.Attrs {
		if a.Name.Local == "type" {
			return a.Value[strings.LastIndex(a.Value, ":")+1:]
		}
	}
	return ""
}

func parse(t *testing.T, raw []byte) element {
	t.Helper()
	var e element
	if err := xml.Unmarshal(raw, &e); err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	return e
}

// post is one request to the subscribed address.
type post struct {
	method, path, contentType string
	body                      []byte
}

// subscriber plays Dozvon's part: it subscribes and keeps every event.
type subscriber struct {
	t      *testing.T
	pbx    *beeline.PBX
	api    *httptest.Server
	target *httptest.Server

	mu      sync.Mutex // guards what follows
	posts   []post
	changed chan struct{}
}

// start runs a PBX without subscription.
func start(t *testing.T, config beeline.Config) *subscriber {
	t.Helper()
	s := &subscriber{t: t, changed: make(chan struct{})}
	s.target = httptest.NewServer(http.HandlerFunc(s.receive))
	t.Cleanup(s.target.Close)
	config.Token = token
	if config.Timing == (practice.Timing{}) {
		config.Timing = quick
	}
	config.FirstExtension = cmp.Or(config.FirstExtension, 201)
	config.AgentRing = cmp.Or(config.AgentRing, 30*time.Millisecond)
	s.pbx = beeline.New(config)
	t.Cleanup(s.pbx.Close)
	s.api = httptest.NewServer(s.pbx.Handler())
	t.Cleanup(s.api.Close)
	return s
}

// subscribed runs a PBX whose events come here.
func subscribed(t *testing.T, config beeline.Config) *subscriber {
	t.Helper()
	s := start(t, config)
	s.subscribe(subscription.Advanced, "", 3600)
	return s
}

func (s *subscriber) receive(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = append(s.posts, post{r.Method, r.URL.String(), r.Header.Get("Content-Type"), body})
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *subscriber) subscribe(kind, pattern string, expires int64) string {
	s.t.Helper()
	var made struct {
		ID string `json:"subscriptionId"`
	}
	s.want(http.StatusOK, http.MethodPut, "subscription", map[string]any{
		"pattern": pattern, "expires": expires, "subscriptionType": kind, "url": s.target.URL + "/hook/k-word",
	}, &made)
	return made.ID
}

// ask makes a request with the token and returns the answer.
func (s *subscriber) ask(method, path string, body any) (*http.Response, []byte) {
	s.t.Helper()
	var raw []byte
	if body != nil {
		raw, _ = json.Marshal(body)
	}
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.api.URL+"/apis/portal/"+path, bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("x-mpbx-api-auth-token", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, answer
}

// want makes a request and reads an answer of this status.
func (s *subscriber) want(status int, method, path string, body, into any) {
	s.t.Helper()
	response, raw := s.ask(method, path, body)
	if response.StatusCode != status {
		s.t.Fatalf("%s %s: %s %s, want %d", method, path, response.Status, raw, status)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, raw)
		}
	}
}

// play makes a call and waits until all of it has been told.
func (s *subscriber) play(r practice.CallRequest) string {
	s.t.Helper()
	id, err := s.pbx.Call(r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.finish(id)
	return id
}

// finish waits for a call's end, and for the delivery of its events.
func (s *subscriber) finish(id string) {
	s.t.Helper()
	ended, err := s.pbx.Ended(id)
	if err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		s.t.Fatal("the call did not end")
	}
	if err := s.pbx.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// events are all that came, parsed; those that begin a subscription left out.
func (s *subscriber) events() []element {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []element
	for _, p := range s.posts {
		if p.method != http.MethodPost {
			continue
		}
		if e := parse(s.t, p.body); e.at("eventData").typeName() != "CallSubscriptionEvent" {
			list = append(list, e)
		}
	}
	return list
}

// until waits for an event that is.
func (s *subscriber) until(is func(element) bool) element {
	s.t.Helper()
	limit := time.After(patience)
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		for _, e := range s.events() {
			if is(e) {
				return e
			}
		}
		select {
		case <-changed:
		case <-limit:
			s.t.Fatal("the event did not come")
		}
	}
}

// isEvent matches an event of a type.
func isEvent(kind string) func(element) bool {
	return func(e element) bool { return e.at("eventData").typeName() == kind }
}

// truth is what really became of a call.
func (s *subscriber) truth(id string) practice.CallTruth {
	s.t.Helper()
	for _, c := range s.pbx.List() {
		if c.EntryID == id {
			return c
		}
	}
	s.t.Fatalf("no call %s", id)
	return practice.CallTruth{}
}
