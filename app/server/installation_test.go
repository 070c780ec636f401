package server_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/app/server/schools"
	"dozvon/app/server/store"
	"dozvon/app/server/store/registry"
	"dozvon/client"
)

// installation is a running server of several schools, each with an operator at 101, an administrator at 105, and a
// PBX's account of its own.
type installation struct {
	t      testing.TB
	cfg    server.Several
	pbxURL string // of schools that are made
	all    *server.Installation
	http   *httptest.Server
}

// newInstallation is one without schools that is not served yet.
func newInstallation(t testing.TB) *installation {
	return &installation{t: t, pbxURL: "http://127.0.0.1:1/vpbx/", cfg: server.Several{Config: server.Config{
		Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "test", PublicURL: "https://dozvon.example", PingEvery: 200 * time.Millisecond,
		PasswordCost: quickPasswords, Kinds: []pbx.Kind{quickKind}, AllowLocalPBX: true,
	}}}
}

// openInstallation makes and serves schools of these names.
func openInstallation(t testing.TB, names ...string) *installation {
	t.Helper()
	i := newInstallation(t)
	for _, name := range names {
		i.create(name, "key-of-"+name, "salt-of-"+name)
	}
	i.start()
	return i
}

// start serves the schools until the test's end.
func (i *installation) start() {
	t := i.t
	t.Helper()
	all, err := server.NewInstallation(t.Context(), i.cfg)
	if err != nil {
		t.Fatal(err)
	}
	i.all, i.http = all, httptest.NewServer(all)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); all.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-ended
		if err := all.Close(); err != nil {
			t.Error(err)
		}
		i.http.Close()
	})
}

// create makes a school as the command does, and its people and PBX.
func (i *installation) create(name, pbxKey, pbxSalt string) {
	i.t.Helper()
	code, err := server.CreateSchool(i.t.Context(), i.cfg, registry.School{Name: name, Title: "Школа " + name, Hosts: []string{"phone." + name + ".ru"}})
	if err != nil || code == "" {
		i.t.Fatalf("creating %s: code %q, %v", name, code, err)
	}
	i.within(name, func(p *server.Parts) {
		_, err := p.Directory.SaveIntegration(i.t.Context(), client.Employee{}, "", client.IntegrationInput{
			Active: ptr(true), APIKey: ptr(pbxKey), APISalt: ptr(pbxSalt), APIURL: ptr(i.pbxURL),
		})
		if err != nil {
			i.t.Fatal(err)
		}
		for ext, role := range map[string]client.Role{"101": client.RoleOperator, "105": client.RoleAdmin} {
			if _, err := p.Staff.SaveEmployee(i.t.Context(), "", client.EmployeeInput{
				Name: ptr("Сотрудник " + ext + " " + name), Login: ptr("u" + ext), Password: ptr(password), Role: &role, Extension: ptr(ext),
			}); err != nil {
				i.t.Fatal(err)
			}
		}
	})
}

// within works on a school as a command beside the server does.
func (i *installation) within(name string, do func(*server.Parts)) {
	i.t.Helper()
	p, err := server.Build(i.t.Context(), i.cfg.Of(name))
	if err != nil {
		i.t.Fatal(err)
	}
	defer p.Close()
	do(p)
}

// api signs in to a school by its name.
func (i *installation) api(school, ext string) (*client.API, string) {
	i.t.Helper()
	in, err := client.New(i.http.URL, "").SignIn(i.t.Context(), client.SignIn{Login: "u" + ext, Password: password, School: school})
	if err != nil {
		i.t.Fatal(err)
	}
	return client.New(i.http.URL, in.Token), in.Token
}

// ask makes a request at a host and returns the answer's status and the code of a refusal.
func (i *installation) ask(method, host, path, token, body string) (int, string) {
	i.t.Helper()
	status, raw := i.raw(method, host, path, token, body)
	if code := regexp.MustCompile(`"code":"(\w+)"`).FindSubmatch(raw); code != nil {
		return status, string(code[1])
	}
	return status, ""
}

