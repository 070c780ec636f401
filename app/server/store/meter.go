package store

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Meter is told how the writer fares.
type Meter interface {
	// Group is told of one transaction: how many writes it had, how long it took with all waiting for other
	// nodes, and whether it was committed.
	Group(writes int, took time.Duration, committed bool)
	// Commit is told how long it took to make a transaction durable, after all was written.
	Commit(took time.Duration)
}

// Measure sets who is told how the writer fares, before the first write.
func (s *Store) Measure(m Meter) { s.meter = m }

// measured notes that a group is being written, until ended is called. One that a write of its own has ended is
// no failure of the database's, and made nothing durable: it is not counted.
func (s *Store) measured(writes int) (ended func(error)) {
	began := time.Now()
	s.writing.Store(began.UnixNano())
	return func(err error) {
		s.writing.Store(0)
		if s.meter != nil && !ofItsOwn(err) {
			s.meter.Group(writes, time.Since(began), err == nil)
		}
	}
}

// Queue is how many writes wait for their group.
func (s *Store) Queue() int { return len(s.jobs) }

// WritingFor is for how long the group that is being written has gone on; 0: none is.
func (s *Store) WritingFor() time.Duration {
	began := s.writing.Load()
	if began == 0 {
		return 0
	}
	return max(0, time.Since(time.Unix(0, began)))
}

// Dialect names the database: "sqlite" or "postgres".
func (s *Store) Dialect() string {
	if s.dialect.postgres {
		return "postgres"
	}
	return "sqlite"
}

// Pools tell of the connections to the database.
func (s *Store) Pools() []prometheus.Collector {
	pools := []prometheus.Collector{collectors.NewDBStatsCollector(s.readDB, "read")}
	if s.writeDB != s.readDB {
		pools = append(pools, collectors.NewDBStatsCollector(s.writeDB, "write"))
	}
	return pools
}
