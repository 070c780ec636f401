package switchboard

import (
	"context"
	"errors"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Conflict says that a record was changed since whoever changes it now has read it. Nothing was
// written.
type Conflict struct {
	By   *client.Person // nil: a program
	At   *time.Time     // nil: not known
	ETag string         // of the record as it stands
}

func (c *Conflict) Error() string { return "the record was changed meanwhile" }

// sameCard is nil when the card still is what the change expects (If-Match), or expects nothing.
func (s *Switchboard) sameCard(ctx context.Context, tx *store.Tx, card crm.Card) error {
	now := revision.Version(card.Version)
	if revision.Holds(ctx, now) {
		return nil
	}
	by, at, err := tx.LastChange(card.Ref())
	if err != nil {
		return err
	}
	return conflict(by, at, now)
}

// sameRecord is sameCard for a record whose last change is kept by name, see Tx.NoteChange.
func (s *Switchboard) sameRecord(ctx context.Context, tx *store.Tx, record, now string) error {
	if revision.Holds(ctx, now) {
		return nil
	}
	by, at, err := tx.ChangeOf(record)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return conflict(by, at, now)
}

func conflict(by *client.Person, at time.Time, now string) error {
	c := &Conflict{By: by, ETag: now}
	if !at.IsZero() {
		c.At = &at
	}
	return c
}

// Names of records that are not cards, as their last change is kept by them.
const settingsRecord = "settings"

func employeeRecord(id string) string    { return "employee:" + id }
func integrationRecord(id string) string { return "integration:" + id }
func extensionsRecord(id string) string  { return "extensions:" + id }
func entryRecord(id string) string       { return "entry:" + id }
func taskRecord(id string) string        { return "task:" + id }
