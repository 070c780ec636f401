package cards

import (
	"context"
	"errors"
	"slices"
	"strings"

	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/client"
)

// syncBatch is how many cards of another CRM are written in one transaction: some 20 ms.
const syncBatch = 50

// PutContract makes or changes the contract with the number. Fields that are absent stay; the same
// again writes nothing, so another CRM may send everything every night.
func (s *Service) PutContract(ctx context.Context, by client.Employee, in client.ContractInput) (client.SyncResult, client.Contract, error) {
	var r client.SyncResult
	var c crm.Card
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		var err error
		r, c, err = s.putContract(tx, by, in)
		return err
	})
	if err != nil {
		return r, client.Contract{}, err
	}
	return r, *c.Contract, nil
}

// PutClient makes or changes the client with the external id.
func (s *Service) PutClient(ctx context.Context, by client.Employee, in client.ClientInput) (client.SyncResult, client.Client, error) {
	var r client.SyncResult
	var c crm.Card
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		var err error
		r, c, err = s.putClient(tx, by, in)
		return err
	})
	if err != nil {
		return r, client.Client{}, err
	}
	return r, *c.Client, nil
}

// SyncContracts puts many. What the rules of cards refuse is told in its place and does not stop
// the others; sending a batch again after a failure in its middle is harmless.
func (s *Service) SyncContracts(ctx context.Context, by client.Employee, items []client.ContractInput) ([]client.SyncResult, error) {
	return syncMany(ctx, s, items, func(tx *store.Tx, in client.ContractInput) (client.SyncResult, crm.Card, error) {
		return s.putContract(tx, by, in)
	})
}

// SyncClients puts many.
func (s *Service) SyncClients(ctx context.Context, by client.Employee, items []client.ClientInput) ([]client.SyncResult, error) {
	return syncMany(ctx, s, items, func(tx *store.Tx, in client.ClientInput) (client.SyncResult, crm.Card, error) {
		return s.putClient(tx, by, in)
	})
}

func syncMany[T any](ctx context.Context, s *Service, items []T, put func(*store.Tx, T) (client.SyncResult, crm.Card, error)) ([]client.SyncResult, error) {
	all := make([]client.SyncResult, 0, len(items))
	for batch := range slices.Chunk(items, syncBatch) {
		done := len(all)
		err := s.Store.Write(ctx, func(tx *store.Tx) error {
			all = all[:done]
			for _, in := range batch {
				r, _, err := put(tx, in)
				var invalid *crm.Invalid
				if errors.As(err, &invalid) {
					r, err = client.SyncResult{Outcome: client.SyncRefused, Fields: invalid.Faults}, nil
				}
				if err != nil {
					return err
				}
				all = append(all, r)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *Service) putContract(tx *store.Tx, by client.Employee, in client.ContractInput) (client.SyncResult, crm.Card, error) {
	before, err := known(tx, client.KindContract, "number", in.Number)
	if err != nil {
		return client.SyncResult{}, crm.Card{}, err
	}
	responsible, err := responsibleOf(tx, in.ResponsibleID)
	if err != nil {
		return client.SyncResult{}, crm.Card{}, err
	}
	old := client.Contract{ID: s.NewID(), CreatedAt: s.Now().UTC()}
	if before != nil {
		old = *before.Clone().Contract
	}
	next, err := crm.ChangeContract(old, in, crm.Terms{Numbers: s.Directory.Numbers(), Responsible: responsible, Now: s.Now().UTC()})
	if err != nil {
		return client.SyncResult{}, crm.Card{}, err
	}
	if next.ClientID != old.ClientID {
		if _, err := s.promote(tx, by, old.ClientID, next.ClientID); err != nil {
			return client.SyncResult{}, crm.Card{}, err
		}
	}
	return s.putSynced(tx, by, before, crm.OfRecord(next, 0))
}

func (s *Service) putClient(tx *store.Tx, by client.Employee, in client.ClientInput) (client.SyncResult, crm.Card, error) {
	before, err := known(tx, client.KindClient, "external_id", in.ExternalID)
	if err != nil {
		return client.SyncResult{}, crm.Card{}, err
	}
	responsible, err := responsibleOf(tx, in.ResponsibleID)
	if err != nil {
		return client.SyncResult{}, crm.Card{}, err
	}
	old := client.Client{ID: s.NewID(), CreatedAt: s.Now().UTC()}
	if before != nil {
		old = *before.Clone().Client
	}
	next, err := crm.ChangeClient(old, in, crm.Terms{Numbers: s.Directory.Numbers(), Responsible: responsible, Now: s.Now().UTC()})
	if err != nil {
		return client.SyncResult{}, crm.Card{}, err
	}
	return s.putSynced(tx, by, before, crm.OfRecord(next, 0))
}

// known finds the card that another CRM means; nil when there is none. Of several the oldest.
func known(tx *store.Tx, kind client.SubjectKind, column string, value *string) (*crm.Card, error) {
	if value == nil || strings.TrimSpace(*value) == "" {
		return nil, &crm.Invalid{Faults: []string{column + ": is empty"}}
	}
	cards, err := tx.CardBy(kind, column, strings.TrimSpace(*value))
	if err != nil || len(cards) == 0 {
		return nil, err
	}
	return &cards[0], nil
}

func (s *Service) putSynced(tx *store.Tx, by client.Employee, before *crm.Card, after crm.Card) (client.SyncResult, crm.Card, error) {
	r := client.SyncResult{Outcome: client.SyncCreated, ID: after.Ref().ID}
	if before != nil {
		r.Outcome = client.SyncChanged
		if len(crm.Deltas(before, after)) == 0 {
			r.Outcome = client.SyncUnchanged
			return r, *before, nil
		}
	}
	_, err := s.put(tx, by, before, after, crm.ActionSynced)
	return r, after, err
}
