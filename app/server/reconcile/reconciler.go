// Package reconcile compares our calls with the PBXs' own lists of them: calls that no webhook told come into
// being, results and recordings are completed. It also knows what the feed lacks in a period: when the server
// was away, and when a PBX's events did not come.
package reconcile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	// reconcileEvery is how often our calls are compared with the PBX's statistics.
	reconcileEvery = 10 * time.Minute
	// reconcileRetry is the pause after a comparison that failed.
	reconcileRetry = time.Minute
	// reconcileLimit bounds one comparison.
	reconcileLimit = 15 * time.Minute
	// reconcileOverlap is how far before the certain moment is read again: a call stands in the
	// statistics only once it has ended, under the moment when it began.
	reconcileOverlap = 3 * time.Hour
	// reconcileBack bounds how far a server that was away for long looks back.
	reconcileBack = 90 * 24 * time.Hour
	// reconcileBatch is how many calls are written in one transaction.
	reconcileBatch = 50
)

// Calls are the way of the PBX's calls.
type Calls interface {
	// ApplyEvents folds events of one call into it; nil when that changed nothing.
	ApplyEvents(tx *store.Tx, integration *directory.Integration, events []call.Event) (*store.CallRecord, error)
	// Join makes two keys of the PBX one call.
	Join(tx *store.Tx, integration *directory.Integration, j pbx.Join) error
}

// Config is what a Reconciler cannot do without. All fields but Meter are required.
type Config struct {
	Store     *store.Store
	Directory *directory.Directory
	Calls     Calls
	Coverage  *Coverage
	// Node is this process among all that share the database.
	Node string
	Now  func() time.Time
	// Meter counts comparisons; nil: nobody does.
	Meter Meter
}

// Meter counts comparisons. Safe for concurrent use.
type Meter interface {
	// Compared is told of one with a PBX of a kind: how many calls its list had, how many of them no webhook
	// had told, and why it ended early, if it did.
	Compared(kind string, calls, restored int, err error)
}

// Reconciler compares our calls with the PBXs' own lists of them. Safe for concurrent use.
type Reconciler struct {
	cfg   Config
	asked sync.Map // integration id → a comparison is wanted now
}

// New returns the reconciliation of what cfg names.
func New(cfg Config) *Reconciler { return &Reconciler{cfg: cfg} }

// Run compares every PBX whose time has come, until ctx ends.
func (r *Reconciler) Run(ctx context.Context) {
	begun := map[string]bool{}
	chores.RepeatLong(ctx, "reconcile", choresEvery, func() error { return r.reconcileDue(ctx, begun) })
}

// choresEvery is how often it is looked whether a chore's time has come.
const choresEvery = 2 * time.Second

// reconcileDue compares every PBX whose time has come: the time is the lease's, one for all nodes. begun
// are those that this process has looked at: after a start it compares without waiting for its time.
func (r *Reconciler) reconcileDue(ctx context.Context, begun map[string]bool) error {
	var failed error
	for _, integration := range r.cfg.Directory.Snapshot().Integrations() {
		if _, ok := integration.Provider.(pbx.Historian); !ok || !integration.Active {
			continue
		}
		_, asked := r.asked.LoadAndDelete(integration.ID)
		ran, err := r.reconcileAlone(ctx, integration, asked || !begun[integration.ID])
		begun[integration.ID] = begun[integration.ID] || ran
		if asked && !ran {
			r.asked.Store(integration.ID, true) // another node is at it, perhaps past what was asked for
		}
		if err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "calls not compared with the PBX's statistics", "integration", integration.ID, "err", err)
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

// reconcileAlone lets one node at a time compare a PBX; false when it is not this one's turn.
func (r *Reconciler) reconcileAlone(ctx context.Context, integration *directory.Integration, early bool) (bool, error) {
	lease, err := r.cfg.Store.Hold(ctx, "reconcile "+integration.ID, r.cfg.Node, store.LeaseTerm, early)
	if err != nil || lease == nil {
		return false, err
	}
	work, cancel := context.WithTimeout(lease.Context(), reconcileLimit)
	defer cancel()
	err = r.Reconcile(work, integration.ID)
	pause := reconcileEvery
	if err != nil {
		pause = pbx.PauseAfter(err, reconcileRetry)
	}
	if ctx.Err() != nil {
		pause = 0 // this node ends: let another one begin
	}
	return true, errors.Join(err, lease.Release(pause))
}

// Reconcile reads the PBX's own list of calls since the last certain moment and merges it: calls
// that no webhook told come into being, results and recordings are completed, nothing doubles.
func (r *Reconciler) Reconcile(ctx context.Context, id string) error {
	integration := r.cfg.Directory.Snapshot().Integration(id)
	if integration == nil {
		return fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	}
	h, ok := integration.Provider.(pbx.Historian)
	if !ok {
		return directory.ErrNoIntegration
	}
	began := r.cfg.Now()
	from, err := r.uncertainSince(ctx, integration)
	if err != nil {
		return err
	}
	m := &merger{reconciler: r, integration: integration}
	err = h.History(ctx, from, began, func(c pbx.HistoryCall) error { return m.enqueue(ctx, c) })
	if err == nil {
		err = m.flush(ctx)
	}
	if err == nil {
		err = m.takeUnnamed(ctx) // after all that has a name of its own
	}
	if err == nil {
		err = r.cfg.Coverage.noteSilence(ctx, m.starts)
	}
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return err // this node ends, or another one is at it: that says nothing of the PBX
	}
	if r.cfg.Meter != nil {
		r.cfg.Meter.Compared(integration.Kind, m.calls, m.restored, err)
	}
	done := client.Reconciled{Until: began.UTC(), At: r.cfg.Now().UTC(), Calls: m.calls, Restored: m.restored}
	until := began
	if err != nil {
		done.Until, until = integration.CertainUntil, time.Time{}
		w := pbx.SentenceOf(err)
		done.Error, done.ErrorEN = w.RU, w.EN
	}
	noted := r.cfg.Store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.SetReconciled(id, done, until) })
	_, told := r.cfg.Directory.PublishIntegration(context.WithoutCancel(ctx), id)
	return errors.Join(err, noted, told)
}

