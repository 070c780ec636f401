package store

import (
	"errors"
	"fmt"
	"time"

	"dozvon/client"
)

// NoteChange remembers who changed a record that keeps no history of its own last: an employee, an
// integration, its table of extensions, the settings, a note, a task.
func (t *Tx) NoteChange(record string, by client.Employee) error {
	err := t.put("record_changes", "record", columns{
		{"record", record},
		{"at", t.store.now().UnixMilli()},
		{"employee_id", by.ID},
		{"employee_name", by.Name},
	})
	if err != nil {
		return fmt.Errorf("noting who changed %s: %w", record, err)
	}
	return nil
}

// ChangeOf tells who changed a record last, nil when a program did; ErrNotFound when that was before
// it was noted.
func (t *Tx) ChangeOf(record string) (*client.Person, time.Time, error) {
	return lastChange(t, "SELECT at, employee_id, employee_name FROM record_changes WHERE record = ?", record)
}

// lastOfCard is the last step of a card's history.
const lastOfCard = "SELECT at, employee_id, employee_name FROM card_history WHERE kind = ? AND subject_id = ? ORDER BY at DESC, id DESC LIMIT 1"

// LastChange tells who changed a card last, by its history.
func (t *Tx) LastChange(ref client.SubjectRef) (*client.Person, time.Time, error) {
	by, at, err := lastChange(t, lastOfCard, ref.Kind, ref.ID)
	if errors.Is(err, ErrNotFound) {
		return nil, time.Time{}, nil
	}
	return by, at, err
}

func lastChange(r reader, query string, args ...any) (*client.Person, time.Time, error) {
	var ms int64
	var id, name string
	if err := r.row(query, args...).Scan(&ms, &id, &name); err != nil {
		return nil, time.Time{}, missing(err, "the last change")
	}
	return person(id, name), fromMilli(ms), nil
}
