// Package cards changes clients and contracts: people create, change, merge, delete and restore them,
// another CRM sends them. Each change is one transaction with its history, its offer to take it back,
// and the calls of every number that came or went. What a valid card is, and what two merged ones make,
// are the rules of crm.
package cards

import (
	"context"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/audit"
	"dozvon/app/server/crm"
	"dozvon/app/server/feed"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/subject"
	"dozvon/app/server/texts"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// Service changes cards. The exported fields are required. Safe for concurrent use.
type Service struct {
	Store     *store.Store
	Audit     *audit.Log
	Undo      *undo.Offers
	Directory Directory
	Calls     Calls
	Now       func() time.Time
	NewID     func() string
}

// Directory is what the school has chosen.
type Directory interface {
	// Numbers reads telephones as people of this school write them.
	Numbers() phone.Reader
}

// Calls gives calls to whom they belong after cards have changed.
type Calls interface {
	// Rebind gives every call of the numbers to whom a lookup finds now, except those that a person
	// bound.
	Rebind(tx *store.Tx, numbers []string) error
	// ReassignManual gives the calls that a person bound to a card to another one, or, with an empty
	// reference, to whom their numbers belong without it. It returns how to take that back.
	ReassignManual(tx *store.Tx, from, to client.SubjectRef) (undo.Before, error)
}

// New returns a service whose offers to take changes back are registered. It takes the fields of s.
func New(s Service) *Service {
	undo.Register(s.Undo, "cards", s.restoreCards, auditCards)
	undo.Register(s.Undo, "entries", s.restoreEntries, nil)
	return &s
}

// SaveClient creates a client (empty id) or changes one, and rebinds the calls of every number
// that came or went. *crm.Invalid names every fault of the input.
func (s *Service) SaveClient(ctx context.Context, by client.Employee, id string, in client.ClientInput) (client.Client, error) {
	var out client.Client
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		var before *crm.Card
		old := client.Client{ID: s.NewID(), CreatedAt: s.Now().UTC()}
		if id != "" {
			card, err := subject.Living(tx, client.SubjectRef{Kind: client.KindClient, ID: id})
			if err != nil {
				return err
			}
			if err := tx.CheckCard(ctx, card); err != nil {
				return err
			}
			before, old = &card, *card.Client
		} else if in.ResponsibleID == nil && by.ID != "" {
			in.ResponsibleID = &by.ID // whoever makes a lead looks after it, until told otherwise
		}
		responsible, err := responsibleOf(tx, in.ResponsibleID)
		if err != nil {
			return err
		}
		if out, err = crm.ChangeClient(old, in, crm.Terms{Numbers: s.Directory.Numbers(), Responsible: responsible, Now: s.Now().UTC()}); err != nil {
			return err
		}
		after := crm.OfRecord(out, 0)
		err = s.changeCard(tx, by, before, after)
		out = *after.Client // with its ETag
		return err
	})
	return out, err
}

// SaveContract creates a contract (empty id) or changes one, and rebinds the calls of every
// number that came or went. A lead who gets a contract becomes a client.
func (s *Service) SaveContract(ctx context.Context, by client.Employee, id string, in client.ContractInput) (client.Contract, error) {
	var out client.Contract
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		var before *crm.Card
		old := client.Contract{ID: s.NewID(), CreatedAt: s.Now().UTC()}
		if id != "" {
			card, err := subject.Living(tx, client.SubjectRef{Kind: client.KindContract, ID: id})
			if err != nil {
				return err
			}
			if err := tx.CheckCard(ctx, card); err != nil {
				return err
			}
			before, old = &card, *card.Contract
		}
		responsible, err := responsibleOf(tx, in.ResponsibleID)
		if err != nil {
			return err
		}
		if out, err = crm.ChangeContract(old, in, crm.Terms{Numbers: s.Directory.Numbers(), Responsible: responsible, Now: s.Now().UTC()}); err != nil {
			return err
		}
		promoted, err := s.promote(tx, by, old.ClientID, out.ClientID)
		if err != nil {
			return err
		}
		after := crm.OfRecord(out, 0)
		err = s.changeCard(tx, by, before, after, promoted...)
		out = *after.Contract // with its ETag
		return err
	})
	return out, err
}

