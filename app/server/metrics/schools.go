package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Schools are the metrics of an installation of several schools, beside those that its schools share. Safe for concurrent
// use.
type Schools struct {
	refused, openings *prometheus.CounterVec
	opening           prometheus.Observer
}

// Refusals are why a request gets to no school.
var Refusals = []string{"no_school", "wrong_school", "school_suspended", "school_away", "school_busy", "slow_body"}

// NewSchools adds the metrics of an installation in which no school was opened yet.
func NewSchools(m *Metrics) *Schools {
	s := &Schools{
		refused:  counter(m.registry, "dozvon_school_refusals_total", "Requests that got to no school, by the code of the refusal and by who asked: pbx or person", "why", "from"),
		openings: counter(m.registry, "dozvon_school_openings_total", "Schools that were opened, by how that ended", "outcome"),
		opening:  histogram(m.registry, "dozvon_school_opening_seconds", "From the beginning of a school's opening until it was open", fast).WithLabelValues(),
	}
	for _, why := range Refusals {
		s.refused.WithLabelValues(why, "pbx")
		s.refused.WithLabelValues(why, "person")
	}
	for _, outcome := range []string{"ok", "failed"} {
		s.openings.WithLabelValues(outcome)
	}
	return s
}

// Refused is front.Meter's.
func (s *Schools) Refused(why string, pbx bool) {
	from := "person"
	if pbx {
		from = "pbx"
	}
	s.refused.WithLabelValues(why, from).Inc()
}

// Opened counts a school that was opened.
func (s *Schools) Opened(took time.Duration, err error) {
	if err != nil {
		s.openings.WithLabelValues("failed").Inc()
		return
	}
	s.openings.WithLabelValues("ok").Inc()
	s.opening.Observe(took.Seconds())
}
