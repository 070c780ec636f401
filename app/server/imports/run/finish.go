package run

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// followBatch is how many published cards get their history, and their calls, in one transaction.
const followBatch = 300

// finish ends a trial, or publishes everything that was put aside.
func (j *job) finish(ctx context.Context) error {
	j.row.Report = j.report.rows > 0
	if j.row.DryRun {
		if err := errors.Join(j.report.close(), j.runner.dropStaged(ctx, j.row)); err != nil {
			return err
		}
		checked := j.row
		checked.State = client.ImportChecked
		return j.runner.publishState(ctx, j.row, checked)
	}
	var next store.ImportRow
	begun := time.Now()
	var conflicts []store.ImportConflict
	err := j.runner.Store.Write(ctx, func(tx *store.Tx) error {
		var err error
		conflicts, err = tx.PublishImport(j.row, j.kind, j.rule != imports.Add)
		if err != nil {
			return err
		}
		next = withConflicts(j.row, conflicts)
		next.State = client.ImportBinding
		return tx.SetImport(j.row, next)
	})
	if err != nil {
		return err
	}
	slog.InfoContext(ctx, "import published", "import", j.row.ID, "added", next.Counts.Added, "changed", next.Counts.Changed, "conflicts", len(conflicts), "took", time.Since(begun))
	j.row = next
	err = j.reportConflicts(conflicts)
	// It is in: from here on nothing may be said to have failed. What is left undone is resumed.
	err = errors.Join(err, lostClaimIsFine(j.runner.followUp(ctx, j.row)))
	if err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "import not followed up", "import", j.row.ID, "err", err)
	}
	return nil
}

// withConflicts counts and notes the cards that somebody changed or made while the file was read.
func withConflicts(row store.ImportRow, conflicts []store.ImportConflict) store.ImportRow {
	row.Notes = slices.Clone(row.Notes)
	for _, c := range conflicts {
		if c.Fresh {
			row.Counts.Added--
		} else {
			row.Counts.Changed--
		}
		row.Counts.Doubles++
		note(&row, c.Line, resultSkipped, conflictText(c))
	}
	row.Report = row.Report || len(conflicts) > 0
	return row
}

func (j *job) reportConflicts(conflicts []store.ImportConflict) error {
	var failed error
	for _, c := range conflicts {
		_, err := j.report.skipped(c.Line, nil, conflictText(c))
		failed = errors.Join(failed, err)
	}
	return errors.Join(failed, j.report.close())
}

// followUp does for the published cards what nobody waits for: their history, the index, the address
// books, and the calls of their numbers. Then the screens are asked once to load everything anew:
// a hundred thousand events would say the same.
func (r *Runner) followUp(ctx context.Context, row store.ImportRow) error {
	by := client.Employee{ID: row.EmployeeID, Name: r.Directory.EmployeeName(row.EmployeeID)}
	for {
		to, err := r.Store.NextStaged(ctx, row.ID, row.Settled, followBatch)
		if err != nil {
			return err
		}
		if to == 0 {
			break
		}
		next := row
		next.Settled = to
		if err := r.followLines(ctx, row, next, by); err != nil {
			return fmt.Errorf("following lines %d to %d: %w", row.Settled, to, err)
		}
		row = next
	}
	if err := r.dropStaged(ctx, row); err != nil { // what a former version has kept until here
		return err
	}
	now := r.Now().UTC()
	done := row
	done.State, done.FinishedAt = client.ImportDone, &now
	return r.Store.Write(ctx, func(tx *store.Tx) error {
		if err := r.saveState(tx, row, done); err != nil {
			return err
		}
		return tx.Journal("reset", stream.All, struct{}{})
	})
}

func (r *Runner) followLines(ctx context.Context, was, next store.ImportRow, by client.Employee) error {
	numbers, err := r.Store.CalledNumbers(ctx, was.ID, was.Settled, next.Settled)
	if err != nil {
		return err
	}
	return r.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetImport(was, next); err != nil {
			return err
		}
		if err := tx.FollowImport(next, kinds[next.Kind], was.Settled, next.Settled, by, crm.ActionImported, next.CreatedAt); err != nil {
			return err
		}
		return r.Calls.RebindQuietly(tx, numbers)
	})
}

// abandon ends an import that a crash left behind: what was put aside is dropped whole.
func (r *Runner) abandon(ctx context.Context, row store.ImportRow) error {
	seized, err := r.seize(ctx, row)
	if err == nil {
		err = r.giveUp(ctx, seized, errInterrupted)
	}
	return lostClaimIsFine(err)
}

// giveUp drops what was put aside, and says why the import came to nothing.
func (r *Runner) giveUp(ctx context.Context, row store.ImportRow, cause error) error {
	err := r.dropStaged(ctx, row)
	if errors.Is(err, store.ErrLostClaim) {
		return err
	}
	return errors.Join(err, r.fail(ctx, row, cause)) // the next run drops what could not be dropped
}

// resume goes on with what follows the publishing where a crash left it.
func (r *Runner) resume(ctx context.Context, row store.ImportRow) error {
	seized, err := r.seize(ctx, row)
	if err == nil {
		err = r.followUp(ctx, seized)
	}
	return lostClaimIsFine(err)
}

// seize takes an import over from who was not heard of for long: whenever that one wakes, it has lost it.
func (r *Runner) seize(ctx context.Context, row store.ImportRow) (store.ImportRow, error) {
	seized, since := row, r.Now().Add(-silence)
	seized.Claim = r.NewID()
	err := r.Store.Write(ctx, func(tx *store.Tx) error { return tx.SeizeImport(row, seized.Claim, since) })
	return seized, err
}

func lostClaimIsFine(err error) error {
	if errors.Is(err, store.ErrLostClaim) {
		return nil
	}
	return err
}

// dropStaged forgets what was put aside, piece by piece.
func (r *Runner) dropStaged(ctx context.Context, row store.ImportRow) error {
	for more := true; more; {
		err := r.Store.Write(ctx, func(tx *store.Tx) error {
			var err error
			more, err = tx.DropStaged(row, 1000)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
