package cards

import (
	"context"
	"fmt"

	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/crm"
	"dozvon/app/server/feed"
	"dozvon/app/server/store"
	"dozvon/app/server/store/form"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// Delete hides a client or contract; its calls go to whom the lookup finds then. It can be
// restored.
func (s *Service) Delete(ctx context.Context, by client.Employee, ref client.SubjectRef) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		card, err := subject.Living(tx, ref)
		if err != nil {
			return err
		}
		if err := tx.CheckCard(ctx, card); err != nil {
			return err
		}
		_, state, err := s.put(tx, by, &card, card.Delete(s.Now().UTC(), nil), crm.ActionDeleted)
		if err != nil {
			return err
		}
		calls, err := s.Calls.ReassignManual(tx, ref, client.SubjectRef{})
		if err != nil {
			return err
		}
		name := card.Name
		if err := s.Undo.Offer(tx, by, texts.Of("undo.card_deleted", texts.Args{"name": name}).Both(), undoCards(state), calls); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, by, access.ActionCardDelete, audit.CardTarget(ref), nil)
	})
}

// Restore takes a deletion back, however long ago.
func (s *Service) Restore(ctx context.Context, by client.Employee, ref client.SubjectRef) (crm.Card, error) {
	var out crm.Card
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		card, err := tx.Card(ref)
		if err != nil {
			return err
		}
		if !card.Deleted() {
			out = card
			return nil
		}
		var state cardState
		out, state, err = s.put(tx, by, &card, card.Restore(), crm.ActionRestored)
		if err != nil {
			return err
		}
		name := out.Name
		if err := s.Undo.Offer(tx, by, texts.Of("undo.card_restored", texts.Args{"name": name}).Both(), undoCards(state)); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, by, access.ActionCardRestore, audit.CardTarget(ref), nil)
	})
	return out, err
}

// Merge joins the card from into another of the same kind: its numbers, notes, contracts and
// calls go over, and it is deleted. Undo gives every one back.
func (s *Service) Merge(ctx context.Context, by client.Employee, into client.SubjectRef, fromID string) (crm.Card, error) {
	from := client.SubjectRef{Kind: into.Kind, ID: fromID}
	if into == from {
		return crm.Card{}, crm.Wrong("from", texts.Of("fault.merge_itself"))
	}
	var out crm.Card
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		a, err := subject.Living(tx, into)
		if err != nil {
			return err
		}
		b, err := subject.Living(tx, from)
		if err != nil {
			return err
		}
		calls, err := s.Calls.ReassignManual(tx, from, into)
		if err != nil {
			return err
		}
		entries, err := s.moveEntries(tx, from, into)
		if err != nil {
			return err
		}
		moved, err := s.moveContracts(tx, by, from, into)
		if err != nil {
			return err
		}
		_, gone, err := s.put(tx, by, &b, b.Delete(s.Now().UTC(), &into), crm.ActionMerged)
		if err != nil {
			return err
		}
		joined, err := crm.Merge(a, b, s.Now().UTC())
		if err != nil {
			return err
		}
		var state cardState
		out, state, err = s.put(tx, by, &a, joined, crm.ActionMerged)
		if err != nil {
			return err
		}
		name := out.Name
		was := undoCards(append(moved, state, gone)...)
		if err := s.Undo.Offer(tx, by, texts.Of("undo.cards_merged", texts.Args{"name": name}).Both(), was, undo.Before{Kind: "entries", Was: entries}, calls); err != nil {
			return err
		}
		return s.Audit.Write(ctx, tx, by, access.ActionCardMerge, audit.CardTarget(into), map[string]string{"from": from.ID})
	})
	return out, err
}

// moveEntries gives the notes of a card to another.
func (s *Service) moveEntries(tx *store.Tx, from, to client.SubjectRef) ([]entryOwner, error) {
	entries, err := tx.LooseEntries(from)
	if err != nil {
		return nil, err
	}
	var was []entryOwner
	for i, e := range entries {
		was = append(was, entryOwner{Entry: e.ID, To: form.RefOf(from)})
		if err := tx.GiveEntry(e.ID, to); err != nil {
			return nil, err
		}
		entries[i].Subject = &client.Subject{Kind: to.Kind, ID: to.ID}
	}
	return was, feed.Publish(tx, entries)
}

// moveContracts gives a client's contracts to another client.
func (s *Service) moveContracts(tx *store.Tx, by client.Employee, from, to client.SubjectRef) ([]cardState, error) {
	if from.Kind != client.KindClient {
		return nil, nil
	}
	contracts, err := tx.CardBy(client.KindContract, "client_id", from.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the contracts of client %s: %w", from.ID, err)
	}
	var was []cardState
	for _, c := range contracts {
		_, state, err := s.put(tx, by, &c, crm.MoveContract(c, to.ID, s.Now().UTC()), crm.ActionMerged)
		if err != nil {
			return nil, err
		}
		was = append(was, state)
	}
	return was, nil
}
