package itoolabs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/itoolabs"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/backoff"
)

// commandSample is one command and its answer, as the reference has it.
type commandSample struct {
	Request struct {
		Method  string            `json:"method"`
		Path    string            `json:"path"`
		Form    map[string]string `json:"form"`
		Headers map[string]string `json:"headers"`
		Query   map[string]string `json:"query"`
		JSON    map[string]string `json:"json"`
	} `json:"request"`
	Response struct {
		Status int             `json:"status"`
		Type   string          `json:"content_type"`
		JSON   json.RawMessage `json:"json"`
		Text   string          `json:"text"`
	} `json:"response"`
}

func commandOf(tb testing.TB, name string) commandSample {
	tb.Helper()
	var c commandSample
	load(tb, samples+"commands/"+name+".json", &c)
	return c
}

// answer writes a sample's answer.
func (c commandSample) answer(w http.ResponseWriter) {
	body := []byte(c.Response.Text)
	if len(c.Response.JSON) > 0 {
		w.Header().Set("Content-Type", "application/json")
		body = c.Response.JSON
	}
	w.WriteHeader(c.Response.Status)
	w.Write(body)
}

// seen is what a PBX was sent.
type seen struct {
	mu  sync.Mutex // guards what follows
	all []string
}

func (s *seen) add(r *http.Request) string {
	raw, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	body := string(raw)
	if form, err := url.ParseQuery(body); err == nil && r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		body = form.Encode()
	}
	line := strings.TrimSpace(strings.Join([]string{r.Method, r.URL.RequestURI(), r.Header.Get(itoolabs.HeaderKey), body}, " "))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, line)
	return line
}

func (s *seen) lines() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.all)
}

// pbxOf is a PBX that answers as a function says, and what it was sent.
func pbxOf(t *testing.T, answer http.HandlerFunc) (*Provider, *seen) {
	t.Helper()
	s := &seen{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.add(r)
		answer(w, r)
	}))
	t.Cleanup(srv.Close)
	return New(Config{Key: key, Token: token, URL: srv.URL, HistoryEvery: time.Millisecond}), s
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// bothAPIs answers the new API by one function and the old by another.
func bothAPIs(newer, older http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/"+itoolabs.PathNew) {
			newer(w, r)
			return
		}
		older(w, r)
	}
}

const (
	askNew = "GET /crmapi/v1/users?limit=100&start=0 " + key
	askOld = "POST /sys/crm_api.wcgp  cmd=accounts&token=" + key
)

// TestGeneration_isFoundOut by the list of employees: the new API's first (section 1).
func TestGeneration_isFoundOut(t *testing.T) {
	t.Parallel()
	users, accounts := commandOf(t, "users-v1").answer, commandOf(t, "accounts").answer
	newer := func(w http.ResponseWriter, _ *http.Request) { users(w) }
	older := func(w http.ResponseWriter, _ *http.Request) { accounts(w) }
	for name, tt := range map[string]struct {
		set    generation
		answer http.HandlerFunc
		asked  []string
		people int
	}{
		"new":                        {unknownAPI, bothAPIs(newer, older), []string{askNew, askNew}, 1},
		"old: no such page":          {unknownAPI, bothAPIs(says(404, "<html>"), older), []string{askNew, askOld, askOld}, 3},
		"old: a page under 200":      {unknownAPI, bothAPIs(says(200, "<!doctype html>"), older), []string{askNew, askOld, askOld}, 3},
		"old: no such address":       {unknownAPI, bothAPIs(says(301, ""), older), []string{askNew, askOld, askOld}, 3},
		"old: another key":           {unknownAPI, bothAPIs(says(401, `{"message":"Empty token"}`), older), []string{askNew, askOld, askOld}, 3},
		"old: something else":        {unknownAPI, bothAPIs(says(200, `{"ok":true}`), older), []string{askNew, askOld, askOld}, 3},
		"told to be old":             {oldAPI, bothAPIs(newer, older), []string{askOld}, 3},
		"told to be new, and is not": {newAPI, bothAPIs(says(404, ""), older), []string{askNew}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, sent := pbxOf(t, tt.answer)
			p.generation.Store(tt.set)
			p.cfg.Generation = tt.set
			all, err := p.Extensions(t.Context())
			if len(all) != tt.people || (err == nil) != (tt.people > 0) || !slices.Equal(sent.lines(), tt.asked) {
				t.Errorf("%d employees, %v; asked %q", len(all), err, sent.lines())
			}
		})
	}
}

