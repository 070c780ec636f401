package beeline

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"golang.org/x/time/rate"

	"dozvon/app/server/pbx"
)

// pace keeps the requests of an account apart: one at a time, two a second, and none for a while after
// the PBX said that it is too much or that it is ill. Nobody knows its real limits (section 15).
type pace struct {
	now     func() time.Time
	limiter *rate.Limiter
	turn    chan struct{} // holds one token while nobody asks

	mu    sync.Mutex // guards what follows
	grow  *backoff.ExponentialBackOff
	until time.Time // no request before
	pause time.Duration
	code  int // the answer that led to it
}

const (
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	// told is the length from which on a pause is told to people.
	told = 10 * time.Second
)

func newPace(every time.Duration, now func() time.Time) *pace {
	grow := backoff.NewExponentialBackOff()
	grow.InitialInterval, grow.MaxInterval, grow.Multiplier = firstPause, longestPause, 2
	p := &pace{now: now, limiter: rate.NewLimiter(rate.Every(every), 1), turn: make(chan struct{}, 1), grow: grow}
	p.turn <- struct{}{}
	return p
}

// begin waits for a request's turn; end is called when its answer has begun. *pbx.Blocked when the
// pause would outlast the context.
func (p *pace) begin(ctx context.Context) (end func(), err error) {
	for {
		if err := p.rest(ctx); err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for a turn at the PBX: %w", ctx.Err())
		case <-p.turn:
		}
		end = sync.OnceFunc(func() { p.turn <- struct{}{} })
		if p.left() > 0 { // the one before us was told to go slower
			end()
			continue
		}
		if err := p.limiter.Wait(ctx); err != nil {
			end()
			return nil, fmt.Errorf("waiting for a turn at the PBX: %w", err)
		}
		return end, nil
	}
}

// rest waits until a pause is over.
func (p *pace) rest(ctx context.Context) error {
	left := p.left()
	if left <= 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < left {
		p.mu.Lock()
		defer p.mu.Unlock()
		return &pbx.Blocked{Until: p.until, Code: p.code, Words: textPaused}
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("waiting for the PBX's pause to end: %w", ctx.Err())
	case <-timer.C:
		return nil
	}
}

func (p *pace) left() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.Sub(p.now())
}

// slower begins a pause, longer each time; asked is what the PBX itself asked for.
func (p *pace) slower(code int, asked time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pause = max(p.grow.NextBackOff(), min(asked, longestPause))
	p.until, p.code = p.now().Add(p.pause), code
}

// well ends the growing of pauses: the PBX answered as it should.
func (p *pace) well() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.grow.Reset()
	p.until, p.code = time.Time{}, 0
}

func (p *pace) health() pbx.Health {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pause < told || !p.now().Before(p.until) {
		return pbx.Health{State: pbx.Healthy}
	}
	return pbx.Health{State: pbx.Degraded, Until: p.until, Code: p.code, Words: textPaused}
}
