package server_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"dozvon/app/server"
	"dozvon/app/server/access"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// openToy is a school whose server knows the toy kind beside Mango; no PBX of it is connected yet.
func openToy(t testing.TB, cfg server.Config) (*school, *toySite) {
	t.Helper()
	site := openToySite(t)
	cfg.Data, cfg.Kinds = t.TempDir(), []pbx.Kind{quickKind, toyKind}
	s := startSchool(t, cfg)
	s.hire("u105", client.RoleAdmin) // signs in as the school's 105 does
	return s, site
}

func (s *school) connectToy(site *toySite, change func(*client.IntegrationInput)) client.Integration {
	s.t.Helper()
	in := client.IntegrationInput{
		Kind: ptr(toyKind.Name), Active: ptr(true), APIURL: ptr(site.URL + "/"),
		Credentials: map[string]string{"api_key": "secret-token", "office": "77"},
	}
	if change != nil {
		change(&in)
	}
	i, err := s.api("105").CreateIntegration(s.t.Context(), in)
	if err != nil {
		s.t.Fatal(err)
	}
	s.parts.Lifecycle.Step(s.t.Context())
	return i
}

// hookPathOf is the path of an integration's own address.
func hookPathOf(t testing.TB, i client.Integration) string {
	t.Helper()
	at := strings.Index(i.HookURL, "/hook/")
	if at < 0 || len(i.HookURL[at:]) < len("/hook/")+20 {
		t.Fatalf("the address is %q", i.HookURL)
	}
	return i.HookURL[at:]
}

// send makes a request without a redirect, and returns what was answered.
func (s *school) send(method, path, body string, header http.Header) (status int, answer string, head http.Header) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.http.URL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if header != nil {
		req.Header = header
	}
	straight := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := straight.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(raw), resp.Header
}

func toyBody(e toyEvent) string {
	if e.At == 0 {
		e.At = time.Now().UnixMilli()
	}
	raw, _ := json.Marshal(e)
	return string(raw)
}

func TestKinds_areToldWithAllThatASettingsWindowNeeds(t *testing.T) {
	t.Parallel()
	s, _ := openToy(t, server.Config{})
	status, raw, _ := s.send(http.MethodGet, "/api/v1/integrations/kinds", "", http.Header{"Authorization": {"Bearer " + s.token("105")}})
	var kinds []client.PBXKind
	if err := json.Unmarshal([]byte(raw), &kinds); status != 200 || err != nil || len(kinds) != 2 {
		t.Fatalf("%d, %v: %s", status, err, raw)
	}
	mango, acme := kinds[0], kinds[1]
	if mango.Kind != "mango" || mango.DefaultURL != "https://app.mango-office.ru/vpbx/" || len(mango.Steps) < 4 || !slices.Contains(mango.Capabilities, client.CapPasteAddress) {
		t.Errorf("Mango is told as %+v", mango)
	}
	secrecy := map[string]bool{}
	for _, c := range mango.Credentials {
		secrecy[c.Name] = c.Secret
		if c.Label == "" || c.LabelEN == "" || c.Hint == "" || c.HintEN == "" {
			t.Errorf("a field of Mango lacks words: %+v", c)
		}
	}
	if len(secrecy) != 2 || secrecy["api_key"] || !secrecy["api_salt"] {
		t.Errorf("Mango's fields: %v", secrecy)
	}
	for _, step := range mango.Steps {
		if step.Text == "" || step.TextEN == "" {
			t.Errorf("a step lacks words: %+v", step)
		}
	}
	if acme.Kind != "acme-9_x" || acme.Source != "АТС «Акме»" || len(acme.Credentials) != 3 || !acme.Credentials[2].Optional || acme.Credentials[0].Hint != "Кабинет → Ключи" || acme.Steps[0].TextEN != "Copy the token." {
		t.Errorf("the toy is told as %+v", acme)
	}
}

// TestKinds_tellWhatTheirAdaptersCan holds for every kind that can be connected.
func TestKinds_tellWhatTheirAdaptersCan(t *testing.T) {
	t.Parallel()
	for _, k := range append(server.Kinds(), toyKind) {
		can := pbx.CapabilitiesOf(k.New(pbx.Account{Now: time.Now, Credentials: map[string]string{}}))
		for _, untold := range []pbx.Capability{pbx.CanShowName, pbx.CanPasteAddress} {
			if slices.Contains(k.Capabilities, untold) {
				can = append(can, untold)
			}
		}
		if told := slices.Sorted(slices.Values(k.Capabilities)); !slices.Equal(slices.Sorted(slices.Values(can)), told) {
			t.Errorf("%s tells %v, its adapter can %v", k.Name, told, can)
		}
		if !slices.ContainsFunc(k.Credentials, func(c pbx.Credential) bool { return c.Name == pbx.KeyField }) {
			t.Errorf("%s has no field %s", k.Name, pbx.KeyField)
		}
	}
}

