package run

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// followBatch is how many published cards get their history, and their calls, in one transaction.
const followBatch = 300

// finish ends a trial, or publishes everything that was put aside.
func (j *job) finish(ctx context.Context) error {
	j.row.Report = j.report.rows > 0
	if j.row.DryRun {
		if err := errors.Join(j.report.close(), j.runner.dropStaged(ctx, j.row.ID)); err != nil {
			return err
		}
		j.row.State = client.ImportChecked
		return j.runner.publishState(ctx, client.ImportRunning, j.row)
	}
	next := j.row
	next.State = client.ImportBinding
	begun := time.Now()
	var conflicts []store.ImportConflict
	err := j.runner.Store.Write(ctx, func(tx *store.Tx) error {
		// First, so that nobody who takes the import for dead drops it from now on.
		if err := tx.SetImport(client.ImportRunning, next); err != nil {
			return err
		}
		var err error
		conflicts, err = tx.PublishImport(j.row.ID, j.kind, j.rule != imports.Add)
		return err
	})
	if err != nil {
		return err
	}
	slog.Info("import published", "import", j.row.ID, "added", next.Counts.Added, "changed", next.Counts.Changed, "conflicts", len(conflicts), "took", time.Since(begun))
	j.row = next
	err = j.reportConflicts(conflicts)
	// It is in: from here on nothing may be said to have failed. What is left undone is resumed.
	err = errors.Join(err, lostClaimIsFine(j.runner.followUp(ctx, j.row)))
	if err != nil && ctx.Err() == nil {
		slog.Error("import not followed up", "import", j.row.ID, "err", err)
	}
	return nil
}

// reportConflicts counts and reports the cards that somebody changed or made while the file was read.
func (j *job) reportConflicts(conflicts []store.ImportConflict) error {
	var failed error
	for _, c := range conflicts {
		counted, why := &j.row.Counts.Changed, texts.Of("import.changed_meanwhile")
		if c.Fresh {
			counted, why = &j.row.Counts.Added, texts.Of("import.made_meanwhile")
		}
		*counted--
		j.row.Counts.Doubles++
		failed = errors.Join(failed, j.reportLine(j.report.skipped, c.Line, nil, []texts.Message{why}))
	}
	j.row.Report = j.report.rows > 0
	return errors.Join(failed, j.report.close())
}

// followUp does for the published cards what nobody waits for: their history, the index, the address
// books, and the calls of their numbers. Then the screens are asked once to load everything anew:
// a hundred thousand events would say the same.
func (r *Runner) followUp(ctx context.Context, row store.ImportRow) error {
	kind := kinds[row.Kind]
	by := client.Employee{ID: row.EmployeeID, Name: r.Directory.EmployeeName(row.EmployeeID)}
	for {
		to, err := r.Store.NextStaged(ctx, row.ID, row.Settled, followBatch)
		if err != nil {
			return err
		}
		if to == 0 {
			break
		}
		numbers, err := r.Store.CalledNumbers(ctx, row.ID, row.Settled, to)
		if err != nil {
			return err
		}
		from := row.Settled
		row.Settled = to
		err = r.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.SetImport(client.ImportBinding, row); err != nil {
				return err
			}
			if err := tx.FollowImport(row.ID, kind, from, to, by, crm.ActionImported, row.CreatedAt); err != nil {
				return err
			}
			return r.Calls.RebindQuietly(tx, numbers)
		})
		if err != nil {
			return fmt.Errorf("following lines %d to %d: %w", from, to, err)
		}
	}
	now := r.Now().UTC()
	row.State, row.FinishedAt = client.ImportDone, &now
	err := r.Store.Write(ctx, func(tx *store.Tx) error {
		if err := r.saveState(tx, client.ImportBinding, row); err != nil {
			return err
		}
		return tx.Journal("reset", stream.All, struct{}{})
	})
	if err != nil {
		return err
	}
	return r.dropStaged(ctx, row.ID)
}

// abandon ends an import that a crash left behind: what was put aside is dropped whole.
func (r *Runner) abandon(ctx context.Context, row store.ImportRow) error {
	err := r.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.SeizeImport(row.ID, client.ImportRunning, r.Now().Add(-silence))
	})
	if err != nil {
		return lostClaimIsFine(err)
	}
	if err := r.dropStaged(ctx, row.ID); err != nil {
		return err
	}
	return lostClaimIsFine(r.fail(ctx, row, errInterrupted))
}

// resume goes on with what follows the publishing where a crash left it.
func (r *Runner) resume(ctx context.Context, row store.ImportRow) error {
	err := r.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.SeizeImport(row.ID, client.ImportBinding, r.Now().Add(-silence))
	})
	if err == nil {
		err = r.followUp(ctx, row)
	}
	return lostClaimIsFine(err)
}

func lostClaimIsFine(err error) error {
	if errors.Is(err, store.ErrLostClaim) {
		return nil
	}
	return err
}

// dropStaged forgets what was put aside, piece by piece.
func (r *Runner) dropStaged(ctx context.Context, id string) error {
	for more := true; more; {
		err := r.Store.Write(ctx, func(tx *store.Tx) error {
			var err error
			more, err = tx.DropStaged(id, 1000)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
