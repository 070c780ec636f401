package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// streamMetrics are of the event streams that screens follow.
type streamMetrics struct {
	open          prometheus.Gauge
	events, bytes prometheus.Counter
	resets, cut   prometheus.Counter
	shown         prometheus.Observer
}

func newStreams(r *prometheus.Registry) streamMetrics {
	return streamMetrics{
		open:   gauge(r, "dozvon_streams", "Open event streams").WithLabelValues(),
		events: counter(r, "dozvon_stream_events_sent_total", "Events written to streams, counted for each stream").WithLabelValues(),
		bytes:  counter(r, "dozvon_stream_sent_bytes_total", "Bytes of events written to streams").WithLabelValues(),
		resets: counter(r, "dozvon_stream_resets_total", "Streams that were told to load everything again, because what they had missed is kept no more").WithLabelValues(),
		cut:    counter(r, "dozvon_streams_cut_total", "Streams that could not be written to: the client was gone, or did not read for 10 s").WithLabelValues(),
		shown:  histogram(r, "dozvon_call_shown_seconds", "From the commit of a call's change until it was written to a stream whose screen shows it", fast).WithLabelValues(),
	}
}

// StreamOpened counts an open stream until closed is called.
func (m *Metrics) StreamOpened() (closed func()) {
	m.streams.open.Inc()
	return m.streams.open.Dec
}

// StreamReset counts a stream that has to load everything again.
func (m *Metrics) StreamReset() { m.streams.resets.Inc() }

// StreamCut counts a stream that could not be written to.
func (m *Metrics) StreamCut() { m.streams.cut.Inc() }

// Sent counts events that were written to a stream in one piece; call is when the oldest change of a call among
// them was committed, zero: there was none.
func (m *Metrics) Sent(events, bytes int, call time.Time) {
	m.streams.events.Add(float64(events))
	m.streams.bytes.Add(float64(bytes))
	if !call.IsZero() {
		m.streams.shown.Observe(max(0, time.Since(call).Seconds()))
	}
}
