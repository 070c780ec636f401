// Package addressbook keeps our names in the PBX's own address book, where the school has switched that
// on: every card with its numbers, so that telephones show them without us. It writes nothing but the
// contacts of its own group there, and works off a list that changed cards are put on.
package addressbook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/client"
)

// Keeper writes changed cards to the address books. The exported fields are required.
type Keeper struct {
	Store     *store.Store
	Directory *directory.Directory
	// Node is this process among all that share the database.
	Node string
	Now  func() time.Time
}

const (
	// lookEvery is how often it is looked whether cards wait to be written.
	lookEvery = 2 * time.Second
	// workLimit bounds how long one node keeps at an address book before another may.
	workLimit = 2 * time.Minute
	// retryAfter is the pause after a failure.
	retryAfter = 5 * time.Second
)

// Run writes changed cards, until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	adopted := map[string]bool{}
	chores.RepeatLong(ctx, "address_book", lookEvery, func() error { return k.keepAll(ctx, adopted) })
}

// keepAll writes changed cards to the PBXs' address books. adopted remembers which books this
// process has looked through.
func (k *Keeper) keepAll(ctx context.Context, adopted map[string]bool) error {
	var failed error
	for _, integration := range k.Directory.Snapshot().Integrations() {
		book, ok := integration.Provider.(pbx.AddressBook)
		if !ok || !integration.Active {
			continue
		}
		if integration.AddressBook && !adopted[integration.ID] {
			done, err := k.alone(ctx, integration, func(ctx context.Context) error { return k.adopt(ctx, integration, book) })
			adopted[integration.ID], failed = done, errors.Join(failed, err)
			if !done {
				continue
			}
		}
		rows, err := k.Store.WaitingAddressbook(ctx, integration.ID, 1)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			slog.ErrorContext(ctx, "address book not read", "err", err)
			failed = errors.Join(failed, err)
			continue
		}
		if len(rows) > 0 {
			// After a failure nobody knows how much of a batch is there: look first, then go on.
			done, err := k.alone(ctx, integration, func(ctx context.Context) error { return k.write(ctx, integration, book) })
			adopted[integration.ID], failed = done, errors.Join(failed, err)
		}
	}
	return failed
}

// alone lets one node at a time work on an address book, and notes what came of it; false when it was not this
// one's turn, or the work was not done.
func (k *Keeper) alone(ctx context.Context, integration *directory.Integration, work func(context.Context) error) (bool, error) {
	lease, err := k.Store.Hold(ctx, "book "+integration.ID, k.Node, store.LeaseTerm, false)
	if err != nil || lease == nil {
		return false, err
	}
	limited, cancel := context.WithTimeout(lease.Context(), workLimit)
	defer cancel()
	err = work(limited)
	if ctx.Err() != nil || lease.Lost() {
		if err := lease.Release(0); err != nil {
			slog.WarnContext(ctx, "the turn of writing an address book was not given back", "err", err) // it ends by itself
		}
		return false, nil
	}
	pause := time.Duration(0)
	if err != nil {
		pause = pbx.PauseAfter(err, retryAfter)
		slog.WarnContext(ctx, "the PBX's address book was not written", "integration", integration.ID, "err", err)
	}
	err = errors.Join(err, lease.Release(pause), k.noteState(ctx, integration, err))
	return err == nil, err
}

func (k *Keeper) noteState(ctx context.Context, integration *directory.Integration, cause error) error {
	synced, waiting, err := k.Store.CountAddressbook(ctx, integration.ID)
	if err != nil {
		return err
	}
	now := k.Now().UTC()
	state := client.BookState{Synced: synced, Waiting: waiting, At: &now}
	if cause != nil {
		w := pbx.SentenceOf(cause)
		state.Error, state.ErrorEN = w.RU, w.EN
	}
	if err := k.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetAddressbookState(integration.ID, state) }); err != nil {
		return err
	}
	_, err = k.Directory.PublishIntegration(ctx, integration.ID)
	return err
}

// write writes everything that waits, a batch at a time. Each batch is noted as soon as it is
// there, so that after a break the rest goes on.
func (k *Keeper) write(ctx context.Context, integration *directory.Integration, book pbx.AddressBook) error {
	for {
		rows, err := k.Store.WaitingAddressbook(ctx, integration.ID, book.BookBatch())
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := k.writeBatch(ctx, integration, book, rows); err != nil {
			return err
		}
	}
}

func (k *Keeper) writeBatch(ctx context.Context, integration *directory.Integration, book pbx.AddressBook, rows []store.AddressbookRow) error {
	var put []pbx.Contact
	var putRows, done []store.AddressbookRow
	var drop []string
	for _, row := range rows {
		c, err := k.contact(ctx, integration, row.SubjectRef)
		if err != nil {
			return err
		}
		digest := digestOf(c)
		switch {
		case len(c.Numbers) == 0:
			if row.ContactID != "" {
				drop = append(drop, row.ContactID)
			}
			row.ContactID = ""
			done = append(done, row)
		case row.ContactID != "" && row.Digest == digest:
			done = append(done, row)
		default:
			c.ID, row.Digest = row.ContactID, digest
			put, putRows = append(put, c), append(putRows, row)
		}
	}
	if len(drop) > 0 {
		if err := book.DropContacts(ctx, drop); err != nil {
			return err
		}
	}
	if len(put) > 0 {
		ids, err := book.PutContacts(ctx, put)
		if err != nil {
			return err
		}
		for i, row := range putRows {
			row.ContactID = ids[i]
			done = append(done, row)
		}
	}
	return k.Store.Write(ctx, func(tx *store.Tx) error {
		for _, row := range done {
			if err := tx.AddressbookWritten(integration.ID, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// contact is what a card should be in the address book; without numbers it should not be there. A
// number that a lookup would give to another card stands on that one alone: no call may show
// under a wrong name.
func (k *Keeper) contact(ctx context.Context, integration *directory.Integration, ref client.SubjectRef) (pbx.Contact, error) {
	if !integration.AddressBook {
		return pbx.Contact{}, nil
	}
	name, phones, responsible, err := k.cardOf(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return pbx.Contact{}, nil
	}
	if err != nil {
		return pbx.Contact{}, err
	}
	c := pbx.Contact{Name: name}
	if responsible != nil {
		c.Responsible = k.Directory.Snapshot().Rings(integration, responsible.ID)
	}
	for _, p := range phones {
		matches, err := subject.LookupNow(ctx, k.Store, phone.Number(p))
		if err != nil {
			return c, err
		}
		if len(matches) > 0 && matches[0].Kind == ref.Kind && matches[0].ID == ref.ID {
			c.Numbers = append(c.Numbers, phone.Number(p))
		}
	}
	return c, nil
}

func (k *Keeper) cardOf(ctx context.Context, ref client.SubjectRef) (name string, phones []string, responsible *client.Person, err error) {
	card, err := k.Store.Card(ctx, ref)
	if err != nil {
		return "", nil, nil, err
	}
	if card.Deleted() {
		return "", nil, nil, fmt.Errorf("%s %s is deleted: %w", ref.Kind, ref.ID, store.ErrNotFound)
	}
	subject := card.Subject()
	return subject.Name, card.Numbers(), subject.Responsible, nil
}

func digestOf(c pbx.Contact) string {
	c.ID = ""
	raw, _ := json.Marshal(c) // strings only: it cannot fail
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:8])
}