// raw is ask with the answer's body, but for that of a stream.
func (i *installation) raw(method, host, path, token, body string) (int, []byte) {
	i.t.Helper()
	ctx, cancel := context.WithCancel(i.t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, i.http.URL+path, strings.NewReader(body))
	if err != nil {
		i.t.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		i.t.Fatal(err)
	}
	defer resp.Body.Close()
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return resp.StatusCode, nil
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		i.t.Fatal(err)
	}
	return resp.StatusCode, raw
}

// deliver sends a signed webhook of a call to the address that accounts share.
func (i *installation) deliver(pbxKey, pbxSalt string, n int) int {
	i.t.Helper()
	payload := fmt.Sprintf(`{"entry_id":"e%d","call_id":"c%d","timestamp":%d,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":"7900000%04d"},"to":{"extension":"101","line_number":"74951234567"}}`,
		n, n, time.Now().Unix(), n)
	resp, err := http.PostForm(i.http.URL+"/mango/events/call", mango.NewForm(pbxKey, pbxSalt, payload).Values())
	if err != nil {
		i.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// open are the names of the schools that are open.
func (i *installation) open() []string {
	var names []string
	for _, one := range i.all.Open() {
		names = append(names, one.Name)
	}
	slices.Sort(names)
	return names
}

func TestInstallation_findsTheSchoolOfARequest(t *testing.T) {
	t.Parallel()
	i := openInstallation(t, "alfa", "beta")
	if open := i.open(); len(open) > 0 {
		t.Errorf("nobody has asked, and open are %v", open)
	}
	_, alfa := i.api("alfa", "105")
	if open := i.open(); !slices.Equal(open, []string{"alfa"}) {
		t.Errorf("alfa was asked, and open are %v", open)
	}
	_, beta := i.api(" Phone.Beta.ru", "105")
	renamed := strings.Replace(alfa, "alfa", "beta", 1)
	if renamed == alfa {
		t.Fatalf("the token does not name its school")
	}
	signIn := func(school string) string {
		return fmt.Sprintf(`{"login":"u105","password":%q,"school":%q}`, password, school)
	}
	for _, test := range []struct {
		what, method, host, path, token, body string
		status                                int
		code                                  string
	}{
		{"by token", "GET", "", "/api/v1/me", alfa, "", 200, ""},
		{"at its name", "GET", "alfa.dozvon.example", "/api/v1/me", alfa, "", 200, ""},
		{"at its name with a port, in capitals", "GET", "ALFA.dozvon.example.:8420", "/api/v1/me", alfa, "", 200, ""},
		{"at its own host", "GET", "phone.alfa.ru", "/api/v1/me", alfa, "", 200, ""},
		{"at the other's name", "GET", "beta.dozvon.example", "/api/v1/me", alfa, "", 421, "wrong_school"},
		{"at the other's host", "GET", "phone.beta.ru", "/api/v1/me", alfa, "", 421, "wrong_school"},
		{"with the other's name in it", "GET", "", "/api/v1/me", renamed, "", 401, "unauthorized"},
		{"with the other's name in it, there", "GET", "phone.beta.ru", "/api/v1/me", renamed, "", 401, "unauthorized"},
		{"of nobody", "GET", "", "/api/v1/me", "dz_gamma.x", "", 404, "no_school"},
		{"without a school", "GET", "", "/api/v1/me", "dz_x", "", 404, "no_school"},
		{"without a school, at a host", "GET", "phone.beta.ru", "/api/v1/me", "dz_x", "", 401, "unauthorized"},
		{"none", "GET", "", "/api/v1/me", "", "", 404, "no_school"},
		{"none, at a host", "GET", "phone.beta.ru", "/api/v1/me", "", "", 401, "unauthorized"},
		{"no such name", "GET", "gamma.dozvon.example", "/api/v1/me", alfa, "", 404, "no_school"},
		{"who is there", "GET", "", "/api/v1/welcome", "", "", 200, ""},
		{"who is there, of a school", "GET", "", "/api/v1/welcome?school=beta", "", "", 200, ""},
		{"who is there, of nobody", "GET", "", "/api/v1/welcome?school=gamma", "", "", 404, "no_school"},
		{"sign in at a host", "POST", "phone.beta.ru", "/api/v1/sessions", "", signIn(""), 201, ""},
		{"sign in at another's host", "POST", "phone.beta.ru", "/api/v1/sessions", "", signIn("alfa"), 421, "wrong_school"},
		{"sign in nowhere", "POST", "", "/api/v1/sessions", "", signIn(""), 404, "no_school"},
		{"sign in to nobody", "POST", "", "/api/v1/sessions", "", signIn("gamma"), 404, "no_school"},
		{"sign in to somebody's folder", "POST", "", "/api/v1/sessions", "", signIn("../alfa"), 404, "no_school"},
		{"a broken sign-in at a host", "POST", "phone.beta.ru", "/api/v1/sessions", "", "{", 400, ""},
		{"a large sign-in at a host", "POST", "phone.beta.ru", "/api/v1/sessions", "", signIn(strings.Repeat("x", 20<<10)), 413, ""},
		{"is it alive", "GET", "", "/healthz", "", "", 200, ""},
		{"is it ready", "GET", "", "/readyz", "", "", 200, ""},
		{"a word of nobody", "GET", "", "/hook/aaaaaaaaaaaaaaaaaaaaaaaaaa", "", "", 404, "no_school"},
		{"the other", "GET", "", "/api/v1/me", beta, "", 200, ""},
	} {
		status, code := i.ask(test.method, test.host, test.path, test.token, test.body)
		if status != test.status || test.code != "" && code != test.code {
			t.Errorf("%s: answered %d %s, want %d %s", test.what, status, code, test.status, test.code)
		}
	}
}

func TestInstallation_takesAWebhookToItsSchool(t *testing.T) {
	t.Parallel()
	i := openInstallation(t, "alfa", "beta")
	count := func(school string) int {
		api, _ := i.api(school, "105")
		calls, err := api.ActiveCalls(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(calls)
	}
	for n, test := range []struct {
		what, key, salt string
		accepted        bool
		alfa, beta      int
	}{
		{"to alfa, which it opens", "key-of-alfa", "salt-of-alfa", true, 1, 0},
		{"to beta", "key-of-beta", "salt-of-beta", true, 1, 1},
		{"forged", "key-of-alfa", "salt-of-beta", false, 1, 1},
		{"of nobody", "key-of-gamma", "salt-of-alfa", false, 1, 1},
	} {
		status := i.deliver(test.key, test.salt, n)
		if (status == http.StatusOK) != test.accepted {
			t.Errorf("%s: answered %d", test.what, status)
		}
		if alfa, beta := count("alfa"), count("beta"); alfa != test.alfa || beta != test.beta {
			t.Errorf("%s: alfa has %d calls and beta %d, want %d and %d", test.what, alfa, beta, test.alfa, test.beta)
		}
	}
}

// TestInstallation_nobodyHasAnothersWebhooksByItsKey: a school that claims another's key has only what is signed
// with its own salt.
func TestInstallation_nobodyHasAnothersWebhooksByItsKey(t *testing.T) {
	t.Parallel()
	i := openInstallation(t)
	i.create("thief", "key-of-alfa", "another-salt")
	i.create("alfa", "key-of-alfa", "salt-of-alfa")
	for _, name := range []string{"thief", "alfa"} { // each tells its addresses when it is opened
		i.api(name, "105")
	}
	if status := i.deliver("key-of-alfa", "salt-of-alfa", 1); status != http.StatusOK {
		t.Errorf("alfa's own: %d", status)
	}
	if status := i.deliver("key-of-alfa", "a-third-salt", 2); status == http.StatusOK {
		t.Errorf("forged: %d", status)
	}
	for name, want := range map[string]int{"alfa": 1, "thief": 0} {
		api, _ := i.api(name, "105")
		if calls, err := api.ActiveCalls(t.Context()); err != nil || len(calls) != want {
			t.Errorf("%s has %d calls, %v; want %d", name, len(calls), err, want)
		}
	}
}

func TestInstallation_closesWhoIsIdleAndWakesThem(t *testing.T) {
	t.Parallel()
	i := newInstallation(t)
	i.cfg.Idle = time.Millisecond
	i.create("alfa", "key-of-alfa", "salt-of-alfa")
	i.start()
	_, token := i.api("alfa", "101")
	eventually(t, "the school is closed", func() bool { return len(i.open()) == 0 })
	if status, code := i.ask("GET", "", "/api/v1/me", token, ""); status != http.StatusOK {
		t.Errorf("the session of before: %d %s", status, code)
	}
	eventually(t, "the school is closed again", func() bool { return len(i.open()) == 0 })
	if status := i.deliver("key-of-alfa", "salt-of-alfa", 1); status != http.StatusOK {
		t.Errorf("a webhook: %d", status)
	}
	// A call goes on: the school stays open.
	api, _ := i.api("alfa", "105")
	if calls, err := api.ActiveCalls(t.Context()); err != nil || len(calls) != 1 {
		t.Errorf("%d calls, %v", len(calls), err)
	}
}

// TestInstallation_wakesAClosedSchoolForItsOwnWork: a call of which no webhook has told is known although nobody asks.
func TestInstallation_wakesAClosedSchoolForItsOwnWork(t *testing.T) {
	t.Parallel()
	var handler http.Handler
	pbxHTTP := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	defer pbxHTTP.Close()
	pbx := practice.New(practice.Config{NoLimits: true, Timing: quickTiming(), Faults: practice.Faults{Drop: 1}, Key: "key-of-alfa", Salt: "salt-of-alfa", Target: "http://127.0.0.1:1/mango"})
	defer pbx.Close()
	handler = pbx.Handler()
	i := newInstallation(t)
	i.cfg.Wake, i.pbxURL = 20*time.Millisecond, pbxHTTP.URL+"/vpbx/"
	i.create("alfa", "key-of-alfa", "salt-of-alfa")
	i.start()
	id, err := pbx.Call(practice.CallRequest{From: "79000000601", To: "101", Scenario: "direct"})
	if err != nil {
		t.Fatal(err)
	}
	ended, err := pbx.Ended(id)
	if err != nil {
		t.Fatal(err)
	}
	<-ended
	eventually(t, "the call is known", func() (known bool) {
		i.within("alfa", func(p *server.Parts) {
			calls, err := p.Store.CallsSince(t.Context(), p.Directory.Snapshot().Integrations()[0].ID, time.Time{}, 10)
			if err != nil {
				t.Fatal(err)
			}
			known = len(calls) == 1 && calls[0].View.Restored
		})
		return known
	})
	eventually(t, "the school is closed again", func() bool { return len(i.open()) == 0 })
}

// TestOpenSchool_whileItWasClosedTheServerWasThere: only when no server would have opened it, events were lost.
func TestOpenSchool_whileItWasClosedTheServerWasThere(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return start.Add(d) }
	cfg := newInstallation(t).cfg.Config
	p, err := server.Build(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	err = p.Store.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Alive(start); return err })
	if err := errors.Join(err, p.Close()); err != nil {
		t.Fatal(err)
	}
	away := client.Outage{From: at(10 * time.Minute), To: at(20 * time.Minute)}
	cfg.Now = func() time.Time { return at(time.Hour) }
	cfg.Away = func(_ context.Context, from, to time.Time) ([]client.Outage, error) {
		if !from.Equal(start) || !to.Equal(at(time.Hour)) {
			t.Errorf("asked of %s to %s", from, to)
		}
		return []client.Outage{away, {From: at(30 * time.Minute), To: at(30*time.Minute + 30*time.Second)}}, nil
	}
	s, err := server.OpenSchool(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var outages []client.Outage
	eventually(t, "the outage is noted", func() bool {
		outages, err = s.Store.Outages(t.Context(), start, at(2*time.Hour))
		return err != nil || len(outages) > 0
	})
	away.Cause = "server"
	if err != nil || !slices.Equal(outages, []client.Outage{away}) {
		t.Errorf("the server was away in %v, %v; want %v", outages, err, away)
	}
}

// TestInstallation_tellsItsMetrics: all that the README names is measured, of all schools together, and all that is
// measured beside a single school's is named; no series tells a school's name.
func TestInstallation_tellsItsMetrics(t *testing.T) {
	t.Parallel()
	i := openInstallation(t, "alfa", "beta")
	i.api("alfa", "101")
	i.api("beta", "101")
	i.ask("GET", "phone.beta.ru", "/api/v1/me", "dz_alfa.x", "")
	i.ask("POST", "", "/hook/aaaaaaaaaaaaaaaaaaaaaaaaaa", "", "{}")
	if status := i.deliver("key-of-beta", "salt-of-beta", 1); status != http.StatusOK {
		t.Fatal(status)
	}
	w := httptest.NewRecorder()
	i.all.Metrics().Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text := "\n" + w.Body.String()
	for _, line := range []string{
		`dozvon_school_refusals_total{from="person",why="wrong_school"} 1`, `dozvon_school_refusals_total{from="pbx",why="no_school"} 1`,
		`dozvon_school_openings_total{outcome="ok"} 2`, `dozvon_school_opening_seconds_count 2`, `dozvon_schools{state="active"} 2`, `dozvon_schools_open 2`,
		`dozvon_sign_ins_total{outcome="ok"} 2`, `dozvon_webhooks_total{kind="mango",outcome="accepted",status="200"} 1`, `dozvon_writer_queue_length `,
		`dozvon_pbx_integrations{kind="mango",state="ok"} 2`, `dozvon_check_ok{check="registry"} 1`, `dozvon_seal_key_mismatch 0`, `dozvon_data_free_bytes `,
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("the scrape lacks %s", line)
		}
	}
	if strings.Contains(text, "alfa") || strings.Contains(text, "beta") {
		t.Error("a series tells of which school it is")
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	named, measured := map[string]bool{}, map[string]bool{}
	for _, m := range tableRow.FindAllStringSubmatch(string(readme), -1) {
		named[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`\n# TYPE (dozvon_school[a-z_]*) `).FindAllStringSubmatch(text, -1) {
		measured[m[1]] = true
	}
	if len(measured) == 0 || !maps.Equal(named, measured) {
		t.Errorf("the README names %v, measured are %v", named, measured)
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestInstallation_suspendsAndResumesBesideTheServer(t *testing.T) {
	t.Parallel()
	i := openInstallation(t, "alfa", "beta")
	_, alfa := i.api("alfa", "101")
	_, beta := i.api("beta", "101")
	ended := make(chan error, 1)
	go func() {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, i.http.URL+"/api/v1/stream", nil)
		req.Header.Set("Authorization", "Bearer "+alfa)
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		ended <- err
	}()
	eventually(t, "the stream is open", func() bool {
		return slices.ContainsFunc(i.all.Open(), func(s schools.Standing) bool { return s.Name == "alfa" && s.Users > 0 })
	})
	if err := server.SuspendSchool(t.Context(), i.cfg, "alfa"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("the stream goes on")
	}
	eventually(t, "alfa is closed", func() bool { return !slices.Contains(i.open(), "alfa") })
	if status, code := i.ask("GET", "", "/api/v1/me", alfa, ""); status != http.StatusServiceUnavailable || code != "school_suspended" {
		t.Errorf("suspended: %d %s", status, code)
	}
	if status := i.deliver("key-of-alfa", "salt-of-alfa", 1); status != http.StatusServiceUnavailable {
		t.Errorf("a webhook of a suspended school: %d", status)
	}
	if status, _ := i.ask("GET", "", "/api/v1/me", beta, ""); status != http.StatusOK {
		t.Errorf("the other: %d", status)
	}
	if err := server.ResumeSchool(t.Context(), i.cfg, "alfa"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "alfa is served again", func() bool {
		status, _ := i.ask("GET", "", "/api/v1/me", alfa, "")
		return status == http.StatusOK
	})
}

func TestDeleteSchool_leavesNothingAndTouchesNobodyElse(t *testing.T) {
	t.Parallel()
	i := openInstallation(t, "alfa", "beta")
	_, alfa := i.api("alfa", "101")
	_, beta := i.api("beta", "101")
	if err := server.DeleteSchool(t.Context(), i.cfg, "alfa"); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(i.cfg.Data, "schools", "*")); err != nil || len(left) != 1 || filepath.Base(left[0]) != "beta" {
		t.Errorf("there are %v, %v", left, err)
	}
	eventually(t, "alfa is known no more", func() bool {
		status, code := i.ask("GET", "", "/api/v1/me", alfa, "")
		return status == http.StatusNotFound && code == "no_school"
	})
	if status, _ := i.ask("GET", "", "/api/v1/me", beta, ""); status != http.StatusOK {
		t.Errorf("the other: %d", status)
	}
	if err := server.DeleteSchool(t.Context(), i.cfg, "alfa"); !errors.Is(err, registry.ErrNoSchool) {
		t.Errorf("again: %v", err)
	}
	// A new school of the old name knows nobody of it.
	i.create("alfa", "key-of-alfa", "salt-of-alfa")
	eventually(t, "the new school is served", func() bool {
		status, code := i.ask("GET", "", "/api/v1/me", alfa, "")
		return status == http.StatusUnauthorized && code == "unauthorized"
	})
}

// TestInstallation_everyEndpointKeepsSchoolsApart tries every endpoint of a school with another's token, in every way
// by which it could get there, and with the ids of another's records.
func TestInstallation_everyEndpointKeepsSchoolsApart(t *testing.T) {
	t.Parallel()
	i := openInstallation(t, "alfa", "beta")
	_, alfa := i.api("alfa", "105")
	betaAPI, beta := i.api("beta", "105")
	card, err := betaAPI.CreateClient(t.Context(), client.ClientInput{Name: ptr("Тайная Ольга"), Phones: &[]string{"+79000000001"}})
	if err != nil {
		t.Fatal(err)
	}
	if status := i.deliver("key-of-beta", "salt-of-beta", 1); status != http.StatusOK {
		t.Fatal(status)
	}
	eventually(t, "beta's PBX has refused the caller's name: nothing of its own is left to happen", func() bool {
		return bytes.Contains(i.state("beta"), []byte("the PBX did not take the name"))
	})
	before := i.state("beta")
	renamed := strings.Replace(alfa, "alfa", "beta", 1)
	ids := i.ids("beta", card.ID)
	var paths map[string]*huma.PathItem
	i.within("alfa", func(p *server.Parts) { paths = p.API.OpenAPI().Paths })
	tried := 0
	for path, item := range paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PATCH": item.Patch, "PUT": item.Put, "DELETE": item.Delete} {
			if op == nil || rolesByHand[method+" "+strings.TrimPrefix(path, "/api/v1")] == anybody || path == "/api/v1/sessions/current" {
				continue
			}
			tried++
			of, other := ids, nobodys
			if strings.Contains(path, "{phone}") {
				of, other = []string{"+79000000001"}, "+79000000009"
			}
			for _, id := range of {
				where := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, id)
				if status, _ := i.ask(method, "phone.beta.ru", where, alfa, "{}"); status != http.StatusMisdirectedRequest {
					t.Errorf("%s %s with alfa's token at beta's host: %d", method, path, status)
				}
				if status, _ := i.ask(method, "", where, renamed, "{}"); status != http.StatusUnauthorized {
					t.Errorf("%s %s with alfa's token that says beta: %d", method, path, status)
				}
				if !strings.Contains(path, "{") {
					break
				}
				if method == "PUT" {
					continue // makes what is not there, in alfa
				}
				nowhere := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, other)
				status, told := i.raw(method, "", where, alfa, "{}")
				if want, wanted := i.raw(method, "", nowhere, alfa, "{}"); status != want || withoutIDs(told, id) != withoutIDs(wanted, other) {
					t.Errorf("%s %s with beta's id %s in alfa: %d %s; with nobody's: %d %s", method, path, id, status, told, want, wanted)
				}
			}
		}
	}
	if tried < 80 {
		t.Errorf("only %d endpoints were tried", tried)
	}
	if after := i.state("beta"); !bytes.Equal(before, after) {
		t.Errorf("beta was changed:\n%s\n%s", before, after)
	}
	if status, _ := i.ask("GET", "", "/api/v1/me", beta, ""); status != http.StatusOK {
		t.Errorf("beta's own session: %d", status)
	}
}

