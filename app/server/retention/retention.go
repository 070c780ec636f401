// Package retention deletes what the school keeps no longer, kind by kind, in pieces so small that webhooks between
// two of them hardly wait. Which kinds are kept how long is the school's choice; unless it chooses, all is kept. What
// other rooms forget by themselves (webhooks, recordings, the audit, sessions) is theirs.
package retention

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/chores"
	"dozvon/app/server/recordings"
	"dozvon/app/server/store"
)

// Policy is for how long things are kept; 0: for ever.
type Policy struct {
	// Calls also holds for all other entries of the feed, and for what was promised and missed, once that is done.
	Calls time.Duration
	// NoteVersions are the former texts of notes.
	NoteVersions time.Duration
	// DeletedCards counts from when they were deleted.
	DeletedCards time.Duration
	// Journal is what screens that were away are told from; it has a bound in rows beside.
	Journal time.Duration
}

// Cleaner deletes what is kept no longer. All fields are required.
type Cleaner struct {
	Store      *store.Store
	Recordings recordings.Folder
	Policy     Policy
	// Node is this process among all that share the database.
	Node string
	Now  func() time.Time
}

const (
	// every is how often it is looked for what is old.
	every = time.Hour
	// lookEvery is how often it is looked whether that is this node's to do now.
	lookEvery = time.Minute
	// piece is how long one deletion may hold the others up.
	piece = 50 * time.Millisecond
	// first, least and most are how many rows go in a piece: so many at the beginning, then as the time allows.
	first, least, most = 20, 1, 500
	// erasedKept is how long calls that were erased are known again: longer than a PBX's list is read back.
	erasedKept = 100 * 24 * time.Hour
)

// ShortestCalls is the least that calls may be kept: what is deleted while the PBX's own list is still compared with
// ours would come back.
const ShortestCalls = 100 * 24 * time.Hour

// Run deletes what is old once an hour, one node for all, until ctx ends.
func (c *Cleaner) Run(ctx context.Context) {
	chores.RepeatLong(ctx, "retention", lookEvery, func() error {
		lease, err := c.Store.Hold(ctx, "retention", c.Node, store.LeaseTerm, false)
		if err != nil || lease == nil {
			return err
		}
		pause := every
		if err = c.Clean(lease.Context()); err != nil {
			pause = lookEvery
			if ctx.Err() == nil {
				slog.Error("what is kept no longer was not deleted", "err", err)
			}
		}
		return errors.Join(err, lease.Release(pause))
	})
}

// Clean deletes all that is kept no longer.
func (c *Cleaner) Clean(ctx context.Context) error {
	p := c.Policy
	var failed error
	for _, kind := range []struct {
		name string
		keep time.Duration
		drop func(tx *store.Tx, before time.Time, rows int) (int, error)
	}{
		{"calls", p.Calls, c.dropCalls},
		{"entries", p.Calls, (*store.Tx).DropOldEntries},
		{"follow-ups", p.Calls, (*store.Tx).DropOldFollowups},
		{"note versions", p.NoteVersions, (*store.Tx).DropOldNoteVersions},
		{"deleted cards", p.DeletedCards, (*store.Tx).DropOldCards},
		{"journal", p.Journal, (*store.Tx).DropOldJournal},
		{"erased", erasedKept, func(tx *store.Tx, before time.Time, _ int) (int, error) { return 0, tx.DropErased(before) }},
	} {
		if kind.keep <= 0 {
			continue
		}
		before := c.Now().Add(-kind.keep)
		n, err := c.inPieces(ctx, func(tx *store.Tx, rows int) (int, error) { return kind.drop(tx, before, rows) })
		if n > 0 {
			slog.Info("deleted what is kept no longer", "kind", kind.name, "rows", n)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failed = errors.Join(failed, err) // one kind must not keep the others from being deleted
	}
	return failed
}

// inPieces deletes until nothing is left, as many rows at a time as fit into piece.
func (c *Cleaner) inPieces(ctx context.Context, drop func(tx *store.Tx, rows int) (int, error)) (all int, err error) {
	for rows := first; ; {
		var n int
		var took time.Duration
		err := c.Store.Write(ctx, func(tx *store.Tx) error {
			began := time.Now() // how long it holds others up, whatever the server's clock says
			var err error
			n, err = drop(tx, rows)
			took = time.Since(began)
			return err
		})
		if err != nil {
			return all, err
		}
		all += n
		if n < rows {
			return all, nil
		}
		switch {
		case took > piece/2:
			rows = max(least, rows/2)
		case took < piece/5:
			rows = min(most, rows*2)
		}
	}
}

// dropCalls deletes ended calls with all that was written on them, and their recordings on every node.
func (c *Cleaner) dropCalls(tx *store.Tx, before time.Time, rows int) (int, error) {
	calls, err := tx.OldCalls(before, rows)
	if err != nil {
		return 0, err
	}
	var files []string
	numbers := map[phone.Number]bool{}
	for _, rec := range calls {
		for _, r := range rec.Facts.View().Recordings {
			files = append(files, c.Recordings.Name(rec.IntegrationID, r.ID))
		}
		numbers[phone.Number(rec.View.Phone)] = true
		if err := tx.DropCall(rec); err != nil {
			return 0, err
		}
	}
	if err := tx.AddErasedFiles(files); err != nil {
		return 0, err
	}
	for n := range numbers {
		if n == "" {
			continue
		}
		if _, err := tx.ForgetIndexed(nil, []phone.Number{n}); err != nil {
			return 0, err
		}
	}
	return len(calls), nil
}
