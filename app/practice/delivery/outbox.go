package delivery

import (
	"context"
	"sync"
	"time"
)

const (
	// queueLimit bounds the webhooks that wait while the server is away.
	queueLimit = 10_000
	// dayQueueLimit is how many may wait before a simulated day pauses, so that it never drops one.
	dayQueueLimit = 500
	// holdLimit is how long a webhook that shall come late waits for a successor to let past.
	holdLimit = 200 * time.Millisecond
)

// outbox is the webhooks that have not been delivered, in the order they go.
type outbox struct {
	mu      sync.Mutex // guards what follows
	waiting []queued
	held    []queued // to be sent after whatever comes next
	heldNow int      // tells one holding from the next
	sending int
	changed chan struct{} // closed and replaced at every change
}

// queued is a webhook and when it may go.
type queued struct {
	webhook Webhook
	due     time.Time // not before; zero is at once
}

func newOutbox() *outbox { return &outbox{changed: make(chan struct{})} }

// wake wakes everybody who waits for a change. The caller holds mu.
func (o *outbox) wake() {
	close(o.changed)
	o.changed = make(chan struct{})
}

// put adds a webhook; late lets its successor go first. It reports whether there was room.
func (o *outbox) put(q queued, late bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) >= queueLimit {
		return false
	}
	defer o.wake()
	if late && len(o.held) == 0 {
		o.held = append(o.held, q)
		o.heldNow++
		mine := o.heldNow
		time.AfterFunc(holdLimit, func() { o.release(mine) })
		return true
	}
	o.waiting = append(o.waiting, q)
	o.waiting = append(o.waiting, o.held...)
	o.held = nil
	return true
}

// release sends what has been held if no successor came.
func (o *outbox) release(mine int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.heldNow != mine || len(o.held) == 0 {
		return
	}
	o.waiting = append(o.waiting, o.held...)
	o.held = nil
	o.wake()
}

// dequeue waits for the next webhook; sent must follow. ok is false once ctx has ended.
func (o *outbox) dequeue(ctx context.Context) (q queued, ok bool) {
	ok = o.until(ctx, func() bool {
		if len(o.waiting) == 0 {
			return false
		}
		q = o.waiting[0]
		o.waiting = o.waiting[1:]
		o.sending++
		return true
	})
	return q, ok
}

// sent says that a webhook that dequeue gave is through, delivered or given up.
func (o *outbox) sent() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sending--
	o.wake()
}

// until waits until is, called with mu held, is true, or ctx ends; it reports which.
func (o *outbox) until(ctx context.Context, is func() bool) bool {
	for ctx.Err() == nil {
		o.mu.Lock()
		if is() {
			o.mu.Unlock()
			return true
		}
		changed := o.changed
		o.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
	return false
}

// room waits until few enough webhooks wait.
func (o *outbox) room(ctx context.Context) {
	o.until(ctx, func() bool { return len(o.waiting) < dayQueueLimit })
}

// empty waits until nothing waits or is on its way.
func (o *outbox) empty(ctx context.Context) bool {
	return o.until(ctx, func() bool { return len(o.waiting)+len(o.held)+o.sending == 0 })
}
