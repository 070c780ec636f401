package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"dozvon/app/server/access"
	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
	"dozvon/client"
)

// ask sends a request as the employee at extension 105 and returns the answer.
func (s *school) ask(token, method, path, body string) (int, http.Header, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(raw)
}

// PostgreSQL keeps neither NUL nor bytes that are no UTF-8: such a text was a 500 there and a card
// nobody could read on SQLite.
func TestText_thatNoDatabaseKeepsIsRefusedInWords(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		s := openSchool(t, database, "")
		token := s.token("105")
		for _, tt := range []struct{ method, path, body string }{
			{"GET", "/api/v1/clients?q=%00", ""},
			{"GET", "/api/v1/clients?q=%FF", ""},
			{"GET", "/api/v1/feed?q=a%00b&employee=%C3%28", ""},
			{"GET", "/api/v1/lookup?phone=%00", ""},
			{"GET", "/api/v1/clients/%00", ""},
			{"GET", "/api/v1/calls/%FF", ""},
			{"DELETE", "/api/v1/contracts/a%00", ""},
			{"PUT", "/api/v1/contracts/by-number/%00", `{"name":"a"}`},
			{"POST", "/api/v1/imports?kind=clients&file=%00.csv", "x"},
			{"GET", "/api/v1/export/clients?q=%FF", ""},
			{"POST", "/api/v1/clients", `{"name":"a\u0000b"}`},
			{"POST", "/api/v1/clients", "{\"name\":\"a\xffb\"}"},
			{"POST", "/api/v1/clients", `{"name":"a","tags":["\u0000"]}`},
			{"POST", "/api/v1/sessions", `{"login":"a\u0000","password":"b","device":"c"}`},
			{"PATCH", "/api/v1/settings", `{"name":"\u0000"}`},
			{"POST", "/api/v1/sync/clients", `{"items":[{"external_id":"\u0000","name":"a"}]}`},
		} {
			status, head, body := s.ask(token, tt.method, tt.path, tt.body)
			if status < 400 || status >= 500 || !strings.HasPrefix(head.Get("Content-Type"), "application/problem+json") {
				t.Errorf("%s %s %q: %d %s", tt.method, tt.path, tt.body, status, body)
			}
		}
		// A backslash before it makes it a text about NUL.
		if status, _, body := s.ask(token, "POST", "/api/v1/clients", `{"name":"a\\u0000"}`); status != http.StatusCreated {
			t.Errorf("%d %s", status, body)
		}
	})
}

// What the PBX signed is kept even if it holds what no database keeps: with marks, and answered as
// unreadable alike on both databases. On PostgreSQL it was a 503, which the PBX repeats for ever.
func TestText_ofAWebhookIsCleanedAndKept(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, database string) {
		s := openSchool(t, database, "")
		for i, name := range []string{`a\u0000b`, "a\xffb", "a\x00b"} {
			before := s.raw()
			payload := fmt.Sprintf(`{"entry_id":"E%d","call_id":"C%d","timestamp":%d,"seq":1,"call_state":"Appeared","from":{"number":"7914555014%d"},"to":{"extension":"101","acd_group":"%s"}}`, i, i, s.parts.Now().Unix(), i, name)
			if status := s.deliver("events/call", payload); status != http.StatusBadRequest || s.raw() != before+1 {
				t.Errorf("%q: %d, %d webhooks kept, %d before", name, status, s.raw(), before)
			}
		}
		// The path and the fields beside the payload are the sender's as well.
		for _, path := range []string{"events/%FF", "events/%00", "%FFevents/call"} {
			if status := s.deliver(path, `{"entry_id":"E","call_id":"C","seq":1}`); status >= 500 {
				t.Errorf("%s: %d", path, status)
			}
		}
	})
}

