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
}

const importColumns = `
  id,
  employee_id,
  language,
  settled,
  beat_at,
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
		{"view", view},
	})
	if err != nil {
		return fmt.Errorf("noting an import: %w", err)
	}
	return nil
}

// ErrLostClaim says that an import is no longer in the state in which it was: somebody else has it,
// or it was dropped.
var ErrLostClaim = errors.New("the import is in another state now")

// setImport changes an import that still is in the state in which it was.
const setImport = `
UPDATE imports SET
  language = ?,
  state    = ?,
  beat_at  = ?,
  settled  = ?,
  view     = ?
WHERE  id = ? AND state = ?`

// SetImport writes what has become of an import, if it still is in the state from.
func (t *Tx) SetImport(from string, r ImportRow) error {
	view, err := form.Import(r.Import)
	if err != nil {
		return err
	}
	res, err := t.exec(setImport,
		r.Language,
		r.State,
		t.store.now().UnixMilli(),
		r.Settled,
		view,
		r.ID, from)
	return one(res, err, r.ID)
}

// SeizeImport takes an import over from whoever was not heard of since.
func (t *Tx) SeizeImport(id, state string, since time.Time) error {
	res, err := t.exec("UPDATE imports SET beat_at = ? WHERE id = ? AND state = ? AND beat_at < ?", t.store.now().UnixMilli(), id, state, since.UnixMilli())
	return one(res, err, id)
}

// DeleteImport forgets one that is in the state from.
func (t *Tx) DeleteImport(id, from string) error {
	res, err := t.exec("DELETE FROM imports WHERE id = ? AND state = ?", id, from)
	return one(res, err, id)
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
