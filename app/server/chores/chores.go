// Package chores repeats what nobody waits for until the server ends, and tells whoever watches how each
// round ended.
package chores

import (
	"context"
	"time"
)

// Watcher is told of the chores of a server. Safe for concurrent use.
type Watcher interface {
	// Begun is told that a chore is done from now on.
	Begun(chore string)
	// Done is told how one round ended; a round that found nothing to do ended well.
	Done(chore string, err error)
}

type watcherKey struct{}

// Watched lets a watcher be told of all chores below ctx.
func Watched(ctx context.Context, w Watcher) context.Context {
	return context.WithValue(ctx, watcherKey{}, w)
}

// Watch says that a chore is done from now on by whoever calls; done is to be told how each round ended.
// What ends with ctx is no failure.
func Watch(ctx context.Context, name string) (done func(error)) {
	w, ok := ctx.Value(watcherKey{}).(Watcher)
	if !ok {
		return func(error) {}
	}
	w.Begun(name)
	return func(err error) {
		if ctx.Err() == nil {
			w.Done(name, err)
		}
	}
}

// Repeat does a chore at once, and then every so often until ctx ends. Its name is a word of the metrics.
func Repeat(ctx context.Context, name string, every time.Duration, chore func() error) {
	done := Watch(ctx, name)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		done(chore())
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}