// TestCredentials_secretOnesAreSealedAndNeverTold looks into every answer, the stream's rows, the
// audit, the log and the database.
func TestCredentials_secretOnesAreSealedAndNeverTold(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, site := openToy(t, server.Config{Database: url})
		i := s.connectToy(site, func(in *client.IntegrationInput) { in.Credentials["pin"] = "4711-pin" })
		if i.APIKey != "" || i.HasSalt || !slices.Equal(i.Secrets, []string{"api_key", "pin"}) || i.Credentials["office"] != "77" || len(i.Credentials) != 1 {
			t.Errorf("told as %+v", i)
		}
		api := s.api("105")
		all, err := api.Integrations(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		kept, err := s.parts.Store.Integrations(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		audit, err := s.parts.Store.Sealed(t.Context())
		if err != nil || len(audit) < 3 { // two fields and the address
			t.Errorf("%d sealed secrets are known to the key's checks, %v", len(audit), err)
		}
		_, log, _ := s.send(http.MethodGet, "/api/v1/audit", "", http.Header{"Authorization": {"Bearer " + s.token("105")}})
		for what, text := range map[string]string{"the answer": asJSON(t, i), "the list": asJSON(t, all), "the database": asJSON(t, kept), "the audit": log} {
			if strings.Contains(text, "secret-token") || strings.Contains(text, "4711-pin") {
				t.Errorf("%s tells a secret: %s", what, text)
			}
		}
		if !strings.Contains(log, "credentials.office") {
			t.Errorf("the audit does not name the fields: %s", log)
		}
		// The optional one can be taken out, the others stay when blank.
		i, err = api.UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{Credentials: map[string]string{"pin": "", "api_key": ""}})
		if err != nil || !slices.Equal(i.Secrets, []string{"api_key"}) {
			t.Errorf("after taking the optional one out: %+v, %v", i.Secrets, err)
		}
	})
}

func TestCredentials_faultsAreToldByName(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	good := map[string]string{"api_key": "k1", "office": "1"}
	with := func(name, value string) map[string]string {
		out := map[string]string{name: value}
		for n, v := range good {
			if _, given := out[n]; !given {
				out[n] = v
			}
		}
		return out
	}
	for _, tt := range []struct {
		name string
		in   client.IntegrationInput
		says string
	}{
		{"an unknown kind", client.IntegrationInput{Kind: ptr("nosuch"), Credentials: good}, "kind: ожидается одно из: mango, acme-9_x"},
		{"an unknown name", client.IntegrationInput{Credentials: with("salt", "x")}, "salt: у этой АТС такого поля нет"},
		{"a long unknown name", client.IntegrationInput{Credentials: with(strings.Repeat("n", 5000), "x")}, "nnn…: у этой АТС такого поля нет"},
		{"an alias that the kind does not have", client.IntegrationInput{Credentials: good, APISalt: ptr("x")}, "api_salt: у этой АТС такого поля нет"},
		{"a missing secret", client.IntegrationInput{Credentials: map[string]string{"office": "1"}}, "api_key: не заполнено"},
		{"a missing field", client.IntegrationInput{Credentials: map[string]string{"api_key": "k1"}}, "office: не заполнено"},
		{"a blank field", client.IntegrationInput{Credentials: with("office", "  ")}, "office: не заполнено"},
		{"a long value", client.IntegrationInput{Credentials: with("office", strings.Repeat("1", 501))}, "office: длиннее 500 знаков"},
		{"an address book that it has not", client.IntegrationInput{Credentials: good, AddressBook: ptr(true)}, "address_book: у этой АТС её нет"},
		{"a space without width", client.IntegrationInput{Credentials: with("api_key", "k1\u200b")}, "api_key: есть невидимые знаки"},
		{"a line break", client.IntegrationInput{Credentials: with("api_key", "a\nb")}, "api_key: есть невидимые знаки"},
		{"twice and different", client.IntegrationInput{Credentials: good, APIKey: ptr("k2")}, "api_key: указано дважды и по-разному"},
		{"an address without its word", client.IntegrationInput{Credentials: good, HookSecret: ptr(false)}, "hook_secret: "},
	} {
		tt.in.APIURL = ptr(site.URL + "/")
		if tt.in.Kind == nil {
			tt.in.Kind = ptr(toyKind.Name)
		}
		_, err := s.api("105").CreateIntegration(t.Context(), tt.in)
		var p *client.Problem
		if !asProblem(err, &p) || p.Status != 422 || !strings.Contains(p.Detail, tt.says) || len(p.Detail) > 2000 {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.says)
		}
	}
	if all, err := s.api("105").Integrations(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%d integrations came of refused ones, %v", len(all), err)
	}
}

