// Package reload decides when what the screens show is read from the server: once on the first
// connection, all of it when the stream says "reset", and one thing alone when an event about it
// could not be read. A connection that resumes reads nothing, as the stream tells what was missed.
// What each part reads, and where it puts it, is its owner's business.
package reload

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"dozvon/client"
)

// firstPause and longestPause bound the wait before what failed is tried again.
const (
	firstPause   = 2 * time.Second
	longestPause = 30 * time.Second
)

// calm is the least time between two readings of one part: a server whose every event is
// unreadable must not be asked as often as it speaks.
const calm = time.Second

// Part is something that is read as a whole.
type Part struct {
	Name  string   // for the log
	Kinds []string // the types of events that tell of it
	Read  func(ctx context.Context) error
}

// Loader reads parts, one after another in their order, on a goroutine of its own that ends with
// the context it was given. It is safe for concurrent use.
type Loader struct {
	parts []Part

	mu      sync.Mutex // guards everything below
	wanted  []bool     // by part
	read    []time.Time
	whole   bool            // everything was asked for once
	working <-chan struct{} // the end of the stream that is being read for; nil: nothing is read
	poke    chan struct{}
}

// New is a loader that has read nothing yet.
func New(parts ...Part) *Loader {
	return &Loader{parts: parts, wanted: make([]bool, len(parts)), read: make([]time.Time, len(parts)), poke: make(chan struct{}, 1)}
}

// Handle takes in an event of the stream and tells whether it was one about reading anew. What it
// starts goes on beside the stream, until ctx ends.
func (l *Loader) Handle(ctx context.Context, event client.StreamEvent) bool {
	switch {
	case event.Type == "hello" && event.Resumed && l.begun():
		l.want(ctx, func(Part) bool { return false }) // what has failed before may work now
	case event.Type == "hello", event.Type == "reset":
		l.want(ctx, func(Part) bool { return true })
	default:
		if _, bad := event.Data.(*client.Unreadable); !bad {
			return false
		}
		l.want(ctx, func(p Part) bool { return slices.Contains(p.Kinds, event.Type) })
	}
	return true
}

func (l *Loader) begun() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.whole
}

func (l *Loader) want(ctx context.Context, which func(Part) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := true
	for n, part := range l.parts {
		l.wanted[n] = l.wanted[n] || which(part)
		all = all && l.wanted[n]
	}
	l.whole = l.whole || all
	if l.working != ctx.Done() && slices.Contains(l.wanted, true) {
		l.working = ctx.Done()
		go l.work(ctx)
		return
	}
	select {
	case l.poke <- struct{}{}:
	default:
	}
}

// work reads what is wanted until nothing is, or ctx ends or another stream has taken over.
func (l *Loader) work(ctx context.Context) {
	for pause := firstPause; ; {
		failed := false
		for n := l.next(ctx, -1); n >= 0; n = l.next(ctx, n) {
			failed = !l.one(ctx, n) || failed
		}
		if !failed {
			pause = firstPause
		}
		wait, more := l.rest(ctx, failed, pause)
		if !more {
			return
		}
		if failed {
			pause = min(2*pause, longestPause)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-l.poke:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// next claims the next wanted part behind n that was not read a moment ago; -1: none.
func (l *Loader) next(ctx context.Context, n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for n++; n < len(l.parts) && l.working == ctx.Done() && ctx.Err() == nil; n++ {
		if l.wanted[n] && time.Since(l.read[n]) >= calm {
			l.wanted[n] = false
			return n
		}
	}
	return -1
}

// one reads a part and tells whether it need not be tried again.
func (l *Loader) one(ctx context.Context, n int) bool {
	err := l.parts[n].Read(ctx)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		l.read[n] = time.Now()
		return true
	}
	if ctx.Err() != nil {
		l.wanted[n] = true
		return true
	}
	slog.Warn("not read from the server", "part", l.parts[n].Name, "error", err)
	if final(err) {
		return true
	}
	l.wanted[n] = true
	return false
}

// final tells whether the same request would be refused again, e.g. for want of rights.
func final(err error) bool {
	var problem *client.Problem
	return errors.As(err, &problem) && problem.Status < 500 && problem.Status != http.StatusTooManyRequests
}

// rest tells how long to wait, or that there is nothing more to do.
func (l *Loader) rest(ctx context.Context, failed bool, pause time.Duration) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.working != ctx.Done() || ctx.Err() != nil {
		return 0, false
	}
	if !slices.Contains(l.wanted, true) {
		l.working = nil
		return 0, false
	}
	if failed {
		return pause, true
	}
	return calm, true
}
