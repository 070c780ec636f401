package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dozvon/client"
)

// UndoRow is something that an employee may take back, with what was before.
type UndoRow struct {
	client.Undo
	EmployeeID string
	Data       []byte
	Done       bool
}

// AddUndo remembers what was before.
func (t *Tx) AddUndo(u UndoRow) error {
	err := t.add("undo", columns{
		{"id", u.ID},
		{"employee_id", u.EmployeeID},
		{"at", t.store.now().UnixMilli()},
		{"until", u.Until.UnixMilli()},
		{"words", u.Text},
		{"words_en", u.TextEN},
		{"data", string(u.Data)},
	})
	if err != nil {
		return fmt.Errorf("remembering what was before: %w", err)
	}
	return nil
}

// Undo reads one; ErrNotFound.
func (t *Tx) Undo(id string) (UndoRow, error) {
	var u UndoRow
	var until, done int64
	var data string
	err := t.row("SELECT id, employee_id, until, words, words_en, data, done_at FROM undo WHERE id = ?", id).
		Scan(&u.ID, &u.EmployeeID, &until, &u.Text, &u.TextEN, &data, &done)
	u.Until, u.Data, u.Done = fromMilli(until), []byte(data), done > 0
	return u, missing(err, "undo")
}

// UndoDone notes that it was taken back: not twice.
func (t *Tx) UndoDone(id string, at time.Time) error {
	if _, err := t.exec("UPDATE undo SET done_at = ? WHERE id = ?", at.UnixMilli(), id); err != nil {
		return fmt.Errorf("noting an undo: %w", err)
	}
	return nil
}

const undosOf = `
SELECT id, words, words_en, until
FROM   undo
WHERE  employee_id = ? AND until > ? AND done_at = 0
ORDER  BY until DESC, id DESC
LIMIT  20`

// Undos lists what an employee may still take back, newest first.
func (s *Store) Undos(ctx context.Context, employeeID string, now time.Time) ([]client.Undo, error) {
	rows, err := s.reads(ctx).query(undosOf, employeeID, now.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("listing what may be taken back: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (client.Undo, error) {
		var u client.Undo
		var until int64
		err := rows.Scan(&u.ID, &u.Text, &u.TextEN, &until)
		u.Until = fromMilli(until)
		return u, err
	})
}

// DropUndos forgets what may no longer be taken back.
func (t *Tx) DropUndos(before time.Time) error {
	if _, err := t.exec("DELETE FROM undo WHERE until < ?", before.UnixMilli()); err != nil {
		return fmt.Errorf("dropping old undos: %w", err)
	}
	return nil
}
