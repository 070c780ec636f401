package practice

import (
	"context"
	"sync"
)

// Life is what a PBX has going on. Its context ends with Close; calls outlive the request that began them.
type Life struct {
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex // guards closed
	closed bool
}

// NewLife begins.
func NewLife() *Life {
	l := &Life{}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

// Context ends with Close.
func (l *Life) Context() context.Context { return l.ctx }

// Closed is closed by Close.
func (l *Life) Closed() <-chan struct{} { return l.ctx.Done() }

// Background runs work that Close waits for; it reports false once the PBX is closed.
func (l *Life) Background(work func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.running.Go(work)
	return true
}

// Close ends the context and waits for what Background started.
func (l *Life) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.cancel()
	l.running.Wait()
}
