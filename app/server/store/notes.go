package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dozvon/client"
)

// keepNote numbers a note's former texts from 1.
const keepNote = `
INSERT INTO note_versions (entry_id, version, at, employee_id, employee_name, text)
SELECT
  CAST(? AS TEXT),
  COALESCE(MAX(version), 0) + 1,
  CAST(? AS BIGINT),
  CAST(? AS TEXT),
  CAST(? AS TEXT),
  CAST(? AS TEXT)
FROM   note_versions
WHERE  entry_id = ?`

// KeepNote keeps a former text of a note; at is when that text was written.
func (t *Tx) KeepNote(entryID string, at time.Time, by *client.Person, text string) error {
	id, name := "", ""
	if by != nil {
		id, name = by.ID, by.Name
	}
	_, err := t.exec(keepNote,
		entryID,
		at.UnixMilli(),
		id,
		name,
		text,
		entryID)
	if err != nil {
		return fmt.Errorf("keeping the former text of note %s: %w", entryID, err)
	}
	return nil
}

// NoteVersions lists the former texts of a note, newest first.
func (s *Store) NoteVersions(ctx context.Context, entryID string) ([]client.NoteVersion, error) {
	rows, err := s.reads(ctx).query("SELECT version, at, employee_id, employee_name, text FROM note_versions WHERE entry_id = ? ORDER BY version DESC", entryID)
	if err != nil {
		return nil, fmt.Errorf("reading the former texts of note %s: %w", entryID, err)
	}
	return collect(rows, func(rows *sql.Rows) (client.NoteVersion, error) {
		var v client.NoteVersion
		var at int64
		var id, name string
		err := rows.Scan(&v.Version, &at, &id, &name, &v.Text)
		v.At, v.By = fromMilli(at), person(id, name)
		return v, err
	})
}
