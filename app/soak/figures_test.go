//go:build linux

package soak

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// sample is what the server's metrics told at a moment.
type sample struct {
	at                time.Duration // since the beginning
	life              int           // of the server: each kill begins another
	resident, heap    float64       // bytes; heap is what lives in it, by the collector's own reckoning
	goroutines, files float64
}

// figures are samples over time.
type figures struct {
	mu  sync.Mutex // guards all
	all []sample
}

// follow samples until ctx ends; while no server answers there is nothing to sample.
func (f *figures) follow(ctx context.Context, p *program, began time.Time, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		m, err := p.metrics(ctx)
		if err != nil || m["go_goroutines"] == 0 {
			continue
		}
		p.mu.Lock()
		life := p.lives
		p.mu.Unlock()
		f.mu.Lock()
		f.all = append(f.all, sample{
			at: time.Since(began), life: life, resident: m["process_resident_memory_bytes"], goroutines: m["go_goroutines"], files: m["process_open_fds"],
			// The collector begins when the heap has doubled, so half of that is what lived at the last collection.
			heap: m["go_memstats_next_gc_bytes"] / 2,
		})
		f.mu.Unlock()
	}
}

// limit says how much of something may be added from the middle of a life to its end.
type limit struct {
	name  string
	of    func(sample) float64
	times float64 // so many times the former
	plus  float64 // and so much more
	shown func(float64) string
}

var limits = []limit{
	{"resident memory", func(s sample) float64 { return s.resident }, 1.25, 24 << 20, megabytes},
	{"live heap", func(s sample) float64 { return s.heap }, 1.25, 12 << 20, megabytes},
	{"goroutines", func(s sample) float64 { return s.goroutines }, 1.3, 30, count},
	{"open files", func(s sample) float64 { return s.files }, 1.3, 15, count},
}

func megabytes(b float64) string { return fmt.Sprintf("%.1f MB", b/(1<<20)) }
func count(n float64) string     { return fmt.Sprintf("%.0f", n) }

// growth compares the second and the last third of one life: what it took at the beginning is its warming up. The
// median counts, since a moment's storm is no growth.
func (f *figures) growth(life int) (rows []string, grown []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var of []sample
	for _, s := range f.all {
		if s.life == life {
			of = append(of, s)
		}
	}
	third := len(of) / 3
	if third < 5 {
		return nil, []string{fmt.Sprintf("only %d samples of the long life: nothing can be said of growth", len(of))}
	}
	for _, l := range limits {
		middle, last := median(of[third:2*third], l.of), median(of[2*third:], l.of)
		verdict := "flat"
		if last > middle*l.times+l.plus {
			verdict = "GROWS"
			grown = append(grown, fmt.Sprintf("%s grew from %s to %s", l.name, l.shown(middle), l.shown(last)))
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |", l.name, l.shown(middle), l.shown(last), verdict))
	}
	return rows, grown
}

func median(of []sample, what func(sample) float64) float64 {
	var all []float64
	for _, s := range of {
		all = append(all, what(s))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// table shows some twenty of the samples.
func (f *figures) table() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var b strings.Builder
	b.WriteString("| after | life | resident | live heap | goroutines | open files |\n|---|---|---|---|---|---|\n")
	step := max(1, len(f.all)/20)
	for i := 0; i < len(f.all); i += step {
		s := f.all[i]
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %.0f | %.0f |\n", s.at.Round(time.Second), s.life, megabytes(s.resident), megabytes(s.heap), s.goroutines, s.files)
	}
	return b.String()
}
