package beeline

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server/pbx"
)

// samples is where the protocol's samples lie.
const samples = "../../../beeline/testdata/samples"

const (
	token     = "00000000-0000-4000-8000-000000000001"
	ourSub    = "5b260736-0000-4000-8000-95f38d8e0001"
	annasID   = "9600000101@mpbx.sip.beeline.ru"
	waitAtAll = time.Minute // only ends what hangs
)

// sample is a command of the samples.
type sample struct {
	Request struct {
		Method string
		Path   string
		Query  map[string]any
		JSON   json.RawMessage
	}
	Response struct {
		Status      int
		ContentType string `json:"content_type"`
		JSON        json.RawMessage
		Text        *string
	}
}

func readSample(tb testing.TB, name string) sample {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, "commands", name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	var s sample
	if err := json.Unmarshal(raw, &s); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return s
}

// fakePBX answers as the samples do. What it was asked for it notes.
type fakePBX struct {
	tb  testing.TB
	mux *http.ServeMux
	url string

	mu    sync.Mutex // guards asked
	asked []string   // "GET abonents?x=1 body"
}

func newFakePBX(tb testing.TB, names ...string) *fakePBX {
	tb.Helper()
	f := &fakePBX{tb: tb, mux: http.NewServeMux()}
	srv := httptest.NewServer(http.HandlerFunc(f.serve))
	tb.Cleanup(srv.Close)
	f.url = srv.URL + "/apis/portal/"
	for _, name := range names {
		f.answer(readSample(tb, name))
	}
	return f
}

func (f *fakePBX) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	line := r.Method + " " + strings.TrimPrefix(r.URL.EscapedPath(), "/apis/portal/")
	if r.URL.RawQuery != "" {
		line += "?" + r.URL.RawQuery
	}
	if len(body) > 0 {
		line += " " + string(body)
	}
	f.mu.Lock()
	f.asked = append(f.asked, line)
	f.mu.Unlock()
	w.Header()["Date"] = nil // the samples' time is not ours
	if r.Header.Get("X-MPBX-API-AUTH-TOKEN") != token {
		write(w, readSample(f.tb, "error-token"))
		return
	}
	f.mux.ServeHTTP(w, r)
}

// log is what was asked for since the last time.
func (f *fakePBX) log() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	had := f.asked
	f.asked = nil
	return had
}

func (f *fakePBX) answer(s sample) {
	f.handle(s.Request.Method+" "+strings.TrimPrefix(s.Request.Path, "/apis/portal/"), func(w http.ResponseWriter, _ *http.Request) { write(w, s) })
}

// handle answers "METHOD path"; the path is unescaped.
func (f *fakePBX) handle(pattern string, h http.HandlerFunc) {
	method, path, _ := strings.Cut(pattern, " ")
	path = strings.NewReplacer("%3A", ":", "%40", "@").Replace(path)
	f.mux.HandleFunc(method+" /apis/portal/"+path, h)
}

func write(w http.ResponseWriter, s sample) {
	w.Header().Set("Content-Type", s.Response.ContentType)
	w.WriteHeader(s.Response.Status)
	if s.Response.Text != nil {
		io.WriteString(w, *s.Response.Text)
		return
	}
	w.Write(s.Response.JSON)
}

// provider is an account at the fake PBX that asks without pauses.
func (f *fakePBX) provider(change ...func(*Config)) *Provider {
	cfg := Config{Token: token, URL: f.url, Now: time.Now, Every: time.Microsecond}
	for _, c := range change {
		c(&cfg)
	}
	return New(cfg)
}

// known is a provider that has read who is who.
func known(tb testing.TB, change ...func(*Config)) *Provider {
	tb.Helper()
	p := newFakePBX(tb, "abonents", "numbers").provider(change...)
	if err := p.Refresh(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return p
}

func at(now time.Time) func(*Config) {
	return func(c *Config) { c.Now = func() time.Time { return now } }
}

func post(body []byte) pbx.Request {
	return pbx.Request{Method: http.MethodPost, Header: http.Header{"Content-Type": {"application/xml; charset=UTF-8"}}, Body: body}
}

// flow is a flow of the samples: its bodies in the order of delivery and what the call is in the end.
type flow struct {
	name   string
	bodies [][]byte
	expect expectation
}

type expectation struct {
	EntryID     string `json:"entry_id"`
	Direction   *string
	Phone       *string
	Result      *string
	Rang        []string
	Talked      *string
	TalkSeconds *int     `json:"talk_seconds"`
	ResultAny   []string `json:"result_any"`
	TalkedAll   []string `json:"talked_all"`
	Aliases     []string
}

func readFlows(tb testing.TB) []flow {
	tb.Helper()
	dirs, err := filepath.Glob(samples + "/flows/*")
	if err != nil || len(dirs) != 18 {
		tb.Fatalf("%d flows: %v", len(dirs), err)
	}
	var all []flow
	for _, dir := range dirs {
		f := flow{name: filepath.Base(dir)}
		raw, err := os.ReadFile(filepath.Join(dir, "expect.json"))
		if err != nil {
			tb.Fatal(err)
		}
		if err := json.Unmarshal(raw, &f.expect); err != nil {
			tb.Fatalf("%s: %v", dir, err)
		}
		files, _ := filepath.Glob(dir + "/*.xml")
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				tb.Fatal(err)
			}
			f.bodies = append(f.bodies, raw)
		}
		all = append(all, f)
	}
	return all
}