func TestCredentials_secretsAreAskedForAgainWhenTheHostChanges(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	other := openToySite(t)
	i := s.connectToy(site, func(in *client.IntegrationInput) { in.Credentials["pin"] = "p" })
	api := s.api("105")
	_, err := api.UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{APIURL: ptr(other.URL + "/"), Credentials: map[string]string{"office": "78"}})
	if err == nil || !strings.Contains(err.Error(), "api_key: введите ещё раз") || !strings.Contains(err.Error(), "pin: введите ещё раз") {
		t.Errorf("another host: %v", err)
	}
	if _, err := api.UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{APIURL: ptr(other.URL + "/"), Credentials: map[string]string{"api_key": "new", "pin": "new"}}); err != nil {
		t.Errorf("another host with its secrets: %v", err)
	}
	if _, err := api.UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{APIURL: ptr(other.URL + "/v2/"), APIKey: ptr("newer")}); err != nil {
		t.Errorf("another path, the key by its alias: %v", err)
	}
}

// TestCredentials_aSecretKeyIsConnectedOnceAndRemembered: as a key that is no secret is.
func TestCredentials_aSecretKeyIsConnectedOnceAndRemembered(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, site := openToy(t, server.Config{Database: url})
		first := s.connectToy(site, nil)
		api := s.api("105")
		again := client.IntegrationInput{Kind: ptr(toyKind.Name), APIURL: ptr(site.URL + "/"), Credentials: map[string]string{"api_key": " secret-token ", "office": "1"}}
		var p *client.Problem
		if _, err := api.CreateIntegration(t.Context(), again); !asProblem(err, &p) || p.Status != 409 {
			t.Errorf("the same account twice: %v", err)
		}
		again.Credentials["api_key"] = "another"
		second, err := api.CreateIntegration(t.Context(), again)
		if err != nil {
			t.Fatalf("a second account: %v", err)
		}
		if _, err := api.UpdateIntegration(t.Context(), second.ID, client.IntegrationInput{APIKey: ptr("secret-token")}); !asProblem(err, &p) || p.Status != 409 {
			t.Errorf("the second made into the first: %v", err)
		}
		if err := api.DeleteIntegration(t.Context(), first.ID); err != nil {
			t.Fatal(err)
		}
		back := s.connectToy(site, nil)
		if back.ID != first.ID || back.HookURL == first.HookURL {
			t.Errorf("connected again as %s at %s, was %s at %s", back.ID, back.HookURL, first.ID, first.HookURL)
		}
		// A Mango with the text of a secret key is another account.
		if _, err := api.CreateIntegration(t.Context(), client.IntegrationInput{APIKey: ptr("secret-token"), APISalt: ptr("x"), APIURL: ptr(site.URL + "/")}); err != nil {
			t.Errorf("another kind with the same key: %v", err)
		}
	})
}

func TestForgetSecrets_takesEveryFieldOutAndTheyAreEnteredAgain(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	first := s.connectToy(site, func(in *client.IntegrationInput) { in.Credentials["pin"] = "p" })
	s.connectToy(site, func(in *client.IntegrationInput) { in.Credentials["api_key"] = "second" })
	if n, err := s.parts.Store.ForgetSecrets(t.Context()); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if left, err := s.parts.Store.Sealed(t.Context()); len(left) != 0 || err != nil {
		t.Errorf("%d secrets stay, %v", len(left), err)
	}
	all, err := s.api("105").Integrations(t.Context())
	if err != nil || len(all) != 2 || all[0].Active || len(all[0].Secrets) != 0 || all[0].APIKey != "" {
		t.Fatalf("left: %+v, %v", all, err)
	}
	i, err := s.api("105").UpdateIntegration(t.Context(), first.ID, client.IntegrationInput{Active: ptr(true), Credentials: map[string]string{"api_key": "secret-token"}})
	if err != nil || hookPathOf(t, i) == hookPathOf(t, first) {
		t.Errorf("entered again: %+v, %v", i, err)
	}
}