// TestGeneration_isNotConcludedFromAFailure: silence, a pause and a broken server say nothing of the API.
func TestGeneration_isNotConcludedFromAFailure(t *testing.T) {
	t.Parallel()
	for status := range map[int]bool{429: true, 500: true, 503: true} {
		p, sent := pbxOf(t, says(status, ""))
		if _, err := p.Extensions(t.Context()); err == nil || len(sent.lines()) != 1 || p.generation.Load() != unknownAPI {
			t.Errorf("%d: %v; asked %q", status, err, sent.lines())
		}
	}
}

// TestGeneration_mayChange: the operator moves a customer to the other API.
func TestGeneration_mayChange(t *testing.T) {
	t.Parallel()
	var moved atomic.Bool
	users, accounts := commandOf(t, "users-v1").answer, commandOf(t, "accounts").answer
	p, _ := pbxOf(t, bothAPIs(
		func(w http.ResponseWriter, r *http.Request) {
			if !moved.Load() {
				says(404, "<html>")(w, r)
				return
			}
			users(w)
		},
		func(w http.ResponseWriter, r *http.Request) {
			if moved.Load() {
				says(404, "<html>")(w, r)
				return
			}
			accounts(w)
		}))
	if all, err := p.Extensions(t.Context()); len(all) != 3 || err != nil {
		t.Fatalf("%v, %v", all, err)
	}
	moved.Store(true)
	if _, err := p.Extensions(t.Context()); err == nil {
		t.Error("the API that is gone answers")
	}
	if all, err := p.Extensions(t.Context()); len(all) != 1 || err != nil {
		t.Errorf("%v, %v", all, err)
	}
}

func TestExtensions_haveLoginAndTelephone(t *testing.T) {
	t.Parallel()
	accounts := commandOf(t, "accounts").answer
	p, _ := pbxOf(t, func(w http.ResponseWriter, _ *http.Request) { accounts(w) })
	p.generation.Store(oldAPI)
	all, err := p.Extensions(t.Context())
	if err != nil || len(all) != 3 || all[0] != (pbx.Extension{Number: "701", Name: "Анна Вымышленная", ID: "anna", Phone: "79010007010"}) {
		t.Fatalf("%+v, %v", all, err)
	}
	if got := p.staff.known().byExt["703"]; got != "vera" {
		t.Errorf("703 is %q", got)
	}
}

// TestExtensions_areReadPageByPage, also of a PBX that gives the whole list at every page.
func TestExtensions_areReadPageByPage(t *testing.T) {
	t.Parallel()
	page := func(from, n int) string {
		var items []string
		for i := range n {
			items = append(items, fmt.Sprintf(`{"login":"u%d","ext":"%d"}`, from+i, 100+from+i))
		}
		return `{"items":[` + strings.Join(items, ",") + `]}`
	}
	p, sent := pbxOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("start") == "0" {
			io.WriteString(w, page(0, 100))
			return
		}
		io.WriteString(w, page(100, 7))
	})
	if all, err := p.newAccounts(t.Context()); len(all) != 107 || err != nil || len(sent.lines()) != 2 {
		t.Errorf("%d employees, %v", len(all), err)
	}
	p, sent = pbxOf(t, says(200, page(0, 150)))
	if all, err := p.newAccounts(t.Context()); len(all) != 150 || err != nil || len(sent.lines()) != 2 {
		t.Errorf("%d employees, %v, asked %d times", len(all), err, len(sent.lines()))
	}
}