func TestRefusal_repeatsNoValueAndStaysSmall(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	token := s.token("105")
	secret := "0987612345"
	for _, tt := range []struct{ method, path, body string }{
		{"POST", "/api/v1/sessions", `{"login":1,"password":` + secret + `,"device":"x"}`},
		{"POST", "/api/v1/sessions", `{"login":"a","password":["` + secret + `"]}`},
		{"POST", "/api/v1/sessions", `{"login":"a","password":"` + secret + `"`},
		{"POST", "/api/v1/sessions", `{"login":"a","password":"` + strings.Repeat(secret, 90_000) + `"}`},
		{"POST", "/api/v1/integrations", `{"kind":"mango","api_key":"k","api_salt":` + secret + `}`},
		{"POST", "/api/v1/integrations", `{"kind":"mango","api_key":7,"api_salt":"` + secret + `"}`},
		{"POST", "/api/v1/employees", `{"name":["a"],"login":"b","role":"operator","password":"` + secret + `"}`},
		{"PATCH", "/api/v1/me", `{"password":{"a":"` + secret + `"},"old_password":"x"}`},
		{"POST", "/api/v1/sync/clients", `{"items":[` + strings.TrimSuffix(strings.Repeat(`{"external_id":1,"name":"`+secret+`"},`, 900), ",") + `]}`},
		{"POST", "/api/v1/clients", `{"name":"a","` + strings.Repeat("b", 100_000) + `":"` + secret + `"}`},
		{"GET", "/api/v1/feed?limit=" + secret + strings.Repeat("9", 20_000), ""},
	} {
		status, _, body := s.ask(token, tt.method, tt.path, tt.body)
		if status < 400 || status >= 500 {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, status, body[:min(len(body), 300)])
		}
		if strings.Contains(body, secret) || len(body) > 16<<10 {
			t.Errorf("%s %s repeats the value or has %d bytes: %s", tt.method, tt.path, len(body), body[:min(len(body), 300)])
		}
	}
}

// A full disk is told in words, to people and to who watches, and is over when there is room.
func TestDisk_fullIsToldAndOver(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	token := s.token("105")
	if status, _, body := s.ask("", "GET", "/readyz", ""); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	if err := s.parts.Store.LimitPages(t.Context(), 1); err != nil {
		t.Fatal(err) // SQLite takes the file's present size for it
	}
	var status int
	var body string
	for i := range 500 {
		card, _ := json.Marshal(client.ClientInput{Name: ptr(fmt.Sprint("Клиент ", i)), Note: ptr(strings.Repeat("слово ", 600))})
		if status, _, body = s.ask(token, "POST", "/api/v1/clients", string(card)); status != http.StatusCreated {
			break
		}
	}
	if status != http.StatusInsufficientStorage || !strings.Contains(body, `"disk_full"`) || !strings.Contains(body, "нет места") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := s.ask("", "GET", "/readyz", ""); status != http.StatusServiceUnavailable || !strings.Contains(body, "disk_full") {
		t.Errorf("readyz: %d %s", status, body)
	}
	long := fmt.Sprintf(`{"entry_id":"E","call_id":"C","timestamp":%d,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":"79145550148"},"to":{"extension":"101","number":%q}}`,
		s.parts.Now().Unix(), strings.Repeat("9", 60_000))
	if got := s.deliver("events/call", long); got != http.StatusServiceUnavailable {
		t.Errorf("the webhook was answered %d", got)
	}
	// What is there is there.
	if status, _, body := s.ask(token, "GET", "/api/v1/clients", ""); status != http.StatusOK {
		t.Errorf("reading: %d %s", status, body)
	}
	if err := s.parts.Store.LimitPages(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if status, _, body := s.ask("", "GET", "/readyz", ""); status != http.StatusOK {
		t.Errorf("readyz with room again: %d %s", status, body)
	}
	if status, _, body := s.ask(token, "POST", "/api/v1/clients", `{"name":"После"}`); status != http.StatusCreated {
		t.Errorf("writing with room again: %d %s", status, body)
	}
}

func TestHeaders_keepAnswersOutOfCachesAndFrames(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	token := s.token("105")
	want := map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Strict-Transport-Security": "",
	}
	for _, path := range []string{"/api/v1/me", "/api/v1/clients", "/api/v1/nothing", "/api/v1/export/clients", "/openapi.json", "/docs", "/healthz", "/readyz", "/nowhere", "/api/v1/clients?q=%00"} {
		for _, asked := range []string{token, ""} {
			_, head, _ := s.ask(asked, "GET", path, "")
			for name, value := range want {
				if got := head.Get(name); got != value && !(name == "Cache-Control" && strings.Contains(got, "no-store")) {
					t.Errorf("%s: %s is %q, want %q", path, name, got, value)
				}
			}
			if !strings.Contains(head.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Errorf("%s may be framed", path)
			}
		}
	}
	secure := httptest.NewTLSServer(s.parts.API.Handler())
	defer secure.Close()
	resp, err := secure.Client().Get(secure.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := resp.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
		t.Errorf("by https, Strict-Transport-Security is %q", got)
	}
}

func TestMetrics_areNotOnTheMainAddress(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	if status, _, body := s.ask("", "GET", "/metrics", ""); status != http.StatusNotFound || strings.Contains(body, "dozvon_") {
		t.Errorf("%d %s", status, body)
	}
	w := httptest.NewRecorder()
	s.parts.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if !strings.Contains(w.Body.String(), "dozvon_streams") {
		t.Errorf("%s", w.Body)
	}
}