// TestHook_everyIntegrationHasItsOwnAddress: decoded by its own adapter, with the rest of the path and
// the query as they came, and answered as it says.
func TestHook_everyIntegrationHasItsOwnAddress(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	i := s.connectToy(site, nil)
	word := hookPathOf(t, i)
	probe := toyBody(toyEvent{What: "probe"})
	for path, want := range map[string]string{
		word: "ok  ", word + "/": "ok / ", word + "/null": "ok /null ", word + "/null?shard=7": "ok /null 7",
		strings.Replace(word, "/hook/", "/hook//", 1) + "//null": "ok /null ", word + "null": "ok null ",
	} {
		status, answer, head := s.send(http.MethodPost, path, probe, nil)
		if status != 202 || answer != want || head.Get("Content-Type") != "text/plain" {
			t.Errorf("%s: %d %q %s, want %q", strings.ReplaceAll(path, word, "…"), status, answer, head.Get("Content-Type"), want)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, rest := range []string{"", "/", "/null", "//null?x=1"} {
			if status, answer, _ := s.send(method, word+rest, "", nil); status != 200 || answer != "" {
				t.Errorf("%s …%s: %d %q", method, rest, status, answer)
			}
		}
	}
	if status, _, _ := s.send(http.MethodPut, word, "", nil); status != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", status)
	}
	wrong := word[:len(word)-1] + map[bool]string{true: "b", false: "a"}[strings.HasSuffix(word, "a")]
	for _, path := range []string{"/hook", "/hook/", "/hook/x", wrong, wrong + "/null", "/hook/" + strings.Repeat("a", 26), strings.ToUpper(word), word[:len(word)-1]} {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			status, answer, _ := s.send(method, path, probe, nil)
			if status != 404 && path != "/hook" || answer != "" && path != "/hook" && !strings.Contains(answer, "not found") {
				t.Errorf("%s %s: %d %q", method, strings.ReplaceAll(path, word, "…"), status, answer)
			}
		}
	}
	for name, tt := range map[string]struct {
		body   string
		header http.Header
		want   int
	}{
		"gzip":        {packed(probe), http.Header{"Content-Encoding": {"gzip"}}, 202},
		"a bomb":      {packed(strings.Repeat("a", 3<<20)), http.Header{"Content-Encoding": {"gzip"}}, 413},
		"brotli":      {probe, http.Header{"Content-Encoding": {"br"}}, 415},
		"no JSON":     {"<xml>", nil, 400},
		"a long body": {strings.Repeat(" ", 1<<20+1), nil, 413},
	} {
		if status, _, _ := s.send(http.MethodPost, word+"/null", tt.body, tt.header); status != tt.want {
			t.Errorf("%s: %d, want %d", name, status, tt.want)
		}
	}
	if status, _, _ := s.send(http.MethodPost, word+"/%ff%00", probe, nil); status != 400 {
		t.Errorf("a path that is no text: %d", status)
	}
	s.hookOfSwitchedOff(i, word, probe)
}

// TestHook_aMangoWithASecretWordHasItsOwnAddressToo, beside the one that it shares.
func TestHook_aMangoWithASecretWordHasItsOwnAddressToo(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	i := s.change(client.IntegrationInput{HookSecret: ptr(true)})
	_, word, _ := strings.Cut(i.HookURL, "/k-")
	for path, want := range map[string]int{"/hook/" + word + "/events/call": 200, "/hook/" + word + "events/call": 200, "/hook/" + word[1:] + "a/events/call": 404} {
		if got := s.postTo(path, ringing(), nil); got != want {
			t.Errorf("%s: %d, want %d", strings.ReplaceAll(path, word, "…"), got, want)
		}
	}
}

