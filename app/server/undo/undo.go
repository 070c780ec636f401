// Package undo offers an employee to take back what they just did, and takes it back. It knows no
// aggregate: whoever can restore something registers how, under the name of its kind, and hands over
// what stood before as a value that travels through the database. It never decides what was changed
// since; restoring does, by ErrLate.
package undo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

const (
	// shown is for how long the app offers to take something back.
	shown = 10 * time.Second
	// grace is how much later a click may still arrive.
	grace = 20 * time.Second
	// kept is how long what was before is remembered, for looking into.
	kept = 24 * time.Hour
)

// ErrLate says that there is nothing to take back any more: the time is over, or somebody has
// changed the same since.
var ErrLate = errors.New("too late to take back")

// Offers makes offers and takes back. Safe for concurrent use once every kind is registered.
type Offers struct {
	store *store.Store
	audit *audit.Log
	now   func() time.Time
	newID func() string
	kinds map[string]kind
}

// kind is how one sort of things is restored, and what the audit calls it.
type kind struct {
	restore func(tx *store.Tx, by client.Employee, raw json.RawMessage) error
	target  func(raw json.RawMessage) string
}

// New returns offers that know no kind yet.
func New(log *audit.Log) *Offers {
	return &Offers{store: log.Store, audit: log, now: log.Now, newID: log.NewID, kinds: map[string]kind{}}
}

// Register says how things of a kind are restored from what was before them, and what the audit
// calls them (target may be nil: nothing of its own). T is the stored form: a later version must be
// able to read what an earlier one wrote. It is called before the first offer.
func Register[T any](o *Offers, name string, restore func(tx *store.Tx, by client.Employee, was T) error, target func(was T) string) {
	o.kinds[name] = kind{
		restore: func(tx *store.Tx, by client.Employee, raw json.RawMessage) error {
			was, err := decode[T](raw)
			if err != nil {
				return err
			}
			return restore(tx, by, was)
		},
		target: func(raw json.RawMessage) string {
			was, err := decode[T](raw)
			if target == nil || err != nil {
				return ""
			}
			return target(was)
		},
	}
}

func decode[T any](raw json.RawMessage) (was T, err error) {
	if err = json.Unmarshal(raw, &was); err != nil {
		err = fmt.Errorf("reading what was before: %w", err)
	}
	return was, err
}

// Before is what stood before an action, of one kind.
type Before struct {
	Kind string
	Was  any // of the type that the kind was registered with
}

// Offer lets an employee take back what they did; ru and en say what that was. What was before is
// restored in the order given. Programs and files act for nobody: theirs stays.
func (o *Offers) Offer(tx *store.Tx, by client.Employee, text bilingual.Text, before ...Before) error {
	if by.ID == "" {
		return nil
	}
	raw, err := encode(before)
	if err != nil {
		return err
	}
	u := client.Undo{ID: o.newID(), Text: text.RU, TextEN: text.EN, Until: o.now().UTC().Add(shown)}
	if err := tx.AddUndo(store.UndoRow{Undo: u, EmployeeID: by.ID, Data: raw}); err != nil {
		return err
	}
	return tx.Journal("undo", stream.Employee(by.ID), u)
}

// encode writes an object whose fields, by kind, stand in the order given: it is the order of
// restoring. An empty kind is left out.
func encode(before []Before) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range before {
		raw, err := json.Marshal(one.Was)
		if err != nil {
			return nil, fmt.Errorf("encoding what was before: %w", err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", one.Kind, raw)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// step is one field of what encode writes.
type step struct {
	name string
	raw  json.RawMessage
}

// steps reads the fields of an object in their order.
func steps(data []byte) ([]step, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("reading what was before: %w", err)
	}
	var all []step
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("reading what was before: %w", err)
		}
		s := step{name: fmt.Sprint(name)}
		if err := dec.Decode(&s.raw); err != nil {
			return nil, fmt.Errorf("reading what was before: %w", err)
		}
		all = append(all, s)
	}
	return all, nil
}

// Open lists what an employee may take back now, newest first.
func (o *Offers) Open(ctx context.Context, by client.Employee) ([]client.Undo, error) {
	return o.store.Undos(ctx, by.ID, o.now())
}

// Revert takes an action of the employee's own back; store.ErrNotFound, access.ErrNotYours, ErrLate.
func (o *Offers) Revert(ctx context.Context, by client.Employee, id string) error {
	return o.store.Write(ctx, func(tx *store.Tx) error {
		row, err := tx.Undo(id)
		if err != nil {
			return err
		}
		if row.EmployeeID != by.ID {
			return access.NotYours("undo")
		}
		if row.Done || o.now().After(row.Until.Add(grace)) {
			return ErrLate
		}
		target, err := o.restore(tx, by, row)
		if err != nil {
			return err
		}
		if err := tx.UndoDone(id, o.now()); err != nil {
			return err
		}
		return o.audit.Write(ctx, tx, by, access.ActionUndo, target, nil)
	})
}

// restore puts everything back, and returns what the audit calls it.
func (o *Offers) restore(tx *store.Tx, by client.Employee, row store.UndoRow) (target string, err error) {
	all, err := steps(row.Data)
	if err != nil {
		return "", err
	}
	for _, s := range all {
		k, known := o.kinds[s.name]
		if !known {
			return "", fmt.Errorf("taking back %q: nobody restores it", s.name)
		}
		if err := k.restore(tx, by, s.raw); err != nil {
			return "", err
		}
		if target == "" {
			target = k.target(s.raw)
		}
	}
	if target == "" {
		target = "undo:" + row.ID
	}
	return target, nil
}

// DropOld forgets what is remembered for a time only.
func (o *Offers) DropOld(tx *store.Tx) error { return tx.DropUndos(o.now().Add(-kept)) }
