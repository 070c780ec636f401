package switchboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/imports"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// followBatch is how many published cards get their history, and their calls, in one transaction.
const followBatch = 300

// finish ends a trial, or publishes everything that was put aside.
func (r *importRun) finish(ctx context.Context) error {
	r.row.Report = r.report.rows > 0
	if r.row.DryRun {
		if err := errors.Join(r.report.close(), r.s.dropStaged(ctx, r.row.ID)); err != nil {
			return err
		}
		r.row.State = client.ImportChecked
		return r.s.tellImport(ctx, client.ImportRunning, r.row)
	}
	next := r.row
	next.State = client.ImportBinding
	begun := time.Now()
	var late []store.Late
	err := r.s.Store.Write(ctx, func(tx *store.Tx) error {
		// First, so that nobody who takes the import for dead drops it from now on.
		if err := tx.SetImport(client.ImportRunning, next); err != nil {
			return err
		}
		var err error
		late, err = tx.PublishImport(r.row.ID, r.kind, r.rule != imports.Add)
		return err
	})
	if err != nil {
		return err
	}
	slog.Info("import published", "import", r.row.ID, "added", next.Counts.Added, "changed", next.Counts.Changed, "late", len(late), "took", time.Since(begun))
	r.row = next
	err = r.reportLate(late)
	// It is in: from here on nothing may be told to have failed. What is left undone is resumed.
	err = errors.Join(err, notMineIsFine(r.s.follow(ctx, r.row)))
	if err != nil && ctx.Err() == nil {
		slog.Error("import not followed up", "import", r.row.ID, "err", err)
	}
	return nil
}

// reportLate counts and reports the cards that somebody changed or made while the file was read.
func (r *importRun) reportLate(late []store.Late) error {
	var failed error
	for _, l := range late {
		counted, why := &r.row.Counts.Changed, imports.Words{RU: "карточку изменили, пока шла загрузка", EN: "the card was changed during the import"}
		if l.Fresh {
			counted, why = &r.row.Counts.Added, imports.Words{RU: "такую карточку завели, пока шла загрузка", EN: "such a card was made during the import"}
		}
		*counted--
		r.row.Counts.Doubles++
		failed = errors.Join(failed, r.tell(r.report.skipped, l.Line, nil, []imports.Words{why}))
	}
	r.row.Report = r.report.rows > 0
	return errors.Join(failed, r.report.close())
}

// follow does for the published cards what nobody waits for: their history, the index, the address
// books, and the calls of their numbers. Then the screens are told once to load everything anew:
// a hundred thousand events would tell them the same.
func (s *Switchboard) follow(ctx context.Context, row store.ImportRow) error {
	kind := importKinds[row.Kind]
	by := client.Employee{ID: row.EmployeeID}
	if p := s.office.Load().person(row.EmployeeID); p != nil {
		by.Name = p.Name
	}
	for {
		to, err := s.Store.NextStaged(ctx, row.ID, row.Settled, followBatch)
		if err != nil {
			return err
		}
		if to == 0 {
			break
		}
		numbers, err := s.Store.CalledNumbers(ctx, row.ID, row.Settled, to)
		if err != nil {
			return err
		}
		from := row.Settled
		row.Settled = to
		err = s.Store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.SetImport(client.ImportBinding, row); err != nil {
				return err
			}
			if err := tx.FollowImport(row.ID, kind, from, to, by, ActionImported, row.CreatedAt); err != nil {
				return err
			}
			return s.bindQuietly(tx, numbers)
		})
		if err != nil {
			return fmt.Errorf("following lines %d to %d: %w", from, to, err)
		}
	}
	now := s.Now().UTC()
	row.State, row.FinishedAt = client.ImportDone, &now
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := s.noteImport(tx, client.ImportBinding, row); err != nil {
			return err
		}
		return tx.Journal("reset", stream.All, struct{}{})
	})
	if err != nil {
		return err
	}
	return s.dropStaged(ctx, row.ID)
}

// bindQuietly gives the calls of numbers to whom the numbers belong now. Ended calls change without
// a word, for a reset follows; a call that goes on is told at once.
func (s *Switchboard) bindQuietly(tx *store.Tx, numbers []string) error {
	for _, n := range numbers {
		number := phone.Number(n)
		matches, err := subject.Lookup(tx, number)
		if err != nil {
			return err
		}
		live, err := tx.LiveCallsOfPhone(number)
		if err != nil {
			return err
		}
		for _, rec := range live {
			if err := s.giveTo(tx, rec, matches); err != nil {
				return fmt.Errorf("binding call %s: %w", rec.ID, err)
			}
		}
		_, owner := subject.First(matches)
		if _, err := tx.BindNumber(number, owner); err != nil {
			return err
		}
	}
	return nil
}

// abandon ends an import that a crash left behind: what was put aside is dropped whole.
func (s *Switchboard) abandon(ctx context.Context, row store.ImportRow) error {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.SeizeImport(row.ID, client.ImportRunning, s.Now().Add(-importSilence))
	})
	if err != nil {
		return notMineIsFine(err)
	}
	if err := s.dropStaged(ctx, row.ID); err != nil {
		return err
	}
	return notMineIsFine(s.importFailed(ctx, row, errInterrupted))
}

// resume goes on with what follows the publishing where a crash left it.
func (s *Switchboard) resume(ctx context.Context, row store.ImportRow) error {
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.SeizeImport(row.ID, client.ImportBinding, s.Now().Add(-importSilence))
	})
	if err == nil {
		err = s.follow(ctx, row)
	}
	return notMineIsFine(err)
}

func notMineIsFine(err error) error {
	if errors.Is(err, store.ErrNotMine) {
		return nil
	}
	return err
}

// dropStaged forgets what was put aside, piece by piece.
func (s *Switchboard) dropStaged(ctx context.Context, id string) error {
	for more := true; more; {
		err := s.Store.Write(ctx, func(tx *store.Tx) error {
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
