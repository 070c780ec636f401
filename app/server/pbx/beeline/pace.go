package beeline

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/backoff"
)

// pace keeps the requests of an account apart: one at a time, two a second, and none for a while after
// the PBX said that it is too much or that it is ill. Nobody knows its real limits (section 15).
type pace struct {
	*backoff.Backoff
	limiter *rate.Limiter
	turn    chan struct{} // holds one token while nobody asks
}

const (
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	// toldFrom is the length from which on a pause is told to people: requests wait for a shorter one.
	toldFrom = 10 * time.Second
)

func newPace(every time.Duration, now func() time.Time) *pace {
	p := &pace{
		Backoff: backoff.New(backoff.Config{
			First: firstPause, Longest: longestPause, State: pbx.Degraded, Words: textPaused, ToldFrom: toldFrom, Now: now,
		}),
		limiter: rate.NewLimiter(rate.Every(every), 1), turn: make(chan struct{}, 1),
	}
	p.turn <- struct{}{}
	return p
}

// begin waits for a request's turn; end is called when its answer has begun. *pbx.Blocked when the
// pause would outlast the context.
func (p *pace) begin(ctx context.Context) (end func(), err error) {
	for {
		if err := p.Wait(ctx); err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for a turn at the PBX: %w", ctx.Err())
		case <-p.turn:
		}
		end = sync.OnceFunc(func() { p.turn <- struct{}{} })
		if p.Left() > 0 { // the one before us was told to go slower
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