// TestDial_asTheSamplesHaveIt: what is sent, and which call is told.
func TestDial_asTheSamplesHaveIt(t *testing.T) {
	t.Parallel()
	order := pbx.DialOrder{Command: "c", Extension: "701", Number: "+79000000410"}
	const old, newer = "POST /sys/crm_api.wcgp  cmd=makeCall&phone=79000000410&token=" + key + "&user=anna", "POST /crmapi/v1/makecall " + key + ` {"phone":"79000000410","user":"anna"}`
	for _, tt := range []struct {
		sample, key string
		api         generation
		sent        string
	}{
		{"makecall", "B10D0EB124F4E64AF4EA-1610", oldAPI, old}, {"makecall-object", "", oldAPI, old}, {"makecall-v1", "B10D0EB124F4E64AF4EA-1610", newAPI, newer},
	} {
		answer := commandOf(t, tt.sample).answer
		p, sent := pbxOf(t, func(w http.ResponseWriter, _ *http.Request) { answer(w) })
		if err := p.staff.keep(t.Context(), colleagues(t)); err != nil {
			t.Fatal(err)
		}
		p.generation.Store(tt.api)
		got, err := p.Dial(t.Context(), order)
		if err != nil || got != tt.key || !slices.Equal(sent.lines(), []string{tt.sent}) {
			t.Errorf("%s: %q, %v; sent %q", tt.sample, got, err, sent.lines())
		}
	}
	p, sent := pbxOf(t, says(200, "NULL"))
	p.generation.Store(oldAPI)
	if got, err := p.Dial(t.Context(), pbx.DialOrder{Extension: "705", Number: "112"}); err != nil || got != "" || !strings.HasSuffix(sent.lines()[0], "user=705") {
		t.Errorf("of whom no login is known: %q, %v, %q", got, err, sent.lines())
	}
	for _, bad := range []pbx.DialOrder{{Number: "+79000000410"}, {Extension: "701"}, {Extension: "701", Number: "+1234567890123456"}} {
		if _, err := p.Dial(t.Context(), bad); !errors.Is(err, pbx.ErrNotDialable) || len(sent.lines()) != 1 {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if p.MatchSeconds() != 30 {
		t.Error("the reference says 30 s")
	}
}

// TestDial_whatWasRefusedIsToldInThePBXsWords: section 11.
func TestDial_whatWasRefusedIsToldInThePBXsWords(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		code   int
		said   string
	}{
		"wrong user":            {says(400, `{"error":"Invalid parameters: [user]"}`), 400, "Invalid parameters: [user]"},
		"wrong key":             {says(401, `{"error":"Invalid token"}`), 401, "Invalid token"},
		"tariff":                {says(403, ""), 403, ""},
		"wrong tenant":          {says(301, ""), 301, ""},
		"to the sign-in":        {says(302, "<html>"), 301, ""},
		"a message under 200":   {says(200, `{"message":"User is <b>busy</b>"}`), 400, "User is busy"},
		"the key told back":     {says(400, `{"error":"token `+key+` is unknown"}`), 400, "token … is unknown"},
		"too many":              {says(429, `{"message":"slow down"}`), 429, "slow down"},
		"a page with an answer": {says(400, "<html>"), 400, ""},
	} {
		for _, api := range []generation{oldAPI, newAPI} {
			p, sent := pbxOf(t, tt.answer)
			p.generation.Store(api)
			_, err := p.Dial(t.Context(), pbx.DialOrder{Extension: "701", Number: "+79000000410"})
			var refusal *pbx.Refused
			if !errors.As(err, &refusal) || refusal.Code != tt.code || refusal.Said != tt.said || errors.Is(err, pbx.ErrUncertain) || len(sent.lines()) != 1 {
				t.Errorf("%s: %v, sent %d times", name, err, len(sent.lines()))
				continue
			}
			if s := refusal.Sentence(); strings.Contains(s.RU+s.EN+err.Error(), key) || s.RU == "" || s.RU == s.EN {
				t.Errorf("%s: %+v", name, s)
			}
		}
	}
}

func TestDial_whatMayHaveRungIsToldApart(t *testing.T) {
	t.Parallel()
	broken := func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
			c.Close()
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody listens there any more
	order := pbx.DialOrder{Extension: "701", Number: "+79000000410"}
	for name, tt := range map[string]struct {
		answer    http.HandlerFunc
		uncertain bool
	}{"broken off": {broken, true}, "a bad gateway": {says(502, "<html>"), true}, "a page": {says(200, "<html>"), false}} {
		p, sent := pbxOf(t, tt.answer)
		p.generation.Store(oldAPI)
		_, err := p.Dial(t.Context(), order)
		if !errors.Is(err, pbx.ErrUnreachable) || errors.Is(err, pbx.ErrUncertain) != tt.uncertain || len(sent.lines()) != 1 {
			t.Errorf("%s: %v, sent %d times", name, err, len(sent.lines()))
		}
	}
	p := New(Config{Key: key, Token: token, URL: "http://" + l.Addr().String(), Generation: oldAPI})
	if _, err := p.Dial(t.Context(), order); !errors.Is(err, pbx.ErrUnreachable) || errors.Is(err, pbx.ErrUncertain) {
		t.Errorf("nobody listens: %v", err)
	}
	if _, err := New(Config{Key: key, Generation: oldAPI, URL: "name"}).Dial(t.Context(), order); codeOf(err) != codeNoAddress {
		t.Errorf("no address: %v", err)
	}
}

// TestPause_keepsEverythingBack after a 429 or 5xx, and ends with the next answer (section 12).
func TestPause_keepsEverythingBack(t *testing.T) {
	t.Parallel()
	var status atomic.Int64
	p, sent := pbxOf(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(int(status.Load()))
		io.WriteString(w, "[]")
	})
	p.generation.Store(oldAPI)
	var ahead time.Duration
	p.pause = backoff.New(backoff.Config{
		First: firstPause, Longest: longestPause, State: pbx.Resting, Words: wordsPause, Now: func() time.Time { return arrival.Add(ahead) },
	})
	for _, code := range []int{429, 503, 500, 200} {
		status.Store(int64(code))
		had := len(sent.lines())
		_, _ = p.Extensions(t.Context())
		if len(sent.lines()) != had+1 {
			t.Fatalf("%d: nothing was sent", code)
		}
		h := p.Health()
		if (h.State == pbx.Healthy) != (code == 200) {
			t.Fatalf("%d: %+v", code, h)
		}
		var blocked *pbx.Blocked
		if _, err := p.Extensions(t.Context()); code != 200 && (!errors.As(err, &blocked) || len(sent.lines()) != had+1) {
			t.Fatalf("%d: %v", code, err)
		}
		ahead += longestPause
	}
}

