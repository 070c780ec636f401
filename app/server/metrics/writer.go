package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// writerMetrics are of the one writer that commits what waits, in groups.
type writerMetrics struct {
	size, time, commit prometheus.Observer
	failed             prometheus.Counter
}

func newWriter(r *prometheus.Registry) writerMetrics {
	return writerMetrics{
		size:   histogram(r, "dozvon_writer_group_writes", "Writes that one transaction made durable together", []float64{1, 2, 4, 8, 16, 32, 64}).WithLabelValues(),
		time:   histogram(r, "dozvon_writer_group_seconds", "One transaction of the writer from its beginning to its end, with its turn among the nodes", fast).WithLabelValues(),
		commit: histogram(r, "dozvon_writer_commit_seconds", "Making one transaction durable, after all was written", fast).WithLabelValues(),
		failed: counter(r, "dozvon_writer_groups_failed_total", "Transactions of the writer that failed as a whole; their writes are tried again one by one").WithLabelValues(),
	}
}

// Group is store.Meter's.
func (m *Metrics) Group(writes int, took time.Duration, committed bool) {
	m.writer.size.Observe(float64(writes))
	m.writer.time.Observe(took.Seconds())
	if !committed {
		m.writer.failed.Inc()
	}
}

// Commit is store.Meter's.
func (m *Metrics) Commit(took time.Duration) { m.writer.commit.Observe(took.Seconds()) }
