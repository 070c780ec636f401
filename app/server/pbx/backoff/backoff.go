// Package backoff keeps requests to a PBX back after it has said that there are too many, or was not
// well, for PBXs whose limits are known to nobody. It knows no PBX by name and sends nothing.
package backoff

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"dozvon/app/bilingual"
	"dozvon/app/server/pbx"
)

// Config says how long the pauses are, and how they are told. All fields but ToldFrom are required.
type Config struct {
	// First is about how long the first pause is; each further one in a row is about twice as long, and
	// none is longer than Longest, whatever the PBX asks for.
	First, Longest time.Duration
	// State and Words tell people of a pause that is ToldFrom long, or longer.
	State    pbx.HealthState
	Words    bilingual.Text
	ToldFrom time.Duration
	Now      func() time.Time
}

// Backoff is the pauses of one account. Safe for concurrent use.
type Backoff struct {
	cfg Config

	mu     sync.Mutex // guards what follows
	growth *backoff.ExponentialBackOff
	pause  time.Duration // the present one, or the last
	until  time.Time     // nothing is to be sent before
	status int           // the answer that led to it
}

// New returns one without a pause.
func New(cfg Config) *Backoff {
	growth := backoff.NewExponentialBackOff()
	growth.InitialInterval, growth.MaxInterval, growth.Multiplier = cfg.First, cfg.Longest, 2
	return &Backoff{cfg: cfg, growth: growth}
}

// Note notes an answer: a 429 or 5xx begins a pause, and anything else ends all.
func (b *Backoff) Note(resp *http.Response) {
	now := b.cfg.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode < http.StatusInternalServerError {
		b.growth.Reset()
		b.pause, b.until, b.status = 0, time.Time{}, 0
		return
	}
	b.pause = min(max(b.growth.NextBackOff(), retryAfter(resp.Header, now)), b.cfg.Longest)
	b.until, b.status = now.Add(b.pause), resp.StatusCode
}

// retryAfter is what the PBX asks for, in seconds or as a moment (RFC 9110, section 10.2.3); 0: nothing.
func retryAfter(h http.Header, now time.Time) time.Duration {
	asked := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(asked, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(asked); err == nil {
		return at.Sub(now)
	}
	return 0
}

// Left is how long the present pause still lasts; not more than 0: there is none.
func (b *Backoff) Left() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.until.Sub(b.cfg.Now())
}

// Blocked is *pbx.Blocked during a pause.
func (b *Backoff) Blocked() error {
	if b.Left() <= 0 {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return &pbx.Blocked{Until: b.until, Code: b.status, Words: b.cfg.Words}
}

// Wait waits until there is no pause. *pbx.Blocked at once when it would outlast the context.
func (b *Backoff) Wait(ctx context.Context) error {
	for {
		left := b.Left()
		if left <= 0 {
			return nil
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < left {
			return b.Blocked()
		}
		timer := time.NewTimer(left)
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("waiting for the PBX's pause to end: %w", ctx.Err())
		case <-timer.C:
		}
	}
}

// Health tells people of a pause that is worth it.
func (b *Backoff) Health() pbx.Health {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pause < b.cfg.ToldFrom || !b.cfg.Now().Before(b.until) {
		return pbx.Health{State: pbx.Healthy}
	}
	return pbx.Health{State: b.cfg.State, Until: b.until, Code: b.status, Words: b.cfg.Words}
}
