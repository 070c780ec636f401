package metrics_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"dozvon/app/server/metrics"
)

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// used is a server's metrics after one of everything.
func used(t *testing.T) *metrics.Metrics {
	t.Helper()
	m := metrics.New(metrics.About{Version: "1.2.3", Database: "sqlite", Kinds: []string{"toy"}})
	m.Webhook("toy", metrics.Accepted, 200, time.Millisecond)
	m.Webhook(metrics.Unknown, "unknown_address", 404, time.Millisecond)
	m.Request("toy", "answered", time.Second)
	m.Compared("toy", 12, 2, nil)
	m.Compared("toy", 3, 0, errors.New("broken off"))
	m.Group(5, 3*time.Millisecond, true)
	m.Group(1, time.Millisecond, false)
	m.Commit(2 * time.Millisecond)
	closed := m.StreamOpened()
	m.StreamOpened()
	closed()
	m.StreamReset()
	m.StreamCut()
	m.Sent(3, 100, time.Now().Add(-time.Millisecond))
	m.Sent(2, 50, time.Time{})
	m.SignIn("too_many_tries")
	m.RecordingAsked(true)
	m.RecordingAsked(false)
	m.RecordingFetched("fetched", 1000)
	m.RecordingFetched("failed", 500)
	m.Cache("callers", func() (uint64, uint64) { return 7, 8 })
	m.Begun("index")
	m.Done("index", nil)
	m.Done("index", errors.New("the disk is full"))
	m.Gauge("dozvon_writer_queue_length", "Writes that wait", func() float64 { return 4 })
	m.Gauges("dozvon_check_ok", "Checks", []string{"check"}, func(set func(float64, ...string)) { set(1, "disk"); set(0, "key") })
	return m
}

func TestMetrics_countWhatTheyAreTold(t *testing.T) {
	t.Parallel()
	text := scrape(t, used(t))
	for _, line := range []string{
		`dozvon_build_info{database="sqlite",go_version="`,
		`dozvon_webhooks_total{kind="toy",outcome="accepted",status="200"} 1`,
		`dozvon_webhooks_total{kind="unknown",outcome="unknown_address",status="404"} 1`,
		`dozvon_webhook_seconds_count{kind="toy"} 1`,
		`dozvon_pbx_requests_total{kind="toy",outcome="answered"} 1`,
		`dozvon_reconcile_runs_total{kind="toy",outcome="failed"} 1`,
		`dozvon_reconcile_calls_total{kind="toy"} 15`,
		`dozvon_reconcile_restored_calls_total{kind="toy"} 2`,
		`dozvon_writer_group_writes_sum 6`, `dozvon_writer_group_seconds_count 2`, `dozvon_writer_commit_seconds_count 1`, `dozvon_writer_groups_failed_total 1`,
		`dozvon_streams 1`, `dozvon_stream_events_sent_total 5`, `dozvon_stream_sent_bytes_total 150`, `dozvon_stream_resets_total 1`, `dozvon_streams_cut_total 1`,
		`dozvon_call_shown_seconds_count 1`,
		`dozvon_sign_ins_total{outcome="too_many_tries"} 1`, `dozvon_sign_ins_total{outcome="ok"} 0`,
		`dozvon_recordings_fetched_total{outcome="fetched"} 1`, `dozvon_recordings_fetched_bytes_total 1000`,
		`dozvon_cache_requests_total{cache="recordings",result="hit"} 1`, `dozvon_cache_requests_total{cache="callers",result="miss"} 8`,
		`dozvon_chore_runs_total{chore="index",outcome="failed"} 1`, `dozvon_chore_runs_total{chore="index",outcome="ok"} 1`,
		`dozvon_chore_last_success_timestamp_seconds{chore="index"} 1.`,
		`dozvon_writer_queue_length 4`, `dozvon_check_ok{check="key"} 0`,
		`go_goroutines `, `process_start_time_seconds `,
	} {
		if !strings.Contains(text, "\n"+line) {
			t.Errorf("the scrape lacks %s", line)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// The names and units keep the conventions of Prometheus.
func TestMetrics_keepTheConventions(t *testing.T) {
	t.Parallel()
	problems, err := promlint.New(strings.NewReader(scrape(t, used(t)))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "dozvon_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// A round that fails leaves the moment of the last one that did not.
func TestChores_aFailureDoesNotLookLikeASuccess(t *testing.T) {
	t.Parallel()
	m := metrics.New(metrics.About{})
	m.Begun("index")
	const series = `dozvon_chore_last_success_timestamp_seconds{chore="index"}`
	first := line(t, scrape(t, m), series)
	deadline := time.Now().Add(20 * time.Millisecond)
	for !time.Now().After(deadline) {
		m.Done("index", errors.New("the disk is full"))
	}
	if now := line(t, scrape(t, m), series); now != first {
		t.Errorf("after failures alone: %s, at the start: %s", now, first)
	}
	m.Done("index", nil)
	if now := line(t, scrape(t, m), series); now == first {
		t.Errorf("after a success it is still %s", now)
	}
}

func line(t *testing.T, text, series string) string {
	t.Helper()
	for one := range strings.Lines(text) {
		if strings.HasPrefix(one, series) {
			return one
		}
	}
	t.Fatalf("no %s", series)
	return ""
}
