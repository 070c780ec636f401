package mango

import (
	"context"
	"sync"
	"time"

	"dozvon/app/mango"
)

const (
	// queueLimit bounds the events that wait while the server is away.
	queueLimit = 10_000
	// patientLimit is how many may wait before a simulated day pauses, so that it never drops one.
	patientLimit = 500
	// holdLimit is how long a webhook that shall come late waits for a successor to let past.
	holdLimit = 200 * time.Millisecond
)

// delivery is one webhook on its way.
type delivery struct {
	path string
	form mango.Form
	due  time.Time // not before; zero is at once
}

// outbox is the webhooks that have not been delivered, in the order they go.
type outbox struct {
	mu      sync.Mutex // guards what follows
	waiting []delivery
	held    []delivery // to be sent after whatever comes next
	heldNow int        // tells one holding from the next
	sending int
	changed chan struct{} // closed and replaced at every change
}

func newOutbox() *outbox { return &outbox{changed: make(chan struct{})} }

// tell wakes everybody who waits for a change. The caller holds mu.
func (o *outbox) tell() {
	close(o.changed)
	o.changed = make(chan struct{})
}

// put adds a webhook; late lets its successor go first. It reports whether there was room.
func (o *outbox) put(d delivery, late bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) >= queueLimit {
		return false
	}
	defer o.tell()
	if late && len(o.held) == 0 {
		o.held = append(o.held, d)
		o.heldNow++
		mine := o.heldNow
		time.AfterFunc(holdLimit, func() { o.release(mine) })
		return true
	}
	o.waiting = append(o.waiting, d)
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
	o.tell()
}

// take waits for the next webhook; sent must follow. ok is false once ctx has ended.
func (o *outbox) take(ctx context.Context) (d delivery, ok bool) {
	ok = o.until(ctx, func() bool {
		if len(o.waiting) == 0 {
			return false
		}
		d = o.waiting[0]
		o.waiting = o.waiting[1:]
		o.sending++
		return true
	})
	return d, ok
}

// sent says that a webhook that take gave is through, delivered or given up.
func (o *outbox) sent() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sending--
	o.tell()
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
	o.until(ctx, func() bool { return len(o.waiting) < patientLimit })
}

// empty waits until nothing waits or is on its way.
func (o *outbox) empty(ctx context.Context) bool {
	return o.until(ctx, func() bool { return len(o.waiting)+len(o.held)+o.sending == 0 })
}
