package server

import (
	"cmp"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"

	"dozvon/app/server/metrics"
	"dozvon/app/server/schools"
	"dozvon/app/server/store/registry"
)

// measure adds what is read when Prometheus asks.
func (i *Installation) measure() {
	m := i.cfg.Metrics
	open := func() (all []*Parts) {
		for _, s := range i.set.All() {
			all = append(all, s.Parts)
		}
		return all
	}
	measureAll(m, i.ready, []string{i.cfg.Data}, open)
	m.Gauge(keyMismatch, keyMismatchHelp, func() float64 {
		return 1 - oneUnless(slices.ContainsFunc(open(), func(p *Parts) bool { return p.cannotUnseal() > 0 }))
	})
	m.Gauges("dozvon_schools", "Schools of the installation by state", []string{"state"}, func(set func(float64, ...string)) {
		count := map[registry.State]int{}
		for _, s := range i.mirror.Schools() {
			count[s.State]++
		}
		for _, state := range []registry.State{registry.Active, registry.Suspended, registry.Creating, registry.Deleting} {
			set(float64(count[state]), string(state))
		}
	})
	m.Gauge("dozvon_schools_open", "Schools that are open", func() float64 { return float64(len(i.set.Open())) })
	m.Gauge("dozvon_school_rounds_running", "Long rounds of what schools do by themselves that go on now", func() float64 { return float64(len(i.gate)) })
}

// tellOpen lists the schools that are open, the most used first.
func (i *Installation) tellOpen(w http.ResponseWriter, _ *http.Request) {
	all := i.set.Open()
	slices.SortFunc(all, func(a, b schools.Standing) int {
		return cmp.Or(cmp.Compare(b.Users, a.Users), b.Used.Compare(a.Used), cmp.Compare(a.Name, b.Name))
	})
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(all); err != nil {
		slog.Debug("the open schools were not told", "err", err)
	}
}

// Metrics are what Prometheus is told.
func (i *Installation) Metrics() *metrics.Metrics { return i.cfg.Metrics }