// promote makes a client of the lead whose contract it is now; it returns what was before.
func (s *Service) promote(tx *store.Tx, by client.Employee, had, id string) ([]cardState, error) {
	if id == "" || id == had {
		return nil, nil
	}
	card, err := subject.Living(tx, client.SubjectRef{Kind: client.KindClient, ID: id})
	if err != nil {
		return nil, &crm.Invalid{Faults: []string{"client_id: no such client"}}
	}
	if card.Client.Kind != crm.Lead {
		return nil, nil
	}
	next := card.Clone()
	next.Client.Kind, next.Client.Status, next.Client.UpdatedAt = crm.Client, client.StatusEnrolled, s.Now().UTC()
	state, err := s.put(tx, by, &card, next, crm.ActionChanged)
	return []cardState{state}, err
}

// changeCard writes a card that a person made or changed; they may take it back, with all that it
// brought along.
func (s *Service) changeCard(tx *store.Tx, by client.Employee, before *crm.Card, after crm.Card, along ...cardState) error {
	action, text := crm.ActionChanged, "card_changed"
	if before == nil {
		action, text = crm.ActionCreated, "card_created"
	} else if len(crm.Deltas(before, after)) == 0 {
		return nil
	}
	state, err := s.put(tx, by, before, after, action)
	if err != nil {
		return err
	}
	name := after.Subject().Name
	return s.Undo.Offer(tx, by, texts.Of("undo."+text, texts.Args{"name": name}).Both(), undoCards(append(along, state)...))
}

// put writes a card with its history, publishes it, and binds the calls of every number that
// came or went. It returns what is needed to take it back.
func (s *Service) put(tx *store.Tx, by client.Employee, before *crm.Card, after crm.Card, action string) (cardState, error) {
	version := int64(1)
	var numbers []string
	if before != nil {
		version = before.Version + 1
		numbers = append(numbers, before.Phones()...)
	}
	numbers = append(numbers, after.Phones()...)
	after.Stamp(version)
	ref := after.Ref()
	if err := tx.SaveCard(after); err != nil {
		return cardState{}, err
	}
	if err := tx.AddChange(ref, s.NewID(), s.Now(), by, action, crm.Deltas(before, after)); err != nil {
		return cardState{}, err
	}
	if err := publishCard(tx, after); err != nil {
		return cardState{}, err
	}
	if before == nil {
		made := feed.Created(s.NewID(), s.Now().UTC(), personOf(by), after.Subject())
		if err := feed.Save(tx, made); err != nil {
			return cardState{}, err
		}
	} else if before.Subject().Name != after.Subject().Name {
		if err := tx.MarkSubjectStale(ref); err != nil {
			return cardState{}, err
		}
	}
	if err := tx.TouchBook(ref); err != nil {
		return cardState{}, err
	}
	return cardState{Ref: ref, Before: before, Version: after.Version}, s.Calls.Rebind(tx, numbers)
}

func publishCard(tx *store.Tx, c crm.Card) error {
	ref := c.Ref()
	if c.Deleted() {
		return tx.Journal(string(ref.Kind), stream.All, client.Deleted{ID: ref.ID, Deleted: true})
	}
	return tx.Journal(string(ref.Kind), stream.All, c.Record())
}

func personOf(e client.Employee) *client.Person {
	if e.ID == "" {
		return nil
	}
	return &client.Person{ID: e.ID, Name: e.Name}
}

func responsibleOf(tx *store.Tx, id *string) (*client.Person, error) {
	if id == nil || *id == "" {
		return nil, nil
	}
	e, err := tx.Employee(*id)
	if err != nil {
		return nil, &crm.Invalid{Faults: []string{"responsible_id: no such employee"}}
	}
	return &client.Person{ID: e.ID, Name: e.Name}, nil
}