// hookOfSwitchedOff: nothing is taken any more, and an address that was is nobody's.
func (s *school) hookOfSwitchedOff(i client.Integration, word, probe string) {
	s.t.Helper()
	api := s.api("105")
	if _, err := api.UpdateIntegration(s.t.Context(), i.ID, client.IntegrationInput{Active: ptr(false)}); err != nil {
		s.t.Fatal(err)
	}
	if status, _, _ := s.send(http.MethodPost, word, probe, nil); status != 403 {
		s.t.Errorf("switched off: %d", status)
	}
	if err := api.DeleteIntegration(s.t.Context(), i.ID); err != nil {
		s.t.Fatal(err)
	}
	if status, _, _ := s.send(http.MethodPost, word, probe, nil); status != 404 {
		s.t.Errorf("deleted: %d", status)
	}
}

func TestHook_ownAddressTakesOnlyAllowedSources(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{HookSources: []string{"81.88.80.132"}, Proxies: []string{"127.0.0.1"}})
	word := hookPathOf(t, s.connectToy(site, nil))
	for from, want := range map[string]int{"81.88.80.132": 202, "81.88.80.133": 403} {
		if status, _, _ := s.send(http.MethodPost, word, toyBody(toyEvent{What: "probe"}), http.Header{"X-Forwarded-For": {from}}); status != want {
			t.Errorf("from %s: %d, want %d", from, status, want)
		}
	}
	if status, _, _ := s.send(http.MethodGet, word, "", nil); status != 403 {
		t.Errorf("a probe from elsewhere: %d", status)
	}
}

// TestHook_secretsOfARequestAreNotKept: neither in the raw log nor in the program's.
func TestHook_secretsOfARequestAreNotKept(t *testing.T) { //nolint:paralleltest // it listens to the program's log
	var log lockedText
	had := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(had)
	s, site := openToy(t, server.Config{})
	i := s.connectToy(site, func(in *client.IntegrationInput) { in.Credentials["pin"] = "4711-pin" })
	word := hookPathOf(t, i)
	for body, want := range map[string]int{
		toyBody(toyEvent{Sub: "sub-1", What: "ask", Call: "c1", From: "+79000000501", Pin: "4711-pin"}): 200,
		toyBody(toyEvent{Sub: "sub-1", What: "ask", Call: "c1", From: "+79000000501", Pin: "wrong"}):    401,
		"{": 400,
	} {
		if status, _, _ := s.send(http.MethodPost, word+"/x", body, nil); status != want {
			t.Errorf("%s: %d, want %d", body, status, want)
		}
	}
	s.send(http.MethodPost, word[:len(word)-2]+"zz", "{}", nil)
	if raw := s.rawPayloads(); len(raw) != 1 || strings.Contains(raw[0], "4711") || !strings.Contains(raw[0], "c1") {
		t.Errorf("kept: %v", raw)
	}
	text := log.String()
	for _, secret := range []string{"4711-pin", "secret-token", strings.TrimPrefix(word, "/hook/")} {
		if strings.Contains(text, secret) {
			t.Errorf("the log tells a secret: %s", text)
		}
	}
	if !strings.Contains(text, "webhook refused") {
		t.Errorf("the log says nothing of refusals: %s", text)
	}
}

// rawPayloads are what the raw log of a school on SQLite keeps: paths and payloads.
func (s *school) rawPayloads() (all []string) {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.data, "dozvon.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(s.t.Context(), "SELECT path || ' ' || payload FROM raw_events ORDER BY received_at, id")
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// lockedText is a log that several goroutines write.
type lockedText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestHook_theQuestionIsAnswered: with the client's name, and whose telephone shall ring.
func TestHook_theQuestionIsAnswered(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	i := s.connectToy(site, func(in *client.IntegrationInput) { in.Forwarding = ptr(true) })
	api := s.api("105")
	ann := s.hire("ann", client.RoleOperator)
	if _, err := api.SetExtensions(t.Context(), i.ID, []client.ExtensionRow{{EmployeeID: ann.ID, Extension: "101"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Мария Седова"), Phones: &[]string{"+79000000501"}, ResponsibleID: ptr(ann.ID)}); err != nil {
		t.Fatal(err)
	}
	ask := func(from string) string {
		status, answer, _ := s.send(http.MethodPost, hookPathOf(t, i), toyBody(toyEvent{Sub: site.newest(), What: "ask", Call: "c", From: from}), nil)
		return fmt.Sprint(status, " ", answer)
	}
	if got := ask("+79000000501"); got != "200 Мария Седова|101" {
		t.Errorf("answered %s", got)
	}
	if got := ask("+79000000502"); got != "200 |" {
		t.Errorf("a stranger: answered %s", got)
	}
	if got := ask(""); got != "200 |" {
		t.Errorf("a hidden number: answered %s", got)
	}
	if _, err := api.UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{Forwarding: ptr(false)}); err != nil {
		t.Fatal(err)
	}
	if got := ask("+79000000501"); got != "200 Мария Седова|" {
		t.Errorf("without forwarding: answered %s", got)
	}
}

// TestUpgrade_aMangoWithItsSaltIsReadAsBefore: what was sealed by 0.5 verifies, and its lost key is
// still noticed.
func TestUpgrade_aMangoWithItsSaltIsReadAsBefore(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "old.db")
		upgradedSalt(t, goose.DialectSQLite3, "sqlite", "file:"+file, "sqlite://"+file)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := pgtest.URL(t)
		upgradedSalt(t, goose.DialectPostgres, "pgx", url, url)
	})
}

