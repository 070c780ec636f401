package delivery

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// queueLimit bounds the webhooks of one queue that wait while the server is away.
	queueLimit = 10_000
	// dayQueueLimit is how many may wait in all before a simulated day pauses, so that it never drops one.
	dayQueueLimit = 500
	// holdLimit is how long a webhook that shall come late waits for a successor to let past.
	holdLimit = 200 * time.Millisecond
)

// outbox is the webhooks that have not been delivered, in queues of their own.
type outbox struct {
	mu      sync.Mutex // guards what follows
	queues  map[string]*queue
	order   []string      // of the queues, by when they were seen last
	changed chan struct{} // closed and replaced at every change
}

// queue is what goes to one receiver, in its order.
type queue struct {
	waiting []queued
	held    []queued // to be sent after whatever comes next
	heldNow int      // tells one holding from the next
	sending int
}

// queued is a webhook and when it may go.
type queued struct {
	webhook Webhook
	due     time.Time // not before; zero is at once
}

func newOutbox() *outbox { return &outbox{queues: map[string]*queue{}, changed: make(chan struct{})} }

// wake wakes everybody who waits for a change. The caller holds mu.
func (o *outbox) wake() {
	close(o.changed)
	o.changed = make(chan struct{})
}

// of is the queue of this name. The caller holds mu.
func (o *outbox) of(name string) *queue {
	if o.queues[name] == nil {
		o.queues[name] = &queue{}
		o.order = append(o.order, name)
	}
	return o.queues[name]
}

// put adds a webhook; late lets its successor go first. It reports whether there was room.
func (o *outbox) put(w queued, late bool) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.of(w.webhook.Queue)
	if len(q.waiting) >= queueLimit {
		return false
	}
	defer o.wake()
	if late && len(q.held) == 0 {
		q.held = append(q.held, w)
		q.heldNow++
		mine := q.heldNow
		time.AfterFunc(holdLimit, func() { o.release(q, mine) })
		return true
	}
	q.waiting = append(q.waiting, w)
	q.waiting = append(q.waiting, q.held...)
	q.held = nil
	return true
}

// release sends what has been held if no successor came.
func (o *outbox) release(q *queue, mine int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if q.heldNow != mine || len(q.held) == 0 {
		return
	}
	q.waiting = append(q.waiting, q.held...)
	q.held = nil
	o.wake()
}

// dequeue waits for the next webhook of a queue that has fewer than beside on their way; sent must follow.
// Of several queues the one goes first that has waited longest. ok is false once ctx has ended.
func (o *outbox) dequeue(ctx context.Context, beside int) (w queued, ok bool) {
	ok = o.until(ctx, func() bool {
		at := slices.IndexFunc(o.order, func(name string) bool {
			q := o.queues[name]
			return len(q.waiting) > 0 && q.sending < beside
		})
		if at < 0 {
			return false
		}
		name := o.order[at]
		q := o.queues[name]
		w, q.waiting = q.waiting[0], q.waiting[1:]
		q.sending++
		o.order = append(slices.Delete(o.order, at, at+1), name)
		return true
	})
	return w, ok
}

// sent says that a webhook that dequeue gave is through, delivered or given up.
func (o *outbox) sent(w Webhook) {
	o.mu.Lock()
	defer o.mu.Unlock()
	q := o.of(w.Queue)
	if q.sending--; q.left() == 0 {
		delete(o.queues, w.Queue) // subscriptions come and go
		o.order = slices.DeleteFunc(o.order, func(name string) bool { return name == w.Queue })
	}
	o.wake()
}

func (q *queue) left() int { return len(q.waiting) + len(q.held) + q.sending }

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

// count adds up something of all queues. The caller holds mu.
func (o *outbox) count(of func(*queue) int) (sum int) {
	for _, q := range o.queues {
		sum += of(q)
	}
	return sum
}

// room waits until few enough webhooks wait.
func (o *outbox) room(ctx context.Context) {
	o.until(ctx, func() bool { return o.count(func(q *queue) int { return len(q.waiting) }) < dayQueueLimit })
}

// empty waits until nothing waits or is on its way.
func (o *outbox) empty(ctx context.Context) bool {
	return o.until(ctx, func() bool { return o.count((*queue).left) == 0 })
}
