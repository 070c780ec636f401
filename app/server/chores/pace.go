package chores

import (
	"context"
	"sync"
	"time"
)

// Pace is how often the chores of one server are done, and how many at once among all that share a gate. While
// something happens there they are done as often as they say; after a while of quiet ever less often. Safe for
// concurrent use.
type Pace struct {
	gate Gate
	now  func() time.Time

	mu      sync.Mutex // guards what follows
	stirred time.Time
	woken   chan struct{} // closed and replaced when the quiet ends
}

// Gate bounds how many rounds are done at once by all who share it; nil: it does not. Who waits comes in turn, and each
// server waits with a few chores at most, so none can keep the others out.
type Gate chan struct{}

const (
	// livelyFor is how long after something happened chores are done as often as they say.
	livelyFor = 30 * time.Second
	// doubledEvery is after how much more quiet they are done half as often, slowest the least often.
	doubledEvery = 30 * time.Second
	slowest      = 16
	// longestWait is the least often that a chore is slowed to: one that is done more rarely is left as it is.
	longestWait = 30 * time.Second
)

// NewPace returns the pace of a server in which something has just happened.
func NewPace(gate Gate, now func() time.Time) *Pace {
	return &Pace{gate: gate, now: now, stirred: now(), woken: make(chan struct{})}
}

// Stir is told that something happened.
func (p *Pace) Stir() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.stirred) > livelyFor {
		close(p.woken)
		p.woken = make(chan struct{})
	}
	p.stirred = now
}

// slowed is how long to wait in the place of every, and what ends that early.
func (p *Pace) slowed(every time.Duration) (wait time.Duration, woken <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	times := time.Duration(1)
	for quiet := p.now().Sub(p.stirred) - livelyFor; quiet > 0 && times < slowest; quiet -= doubledEvery {
		times *= 2
	}
	return max(every, min(every*times, longestWait)), p.woken
}

type paceKey struct{}

// Paced lets all chores below ctx be done at a pace.
func Paced(ctx context.Context, p *Pace) context.Context {
	return context.WithValue(ctx, paceKey{}, p)
}

func paceOf(ctx context.Context) *Pace {
	p, _ := ctx.Value(paceKey{}).(*Pace)
	return p
}

// pass waits for a place at the gate; done gives it back. false: ctx ended first.
func pass(ctx context.Context) (done func(), ok bool) {
	p := paceOf(ctx)
	if p == nil || p.gate == nil {
		return func() {}, true
	}
	select {
	case p.gate <- struct{}{}:
		return func() { <-p.gate }, true
	case <-ctx.Done():
		return nil, false
	}
}

// Wait waits until a chore that is done every so often is to be done again, or one of two others wakes it, which may be
// nil; false: ctx has ended.
func Wait(ctx context.Context, every time.Duration, one, other <-chan struct{}) bool {
	var woken <-chan struct{}
	if p := paceOf(ctx); p != nil {
		every, woken = p.slowed(every)
	}
	timer := time.NewTimer(every)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
	case <-woken:
	case <-one:
	case <-other:
	}
	return ctx.Err() == nil
}