// TestInstallation_aStreamHearsOfItsSchoolAlone, also one that says that it has heard of another's events.
func TestInstallation_aStreamHearsOfItsSchoolAlone(t *testing.T) {
	t.Parallel()
	i := openInstallation(t, "alfa", "beta")
	_, alfa := i.api("alfa", "105")
	for n := range 5 {
		i.deliver("key-of-beta", "salt-of-beta", n)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, i.http.URL+"/api/v1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+alfa)
	req.Header.Set("Last-Event-ID", "100000") // alfa's journal is not as long
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	heard := ""
	until := func(text string) {
		for lines.Scan() {
			heard += lines.Text() + "\n"
			if strings.Contains(lines.Text(), text) {
				return
			}
		}
		t.Fatalf("the stream does not tell %q: %v\n%s", text, lines.Err(), heard)
	}
	until("event: reset")
	for n := range 5 {
		if status := i.deliver("key-of-beta", "salt-of-beta", 10+n); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	if status := i.deliver("key-of-alfa", "salt-of-alfa", 77); status != http.StatusOK {
		t.Fatal(status)
	}
	until("+79000000077")
	for n := range 20 {
		if number := fmt.Sprintf("+7900000%04d", n); strings.Contains(heard, number) {
			t.Errorf("alfa's stream tells of beta's call of %s", number)
		}
	}
}

// nobodys is an id that nothing has.
const nobodys = "01a22331-0000-7000-8000-000000000000"

// withoutIDs is an answer without the id that was asked for, and the request's.
func withoutIDs(answer []byte, id string) string {
	text := strings.ReplaceAll(string(answer), id, "ID")
	return regexp.MustCompile(`"request_id":"[^"]*"`).ReplaceAllString(text, "")
}

// ids are those of some of a school's records, of every kind.
func (i *installation) ids(school, card string) []string {
	i.t.Helper()
	api, _ := i.api(school, "105")
	people, err := api.Employees(i.t.Context())
	if err != nil {
		i.t.Fatal(err)
	}
	calls, err := api.ActiveCalls(i.t.Context())
	if err != nil || len(calls) == 0 {
		i.t.Fatal(len(calls), err)
	}
	integrations, err := api.Integrations(i.t.Context())
	if err != nil {
		i.t.Fatal(err)
	}
	return []string{card, people[0].ID, calls[0].ID, integrations[0].ID}
}

// state is what a school's journal and people are, to be compared; but for the health of its PBX, of which it tells
// by itself.
func (i *installation) state(school string) (all []byte) {
	i.t.Helper()
	i.within(school, func(p *server.Parts) {
		rows, err := p.Store.JournalAfter(i.t.Context(), 0, 500)
		if err != nil {
			i.t.Fatal(err)
		}
		for _, r := range rows {
			if r.Type != "integration" {
				all = fmt.Appendln(all, r.Type, string(r.Data))
			}
		}
		people, err := p.Store.Employees(i.t.Context())
		if err != nil {
			i.t.Fatal(err)
		}
		all = fmt.Append(all, people, len(p.Directory.Snapshot().Integrations()))
	})
	return all
}

// TestServe_ofASingleSchoolKeepsItsTokens: they name no school.
func TestServe_ofASingleSchoolKeepsItsTokens(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	if token := s.token("101"); !regexp.MustCompile(`^dz_[\w-]{43}$`).MatchString(token) {
		t.Errorf("a token is %q", token)
	}
}
