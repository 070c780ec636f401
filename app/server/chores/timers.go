package chores

import (
	"sync"
	"time"
)

// Timers own what is to happen a while later, so that nothing fires into a closed store. The zero
// value is ready.
type Timers struct {
	mu      sync.Mutex    // guards what follows
	ending  chan struct{} // closed by Stop; nil before the first timer
	stopped bool
	running sync.WaitGroup
}

// After does what is due after a while; at once when the end comes before.
func (t *Timers) After(d time.Duration, do func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return
	}
	if t.ending == nil {
		t.ending = make(chan struct{})
	}
	ending := t.ending
	t.running.Go(func() {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ending:
		}
		do()
	})
}

// Stop lets everything that waits happen now, and waits for it. Nothing begins after it.
func (t *Timers) Stop() {
	t.mu.Lock()
	if t.ending != nil && !t.stopped {
		close(t.ending)
	}
	t.stopped = true
	t.mu.Unlock()
	t.running.Wait()
}
