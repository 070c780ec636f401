package server_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"dozvon/app/mango"
	"dozvon/app/server"
	"dozvon/app/server/pbx"
	pbxmango "dozvon/app/server/pbx/mango"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

const (
	key      = "test-key"
	salt     = "test-salt"
	password = "correct horse"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	if data := os.Getenv(crashData); data != "" {
		os.Exit(runAsServer(data))
	}
	if spec := os.Getenv(nodeSpec); spec != "" {
		os.Exit(runAsNode(spec))
	}
	if data := os.Getenv(importCrashData); data != "" {
		os.Exit(importUntilKilled(data))
	}
	os.Exit(pgtest.Main(m))
}

// school is a running server with one integration and an operator on each of 101–105.
type school struct {
	t     testing.TB
	parts *server.Parts
	http  *httptest.Server
	staff map[string]client.Employee // by extension
	pbx   client.Integration
	data  string // its folder
	// database is its address; empty: a file in the folder.
	database string
	recent   int64 // a second just before it was opened: the legs of its calls count from there
}

func openSchool(t testing.TB, database, pbxURL string) *school {
	t.Helper()
	return openSchoolWith(t, server.Config{Database: database}, pbxURL)
}

// quickKind is Mango with statistics that are asked for in milliseconds.
var quickKind = quick(pbxmango.Kind)

func quick(kind pbx.Kind) pbx.Kind {
	kind.New = func(a pbx.Account) pbx.Provider {
		cfg := pbxmango.ConfigOf(a)
		cfg.StatsPoll = 5 * time.Millisecond
		return pbxmango.New(cfg)
	}
	return kind
}

// quickPasswords are hashes that cost nothing: most tests sign in, few are about that.
var quickPasswords = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func openSchoolWith(t testing.TB, cfg server.Config, pbxURL string) *school {
	t.Helper()
	cfg.Data, cfg.Kinds = t.TempDir(), []pbx.Kind{quickKind}
	s := startSchool(t, cfg)
	s.fill(pbxURL)
	return s
}

// fill connects a PBX, empty for one that is not there, and hires the employees at 101 to 105.
func (s *school) fill(pbxURL string) {
	t, parts := s.t, s.parts
	t.Helper()
	var err error
	if pbxURL == "" {
		pbxURL = "http://127.0.0.1:1/vpbx/"
	}
	s.pbx, err = parts.Directory.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{
		Active: ptr(true), APIKey: ptr(key), APISalt: ptr(salt), APIURL: ptr(pbxURL),
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, ext := range []string{"101", "102", "103", "104", "105"} {
		role := client.RoleOperator
		if i == 4 {
			role = client.RoleAdmin
		}
		e, err := parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{
			Name: ptr("Сотрудник " + ext), Login: ptr("u" + ext), Password: ptr(password), Role: &role, Extension: ptr(ext),
		})
		if err != nil {
			t.Fatal(err)
		}
		s.staff[ext] = e
	}
}

// startSchool runs a server on what is in its folder and database, and ends it with the test.
func startSchool(t testing.TB, cfg server.Config) *school {
	t.Helper()
	cfg.Listen, cfg.Version, cfg.PingEvery = "127.0.0.1:0", "test", 200*time.Millisecond
	cfg.PasswordCost = cmp.Or(cfg.PasswordCost, quickPasswords)
	parts, err := server.Build(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := &school{t: t, recent: justNow(), data: cfg.Data, database: cfg.Database, parts: parts, http: httptest.NewServer(parts.API.Handler()), staff: map[string]client.Employee{}}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { parts.API.Run(ctx) })
	t.Cleanup(func() {
		parts.API.CloseStreams()
		s.http.Close()
		stop()
		running.Wait()
		parts.Close()
	})
	return s
}

func ptr[T any](v T) *T { return &v }

// api signs in as the employee at an extension.
func (s *school) api(ext string) *client.API {
	s.t.Helper()
	return client.New(s.http.URL, s.token(ext))
}

// token signs in as the employee at an extension.
func (s *school) token(ext string) string {
	s.t.Helper()
	return s.signIn("u"+ext, password)
}

func (s *school) signIn(login, password string) string {
	s.t.Helper()
	in, err := client.New(s.http.URL, "").SignIn(s.t.Context(), client.SignIn{Login: login, Password: password, Device: "test"})
	if err != nil {
		s.t.Fatal(err)
	}
	return in.Token
}

// deliver posts a signed webhook and returns the HTTP status.
func (s *school) deliver(path, payload string) int {
	s.t.Helper()
	resp, err := http.PostForm(s.http.URL+"/mango/"+strings.Trim(path, "/"), mango.NewForm(key, salt, payload).Values())
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// databases runs a test on both databases.
func databases(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, "") })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, pgtest.URL(t)) })
}

// patience is the one deadline of this suite.
const patience = 2 * time.Minute

func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("waited %s for: %s", patience, what)
		case <-tick.C:
		}
	}
}

type sample struct {
	Path string          `json:"path"`
	JSON json.RawMessage `json:"json"`
}

type expectation struct {
	Direction   string   `json:"direction"`
	Phone       string   `json:"phone"`
	Result      *string  `json:"result"`
	Rang        []string `json:"rang"`
	Talked      *string  `json:"talked"`
	TalkSeconds *int     `json:"talk_seconds"`
}

