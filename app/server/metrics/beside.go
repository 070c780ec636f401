package metrics

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// besideMetrics are of what goes on beside the calls' way: people who sign in, recordings, chores, caches.
type besideMetrics struct {
	signIns    *prometheus.CounterVec
	fetched    *prometheus.CounterVec
	bytes      prometheus.Counter
	chores     *prometheus.CounterVec
	choresLast *prometheus.GaugeVec // nil: of several schools
	caches     *caches
	recordings *asked
}

func newBeside(r *prometheus.Registry, several bool) besideMetrics {
	m := besideMetrics{
		signIns:    counter(r, "dozvon_sign_ins_total", "Sign-ins: ok, the reason of a refusal (too_many_tries: throttled), or failed", "outcome"),
		fetched:    counter(r, "dozvon_recordings_fetched_total", "Recordings asked of PBXs by how that ended", "outcome"),
		bytes:      counter(r, "dozvon_recordings_fetched_bytes_total", "Bytes of the recordings that were fetched whole").WithLabelValues(),
		chores:     counter(r, "dozvon_chore_runs_total", "Rounds of what the server does by itself, by how they ended", "chore", "outcome"),
		caches:     newCaches(),
		recordings: &asked{},
	}
	if !several { // of schools that are closed as a rule it says nothing
		m.choresLast = gauge(r, "dozvon_chore_last_success_timestamp_seconds", "When a chore's last round ended well, also with nothing to do; before the first one, when the server started", "chore")
	}
	r.MustRegister(m.caches)
	m.caches.add("recordings", m.recordings.read)
	for _, outcome := range []string{"ok", "wrong_password", "too_many_tries"} {
		m.signIns.WithLabelValues(outcome)
	}
	for _, outcome := range []string{"fetched", "failed"} {
		m.fetched.WithLabelValues(outcome)
	}
	return m
}

// SignIn is sessions.Meter's.
func (m *Metrics) SignIn(outcome string) { m.beside.signIns.WithLabelValues(outcome).Inc() }

// RecordingAsked is recordings.Meter's.
func (m *Metrics) RecordingAsked(there bool) { m.beside.recordings.note(there) }

// RecordingFetched is recordings.Meter's.
func (m *Metrics) RecordingFetched(outcome string, bytes int64) {
	m.beside.fetched.WithLabelValues(outcome).Inc()
	if outcome == "fetched" {
		m.beside.bytes.Add(float64(bytes))
	}
}

// Begun is chores.Watcher's.
func (m *Metrics) Begun(chore string) {
	m.beside.chores.WithLabelValues(chore, "ok")
	m.beside.chores.WithLabelValues(chore, "failed")
	m.beside.succeeded(chore)
}

func (m *besideMetrics) succeeded(chore string) {
	if m.choresLast != nil {
		m.choresLast.WithLabelValues(chore).Set(seconds(time.Now()))
	}
}

// Done is chores.Watcher's.
func (m *Metrics) Done(chore string, err error) {
	if err != nil {
		m.beside.chores.WithLabelValues(chore, "failed").Inc()
		return
	}
	m.beside.chores.WithLabelValues(chore, "ok").Inc()
	m.beside.succeeded(chore)
}

// asked counts how often a cache had what was asked for.
type asked struct {
	mu           sync.Mutex
	hits, misses uint64
}

func (a *asked) note(hit bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if hit {
		a.hits++
		return
	}
	a.misses++
}

func (a *asked) read() (hits, misses uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.hits, a.misses
}

// caches collects what caches count by themselves.
type caches struct {
	desc *prometheus.Desc
	mu   sync.Mutex
	all  map[string]func() (hits, misses uint64)
}

func newCaches() *caches {
	return &caches{
		desc: prometheus.NewDesc("dozvon_cache_requests_total", "What caches were asked for, by whether they had it", []string{"cache", "result"}, nil),
		all:  map[string]func() (hits, misses uint64){},
	}
}

func (c *caches) add(name string, read func() (hits, misses uint64)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all[name] = read
}

// Describe is prometheus.Collector's.
func (c *caches) Describe(ch chan<- *prometheus.Desc) { ch <- c.desc }

// Collect is prometheus.Collector's.
func (c *caches) Collect(ch chan<- prometheus.Metric) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, read := range c.all {
		hits, misses := read()
		ch <- prometheus.MustNewConstMetric(c.desc, prometheus.CounterValue, float64(hits), name, "hit")
		ch <- prometheus.MustNewConstMetric(c.desc, prometheus.CounterValue, float64(misses), name, "miss")
	}
}
