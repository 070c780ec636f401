// Package metrics holds what the server tells Prometheus: each figure with its name, unit and labels. The rooms
// tell it what happens through small interfaces of their own; what stands still is read when Prometheus asks.
// No label holds what grows with use: no number, no id, no name of a person.
package metrics

import (
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are those of one server, or of all schools that it holds. Safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	pbx      pbxMetrics
	writer   writerMetrics
	streams  streamMetrics
	beside   besideMetrics
}

// About is which server the metrics are of.
type About struct {
	Version  string
	Database string // "sqlite" or "postgres"
	// Kinds are the PBXs that can be connected: they are told from the start, so that nothing that
	// has not happened yet looks as if nobody counted it.
	Kinds []string
	// Several says that they are those of all schools of an installation, which are closed while nobody uses them.
	Several bool
}

// New returns the metrics of a server that has done nothing yet.
func New(a About) *Metrics {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "dozvon_build_info", Help: "1; the labels tell which program runs on which database",
		ConstLabels: prometheus.Labels{"version": a.Version, "go_version": runtime.Version(), "database": a.Database},
	})
	build.Set(1)
	r.MustRegister(build)
	return &Metrics{registry: r, pbx: newPBX(r, a.Kinds), writer: newWriter(r), streams: newStreams(r), beside: newBeside(r, a.Several)}
}

// Handler serves what Prometheus reads. It belongs on an address of its own.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Register adds what others collect, before the first question.
func (m *Metrics) Register(all ...prometheus.Collector) { m.registry.MustRegister(all...) }

// Gauge adds a figure that is read when Prometheus asks, before the first question.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

// Gauges adds a figure for each value of a label, all read at once, before the first question.
func (m *Metrics) Gauges(name, help string, labels []string, read func(set func(value float64, labels ...string))) {
	m.registry.MustRegister(gauges{prometheus.NewDesc(name, help, labels, nil), read})
}

type gauges struct {
	desc *prometheus.Desc
	read func(set func(value float64, labels ...string))
}

func (g gauges) Describe(ch chan<- *prometheus.Desc) { ch <- g.desc }

func (g gauges) Collect(ch chan<- prometheus.Metric) {
	g.read(func(value float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, value, labels...)
	})
}

// Cache adds a cache that counts by itself how often it had what was asked for.
func (m *Metrics) Cache(name string, asked func() (hits, misses uint64)) {
	m.beside.caches.add(name, asked)
}

func counter(r *prometheus.Registry, name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	r.MustRegister(c)
	return c
}

func histogram(r *prometheus.Registry, name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	r.MustRegister(h)
	return h
}

func gauge(r *prometheus.Registry, name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	r.MustRegister(g)
	return g
}

// fast are buckets in seconds for what a PBX or a person waits for: 150 ms is what a card may take, 10 s the end of
// a PBX's patience.
var fast = []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .15, .3, .5, 1, 2.5, 5, 10}

// seconds is a moment as Prometheus writes it.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
