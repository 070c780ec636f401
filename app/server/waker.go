package server

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/schools"
)

const (
	// wakeEvery is how long a closed school with a PBX rests: then its calls are compared with the PBX's list, missing
	// recordings are asked for, and what is kept no longer is deleted.
	wakeEvery = time.Hour
	// wakeSeldom is the same for a school without a PBX.
	wakeSeldom = 24 * time.Hour
	// wakeAtStart is within which time after the server's start each school is woken that nobody has opened.
	wakeAtStart = 10 * time.Minute
	// wakeLeast is the least that a closed school rests.
	wakeLeast = time.Minute
	// wakeLook is how often it is looked whose time has come.
	wakeLook = time.Second
	// wakeLimit is how long a school that was woken may take for its work.
	wakeLimit = 5 * time.Minute
	// wakesAtOnce is how many are woken at the same time: most of it is waiting for PBXs.
	wakesAtOnce = 8
	// wakesOpening is how many of them are opened at the same time: after an update each is brought up to date, and those
	// whom somebody asks for go first.
	wakesOpening = 2
)

// ownWork are the chores that a closed school is woken for.
var ownWork = []string{"address_book", "find_recordings", "imports", "index", "reconcile", "recordings", "retention"}

// rounds tells when each of a school's chores has had one round since the school was opened. It is chores.Watcher.
type rounds struct {
	mu   sync.Mutex
	left map[string]bool
	done chan struct{}
}

func newRounds() *rounds {
	r := &rounds{left: map[string]bool{}, done: make(chan struct{})}
	for _, chore := range ownWork {
		r.left[chore] = true
	}
	return r
}

// Begun is chores.Watcher's.
func (r *rounds) Begun(string) {}

// Done is chores.Watcher's.
func (r *rounds) Done(chore string, _ error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.left[chore] {
		return
	}
	delete(r.left, chore)
	if len(r.left) == 0 {
		close(r.done)
	}
}

// waker opens schools that nobody uses when it is time for what they do by themselves. Safe for concurrent use.
type waker struct {
	every time.Duration // wakeEvery, but for tests
	now   func() time.Time

	mu  sync.Mutex
	due map[string]time.Time // closed schools
}

func newWaker(every time.Duration, now func() time.Time) *waker {
	return &waker{every: every, now: now, due: map[string]time.Time{}}
}

// soon lets schools be woken within a while, not all at once.
func (w *waker) soon(names []string) {
	within := min(wakeAtStart, w.every)
	for _, name := range names {
		w.at(name, w.now().Add(within/2+rand.N(within/2+1)))
	}
}

// at lets a school be woken at a time, but not at once.
func (w *waker) at(name string, due time.Time) {
	if least := w.now().Add(min(wakeLeast, w.every)); due.Before(least) {
		due = least
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.due[name] = due
}

// forget takes out who is not served any more.
func (w *waker) forget(names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range names {
		delete(w.due, name)
	}
}

// take takes out up to so many whose time has come, who waits longest first.
func (w *waker) take(most int) (names []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	for len(names) < most {
		first, at := "", now
		for name, due := range w.due {
			if !due.After(at) {
				first, at = name, due
			}
		}
		if first == "" {
			return names
		}
		delete(w.due, first)
		names = append(names, first)
	}
	return names
}

// wake opens the schools whose time has come, until ctx ends.
func (i *Installation) wake(ctx context.Context) {
	tick := time.NewTicker(min(wakeLook, i.waker.every))
	defer tick.Stop()
	var working sync.WaitGroup
	defer working.Wait()
	room, opening := make(chan struct{}, wakesAtOnce), make(chan struct{}, wakesOpening)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, name := range i.waker.take(cap(room) - len(room)) {
			room <- struct{}{}
			working.Go(func() {
				defer func() { <-room }()
				i.wakeOne(ctx, name, opening)
			})
		}
	}
}

// wakeOne opens a school, lets it do its own work once and closes it unless somebody uses it meanwhile.
func (i *Installation) wakeOne(ctx context.Context, name string, opening chan struct{}) {
	opening <- struct{}{}
	school, done, err := i.set.Use(ctx, name, nil)
	<-opening
	if errors.Is(err, schools.ErrBarred) {
		return // follow lets it be woken when it is served again
	}
	if err != nil {
		slog.WarnContext(ctx, "a school was not opened for its own work, it is tried again", "school", name, "err", err)
		i.waker.at(name, i.waker.now().Add(wakeAtStart))
		return
	}
	limit := time.NewTimer(wakeLimit)
	defer limit.Stop()
	select {
	case <-ctx.Done():
	case <-limit.C:
	case <-school.rounds.done:
	}
	done()
	i.set.Retire(name)
}

// nextDue is when a school that is closed is to be opened for its own work.
func (s *School) nextDue(ctx context.Context, every time.Duration) time.Time {
	now := s.Now()
	due := now.Add(max(wakeSeldom, every))
	for _, integration := range s.Directory.Snapshot().Integrations() {
		if !integration.Active {
			continue
		}
		if soon := now.Add(every); soon.Before(due) {
			due = soon
		}
		if _, ok := integration.Provider.(pbx.RecordingFinder); !ok {
			continue
		}
		searches, err := s.Store.DueRecordingSearches(ctx, integration.ID, due, 1)
		if err != nil {
			slog.WarnContext(ctx, "it is not known when recordings are to be looked for", "err", err)
		} else if len(searches) > 0 {
			due = searches[0].Next
		}
	}
	return due
}
