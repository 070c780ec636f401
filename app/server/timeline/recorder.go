package timeline

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"dozvon/app/server/chores"
	"dozvon/app/server/store"
)

const (
	// every is how often what was noted is written.
	every = time.Second
	// atOnce is how much is written in one transaction: webhooks come between two.
	atOnce = 200
	// most bounds what waits to be written: a database that is away must not fill the memory.
	most = 10_000
	// handover is how long rows of the journal may take to the screens, where another node wrote between.
	handover = 5 * time.Second
	// kept is how long it is remembered how soon events were had, swept how often the older ones are dropped.
	kept, swept = 90 * 24 * time.Hour, time.Hour
)

// Recorder notes how soon events were had. It is told in the midst of a call's way, so it only remembers, and
// writes beside: what a crash takes of it are figures. All fields are required. Safe for concurrent use.
type Recorder struct {
	Store *store.Store
	Now   func() time.Time

	writing sync.Mutex // one at a time, so that whoever asks for all has all

	mu      sync.Mutex // guards what follows
	shown   map[string]time.Time
	waiting []store.Reaction
	cleaned time.Time
}

// Stored notes that a request's events are durable.
func (r *Recorder) Stored(callID string, events []string, received time.Time) {
	now := r.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, name := range events {
		if len(r.waiting) < most {
			r.waiting = append(r.waiting, store.Reaction{CallID: callID, Event: name, Received: received, Stored: now, Shown: r.since(callID, received)})
		}
	}
}

// since is when a call was handed to the screens, if that was after a moment.
func (r *Recorder) since(callID string, moment time.Time) time.Time {
	if at, ok := r.shown[callID]; ok && !at.Before(moment) {
		return at
	}
	return time.Time{}
}

// Follow notes what is handed to the screens. On several nodes that may be after Stored.
func (r *Recorder) Follow(rows []store.Row) {
	now := r.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, row := range rows {
		if row.Type != "call" {
			continue
		}
		var c struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(row.Data, &c); err != nil {
			slog.Error("a change of a call was not read", "err", err)
			continue
		}
		if r.shown == nil {
			r.shown = map[string]time.Time{}
		}
		r.shown[c.ID] = now
		for i, w := range r.waiting {
			if w.CallID == c.ID && w.Shown.IsZero() && !row.At.Before(w.Received) {
				r.waiting[i].Shown = now
			}
		}
	}
}

// Run writes what was noted until ctx ends, and that then.
func (r *Recorder) Run(ctx context.Context) {
	chores.Repeat(ctx, "reactions", every, func() error {
		err := r.write(ctx, r.Now().Add(-handover))
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "how soon events were had is not noted yet", "err", err)
		}
		return err
	})
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), handover)
	defer cancel()
	if err := r.Write(last); err != nil && !errors.Is(err, store.ErrClosed) {
		slog.ErrorContext(ctx, "how soon the last events were had is not noted", "err", err)
	}
}

// Write writes all that was noted by now.
func (r *Recorder) Write(ctx context.Context) error { return r.write(ctx, r.Now()) }

// write writes what is known whole, and what was durable by a moment whether it has been shown or not.
func (r *Recorder) write(ctx context.Context, by time.Time) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	now := r.Now()
	ready, clean := r.take(by, now)
	for len(ready) > 0 {
		some := ready[:min(atOnce, len(ready))]
		if err := r.Store.Write(ctx, func(tx *store.Tx) error { return tx.AddReactions(some) }); err != nil {
			r.mu.Lock()
			r.waiting = append(slices.Clone(ready), r.waiting...)
			r.waiting = r.waiting[:min(len(r.waiting), most)]
			r.mu.Unlock()
			return err
		}
		ready = ready[len(some):]
	}
	if !clean {
		return nil
	}
	if err := r.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropReactions(now.Add(-kept)) }); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleaned = now
	return nil
}

// addWaiting adds what of a call waits to be written, by event.
func (r *Recorder) addWaiting(had map[string]store.Reaction, callID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range r.waiting {
		if _, known := had[w.Event]; !known && w.CallID == callID {
			had[w.Event] = w
		}
	}
}

// take takes what shall be written out of what waits, and tells whether old rows are to be dropped.
func (r *Recorder) take(by, now time.Time) (ready []store.Reaction, clean bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var rest []store.Reaction
	for _, w := range r.waiting {
		if w.Shown.IsZero() && w.Stored.After(by) {
			rest = append(rest, w)
			continue
		}
		ready = append(ready, w)
	}
	r.waiting = rest
	for id, at := range r.shown {
		if now.Sub(at) > handover {
			delete(r.shown, id)
		}
	}
	return ready, now.Sub(r.cleaned) > swept
}
