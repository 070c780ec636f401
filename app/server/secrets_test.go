package server_test

import (
	"bytes"
	"database/sql"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"dozvon/app/practice"
	practisedbeeline "dozvon/app/practice/beeline"
	practiseditoolabs "dozvon/app/practice/itoolabs"
	practisedmango "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
	"dozvon/client"
)

// connectPractisedMango connects a practice PBX of Mango, with a word in its address, to a school that
// has others.
func connectPractisedMango(t testing.TB, s *school, employee string) (client.Integration, *practisedmango.PBX) {
	t.Helper()
	var handler http.Handler
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	i, err := s.api("105").CreateIntegration(t.Context(), client.IntegrationInput{
		Kind: ptr("mango"), Active: ptr(true), APIKey: ptr(key), APISalt: ptr(salt), APIURL: ptr(site.URL + "/vpbx/"), HookSecret: ptr(true),
	})
	if err == nil {
		_, err = s.api("105").SetExtensions(t.Context(), i.ID, []client.ExtensionRow{{EmployeeID: employee, Extension: "101"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	p := practisedmango.New(practisedmango.Config{Key: key, Salt: salt, Target: i.HookURL, Timing: quickTiming()})
	handler = p.Handler()
	t.Cleanup(func() { p.Close(); site.Close() })
	return i, p
}

// filesWith are the files below a folder that hold a text.
func filesWith(t testing.TB, folder, text string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(text)) {
			found = append(found, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestSecrets_standInClearNowhere: three PBXs of three kinds are connected, checked, called over, renewed,
// changed, switched off and one disconnected. Neither the database, nor the log, nor what an operator may
// read tells the word of an address, a key or a token.
func TestSecrets_standInClearNowhere(t *testing.T) { //nolint:paralleltest // it listens to the program's log
	var log lockedText
	had := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	defer slog.SetDefault(had)
	b := openPractisedBeeline(t, practisedbeeline.Config{}, quickITooLabs(), quickKind)
	family := connectPractisedITooLabs(t, b.school, practiseditoolabs.Config{})
	mango, mangoPBX := connectPractisedMango(t, b.school, b.staff["201"].ID)
	api, operator := b.api("105"), b.token("201")
	all := []client.Integration{b.school.pbx, family.school.pbx, mango}

	watched := readStream(t, b.school, operator)
	b.play("answered", "79000000301")
	family.play("answered", "79000000302")
	if _, err := mangoPBX.Call(practice.CallRequest{From: "79000000303"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "three calls", func() bool { return len(b.calls()) == 3 })
	for _, i := range all {
		if _, err := api.CheckIntegration(t.Context(), i.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := api.UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{Name: ptr("Новое имя")}); err != nil {
			t.Fatal(err)
		}
		if err := api.Reconcile(t.Context(), i.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := api.RenewSubscription(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	b.step(all[0].ID)
	// A refusal may repeat what it is about; a word that nobody has is refused.
	if err := b.pbx.SetFaults(practisedbeeline.Faults{APIBad: 1}); err != nil {
		t.Fatal(err)
	}
	if err := api.RenewSubscription(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	b.step(all[0].ID)
	if err := b.pbx.SetFaults(practisedbeeline.Faults{}); err != nil {
		t.Fatal(err)
	}
	secrets := []string{beelineToken, itoolabsToken, "pbx-key", salt, operator}
	for _, i := range all {
		at := strings.LastIndexAny(i.HookURL, "/-")
		secrets = append(secrets, i.HookURL[at+1:])
		if at := strings.Index(i.HookURL, "/hook/"); at > 0 {
			if status, _, _ := b.send(http.MethodPost, i.HookURL[at:at+6]+"zz"+i.HookURL[at+8:], "{}", nil); status != http.StatusNotFound {
				t.Errorf("a stranger's word is answered with %d", status)
			}
		}
		if _, err := api.UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{Active: ptr(false)}); err != nil {
			t.Fatal(err)
		}
	}
	b.step(all[0].ID)
	if err := api.DeleteIntegration(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	b.parts.Lifecycle.Step(t.Context())
	seen := b.everythingFor(operator) + watched()
	for _, secret := range secrets {
		if len(secret) < 7 {
			t.Fatalf("%q is too short to be looked for", secret)
		}
		if found := filesWith(t, b.data, secret); len(found) > 0 {
			t.Errorf("%q stands in %v", secret, found)
		}
		if text := log.String(); strings.Contains(text, secret) {
			at := strings.Index(text, secret)
			t.Errorf("%q stands in the log: …%s", secret, text[max(0, at-200):at+len(secret)])
		}
		if strings.Contains(seen, secret) {
			t.Errorf("%q is told to an operator", secret)
		}
	}
}

// TestSecrets_aScreenIsToldTheAddress: the stream opens what the journal keeps sealed, also for who comes
// later.
func TestSecrets_aScreenIsToldTheAddress(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	i := s.connectToy(site, nil)
	token := s.token("105")
	for name, after := range map[string]string{"live": "", "replayed": "0"} {
		told := readStreamAfter(t, s, token, after)
		if _, err := s.api("105").UpdateIntegration(t.Context(), i.ID, client.IntegrationInput{Name: ptr("Имя " + name)}); err != nil {
			t.Fatal(err)
		}
		eventually(t, name, func() bool { return strings.Contains(told(), `"hook_url":"`+i.HookURL+`"`) })
		if strings.Contains(told(), "sealed:") {
			t.Errorf("%s: told sealed", name)
		}
	}
}

// readStream follows the stream of a token; what it gives is what was told so far.
func readStream(t testing.TB, s *school, token string) func() string {
	return readStreamAfter(t, s, token, "0")
}

func readStreamAfter(t testing.TB, s *school, token, after string) func() string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.http.URL+"/api/v1/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if after != "" {
		req.Header.Set("Last-Event-ID", after)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	var text lockedText
	done := make(chan struct{})
	go func() {
		defer close(done)
		buffer := make([]byte, 1<<16)
		for {
			n, err := resp.Body.Read(buffer)
			text.Write(buffer[:n])
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { resp.Body.Close(); <-done })
	return text.String
}

// everythingFor is what every list that a token may read answers.
func (s *school) everythingFor(token string) string {
	s.t.Helper()
	var out strings.Builder
	for path, item := range s.parts.API.OpenAPI().Paths {
		if item.Get == nil || strings.Contains(path, "{") || strings.HasSuffix(path, "/stream") {
			continue
		}
		_, answer, _ := s.send(http.MethodGet, path, "", http.Header{"Authorization": {"Bearer " + token}})
		out.WriteString(answer)
	}
	return out.String()
}

// TestUpgrade_theWordOfAnAddressIsTakenOut: a former version kept it in clear with a subscription and in
// the journal.
func TestUpgrade_theWordOfAnAddressIsTakenOut(t *testing.T) {
	t.Parallel()
	const word = "abcdefghijklmnopqrstuvwxyz"
	fill := func(t *testing.T, dialect goose.Dialect, driver, place string) *sql.DB {
		db := schemaOf(t, dialect, driver, place, 10)
		for _, statement := range []string{
			"INSERT INTO subscriptions (integration_id, id, began, until, level, state, changed_at, account, hook_url, access) VALUES ('i1', 's1', 1, 2, 'ADVANCED_CALL', 'over', 1, 'a', 'https://x/hook/" + word + "', '')",
			"INSERT INTO subscription_states (integration_id, error) VALUES ('i1', 'не взято: https://x/hook/" + word + "')",
			`INSERT INTO journal (sequence, at, type, audience, data) VALUES (1, 1, 'integration', 'role:accountant', '{"id":"i1","hook_url":"https://x/hook/` + word + `"}')`,
			`INSERT INTO journal (sequence, at, type, audience, data) VALUES (2, 1, 'integration', 'role:accountant', '{"id":"i2","deleted":true}')`,
		} {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		return db
	}
	kept := func(t *testing.T, s *school) {
		t.Helper()
		rows, err := s.parts.Store.Subscriptions(t.Context())
		if err != nil || len(rows) != 1 || rows[0].ID != "s1" || rows[0].HookPrint != "" {
			t.Errorf("the subscription is %+v, %v", rows, err)
		}
		journal, err := s.parts.Store.JournalAfter(t.Context(), 0, 10)
		if err != nil || !slices.ContainsFunc(journal, func(r store.Row) bool { return strings.Contains(string(r.Data), "i2") }) {
			t.Errorf("the journal is %+v, %v", journal, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		data := t.TempDir()
		file := filepath.Join(data, "dozvon.db")
		fill(t, goose.DialectSQLite3, "sqlite", "file:"+file).Close()
		if len(filesWith(t, data, word)) == 0 {
			t.Fatal("the fixture does not hold the word")
		}
		s := startSchool(t, server.Config{Data: data, Now: func() time.Time { return time.UnixMilli(3) }})
		if found := filesWith(t, data, word); len(found) > 0 {
			t.Errorf("the word still stands in %v", found)
		}
		kept(t, s)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := pgtest.URL(t)
		fill(t, goose.DialectPostgres, "pgx", url).Close()
		kept(t, startSchool(t, server.Config{Data: t.TempDir(), Database: url, Now: func() time.Time { return time.UnixMilli(3) }}))
	})
}
