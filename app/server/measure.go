package server

import (
	"context"

	"dozvon/app/server/directory"
	"dozvon/app/server/disk"
	"dozvon/app/server/health"
	"dozvon/app/server/metrics"
	"dozvon/app/server/outbound"
)

// metricsOf are the metrics of a server that does nothing yet, or of several schools of which none does.
func metricsOf(cfg Config, dialect string, several bool) *metrics.Metrics {
	var kinds []string
	for _, kind := range cfg.kinds() {
		kinds = append(kinds, kind.Name)
	}
	return metrics.New(metrics.About{Version: cfg.Version, Database: dialect, Kinds: kinds, Several: several})
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
	measureAll(m, p.Health, cfg.folders(), func() []*Parts { return []*Parts{p} })
	m.Gauge(keyMismatch, keyMismatchHelp, func() float64 {
		if p.cannotUnseal() > 0 {
			return 1
		}
		ctx, cancel := context.WithTimeout(context.Background(), checkLimit)
		defer cancel()
		found := p.checkKey(ctx, cfg.sealKey())
		return 1 - oneUnless(found.State != health.OK && found.Code != "database_away")
	})
}

const (
	keyMismatch     = "dozvon_seal_key_mismatch"
	keyMismatchHelp = "1: the sealing key, or its file, is not the database's, or a secret cannot be read with it"
)

// measureAll adds what is read of all schools that are open when Prometheus asks.
func measureAll(m *metrics.Metrics, ready *health.Checks, folders []string, open func() []*Parts) {
	sum := func(of func(*Parts) float64) func() float64 {
		return func() (all float64) {
			for _, p := range open() {
				all += of(p)
			}
			return all
		}
	}
	worst := func(of func(*Parts) float64) func() float64 {
		return func() (most float64) {
			for _, p := range open() {
				most = max(most, of(p))
			}
			return most
		}
	}
	m.Gauge("dozvon_writer_queue_length", "Writes that wait for the writer", sum(func(p *Parts) float64 { return float64(p.Store.Queue()) }))
	m.Gauge("dozvon_writer_stalled_seconds", "For how long the transaction that is being written has gone on; 0: none is",
		worst(func(p *Parts) float64 { return p.Store.WritingFor().Seconds() }))
	m.Gauge("dozvon_stream_lag_events", "How many rows of the journal the stream that is furthest behind has not had",
		worst(func(p *Parts) float64 { behind, _ := p.API.Lag(); return float64(behind) }))
	m.Gauge("dozvon_streams_lagging", "Open streams that are more than 100 rows of the journal behind",
		sum(func(p *Parts) float64 { _, many := p.API.Lag(); return float64(many) }))
	m.Gauge("dozvon_data_free_bytes", "Free space where the data folder and SQLite's file lie, whichever has less", func() float64 { return leastFree(folders) })
	m.Gauges("dozvon_pbx_integrations", "Connected PBXs by kind and by the way to them: ok, careful (the API has refused once), blocked (it rests), off, sealed (a secret cannot be read)",
		[]string{"kind", "state"}, func(set func(float64, ...string)) {
			ways := map[directory.Way]int{}
			for _, p := range open() {
				for way, n := range directory.WaysOf(p.Directory) {
					ways[way] += n
				}
			}
			for way, n := range ways {
				set(float64(n), way.Kind, way.State)
			}
		})
	m.Gauges("dozvon_check_ok", "1: the check of /readyz is ok or warns, 0: it fails", []string{"check"}, func(set func(float64, ...string)) {
		for name, found := range ready.Look(context.Background()).Checks {
			set(oneUnless(found.State == health.Failed), name)
		}
	})
}

// cannotUnseal is how many PBXs have a secret that cannot be read.
func (p *Parts) cannotUnseal() (n float64) {
	for way, one := range directory.WaysOf(p.Directory) {
		if way.State == directory.WaySealed {
			n += float64(one)
		}
	}
	return n
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
