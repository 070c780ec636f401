package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dozvon/app/server/store/form"
	"dozvon/client"
)

// choices is the name of the one value of the table school.
const choices = "choices"

// School lays what the school has chosen over the defaults; a school that has chosen nothing
// keeps them.
func (s *Store) School(ctx context.Context, defaults client.School) (client.School, error) {
	return school(s.reads(ctx), defaults)
}

// School lays what the school has chosen over the defaults.
func (t *Tx) School(defaults client.School) (client.School, error) { return school(t, defaults) }

func school(r reader, defaults client.School) (client.School, error) {
	var raw string
	err := r.row("SELECT value FROM school WHERE name = ?", choices).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return defaults, nil
	}
	if err != nil {
		return defaults, fmt.Errorf("reading the school's settings: %w", err)
	}
	return form.ReadSchool(raw, defaults)
}

// SaveSchool keeps what the school has chosen.
func (t *Tx) SaveSchool(s client.School) error {
	raw, err := form.School(s)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO school (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", choices, raw)
	if err != nil {
		return fmt.Errorf("saving the school's settings: %w", err)
	}
	return nil
}
