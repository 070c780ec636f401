package switchboard

import (
	"context"
	"fmt"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// rebind gives every call of the numbers to whom a lookup finds now, except those that a person
// bound by hand. Each change gets its journal row, so open screens follow by themselves.
func (s *Switchboard) rebind(tx *store.Tx, numbers []string) error {
	done := map[string]bool{}
	for _, n := range numbers {
		if done[n] || n == "" {
			continue
		}
		done[n] = true
		number := phone.Number(n)
		matches, err := s.lookup(tx, number)
		if err != nil {
			return err
		}
		// Whose number it is decides which card carries it in the PBX's address book.
		for _, m := range matches {
			if err := tx.TouchBook(client.SubjectRef{Kind: m.Kind, ID: m.ID}); err != nil {
				return err
			}
		}
		calls, err := tx.CallsOfPhone(number)
		if err != nil {
			return err
		}
		for _, rec := range calls {
			if err := s.giveTo(tx, rec, matches); err != nil {
				return fmt.Errorf("binding call %s: %w", rec.ID, err)
			}
		}
	}
	return nil
}

func (s *Switchboard) giveTo(tx *store.Tx, rec store.CallRecord, matches []client.Subject) error {
	if rec.View.Direction == client.Internal {
		return nil
	}
	rec.View.Matches = matches
	if !rec.ByHand {
		rec.View.Subject, rec.Subject = first(matches)
	}
	return s.rewrite(tx, rec)
}

// rewrite renders a call again after its subject or note changed, with its entry and notes.
func (s *Switchboard) rewrite(tx *store.Tx, rec store.CallRecord) error {
	t := s.office.Load().byID[rec.IntegrationID]
	rec.View = s.render(t, rec, rec.Facts.Show())
	if err := tx.SaveCall(rec); err != nil {
		return err
	}
	if err := tx.Journal("call", stream.Callers(rec.Concerned()), rec.View); err != nil {
		return err
	}
	if err := s.enter(tx, t, rec); err != nil {
		return err
	}
	entries, err := tx.EntriesOfCall(rec.ID)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Type != client.EntryNote {
			continue
		}
		e.Subject = rec.View.Subject
		if err := s.saveEntry(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// Choose binds one call by hand: the person knows which of several owners called. It wins over
// any later lookup of the number.
func (s *Switchboard) Choose(ctx context.Context, by client.Employee, callID string, to client.SubjectRef) (client.Call, error) {
	var out client.Call
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		rec, err := tx.Call(callID)
		if err != nil {
			return err
		}
		if err := mayTouch(by, rec); err != nil {
			return err
		}
		subject, err := s.subject(tx, to)
		if err != nil {
			return err
		}
		rec.View.Subject, rec.Subject, rec.ByHand = &subject, to, true
		if err := s.rewrite(tx, rec); err != nil {
			return err
		}
		if rec, err = tx.Call(callID); err != nil {
			return err
		}
		out = rec.View
		return tx.Audit(s.NewID(), by.ID, "bind-call", callID)
	})
	return out, err
}

func (s *Switchboard) subject(tx *store.Tx, ref client.SubjectRef) (client.Subject, error) {
	if ref.Kind == client.KindContract {
		c, err := tx.Contract(ref.ID)
		return crm.OfContract(c), err
	}
	c, err := tx.Client(ref.ID)
	return crm.OfClient(c), err
}
