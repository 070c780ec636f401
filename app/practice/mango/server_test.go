package mango_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

const (
	key, salt = "testkey", "testsalt"
	// patience bounds every wait for a fact; a healthy run needs a few milliseconds.
	patience = 2 * time.Minute
)

// quick has pauses long enough to keep telephones apart and short enough to run hundreds.
var quick = practice.Timing{
	IVR: 5 * time.Millisecond, Ring: 20 * time.Millisecond, NoAnswer: 60 * time.Millisecond, Outside: 20 * time.Millisecond,
	Talk: 20 * time.Millisecond, Join: 5 * time.Millisecond, RecordingDelay: 5 * time.Millisecond,
	Hold: 20 * time.Millisecond, Consult: 20 * time.Millisecond,
}

// slow has telephones that ring until the test says otherwise.
func slow(change func(*practice.Timing)) practice.Timing {
	t := quick
	change(&t)
	return t
}

// frozen is a clock that stands still.
func frozen() time.Time { return time.Unix(1760000000, 0) }

// webhook is one event as it reached the server.
type webhook struct {
	path  string
	raw   json.RawMessage
	event any
}

// server plays Dozvon's part: it verifies, decodes and keeps every event.
type server struct {
	t       *testing.T
	key     string
	salt    string
	pbx     *practice.PBX
	api     *httptest.Server
	mu      sync.Mutex // guards what follows
	changed chan struct{}
	events  []webhook
	kinds   []string // Content-Type of each event
	refuse  int      // how many requests to answer with 503 first
}

func start(t *testing.T, config practice.Config) *server {
	t.Helper()
	s := &server{t: t, changed: make(chan struct{}), key: cmp.Or(config.Key, key), salt: cmp.Or(config.Salt, salt)}
	target := httptest.NewServer(http.HandlerFunc(s.receive))
	t.Cleanup(target.Close)
	config.Key, config.Salt, config.Target = s.key, s.salt, target.URL+"/mango/"
	if config.Timing == (practice.Timing{}) {
		config.Timing = quick
	}
	config.RetryDelay = time.Millisecond
	s.pbx = practice.New(config)
	t.Cleanup(s.pbx.Close)
	s.api = httptest.NewServer(s.pbx.Handler())
	t.Cleanup(s.api.Close)
	return s
}

func (s *server) receive(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse > 0 {
		s.refuse--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		s.t.Errorf("form: %v", err)
	}
	s.kinds = append(s.kinds, r.Header.Get("Content-Type"))
	form := mango.ParseForm(r.PostForm)
	if err := form.Verify(s.key, s.salt); err != nil {
		s.t.Errorf("%s: %v", r.URL.Path, err)
	}
	path := strings.TrimPrefix(r.URL.Path, "/mango")
	event, err := mango.Decode(path, []byte(form.JSON))
	if err != nil {
		s.t.Errorf("%s %s: %v", path, form.JSON, err)
	}
	s.events = append(s.events, webhook{path, json.RawMessage(form.JSON), event})
	close(s.changed)
	s.changed = make(chan struct{})
}

// until waits for an event that satisfies is, and returns all events up to then.
func (s *server) until(what string, is func(any) bool) []webhook {
	s.t.Helper()
	return s.untilWebhook(what, func(w webhook) bool { return is(w.event) })
}

// untilWebhook is until for tests that care about the path.
func (s *server) untilWebhook(what string, is func(webhook) bool) []webhook {
	s.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		s.mu.Lock()
		events, changed := s.events, s.changed
		s.mu.Unlock()
		for i, e := range events {
			if is(e) {
				return events[:i+1]
			}
		}
		select {
		case <-changed:
		case <-deadline.C:
			s.t.Fatalf("no %s among %d events:\n%s", what, len(events), strings.Join(normalise(events, true), "\n"))
		}
	}
}

func (s *server) untilSummary() []webhook {
	s.t.Helper()
	return s.until("summary", func(e any) bool { _, ok := e.(mango.Summary); return ok })
}

// untilLeg returns the call_id of the first leg in the state at the extension or place.
func (s *server) untilLeg(state mango.Text, where mango.Text) string {
	s.t.Helper()
	var id string
	s.until(string(state+" at "+where), func(e any) bool {
		c, ok := e.(mango.CallEvent)
		id = string(c.CallID)
		return ok && c.State == state && (c.To.Extension == where || c.Location == where)
	})
	return id
}

func (s *server) untilResult(id string) int {
	s.t.Helper()
	var code int
	s.until("result of "+id, func(e any) bool {
		r, ok := e.(mango.Result)
		code = int(r.Code)
		return ok && string(r.CommandID) == id
	})
	return code
}

func (s *server) call(r practice.CallRequest) {
	s.t.Helper()
	if _, err := s.pbx.Call(r); err != nil {
		s.t.Fatal(err)
	}
}

// command posts a signed request and returns status and body.
func (s *server) command(path string, body any) (int, string) {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.form(path, mango.NewForm(s.key, s.salt, string(raw)))
}

func (s *server) form(path string, form mango.Form) (int, string) {
	s.t.Helper()
	client := *s.api.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.PostForm(s.api.URL+"/vpbx/"+path, form.Values())
	if err != nil {
		s.t.Fatal(err)
	}
	return s.answer(response)
}

// answer is the status and the body of a response, or the Location of a redirect.
func (s *server) answer(response *http.Response) (int, string) {
	s.t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if location := response.Header.Get("Location"); location != "" {
		return response.StatusCode, location
	}
	return response.StatusCode, strings.TrimSpace(string(body))
}

// received returns every event so far.
func (s *server) received() []webhook {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events
}

// ended waits for the first call to end and returns the PBX's own account of it.
func (s *server) ended() practice.CallTruth {
	s.t.Helper()
	calls := s.pbx.Calls()
	if len(calls) == 0 {
		s.t.Fatal("there is no call")
	}
	ended, err := s.pbx.Ended(calls[0].EntryID)
	if err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		s.t.Fatal("the call does not end")
	}
	return s.pbx.List()[0]
}