// TestRequests_goOneByOne, and the listing's at their own pace.
func TestRequests_goOneByOne(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int64
	p, sent := pbxOf(t, func(w http.ResponseWriter, _ *http.Request) {
		most.Store(max(most.Load(), now.Add(1)))
		io.WriteString(w, "[]")
		now.Add(-1)
	})
	p.generation.Store(oldAPI)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { _, _ = p.Extensions(t.Context()) })
		all.Go(func() { _, _ = p.listing(t.Context(), arrival, arrival.Add(time.Hour)) })
	}
	all.Wait()
	if most.Load() != 1 || len(sent.lines()) != 40 {
		t.Errorf("%d at once, %d sent", most.Load(), len(sent.lines()))
	}
	ctx, cancel := context.WithCancel(t.Context())
	p.turn <- struct{}{}
	cancel()
	if _, err := p.Extensions(ctx); !errors.Is(err, pbx.ErrUnreachable) {
		t.Errorf("whoever does not wait: %v", err)
	}
	// The turn is still taken, as by a listing that takes long.
	p.patience = 10 * time.Millisecond
	if _, err := p.Extensions(t.Context()); err != nil {
		t.Errorf("a person waits for a listing: %v", err)
	}
	ctx, cancel = context.WithTimeout(pbx.Unattended(t.Context()), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Extensions(ctx); !errors.Is(err, pbx.ErrUnreachable) {
		t.Errorf("what nobody waits for goes beside another: %v", err)
	}
}

func TestBase_isTheCustomersAddress(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://name.megapbx.ru": "https://name.megapbx.ru/", "https://name.megapbx.ru/sys/crm_api.wcgp": "https://name.megapbx.ru/", "https://name.megapbx.ru/crmapi/v1": "https://name.megapbx.ru/",
		"https://name.megapbx.ru/crmapi/v1/": "https://name.megapbx.ru/", "http://127.0.0.1:8421/pbx/sys/crm_api.wcgp": "http://127.0.0.1:8421/pbx/", "name.megapbx.ru": "", "": "", "https://": "",
	} {
		got := ""
		if u := baseOf(raw); u != nil {
			got = u.String()
		}
		if got != want {
			t.Errorf("%q: %q", raw, got)
		}
	}
}
