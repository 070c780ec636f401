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
	"dozvon/app/server/wire"
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

// Save creates a card of a kind (empty id) or changes one, and rebinds the calls of every number that
// came or went. A lead who gets a contract becomes a client. *crm.Invalid names every fault of the input.
func (s *Service) Save(ctx context.Context, by client.Employee, ref client.SubjectRef, in crm.Input) (crm.Card, error) {
	var out crm.Card
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		before, err := s.toChange(ctx, tx, ref)
		if err != nil {
			return err
		}
		if before == nil && ref.Kind == client.KindClient && in.ResponsibleID == nil && by.ID != "" {
			in.ResponsibleID = &by.ID // whoever makes a lead looks after it, until told otherwise
		}
		after, promoted, err := s.changed(tx, by, ref.Kind, before, in)
		if err != nil {
			return err
		}
		out, err = s.changeCard(tx, by, before, after, promoted...)
		return err
	})
	return out, err
}

// toChange is the card that is to be changed, unless somebody did meanwhile; nil for a new one.
func (s *Service) toChange(ctx context.Context, tx *store.Tx, ref client.SubjectRef) (*crm.Card, error) {
	if ref.ID == "" {
		return nil, nil
	}
	card, err := subject.Living(tx, ref)
	if err != nil {
		return nil, err
	}
	return &card, tx.CheckCard(ctx, card)
}

// changed applies an input to a card (nil: a new one), and makes a client of the lead whose contract it is now.
func (s *Service) changed(tx *store.Tx, by client.Employee, kind client.SubjectKind, before *crm.Card, in crm.Input) (crm.Card, []cardState, error) {
	was := crm.NewCard(kind, s.NewID(), s.Now().UTC())
	if before != nil {
		was = *before
	}
	responsible, err := responsibleOf(tx, in.ResponsibleID)
	if err != nil {
		return crm.Card{}, nil, err
	}
	after, err := crm.Change(was, in, crm.Terms{Numbers: s.Directory.Numbers(), Responsible: responsible, Now: s.Now().UTC()})
	if err != nil {
		return crm.Card{}, nil, err
	}
	promoted, err := s.promote(tx, by, was.ClientID, after.ClientID)
	return after, promoted, err
}

// promote makes a client of the lead whose contract it is now; it returns what was before.
func (s *Service) promote(tx *store.Tx, by client.Employee, had, id string) ([]cardState, error) {
	if id == "" || id == had {
		return nil, nil
	}
	card, err := subject.Living(tx, client.SubjectRef{Kind: client.KindClient, ID: id})
	if err != nil {
		return nil, crm.Wrong("client_id", texts.Of("fault.no_client"))
	}
	if card.ClientKind != crm.Lead {
		return nil, nil
	}
	next := card.Clone()
	next.ClientKind, next.Status, next.UpdatedAt = crm.Client, client.StatusEnrolled, s.Now().UTC()
	_, state, err := s.put(tx, by, &card, next, crm.ActionChanged)
	return []cardState{state}, err
}

// changeCard writes a card that a person made or changed; they may take it back, with all that it
// brought along.
func (s *Service) changeCard(tx *store.Tx, by client.Employee, before *crm.Card, after crm.Card, along ...cardState) (crm.Card, error) {
	action, text := crm.ActionChanged, "card_changed"
	if before == nil {
		action, text = crm.ActionCreated, "card_created"
	} else if len(crm.Deltas(before, after)) == 0 {
		return *before, nil
	}
	after, state, err := s.put(tx, by, before, after, action)
	if err != nil {
		return after, err
	}
	return after, s.Undo.Offer(tx, by, texts.Of("undo."+text, texts.Args{"name": after.Name}).Both(), undoCards(append(along, state)...))
}

// put writes a card with its history, publishes it, and binds the calls of every number that
// came or went. It returns the card with its version, and what is needed to take it back.
func (s *Service) put(tx *store.Tx, by client.Employee, before *crm.Card, after crm.Card, action string) (crm.Card, cardState, error) {
	after.Version = 1
	var numbers []string
	if before != nil {
		after.Version = before.Version + 1
		numbers = append(numbers, before.Numbers()...)
	}
	numbers = append(numbers, after.Numbers()...)
	ref := after.Ref()
	if err := tx.SaveCard(after); err != nil {
		return after, cardState{}, err
	}
	if err := tx.AddChange(ref, s.NewID(), s.Now(), by, action, crm.Deltas(before, after)); err != nil {
		return after, cardState{}, err
	}
	if err := publishCard(tx, after); err != nil {
		return after, cardState{}, err
	}
	if err := s.enterInFeed(tx, by, before, after); err != nil {
		return after, cardState{}, err
	}
	if err := tx.TouchAddressbook(ref); err != nil {
		return after, cardState{}, err
	}
	return after, stateOf(before, after), s.Calls.Rebind(tx, numbers)
}

// enterInFeed enters that a card was made, and lets the search learn another name of one.
func (s *Service) enterInFeed(tx *store.Tx, by client.Employee, before *crm.Card, after crm.Card) error {
	if before == nil {
		return feed.Save(tx, feed.Created(s.NewID(), s.Now().UTC(), personOf(by), after.Subject()))
	}
	if before.Name != after.Name {
		return tx.MarkSubjectStale(after.Ref())
	}
	return nil
}

func publishCard(tx *store.Tx, c crm.Card) error {
	ref := c.Ref()
	if c.Deleted() {
		return tx.Journal(string(ref.Kind), stream.All, client.Deleted{ID: ref.ID, Deleted: true})
	}
	return tx.Journal(string(ref.Kind), stream.All, wire.Card(c))
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
		return nil, crm.Wrong("responsible_id", texts.Of("fault.no_employee"))
	}
	return &client.Person{ID: e.ID, Name: e.Name}, nil
}
