package metrics

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dozvon/app/server/outbound"
)

// Unknown is the kind of a webhook that came to no integration's address.
const Unknown = "unknown"

// Accepted is the outcome of a webhook that is durable, or that told nothing.
const Accepted = "accepted"

// Outcomes are what becomes of webhooks, with what is answered; the PBX's kind may answer otherwise to what is
// accepted. All are told from the start: the first of a series that appears with it is no increase to Prometheus.
var Outcomes = map[string]int{
	Accepted:          http.StatusOK,
	"probe":           http.StatusOK,
	"unknown_address": http.StatusNotFound,
	"unknown_account": http.StatusUnauthorized,
	"forged":          http.StatusUnauthorized,
	"switched_off":    http.StatusForbidden,
	"foreign_source":  http.StatusForbidden,
	"unreadable":      http.StatusBadRequest,
	"foreign_form":    http.StatusUnsupportedMediaType,
	"too_big":         http.StatusRequestEntityTooLarge,
	"slow_body":       http.StatusRequestTimeout,
	"not_in_time":     http.StatusServiceUnavailable,
	"failed":          http.StatusServiceUnavailable,
}

// pbxMetrics are of what PBXs send to us and we ask of them.
type pbxMetrics struct {
	webhooks     *prometheus.CounterVec
	webhookTime  *prometheus.HistogramVec
	webhookLast  *prometheus.GaugeVec
	requests     *prometheus.CounterVec
	requestTime  *prometheus.HistogramVec
	comparisons  *prometheus.CounterVec
	comparedLast *prometheus.GaugeVec
	compared     *prometheus.CounterVec
	restored     *prometheus.CounterVec
}

func newPBX(r *prometheus.Registry, kinds []string) pbxMetrics {
	m := pbxMetrics{
		webhooks:     counter(r, "dozvon_webhooks_total", "Requests of PBXs by kind of PBX, by what became of them, and by the status that was answered", "kind", "outcome", "status"),
		webhookTime:  histogram(r, "dozvon_webhook_seconds", "From a webhook's arrival to its answer; what is accepted is durable by then", fast, "kind"),
		webhookLast:  gauge(r, "dozvon_webhook_last_accepted_timestamp_seconds", "When the newest webhook was accepted", "kind"),
		requests:     counter(r, "dozvon_pbx_requests_total", "Requests to PBXs by kind of PBX and by how they ended", "kind", "outcome"),
		requestTime:  histogram(r, "dozvon_pbx_request_seconds", "From a request to a PBX to the head of its answer", fast, "kind"),
		comparisons:  counter(r, "dozvon_reconcile_runs_total", "Comparisons of calls with a PBX's own list, by how they ended", "kind", "outcome"),
		comparedLast: gauge(r, "dozvon_reconcile_last_success_timestamp_seconds", "When calls were compared with a PBX's own list last, on this node", "kind"),
		compared:     counter(r, "dozvon_reconcile_calls_total", "Calls in the lists of PBXs that were compared", "kind"),
		restored:     counter(r, "dozvon_reconcile_restored_calls_total", "Calls that no webhook had told and a PBX's own list did", "kind"),
	}
	for _, kind := range append(slices.Clone(kinds), Unknown) {
		for outcome, status := range Outcomes {
			m.webhooks.WithLabelValues(kind, outcome, strconv.Itoa(status))
		}
	}
	for _, kind := range kinds {
		m.webhookTime.WithLabelValues(kind)
		for _, outcome := range outbound.Outcomes {
			m.requests.WithLabelValues(kind, outcome)
		}
		m.requestTime.WithLabelValues(kind)
		m.comparisons.WithLabelValues(kind, "ok")
		m.comparisons.WithLabelValues(kind, "failed")
		m.compared.WithLabelValues(kind)
		m.restored.WithLabelValues(kind)
	}
	return m
}

// Webhook counts one: what became of it, what was answered, and how long that took.
func (m *Metrics) Webhook(kind, outcome string, status int, took time.Duration) {
	m.pbx.webhooks.WithLabelValues(kind, outcome, strconv.Itoa(status)).Inc()
	m.pbx.webhookTime.WithLabelValues(kind).Observe(took.Seconds())
	if outcome == Accepted {
		m.pbx.webhookLast.WithLabelValues(kind).SetToCurrentTime()
	}
}

// Request is outbound.Meter's.
func (m *Metrics) Request(kind, outcome string, took time.Duration) {
	m.pbx.requests.WithLabelValues(kind, outcome).Inc()
	m.pbx.requestTime.WithLabelValues(kind).Observe(took.Seconds())
}

// Compared is reconcile.Meter's.
func (m *Metrics) Compared(kind string, calls, restored int, err error) {
	m.pbx.compared.WithLabelValues(kind).Add(float64(calls))
	m.pbx.restored.WithLabelValues(kind).Add(float64(restored))
	if err != nil {
		m.pbx.comparisons.WithLabelValues(kind, "failed").Inc()
		return
	}
	m.pbx.comparisons.WithLabelValues(kind, "ok").Inc()
	m.pbx.comparedLast.WithLabelValues(kind).SetToCurrentTime()
}
