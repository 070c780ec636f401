package itoolabs_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	protocol "dozvon/app/itoolabs"
	"dozvon/app/practice"
	"dozvon/app/practice/itoolabs"
)

const (
	key   = "pbx-key-of-the-practice-pbx"
	token = "crm-token-of-the-practice-pbx"
	// patience bounds every wait for a fact; a healthy run needs a few milliseconds.
	patience = 2 * time.Minute
)

// quick has pauses long enough to keep telephones apart and short enough to run hundreds.
var quick = practice.Timing{
	IVR: 5 * time.Millisecond, Ring: 20 * time.Millisecond, NoAnswer: 60 * time.Millisecond, Outside: 20 * time.Millisecond,
	Talk: 20 * time.Millisecond, Join: 5 * time.Millisecond, RecordingDelay: 5 * time.Millisecond, Hold: 20 * time.Millisecond, Consult: 20 * time.Millisecond,
}

// crm plays Dozvon's part: it keeps what comes and answers who calls.
type crm struct {
	t   *testing.T
	pbx *itoolabs.PBX
	api *httptest.Server

	mu       sync.Mutex // guards what follows
	requests []protocol.Fields
	kinds    map[string]bool // Content-Types
	answer   http.HandlerFunc
}

// connect starts a PBX that posts to a CRM.
func connect(t *testing.T, config itoolabs.Config, answer http.HandlerFunc) *crm {
	t.Helper()
	s := &crm{t: t, answer: answer, kinds: map[string]bool{}}
	target := httptest.NewServer(http.HandlerFunc(s.take))
	t.Cleanup(target.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config.Key, config.Token, config.Target, config.Address = key, token, target.URL, "http://"+listener.Addr().String()
	if config.Timing == (practice.Timing{}) {
		config.Timing = quick
	}
	s.pbx = itoolabs.New(config)
	s.api = &httptest.Server{Listener: listener, Config: &http.Server{Handler: s.pbx.Handler()}}
	s.api.Start()
	t.Cleanup(func() {
		s.pbx.Close()
		s.api.Close()
	})
	return s
}

func (s *crm) take(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	fields, err := protocol.ReadFields(raw)
	if err != nil || fields[protocol.FieldToken] != token {
		s.t.Errorf("posted %q, %v", raw, err)
	}
	s.mu.Lock()
	s.requests = append(s.requests, fields.Without(protocol.FieldToken))
	s.kinds[r.Header.Get("Content-Type")] = true
	answer := s.answer
	s.mu.Unlock()
	if fields["cmd"] == protocol.CommandContact && answer != nil {
		answer(w, r)
		return
	}
	io.WriteString(w, "{}")
}

// play makes a call and returns all that was posted until its end.
func (s *crm) play(r practice.CallRequest) (id string, posted []protocol.Fields) {
	s.t.Helper()
	id, err := s.pbx.Call(r)
	if err != nil {
		s.t.Fatal(err)
	}
	s.ended(id)
	return id, s.posted()
}

// ended waits for a call's end and its events.
func (s *crm) ended(id string) {
	s.t.Helper()
	ended, err := s.pbx.Ended(id)
	if err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		s.t.Fatal("the call does not end")
	}
	if err := s.pbx.Drain(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *crm) posted() []protocol.Fields {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]protocol.Fields(nil), s.requests...)
}

// words are the requests in short: "INCOMING anna", "history Success anna".
func words(requests []protocol.Fields) []string {
	var all []string
	for _, f := range requests {
		switch f["cmd"] {
		case protocol.CommandEvent:
			all = append(all, strings.TrimSpace(f["type"]+" "+f["user"]))
		case protocol.CommandHistory:
			all = append(all, strings.TrimSpace("history "+f["status"]+" "+f["user"]))
		default:
			all = append(all, f["cmd"])
		}
	}
	return all
}

// old sends a command of the old API.
func (s *crm) old(form url.Values) (int, string) {
	s.t.Helper()
	resp, err := s.client().PostForm(s.api.URL+"/sys/crm_api.wcgp", form)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.read(resp)
}

// newer sends a request of the new API.
func (s *crm) newer(method, path, key, body string) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.api.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set(protocol.HeaderKey, key)
	resp, err := s.client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.read(resp)
}

func (*crm) client() *http.Client {
	return &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (s *crm) read(resp *http.Response) (int, string) {
	s.t.Helper()
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(raw))
}

// says answers who calls.
func says(name, login string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(protocol.ContactAnswer{Name: name, Responsible: login})
	}
}
