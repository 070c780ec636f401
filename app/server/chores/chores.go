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

// Watchers are several of whom each is told all.
type Watchers []Watcher

// Begun is Watcher's.
func (all Watchers) Begun(chore string) {
	for _, w := range all {
		w.Begun(chore)
	}
}

// Done is Watcher's.
func (all Watchers) Done(chore string, err error) {
	for _, w := range all {
		w.Done(chore, err)
	}
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

// Repeat does a chore at once, and then every so often until ctx ends; where several servers share the machine, at the
// pace of ctx. Its name is a word of the metrics.
func Repeat(ctx context.Context, name string, every time.Duration, chore func() error) {
	done := Watch(ctx, name)
	if paceOf(ctx) != nil {
		for more := ctx.Err() == nil; more; more = Wait(ctx, every, nil, nil) {
			done(chore())
		}
		return
	}
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

// RepeatLong is Repeat for a chore whose rounds may take long: where several servers share the machine, a few of them
// are done at once, in turn.
func RepeatLong(ctx context.Context, name string, every time.Duration, chore func() error) {
	Repeat(ctx, name, every, func() error {
		leave, ok := pass(ctx)
		if !ok {
			return ctx.Err()
		}
		defer leave()
		return chore()
	})
}
