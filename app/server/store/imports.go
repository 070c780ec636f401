package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dozvon/app/server/store/form"
	"dozvon/client"
)

// ImportRow is an import with what does not travel.
type ImportRow struct {
	client.Import
	EmployeeID string
	Language   string // of the report
	Settled    int64  // the line up to which the work after the publishing is done
	BeatAt     time.Time
	// Claim is of whoever the import was handed to last. A start, a run and a takeover each have a new one:
	// what is written with a former one is refused with ErrLostClaim. Empty: of 0.5.0 or before.
	Claim string
	// ReportFile is the name of the last run's report; empty: of 0.5.0 or before.
	ReportFile string
}

const importColumns = `
  id,
  employee_id,
  language,
  settled,
  beat_at,
  claim,
  report,
  state,
  view`

func scanImport(row scanner) (ImportRow, error) {
	var r ImportRow
	var id, state, view string
	var beat int64
	err := row.Scan(
		&id,
		&r.EmployeeID,
		&r.Language,
		&r.Settled,
		&beat,
		&r.Claim,
		&r.ReportFile,
		&state,
		&view,
	)
	if err != nil {
		return r, err
	}
	r.BeatAt = fromMilli(beat)
	r.Import, err = form.ReadImport(view)
	r.State = state
	return r, err
}

// Import reads one; ErrNotFound.
func (s *Store) Import(ctx context.Context, id string) (ImportRow, error) {
	r, err := scanImport(s.reads(ctx).row("SELECT "+importColumns+" FROM imports WHERE id = ?", id))
	return r, missing(err, "import "+id)
}

// Imports lists those in a state, the oldest first.
func (s *Store) Imports(ctx context.Context, state string) ([]ImportRow, error) {
	rows, err := s.reads(ctx).query("SELECT "+importColumns+" FROM imports WHERE state = ? ORDER BY created_at", state)
	if err != nil {
		return nil, fmt.Errorf("listing imports: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (ImportRow, error) { return scanImport(rows) })
}

// AddImport notes a new one.
func (t *Tx) AddImport(r ImportRow) error {
	view, err := form.Import(r.Import)
	if err != nil {
		return err
	}
	err = t.add("imports", columns{
		{"id", r.ID},
		{"kind", r.Kind},
		{"employee_id", r.EmployeeID},
		{"language", r.Language},
		{"created_at", r.CreatedAt.UnixMilli()},
		{"state", r.State},
		{"beat_at", t.store.now().UnixMilli()},
		{"settled", 0},
		{"claim", r.Claim},
		{"report", r.ReportFile},
		{"view", view},
	})
	if err != nil {
		return fmt.Errorf("noting an import: %w", err)
	}
	return nil
}

// ErrLostClaim says that an import is no longer in the state in which it was, or no longer of the claim that
// it had: somebody else has it, or it was dropped.
var ErrLostClaim = errors.New("the import is in another state now")

// setImport changes an import that still is in the state and of the claim in which it was.
const setImport = `
UPDATE imports SET
  language = ?,
  state    = ?,
  claim    = ?,
  report   = ?,
  beat_at  = ?,
  settled  = ?,
  view     = ?
WHERE  id = ? AND state = ? AND claim = ?`

// SetImport writes what has become of an import, if it still is in the state and of the claim that was has.
func (t *Tx) SetImport(was, next ImportRow) error {
	view, err := form.Import(next.Import)
	if err != nil {
		return err
	}
	res, err := t.exec(setImport,
		next.Language,
		next.State,
		next.Claim,
		next.ReportFile,
		t.store.now().UnixMilli(),
		next.Settled,
		view,
		was.ID, was.State, was.Claim)
	return one(res, err, was.ID)
}

// SeizeImport takes an import over from whoever was not heard of since.
func (t *Tx) SeizeImport(was ImportRow, claim string, since time.Time) error {
	res, err := t.exec("UPDATE imports SET claim = ?, beat_at = ? WHERE id = ? AND state = ? AND claim = ? AND beat_at < ?",
		claim, t.store.now().UnixMilli(), was.ID, was.State, was.Claim, since.UnixMilli())
	return one(res, err, was.ID)
}

// BeatImport says that whoever has the claim is still at work.
func (t *Tx) BeatImport(r ImportRow) error {
	res, err := t.exec("UPDATE imports SET beat_at = ? WHERE id = ? AND state = ? AND claim = ?", t.store.now().UnixMilli(), r.ID, r.State, r.Claim)
	return one(res, err, r.ID)
}

// mustHold refuses what is written with a claim that another has taken over. One transaction writes at a
// time, so what it finds stays true until the commit.
func (t *Tx) mustHold(r ImportRow) error {
	var n int
	if err := t.row("SELECT COUNT(*) FROM imports WHERE id = ? AND state = ? AND claim = ?", r.ID, r.State, r.Claim).Scan(&n); err != nil {
		return fmt.Errorf("looking whose import %s is: %w", r.ID, err)
	}
	if n == 0 {
		return ErrLostClaim
	}
	return nil
}

// DeleteImport forgets one that still is in the state and of the claim that it has, with all that is put aside.
func (t *Tx) DeleteImport(r ImportRow) error {
	res, err := t.exec("DELETE FROM imports WHERE id = ? AND state = ? AND claim = ?", r.ID, r.State, r.Claim)
	if err := one(res, err, r.ID); err != nil {
		return err
	}
	for _, table := range stagedTables {
		if _, err := t.exec("DELETE FROM "+table+" WHERE import_id = ?", r.ID); err != nil {
			return fmt.Errorf("forgetting what was put aside: %w", err)
		}
	}
	return nil
}

func one(res sql.Result, err error, id string) error {
	if err != nil {
		return fmt.Errorf("writing import %s: %w", id, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(ErrLostClaim, err)
	}
	return nil
}