func (r *Reconciler) uncertainSince(ctx context.Context, integration *directory.Integration) (time.Time, error) {
	from := integration.CertainUntil
	if from.IsZero() {
		from = integration.CreatedAt
	}
	oldest, err := r.cfg.Store.OldestActive(ctx, integration.ID)
	if err != nil {
		return from, err
	}
	if !oldest.IsZero() && oldest.Before(from) {
		from = oldest
	}
	from = from.Add(-reconcileOverlap)
	if back := r.cfg.Now().Add(-reconcileBack); from.Before(back) {
		from = back
	}
	return from, nil
}

// merger folds the PBX's record of calls into ours, many in one transaction.
type merger struct {
	reconciler      *Reconciler
	integration     *directory.Integration
	waiting         [][]call.Event
	formerly        []pbx.Join        // the made keys of calls that have a name by now
	unnamed         []pbx.HistoryCall // which name no call
	calls, restored int
	starts          []time.Time // of the restored calls
}

func (m *merger) enqueue(ctx context.Context, c pbx.HistoryCall) error {
	if c.Unnamed {
		m.unnamed = append(m.unnamed, c)
		return nil
	}
	for _, made := range c.Formerly {
		m.formerly = append(m.formerly, pbx.Join{Key: c.Events[0].Key, Other: made})
	}
	m.waiting = append(m.waiting, c.Events)
	if len(m.waiting) < reconcileBatch {
		return nil
	}
	return m.flush(ctx)
}

func (m *merger) flush(ctx context.Context) error {
	err := m.write(ctx, len(m.waiting), func(tx *store.Tx) ([][]call.Event, error) { return m.waiting, m.nameRestored(tx) })
	if err == nil {
		m.waiting, m.formerly = nil, nil
	}
	return err
}

// nameRestored gives calls that only rows told of until now the key that the PBX has for them.
func (m *merger) nameRestored(tx *store.Tx) error {
	for _, j := range m.formerly {
		made, err := tx.MadeUp(m.integration.ID, j.Other)
		if err == nil && made {
			err = m.reconciler.cfg.Calls.Join(tx, m.integration, j)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// write folds the events of so many calls in one transaction.
func (m *merger) write(ctx context.Context, calls int, events func(*store.Tx) ([][]call.Event, error)) error {
	restored := 0
	var starts []time.Time
	err := m.reconciler.cfg.Store.Write(ctx, func(tx *store.Tx) error {
		restored, starts = 0, nil
		all, err := events(tx)
		if err != nil {
			return err
		}
		for _, events := range all {
			rec, err := m.reconciler.cfg.Calls.ApplyEvents(tx, m.integration, events)
			if err != nil {
				return err
			}
			if rec != nil && rec.View.Restored {
				restored++
				starts = append(starts, rec.View.StartedAt)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	m.calls += calls
	m.restored += restored
	m.starts = append(m.starts, starts...)
	return nil
}

// ReconcileSoon asks for a comparison now; an integration event tells the end.
func (r *Reconciler) ReconcileSoon(id string) error {
	integration := r.cfg.Directory.Snapshot().Integration(id)
	switch {
	case integration == nil:
		return fmt.Errorf("integration %s: %w", id, store.ErrNotFound)
	case !integration.Active:
		return directory.ErrInactive
	}
	if _, ok := integration.Provider.(pbx.Historian); !ok {
		return directory.ErrNoIntegration
	}
	r.asked.Store(id, true)
	return nil
}