// The description of the API is shown by what this server has, without the internet.
func TestDocs_needNoOtherHost(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	status, head, page := s.ask("", "GET", "/docs", "")
	if status != http.StatusOK || strings.Contains(page, "://") {
		t.Errorf("%d %s", status, page)
	}
	policy := head.Get("Content-Security-Policy")
	if strings.Contains(policy, "://") || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "script-src 'self' 'unsafe") {
		t.Errorf("policy %q", policy)
	}
	found := regexp.MustCompile(`(?:src|href|data-openapi)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(found) < 5 {
		t.Errorf("the page names %v", found)
	}
	for _, f := range found {
		if status, head, body := s.ask("", "GET", f[1], ""); status != http.StatusOK || len(body) < 50 || head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d, %d bytes of %s", f[1], status, len(body), head.Get("Content-Type"))
		}
	}
	if status, _, _ := s.ask("", "GET", "/docs/embed.go", ""); status != http.StatusNotFound {
		t.Errorf("another file: %d", status)
	}
}

// A PostgreSQL that hangs takes nothing with it: every request ends in time with words, the PBX is
// told to send again and is never told that something is kept which is not, and all goes on after.
func TestPostgres_thatHangsHangsNoRequest(t *testing.T) {
	t.Parallel()
	var gate sync.RWMutex // while it is locked nothing goes through, and nobody is told
	database := pgtest.Gated(t, func() *sync.RWMutex { return &gate })
	s := openSchool(t, database, "")
	token := s.token("105")
	event := func(id string) string {
		return fmt.Sprintf(`{"entry_id":"%s","call_id":"%s","timestamp":%d,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":"79145550148"},"to":{"extension":"101"}}`, id, id, s.parts.Now().Unix())
	}
	if got := s.deliver("events/call", event("before")); got != http.StatusOK {
		t.Fatal(got)
	}
	gate.Lock()
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if got := s.deliver("events/call", event(fmt.Sprint("hung", i))); got != http.StatusServiceUnavailable {
				t.Errorf("a webhook was answered %d", got)
			}
		})
		all.Go(func() {
			status, _, body := s.ask(token, "GET", "/api/v1/clients", "")
			if status != http.StatusServiceUnavailable || !strings.Contains(body, `"database_away"`) {
				t.Errorf("reading: %d %s", status, body)
			}
		})
		all.Go(func() {
			status, _, body := s.ask(token, "POST", "/api/v1/clients", `{"name":"a"}`)
			if status != http.StatusServiceUnavailable || !strings.Contains(body, `"database_away"`) {
				t.Errorf("writing: %d %s", status, body)
			}
		})
	}
	all.Go(func() {
		if status, _, body := s.ask("", "GET", "/readyz", ""); status != http.StatusServiceUnavailable || !strings.Contains(body, "does not answer") {
			t.Errorf("readyz: %d %s", status, body)
		}
	})
	all.Go(func() {
		if status, _, _ := s.ask("", "GET", "/healthz", ""); status != http.StatusOK {
			t.Errorf("healthz: %d", status)
		}
	})
	all.Wait()
	gate.Unlock()
	eventually(t, "the server is ready again", func() bool {
		status, _, _ := s.ask("", "GET", "/readyz", "")
		return status == http.StatusOK
	})
	// The PBX sends again.
	for i := range 40 {
		eventually(t, "a webhook is kept again", func() bool { return s.deliver("events/call", event(fmt.Sprint("hung", i))) == http.StatusOK })
	}
	if got := len(s.calls()); got != 41 {
		t.Errorf("%d calls, want 41", got)
	}
}

// A secret that another key sealed switches its integration off: the check says that, not that
// somebody switched it off.
func TestCheck_saysThatASecretWasSealedByAnotherKey(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	own, err := access.NewSealer(filepath.Join(t.TempDir(), "other.key"))
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := own.Seal(salt)
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.parts.Store.Integrations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all[0].Sealed["api_salt"] = foreign
	if err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveIntegration(all[0]) }); err != nil {
		t.Fatal(err)
	}
	if err := s.parts.Directory.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	checks, err := s.api("105").CheckIntegration(t.Context(), all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(checks) != 1 || checks[0].State != client.CheckFailed || !strings.Contains(checks[0].Text, "seal.key") || !strings.Contains(checks[0].TextEN, "seal.key") {
		t.Errorf("%+v", checks)
	}
}