func upgradedSalt(t *testing.T, dialect goose.Dialect, driver, place, url string) {
	data := t.TempDir()
	sealer, err := access.NewSealer(filepath.Join(data, "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := sealer.Seal(salt)
	if err != nil {
		t.Fatal(err)
	}
	db := schemaOf(t, dialect, driver, place, 8)
	defer db.Close()
	_, err = db.Exec(`INSERT INTO integrations (id, kind, name, active, api_key, salt_sealed, api_url, forwarding, lines, created_at, updated_at)
VALUES ('i1', 'mango', 'Mango Office', TRUE, '` + key + `', '` + sealed + `', 'http://127.0.0.1:1/vpbx/', FALSE, '[]', 1, 1)`)
	if err != nil {
		t.Fatal(err)
	}
	s := startSchool(t, server.Config{Data: data, Database: url, SealKey: filepath.Join(data, "seal.key")})
	if got := s.deliver("events/call", ringing()); got != 200 {
		t.Errorf("an event was answered %d", got)
	}
	i, err := s.parts.Directory.Integration(t.Context(), "i1")
	if err != nil || i.APIKey != key || !i.HasSalt || !slices.Equal(i.Secrets, []string{"api_salt"}) || i.Credentials["api_key"] != key || !strings.HasSuffix(i.HookURL, "/mango") {
		t.Errorf("told as %+v, %v", i, err)
	}
	if known, err := s.parts.Store.Sealed(t.Context()); err != nil || !slices.Equal(known, []string{sealed}) {
		t.Errorf("%d secrets are known to the key's checks, %v", len(known), err)
	}
}

// TestCredentials_oneAccountConnectedOnTwoNodesAtOnceIsOne: whoever is second hears that it is there.
func TestCredentials_oneAccountConnectedOnTwoNodesAtOnceIsOne(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	s, site := openToy(t, server.Config{Database: database})
	other := s.another(server.Config{Database: database, Kinds: []pbx.Kind{quickKind, toyKind}})
	apis := []*client.API{s.api("105"), other.api("105")}
	var made, refused atomic.Int64
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			_, err := apis[n%2].CreateIntegration(t.Context(), client.IntegrationInput{
				Kind: ptr(toyKind.Name), APIURL: ptr(site.URL + "/"), Credentials: map[string]string{"api_key": "secret-token", "office": fmt.Sprint(n)},
			})
			var p *client.Problem
			switch {
			case err == nil:
				made.Add(1)
			case asProblem(err, &p) && p.Code == "taken":
				refused.Add(1)
			default:
				t.Errorf("refused with %v", err)
			}
		})
	}
	all.Wait()
	if made.Load() != 1 || refused.Load() != 7 {
		t.Errorf("%d were made, %d refused", made.Load(), refused.Load())
	}
}

// TestHook_isCountedAmongTheWebhooks, whatever was answered.
func TestHook_isCountedAmongTheWebhooks(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	word := hookPathOf(t, s.connectToy(site, nil))
	s.send(http.MethodPost, word, toyBody(toyEvent{Sub: site.newest(), What: "lost"}), nil)
	s.send(http.MethodPost, "/hook/nobody", "", nil)
	w := httptest.NewRecorder()
	s.parts.Metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range []string{`dozvon_webhooks_total{kind="acme-9_x",outcome="accepted",status="202"} 1`, `dozvon_webhooks_total{kind="unknown",outcome="unknown_address",status="404"} 1`, `dozvon_webhook_seconds_count{kind="acme-9_x"} 1`} {
		if !strings.Contains(w.Body.String(), line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
}
