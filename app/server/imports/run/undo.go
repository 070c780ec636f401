package run

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/texts"
	"dozvon/client"
)

const (
	// undoFor is for how long after its end a run may be taken back.
	undoFor = 24 * time.Hour
	// keptMost is how many of the cards that stay as they are a receipt names.
	keptMost = 200
	// backBatch is how many cards that were taken back get their history, and their calls, in one transaction:
	// some 30 ms.
	backBatch = 100
)

// ErrUndoLate says that a run ended more than a day ago, or that what was before is not remembered.
var ErrUndoLate = errors.New("too late to take an import back")

// Runs are the goes of files and of other CRMs that did something to cards, the last one first.
func (r *Runner) Runs(ctx context.Context, c store.Cursor, limit int) ([]client.CardRun, *store.Cursor, error) {
	rows, next, err := r.Store.CardRuns(ctx, c, limit)
	out := make([]client.CardRun, len(rows))
	for i, row := range rows {
		out[i] = wireRun(row)
	}
	return out, next, err
}

func wireRun(row store.CardRun) client.CardRun {
	run := row.CardRun
	run.Until, run.Kept = run.EndedAt.Add(undoFor), row.Kept
	return run
}

// Receipt tells what taking a run back would do now, or what it has done.
func (r *Runner) Receipt(ctx context.Context, id string) (client.RunReceipt, error) {
	run, err := r.Store.CardRun(ctx, id)
	if err != nil {
		return client.RunReceipt{}, err
	}
	out := client.RunReceipt{Run: wireRun(run), Removed: run.Removed, Restored: run.Restored, Kept: run.Kept, Stays: []client.RunKept{}}
	if err := forecast(ctx, r.Store, r.Now(), run, &out); err != nil {
		return out, err
	}
	kept, err := r.Store.RunKept(ctx, run, keptMost)
	for _, k := range kept {
		why := texts.Of("run.kept_" + k.WhyKept).Both()
		one := client.RunKept{Kind: k.Ref.Kind, ID: k.Ref.ID, Name: k.Name, Why: k.WhyKept, RU: why.RU, EN: why.EN, By: k.By}
		if !k.At.IsZero() {
			one.At = &k.At
		}
		out.Stays = append(out.Stays, one)
	}
	return out, err
}

// forecast tells in a receipt what taking the run back would do, and which other runs are in its way.
func forecast(ctx context.Context, s *store.Store, now time.Time, run store.CardRun, out *client.RunReceipt) error {
	late := isLate(run, now)
	if run.State == client.RunUndoing || run.State == client.RunUndone && late {
		return nil
	}
	fate, err := s.RunFate(ctx, run.ID)
	if err != nil {
		return err
	}
	removed, restored, kept := sums(fate)
	if run.State == client.RunIn {
		out.Removed, out.Restored, out.Kept = removed, restored, kept
	} else {
		out.Again = removed + restored
	}
	if late || kept == 0 {
		return nil
	}
	later, err := s.LaterRuns(ctx, run.ID, now.Add(-undoFor))
	for _, l := range later {
		out.Later = append(out.Later, wireRun(l))
	}
	return err
}

// sums are how many cards would go, be as before, and stay.
func sums(fate []store.RunCount) (removed, restored, kept int) {
	for _, f := range fate {
		switch {
		case f.WhyKept != "":
			kept += f.Cards
		case f.Fresh:
			removed += f.Cards
		default:
			restored += f.Cards
		}
	}
	return removed, restored, kept
}

func isLate(run store.CardRun, now time.Time) bool { return now.Sub(run.EndedAt) > undoFor }