func readFlow(t testing.TB, dir string) ([]sample, expectation) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "[0-9]*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no events in %s: %v", dir, err)
	}
	slices.Sort(files)
	var events []sample
	for _, f := range files {
		var e sample
		readJSON(t, f, &e)
		events = append(events, e)
	}
	var want expectation
	readJSON(t, filepath.Join(dir, "expect.json"), &want)
	return events, want
}

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// TestFlows_giveTheCallThatTheReferenceTells delivers every sample flow through the real HTTP
// endpoint, in order, then shuffled and doubled, and then with strings for numbers as well: the call is the same.
func TestFlows_giveTheCallThatTheReferenceTells(t *testing.T) {
	t.Parallel()
	dirs, _ := filepath.Glob("../mango/testdata/samples/flows/*")
	if len(dirs) < 15 {
		t.Fatalf("only %d sample flows found", len(dirs))
	}
	databases(t, func(t *testing.T, url string) {
		for round := range 4 {
			s := openSchool(t, url, "")
			if url != "" {
				url = pgtest.URL(t)
			}
			for _, dir := range dirs {
				events, want := readFlow(t, dir)
				if round > 0 {
					events = append(events, events...)
					r := rand.New(rand.NewPCG(uint64(round), 5))
					r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
				}
				for _, e := range events {
					if round == 3 {
						e.JSON = numbersAsStrings(t, e.JSON)
					}
					if code := s.deliver(e.Path, string(e.JSON)); code != http.StatusOK {
						t.Fatalf("%s: %s answered %d", dir, e.Path, code)
					}
				}
				s.check(t, fmt.Sprintf("%s, round %d", filepath.Base(dir), round), want)
			}
		}
	})
}

// numbersAsStrings writes every number of a payload as the document's examples do.
func numbersAsStrings(t *testing.T, raw json.RawMessage) json.RawMessage {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	var turn func(any) any
	turn = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k := range v {
				v[k] = turn(v[k])
			}
		case json.Number:
			return v.String()
		}
		return v
	}
	out, err := json.Marshal(turn(v))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (s *school) check(t *testing.T, name string, want expectation) {
	t.Helper()
	page, err := s.parts.Store.Calls(t.Context(), storeStart, 500)
	if err != nil {
		t.Fatal(err)
	}
	var got *client.Call
	for _, rec := range page {
		if rec.View.Phone == want.Phone && string(rec.View.Direction) == want.Direction {
			if got != nil {
				t.Errorf("%s: two calls of %s", name, want.Phone)
			}
			got = &rec.View
		}
	}
	if got == nil {
		t.Errorf("%s: no %s call of %q", name, want.Direction, want.Phone)
		return
	}
	if got.State != client.StateEnded {
		t.Errorf("%s: state %s, want ended", name, got.State)
	}
	if want.Result != nil && string(got.Result) != *want.Result {
		t.Errorf("%s: result %s, want %s", name, got.Result, *want.Result)
	}
	if want.Result == nil && got.Result != client.NotStarted {
		t.Errorf("%s: result %s, want not_started", name, got.Result)
	}
	if want.TalkSeconds != nil && *got.TalkSeconds != *want.TalkSeconds {
		t.Errorf("%s: talked %d s, want %d", name, *got.TalkSeconds, *want.TalkSeconds)
	}
	if want.Talked != nil && *want.Talked != "" && (got.Employee == nil || got.Employee.ID != s.staff[*want.Talked].ID) {
		t.Errorf("%s: employee %v, want the one at %s", name, got.Employee, *want.Talked)
	}
	var rang []string
	for _, ext := range want.Rang {
		rang = append(rang, s.staff[ext].ID)
	}
	slices.Sort(rang)
	have := slices.Sorted(slices.Values(got.Rang))
	if want.Rang != nil && !slices.Equal(have, rang) {
		t.Errorf("%s: rang %v, want %v", name, have, rang)
	}
	s.checkCourse(name, *got)
}

func TestWebhook_forgedOrBrokenChangesNothing(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	good := `{"entry_id":"e1","call_id":"c1","timestamp":1760000000,"seq":1,"call_state":"Appeared","location":"abonent","from":{"number":"79000000101"},"to":{"extension":"101"}}`
	changed := mango.NewForm(key, salt, good).Values()
	changed.Set("json", strings.Replace(good, "101", "102", 1))
	tests := []struct {
		name string
		form map[string][]string
		want int
	}{
		{"wrong salt", mango.NewForm(key, "other", good).Values(), 401},
		{"wrong key", mango.NewForm("other", salt, good).Values(), 401},
		{"changed json", changed, 401},
		{"no object", mango.NewForm(key, salt, `[]`).Values(), 400},
		{"cut", mango.NewForm(key, salt, good[:40]).Values(), 400},
		{"deep", mango.NewForm(key, salt, strings.Repeat(`{"a":`, 5000)+"1"+strings.Repeat("}", 5000)).Values(), 400},
		{"bad utf-8", mango.NewForm(key, salt, "{\"entry_id\":\"\xff\"}").Values(), 400},
		{"a mebibyte and more", mango.NewForm(key, salt, `{"x":"`+strings.Repeat("a", 1<<20)+`"}`).Values(), 413},
		{"the cabinet's check has no json", map[string][]string{"vpbx_api_key": {key}}, 200},
	}
	for _, tt := range tests {
		resp, err := http.PostForm(s.http.URL+"/mango/events/call", tt.form)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != tt.want {
			t.Errorf("%s: answered %d, want %d", tt.name, resp.StatusCode, tt.want)
		}
	}
	// What is signed is the PBX's own: it is kept as it came, for a reader of tomorrow, and changes nothing.
	if n, calls := s.raw(), s.calls(); n != 4 || len(calls) != 0 {
		t.Errorf("%d events kept and calls %v; want the four that were signed, and no call", n, calls)
	}
	if code := s.deliver("events/call", good); code != 200 {
		t.Errorf("a good one answered %d", code)
	}
}
