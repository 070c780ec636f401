package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/store/form"
	"dozvon/client"
)

// AddChange writes a step of a card's history; by is empty for programs.
func (t *Tx) AddChange(ref client.SubjectRef, id string, at time.Time, by client.Employee, action string, fields []crm.Delta) error {
	raw, err := form.Deltas(fields)
	if err != nil {
		return err
	}
	err = t.add("card_history", columns{
		{"id", id},
		{"kind", ref.Kind},
		{"subject_id", ref.ID},
		{"at", at.UnixMilli()},
		{"employee_id", by.ID},
		{"employee_name", by.Name},
		{"action", action},
		{"changes", raw},
	})
	if err != nil {
		return fmt.Errorf("writing the history of %s %s: %w", ref.Kind, ref.ID, err)
	}
	return nil
}

// cardHistory reads a page of a card's history, newest first, strictly older than the cursor.
const cardHistory = `
SELECT id, at, employee_id, employee_name, action, changes
FROM   card_history
WHERE  kind = ? AND subject_id = ? AND (at, id) < (?, ?)
ORDER  BY at DESC, id DESC
LIMIT  ?`

// History reads a page of a card's history, newest first.
func (s *Store) History(ctx context.Context, ref client.SubjectRef, c Cursor, limit int) ([]crm.Step, *Cursor, error) {
	rows, err := s.reads(ctx).query(cardHistory, ref.Kind, ref.ID, c.At, c.ID, limit)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the history of %s %s: %w", ref.Kind, ref.ID, err)
	}
	all, err := collect(rows, scanChange)
	return all, next(all, limit, func(c crm.Step) Cursor { return Cursor{At: c.At.UnixMilli(), ID: c.ID} }), err
}

func scanChange(rows *sql.Rows) (crm.Step, error) {
	var c crm.Step
	var at int64
	var id, name, raw string
	if err := rows.Scan(&c.ID, &at, &id, &name, &c.Action, &raw); err != nil {
		return c, err
	}
	c.At, c.By = fromMilli(at), person(id, name)
	var err error
	c.Fields, err = form.ReadDeltas(raw)
	return c, err
}
