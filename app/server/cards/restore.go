package cards

import (
	"fmt"

	"dozvon/app/server/entry"

	"dozvon/app/server/audit"
	"dozvon/app/server/crm"
	"dozvon/app/server/feed"
	"dozvon/app/server/store"
	"dozvon/app/server/store/form"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// cardState is a card before an action (nil: it was made by it), and the version that the action
// gave it.
type cardState struct {
	Ref     form.Ref   `json:"ref"`
	Before  *form.Card `json:"before,omitempty"`
	Version int64      `json:"version"`
}

func stateOf(before *crm.Card, after crm.Card) cardState {
	state := cardState{Ref: form.RefOf(after.Ref()), Version: after.Version}
	if before != nil {
		kept := form.CardOf(*before)
		state.Before = &kept
	}
	return state
}

// undoCards is what cards were, for an offer to take a change back.
func undoCards(was ...cardState) undo.Before { return undo.Before{Kind: "cards", Was: was} }

// restoreCards takes changes of cards back, newest first: an action that wrote a card twice is taken
// back from its end.
func (s *Service) restoreCards(tx *store.Tx, by client.Employee, was []cardState) error {
	for i := len(was) - 1; i >= 0; i-- {
		if err := s.restoreCard(tx, by, was[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) restoreCard(tx *store.Tx, by client.Employee, state cardState) error {
	now, err := tx.Card(state.Ref.Ref())
	if err != nil {
		return err
	}
	if now.Version != state.Version {
		return fmt.Errorf("%s %s was changed since: %w", state.Ref.Kind, state.Ref.ID, undo.ErrLate)
	}
	if state.Before != nil {
		_, _, err = s.put(tx, by, &now, state.Before.Card(), crm.ActionUndone)
		return err
	}
	_, _, err = s.put(tx, by, &now, now.Delete(s.Now().UTC(), nil), crm.ActionUndone)
	return err
}

func auditCards(was []cardState) string {
	if len(was) == 0 {
		return ""
	}
	return audit.CardTarget(was[0].Ref.Ref())
}

// entryOwner is whose an entry was.
type entryOwner struct {
	Entry string   `json:"entry"`
	To    form.Ref `json:"to"`
}

// restoreEntries gives entries back to whose they were.
func (s *Service) restoreEntries(tx *store.Tx, _ client.Employee, was []entryOwner) error {
	for _, owner := range was {
		if err := tx.GiveEntry(owner.Entry, owner.To.Ref()); err != nil {
			return err
		}
		e, err := tx.Entry(owner.Entry)
		if err != nil {
			return err
		}
		if err := feed.Publish(tx, []entry.Entry{e}); err != nil {
			return err
		}
	}
	return nil
}
