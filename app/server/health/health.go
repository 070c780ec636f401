// Package health tells whether the server is ready, and if not, why: a few checks by name, looked at together and
// with an end, so that a database that stands still is told and not waited for. What is told is for anybody who
// asks: words of ours, no cause, no address, no secret.
package health

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// State is how one check stands.
type State string

// States of a check; with a Warning the server is ready.
const (
	OK      State = "ok"
	Warning State = "warning"
	Failed  State = "failed"
)

// Finding is how one check stands, and why.
type Finding struct {
	State State `json:"status"`
	// Code is a stable word for the cause, Detail a sentence with what to do; empty when all is well.
	Code   string `json:"code,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Cause is for the log alone.
	Cause error `json:"-"`
}

// Well is a check that found nothing.
func Well() Finding { return Finding{State: OK} }

// Fail is a check on which the server is not ready.
func Fail(code, detail string, cause error) Finding {
	return Finding{State: Failed, Code: code, Detail: detail, Cause: cause}
}

// Warn is a check that found something with which the server works on.
func Warn(code, detail string) Finding { return Finding{State: Warning, Code: code, Detail: detail} }

// Report is all that was found.
type Report struct {
	Status string             `json:"status"` // "ready" or "not_ready"
	Checks map[string]Finding `json:"checks"`
}

// Ready tells whether no check failed.
func (r Report) Ready() bool { return r.Status == ready }

const (
	ready    = "ready"
	notReady = "not_ready"
	// Shutdown is the check that fails while the server stops.
	Shutdown = "shutdown"
)

// Look is one check. It should end when ctx does; one that does not is told as failed.
type Look func(ctx context.Context) Finding

// Checks are those of one server. Safe for concurrent use.
type Checks struct {
	limit  time.Duration
	looks  map[string]Look
	asking singleflight.Group // who asks while it is looked has the same answer

	mu       sync.Mutex // guards what follows
	stopping bool
	stuck    map[string]bool // looks that have not come back
	told     map[string]State
}

// New returns checks by name, of which each must end within limit.
func New(limit time.Duration, looks map[string]Look) *Checks {
	return &Checks{limit: limit, looks: looks, stuck: map[string]bool{}, told: map[string]State{}}
}

// Stop makes the server not ready for good: it ends.
func (c *Checks) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopping = true
}

// Look looks at everything. It ends within the limit whatever the looks do.
func (c *Checks) Look(ctx context.Context) Report {
	found, _, _ := c.asking.Do("", func() (any, error) {
		return c.all(context.WithoutCancel(ctx)), nil
	})
	report := Report{Status: ready, Checks: maps.Clone(found.(map[string]Finding))}
	report.Checks[Shutdown] = c.shutdown()
	for _, f := range report.Checks {
		if f.State == Failed {
			report.Status = notReady
		}
	}
	return report
}

func (c *Checks) shutdown() Finding {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopping {
		return Fail("shutting_down", "the server is stopping; another node serves, or it is back in a moment", nil)
	}
	return Well()
}

func (c *Checks) all(ctx context.Context) map[string]Finding {
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	type result struct {
		name    string
		finding Finding
	}
	results := make(chan result, len(c.looks))
	found := map[string]Finding{}
	for name, look := range c.looks {
		if !c.begin(name) {
			found[name] = silent
			continue
		}
		go func() {
			defer c.end(name)
			results <- result{name, look(ctx)}
		}()
	}
	for len(found) < len(c.looks) {
		select {
		case r := <-results:
			found[r.name] = r.finding
		case <-ctx.Done():
			for name := range c.looks {
				if _, known := found[name]; !known {
					found[name] = silent
				}
			}
		}
	}
	c.log(found)
	return found
}

// silent is a look that did not come back in time.
var silent = Fail("no_answer", "it does not answer in time", nil)

// begin reports whether a look may begin: one that hangs is not joined by another each time somebody asks.
func (c *Checks) begin(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stuck[name] {
		return false
	}
	c.stuck[name] = true
	return true
}

func (c *Checks) end(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.stuck, name)
}

// log tells what has changed since it was told last.
func (c *Checks) log(found map[string]Finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(found)) {
		f := found[name]
		was, known := c.told[name]
		c.told[name] = f.State
		switch {
		case was == f.State || !known && f.State == OK:
		case f.State == Failed:
			slog.Error("not ready", "check", name, "code", f.Code, "why", f.Detail, "err", f.Cause)
		case f.State == Warning:
			slog.Warn("a check warns", "check", name, "code", f.Code, "why", f.Detail)
		default:
			slog.Info("a check is well again", "check", name)
		}
	}
}

// ServeHTTP answers 200 when the server is ready and 503 when it is not, with the checks by name.
func (c *Checks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	report := c.Look(r.Context())
	status := http.StatusOK
	if !report.Ready() {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(report); err != nil {
		slog.Debug("nobody waited for whether the server is ready", "err", err)
	}
}