// Undo takes a run back as a whole: what it made goes, what it changed is as before, unless somebody has
// changed that since. Asked again, it does so with what it left alone and could take back now: what a later run
// had changed goes once that one was taken back. Where there is none, it tells the same receipt. ErrUndoLate,
// ErrBusy.
func (r *Runner) Undo(ctx context.Context, by client.Employee, id string) (client.RunReceipt, error) {
	if row, err := r.Store.Import(ctx, id); err == nil && goesOn(row) {
		return client.RunReceipt{}, ErrBusy // its histories and calls follow still
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return client.RunReceipt{}, err
	}
	err := r.Store.Write(ctx, func(tx *store.Tx) error {
		run, err := tx.CardRun(id)
		if err != nil || run.State == client.RunUndoing {
			return err
		}
		if run.State == client.RunUndone {
			if can, err := canAgain(tx, run, r.Now()); err != nil || !can {
				return err
			}
		} else if isLate(run, r.Now()) {
			return ErrUndoLate
		}
		now, err := tx.TakeRunBack(run, by, r.Now())
		if err != nil {
			return err
		}
		return r.Audit.Write(ctx, tx, by, access.ActionImportUndo, "import:"+id, map[string]string{
			"source": run.Source, "file": truncated(run.File), "kept": strconv.Itoa(now.Kept),
			"removed": strconv.Itoa(now.Removed - run.Removed), "restored": strconv.Itoa(now.Restored - run.Restored),
		})
	})
	if err != nil {
		return client.RunReceipt{}, err
	}
	return r.Receipt(ctx, id)
}

// canAgain tells whether some cards that taking a run back left alone could go back now.
func canAgain(tx *store.Tx, run store.CardRun, now time.Time) (bool, error) {
	if run.Kept == 0 || isLate(run, now) {
		return false, nil
	}
	fate, err := tx.RunFate(run.ID)
	removed, restored, _ := sums(fate)
	return removed+restored > 0, err
}

// followUndone does for runs that were taken back what nobody waits for; of a run that another server had and
// was not heard of, it goes on where that one stopped.
func (r *Runner) followUndone(ctx context.Context) error {
	runs, err := r.Store.CardRunsIn(ctx, client.RunUndoing)
	for _, run := range runs {
		if run.Claim != "" && r.Now().Sub(run.BeatAt) <= silence {
			continue
		}
		claim, since := r.NewID(), r.Now().Add(-silence)
		failed := r.Store.Write(ctx, func(tx *store.Tx) error { return tx.ClaimRun(run, claim, since) })
		if failed == nil {
			run.Claim = claim
			failed = r.followRun(ctx, run)
		}
		err = errors.Join(err, lostClaimIsFine(failed))
	}
	return err
}

func (r *Runner) followRun(ctx context.Context, run store.CardRun) error {
	for {
		cards, err := r.Store.TakenBack(ctx, run.ID, run.Settled, backBatch)
		if err != nil {
			return err
		}
		if len(cards) == 0 {
			break
		}
		last := cards[len(cards)-1].Seq
		numbers, err := r.Store.RunNumbers(ctx, run.ID, run.Settled, last)
		if err != nil {
			return err
		}
		err = r.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.FollowTakenBack(run, cards, r.NewID); err != nil {
				return err
			}
			return r.Calls.RebindQuietly(tx, numbers)
		})
		if err != nil {
			return fmt.Errorf("following rows %d to %d of a run that was taken back: %w", run.Settled, last, err)
		}
		run.Settled = last
	}
	if err := r.dropRunRows(ctx, run.ID); err != nil {
		return err
	}
	slog.InfoContext(ctx, "run taken back", "run", run.ID, "removed", run.Removed, "restored", run.Restored, "kept", run.Kept)
	return r.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndRun(run); err != nil {
			return err
		}
		return tx.Journal("reset", stream.All, struct{}{})
	})
}

// dropRunRows forgets what cards were before a run, piece by piece.
func (r *Runner) dropRunRows(ctx context.Context, id string) error {
	for more := true; more; {
		err := r.Store.Write(ctx, func(tx *store.Tx) (err error) {
			more, err = tx.DropRunRows(id, 1000)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dropOldRuns forgets what was before runs that can no longer be taken back, and, as long after as imports are
// kept, the runs.
func (r *Runner) dropOldRuns(ctx context.Context) error {
	// An hour more, so that nobody who was let in at the last minute finds nothing.
	runs, err := r.Store.CardRunsBefore(ctx, r.Now().Add(-undoFor-time.Hour))
	for _, run := range runs {
		if err := r.dropRunRows(ctx, run.ID); err != nil {
			return err
		}
		if r.Now().Sub(run.EndedAt) < kept {
			continue
		}
		if err := r.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropRun(run.ID) }); err != nil {
			return err
		}
	}
	return err
}
