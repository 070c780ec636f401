package server_test

import (
	"context"
	"database/sql"
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

	"dozvon/app/server"
	"dozvon/app/server/health"
	"dozvon/app/server/store"
)

// readiness is what /readyz answers.
func (s *school) readiness() (int, health.Report, string) {
	s.t.Helper()
	status, _, body := s.ask("", http.MethodGet, "/readyz", "")
	var report health.Report
	if err := json.Unmarshal([]byte(body), &report); err != nil {
		s.t.Fatalf("%d %s: %v", status, body, err)
	}
	return status, report, body
}

func TestReady_tellsEveryCheckByName(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	status, report, body := s.readiness()
	if status != http.StatusOK || report.Status != "ready" {
		t.Errorf("%d %s", status, body)
	}
	for _, name := range []string{"database", "migrations", "disk", "key", "encryption", "shutdown"} {
		if report.Checks[name].State != health.OK {
			t.Errorf("%s is %+v", name, report.Checks[name])
		}
	}
	for _, secret := range []string{s.data, salt, "seal.key"} {
		if strings.Contains(body, secret) {
			t.Errorf("it tells anybody of %s: %s", secret, body)
		}
	}
}

// A database that is older than the program, because somebody put it there, is not served.
func TestReady_aDatabaseOfAnOlderSchemaIsTold(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	db, err := sql.Open("sqlite", filepath.Join(s.data, "dozvon.db")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "DELETE FROM goose_db_version WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version)"); err != nil {
		t.Fatal(err)
	}
	status, report, body := s.readiness()
	if status != http.StatusServiceUnavailable || report.Checks["migrations"].Code != "schema_behind" || report.Checks["database"].State != health.OK {
		t.Errorf("%d %s", status, body)
	}
	// One that is newer is another node's, which is updated first.
	if _, err := db.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if status, report, body := s.readiness(); status != http.StatusOK || report.Checks["migrations"].Code != "schema_ahead" {
		t.Errorf("%d %s", status, body)
	}
}

func TestReady_aSealingKeyThatIsNotTheDatabasesIsTold(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	file := filepath.Join(s.data, "seal.key")
	own, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		code string
		do   func() error
	}{
		{"key_replaced", func() error { return os.WriteFile(file, []byte(strings.Repeat("x", len(own))), 0o600) }},
		{"key_unreadable", func() error { return os.WriteFile(file, []byte("torn"), 0o600) }},
		{"key_missing", func() error { return os.Remove(file) }},
	} {
		if err := tt.do(); err != nil {
			t.Fatal(err)
		}
		// It works on with what it has in memory, so it is ready, and warns.
		if status, report, body := s.readiness(); status != http.StatusOK || report.Checks["key"].Code != tt.code || report.Checks["key"].State != health.Warning {
			t.Errorf("%s: %d %s", tt.code, status, body)
		}
		if !strings.Contains(s.scrape(), "\ndozvon_seal_key_mismatch 1\n") {
			t.Errorf("%s: the metrics do not tell", tt.code)
		}
	}
	if err := os.WriteFile(file, own, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, report, body := s.readiness(); status != http.StatusOK || report.Checks["key"].State != health.OK || !strings.Contains(s.scrape(), "\ndozvon_seal_key_mismatch 0\n") {
		t.Errorf("put back: %d %s", status, body)
	}
	// Another node has taken another key: what this one seals nobody else reads.
	if err := s.parts.Store.ReplaceSealFingerprint(t.Context(), s.parts.Sealer.Fingerprint(), "another"); err == nil {
		t.Fatal("a key that has sealed something was replaced")
	}
	if n, err := s.parts.Store.ForgetSecrets(t.Context()); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	if _, err := s.parts.Store.KeepSealFingerprint(t.Context(), "another"); err != nil {
		t.Fatal(err)
	}
	if status, report, body := s.readiness(); status != http.StatusServiceUnavailable || report.Checks["key"].Code != "key_mismatch" || !strings.Contains(s.scrape(), "\ndozvon_check_ok{check=\"key\"} 0\n") {
		t.Errorf("%d %s", status, body)
	}
}

// A server that is told to stop says that it is not ready, on both addresses, and serves all the same until its
// time is over.
func TestReady_aStoppingServerSaysSoBeforeItsListenersClose(t *testing.T) {
	t.Parallel()
	main, beside := freeAddress(t), freeAddress(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended, hurry := make(chan error, 1), make(chan struct{})
	cfg := server.Config{Listen: main, MetricsListen: beside, Data: t.TempDir(), Version: "test", PasswordCost: quickPasswords, Drain: time.Hour, Hurry: hurry}
	go func() { ended <- server.Run(ctx, cfg) }()
	for _, address := range []string{main, beside} {
		eventually(t, "it is ready at "+address, func() bool { status, _ := got("http://" + address + "/readyz"); return status == http.StatusOK })
	}
	stop()
	for _, address := range []string{main, beside} {
		eventually(t, "it says at "+address+" that it stops", func() bool {
			status, body := got("http://" + address + "/readyz")
			return status == http.StatusServiceUnavailable && strings.Contains(body, `"shutting_down"`)
		})
		if status, body := got("http://" + address + "/healthz"); status != http.StatusOK || body != "ok\n" {
			t.Errorf("alive: %d %s", status, body)
		}
	}
	if status, body := got("http://" + main + "/api/v1/welcome"); status != http.StatusOK {
		t.Errorf("while it drains it serves: %d %s", status, body)
	}
	select {
	case err := <-ended:
		t.Fatalf("it ended before its time: %v", err)
	default:
	}
	close(hurry)
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if status, _ := got("http://" + main + "/healthz"); status != 0 {
		t.Errorf("after its end it answers %d", status)
	}
}

// got is what an address answers; 0: nothing.
func got(url string) (int, string) {
	resp, err := http.Get(url)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, ""
	}
	return resp.StatusCode, string(body)
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := newListener()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// scrape is what Prometheus reads.
func (s *school) scrape() string {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.parts.Metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// A write that does not end is seen from outside, with all that wait for it.
func TestMetrics_tellOfAWriteThatDoesNotEnd(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	begun, let := make(chan struct{}), make(chan struct{})
	var writes sync.WaitGroup
	write := func(work func(*store.Tx) error) {
		writes.Go(func() {
			if err := s.parts.Store.Write(t.Context(), work); err != nil {
				t.Error(err)
			}
		})
	}
	write(func(*store.Tx) error { close(begun); <-let; return nil })
	<-begun
	for range 3 {
		write(func(*store.Tx) error { return nil })
	}
	eventually(t, "the metrics to tell", func() bool {
		text := s.scrape()
		return strings.Contains(text, "\ndozvon_writer_queue_length 3\n") && !strings.Contains(text, "\ndozvon_writer_stalled_seconds 0\n")
	})
	close(let)
	writes.Wait()
	if text := s.scrape(); !strings.Contains(text, "\ndozvon_writer_queue_length 0\n") || !strings.Contains(text, "\ndozvon_writer_stalled_seconds 0\n") {
		t.Error("after its end the metrics still tell of it")
	}
}
