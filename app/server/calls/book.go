package calls

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
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/subject"
	"dozvon/client"
)

const (
	// bookLimit bounds how long one node keeps at an address book before another may.
	bookLimit = 2 * time.Minute
	// bookRetry is the pause after a failure.
	bookRetry = 5 * time.Second
)

// keepBooks writes changed cards to the PBXs' address books. adopted remembers which books this
// process has looked through.
func (s *Service) keepBooks(ctx context.Context, adopted map[string]bool) {
	for _, integration := range s.Directory.Snapshot().Integrations() {
		book, ok := integration.Provider.(pbx.AddressBook)
		if !ok || !integration.Active {
			continue
		}
		if integration.AddressBook && !adopted[integration.ID] {
			adopted[integration.ID] = s.bookAlone(ctx, integration, func(ctx context.Context) error { return s.adopt(ctx, integration, book) })
			if !adopted[integration.ID] {
				continue
			}
		}
		rows, err := s.Store.WaitingBook(ctx, integration.ID, 1)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			slog.Error("address book not read", "err", err)
			continue
		}
		if len(rows) > 0 {
			// After a failure nobody knows how much of a batch is there: look first, then go on.
			adopted[integration.ID] = s.bookAlone(ctx, integration, func(ctx context.Context) error { return s.writeBook(ctx, integration, book) })
		}
	}
}

// bookAlone lets one node at a time work on an address book, and notes what came of it.
func (s *Service) bookAlone(ctx context.Context, integration *directory.Integration, work func(context.Context) error) bool {
	name := "book " + integration.ID
	ok, err := s.Store.Claim(ctx, name, s.node, bookLimit, false)
	if err != nil || !ok {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, bookLimit)
	defer cancel()
	err = work(limited)
	if ctx.Err() != nil {
		return false
	}
	pause := time.Duration(0)
	if err != nil {
		pause = pauseAfter(err, bookRetry)
		slog.Warn("the PBX's address book was not written", "integration", integration.ID, "err", err)
	}
	err = errors.Join(err, s.Store.Release(ctx, name, s.node, pause), s.noteBook(ctx, integration, err))
	return err == nil
}

func (s *Service) noteBook(ctx context.Context, integration *directory.Integration, cause error) error {
	synced, waiting, err := s.Store.CountBook(ctx, integration.ID)
	if err != nil {
		return err
	}
	now := s.Now().UTC()
	state := client.BookState{Synced: synced, Waiting: waiting, At: &now}
	if cause != nil {
		w := pbx.SentenceOf(cause)
		state.Error, state.ErrorEN = w.RU, w.EN
	}
	if err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetBookState(integration.ID, state) }); err != nil {
		return err
	}
	_, err = s.Directory.PublishIntegration(ctx, integration.ID)
	return err
}

// writeBook writes everything that waits, a batch at a time. Each batch is noted as soon as it is
// there, so that after a break the rest goes on.
func (s *Service) writeBook(ctx context.Context, integration *directory.Integration, book pbx.AddressBook) error {
	for {
		rows, err := s.Store.WaitingBook(ctx, integration.ID, book.BookBatch())
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := s.writeBatch(ctx, integration, book, rows); err != nil {
			return err
		}
	}
}

func (s *Service) writeBatch(ctx context.Context, integration *directory.Integration, book pbx.AddressBook, rows []store.BookRow) error {
	var put []pbx.Contact
	var putRows, done []store.BookRow
	var drop []string
	for _, row := range rows {
		c, err := s.contact(ctx, integration, row.SubjectRef)
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
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		for _, row := range done {
			if err := tx.BookWritten(integration.ID, row); err != nil {
				return err
			}
		}
		return nil
	})
}

// contact is what a card should be in the address book; without numbers it should not be there. A
// number that a lookup would give to another card stands on that one alone: no call may show
// under a wrong name.
func (s *Service) contact(ctx context.Context, integration *directory.Integration, ref client.SubjectRef) (pbx.Contact, error) {
	if !integration.AddressBook {
		return pbx.Contact{}, nil
	}
	name, phones, responsible, err := s.cardOf(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return pbx.Contact{}, nil
	}
	if err != nil {
		return pbx.Contact{}, err
	}
	c := pbx.Contact{Name: name}
	if responsible != nil {
		c.Responsible = s.Directory.Snapshot().Rings(integration, responsible.ID)
	}
	for _, p := range phones {
		matches, err := subject.LookupNow(ctx, s.Store, phone.Number(p))
		if err != nil {
			return c, err
		}
		if len(matches) > 0 && matches[0].Kind == ref.Kind && matches[0].ID == ref.ID {
			c.Numbers = append(c.Numbers, phone.Number(p))
		}
	}
	return c, nil
}

func (s *Service) cardOf(ctx context.Context, ref client.SubjectRef) (name string, phones []string, responsible *client.Person, err error) {
	card, err := s.Store.Card(ctx, ref)
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
