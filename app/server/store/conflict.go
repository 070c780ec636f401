package store

import (
	"context"
	"errors"
	"time"

	"dozvon/app/server/crm"
	"dozvon/app/server/revision"
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

// CheckCard is nil when a card still is what the change expects (If-Match), or expects nothing;
// else *Conflict.
func (t *Tx) CheckCard(ctx context.Context, card crm.Card) error {
	now := revision.Version(card.Version)
	if revision.Holds(ctx, now) {
		return nil
	}
	by, at, err := t.LastChange(card.Ref())
	if err != nil {
		return err
	}
	return conflict(by, at, now)
}

// CheckRecord is CheckCard for a record whose last change is kept by name, see NoteChange. now is the
// record's present ETag.
func (t *Tx) CheckRecord(ctx context.Context, record, now string) error {
	if revision.Holds(ctx, now) {
		return nil
	}
	by, at, err := t.ChangeOf(record)
	if err != nil && !errors.Is(err, ErrNotFound) {
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
