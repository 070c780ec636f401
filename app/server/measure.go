package server

import (
	"context"

	"dozvon/app/server/directory"
	"dozvon/app/server/disk"
	"dozvon/app/server/health"
	"dozvon/app/server/metrics"
	"dozvon/app/server/outbound"
	"dozvon/app/server/store"
)

// metricsOf are the metrics of a server that does nothing yet.
func metricsOf(st *store.Store, cfg Config) *metrics.Metrics {
	var kinds []string
	for _, kind := range cfg.kinds() {
		kinds = append(kinds, kind.Name)
	}
	m := metrics.New(metrics.About{Version: cfg.Version, Database: st.Dialect(), Kinds: kinds})
	st.Measure(m)
	return m
}

// outbound is the policy for requests to PBXs, each of which is counted.
func (p *Parts) outbound(cfg Config) outbound.Policy {
	policy := cfg.outbound()
	policy.Meter = p.Metrics
	return policy
}

// measure adds what is read when Prometheus asks.
func (p *Parts) measure(cfg Config) {
	m := p.Metrics
	m.Register(p.Store.Pools()...)
	m.Cache("callers", p.Callers.Asked)
	m.Gauge("dozvon_writer_queue_length", "Writes that wait for the writer", func() float64 { return float64(p.Store.Queue()) })
	m.Gauge("dozvon_writer_stalled_seconds", "For how long the transaction that is being written has gone on; 0: none is", func() float64 {
		return p.Store.WritingFor().Seconds()
	})
	m.Gauge("dozvon_data_free_bytes", "Free space where the data folder and SQLite's file lie, whichever has less", func() float64 { return leastFree(cfg.folders()) })
	m.Gauges("dozvon_pbx_integrations", "Connected PBXs by kind and by the way to them: ok, careful (the API has refused once), blocked (it rests), off, sealed (a secret cannot be read)",
		[]string{"kind", "state"}, func(set func(float64, ...string)) {
			for way, n := range directory.WaysOf(p.Directory) {
				set(float64(n), way.Kind, way.State)
			}
		})
	m.Gauges("dozvon_check_ok", "1: the check of /readyz is ok or warns, 0: it fails", []string{"check"}, func(set func(float64, ...string)) {
		for name, found := range p.Health.Look(context.Background()).Checks {
			set(oneUnless(found.State == health.Failed), name)
		}
	})
	m.Gauge("dozvon_seal_key_mismatch", "1: the sealing key, or its file, is not the database's, or a secret cannot be read with it", func() float64 {
		for way, n := range directory.WaysOf(p.Directory) {
			if n > 0 && way.State == directory.WaySealed {
				return 1
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), checkLimit)
		defer cancel()
		found := p.checkKey(ctx, cfg.sealKey())
		return 1 - oneUnless(found.State != health.OK && found.Code != "database_away")
	})
}

func oneUnless(bad bool) float64 {
	if bad {
		return 0
	}
	return 1
}

// leastFree is the free space of the folder that has least; 0 when none can be asked.
func leastFree(folders []string) float64 {
	least, known := uint64(0), false
	for _, folder := range folders {
		if free, err := disk.Free(folder); err == nil && (!known || free < least) {
			least, known = free, true
		}
	}
	return float64(least)
}
