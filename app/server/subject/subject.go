// Package subject tells whose a telephone number is, and who a reference to a client or
// contract means today. Every other room asks here, so that a call, an entry of the feed, a task and a
// missed caller name the same person. It reads and keeps nothing; it never changes a card.
package subject

import (
	"context"
	"fmt"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/client"
)

// Lookup finds whose a number is: contracts first, then clients, the newest of each first.
func Lookup(tx *store.Tx, number phone.Number) ([]client.Subject, error) {
	cards, err := tx.Owners(number)
	if err != nil {
		return nil, err
	}
	return crm.Subjects(cards), nil
}

// LookupNow is Lookup outside a transaction.
func LookupNow(ctx context.Context, st *store.Store, number phone.Number) ([]client.Subject, error) {
	cards, err := st.Owners(ctx, number)
	if err != nil {
		return nil, err
	}
	return crm.Subjects(cards), nil
}

// OwnerOf is whom a number belongs to, nil when to nobody.
func OwnerOf(tx *store.Tx, number phone.Number) (*client.Subject, error) {
	matches, err := Lookup(tx, number)
	if err != nil {
		return nil, err
	}
	owner, _ := First(matches)
	return owner, nil
}

// First is under whom a call with these matches shows; nobody when there are none.
func First(matches []client.Subject) (*client.Subject, client.SubjectRef) {
	if len(matches) == 0 {
		return nil, client.SubjectRef{}
	}
	return &matches[0], RefOf(&matches[0])
}

// RefOf is the reference to a subject; empty for nil.
func RefOf(s *client.Subject) client.SubjectRef {
	if s == nil {
		return client.SubjectRef{}
	}
	return client.SubjectRef{Kind: s.Kind, ID: s.ID}
}

// ReadCards reads several cards, in a transaction (store.Tx.Cards) or beside one (Cards).
type ReadCards func([]client.SubjectRef) ([]crm.Card, error)

// Cards reads cards outside a transaction.
func Cards(ctx context.Context, st *store.Store) ReadCards {
	return func(refs []client.SubjectRef) ([]crm.Card, error) { return st.Cards(ctx, refs) }
}

// Resolve reads who the references mean today. Empty ones and cards that are gone are left out.
func Resolve(read ReadCards, refs []client.SubjectRef) (map[client.SubjectRef]client.Subject, error) {
	asked, unique := map[client.SubjectRef]bool{}, refs[:0:0]
	for _, ref := range refs {
		if ref.ID != "" && !asked[ref] {
			asked[ref] = true
			unique = append(unique, ref)
		}
	}
	all := map[client.SubjectRef]client.Subject{}
	if len(unique) == 0 {
		return all, nil
	}
	cards, err := read(unique)
	for _, c := range cards {
		all[c.Ref()] = c.Subject()
	}
	return all, err
}

// Living reads a card that is not deleted; store.ErrNotFound.
func Living(tx *store.Tx, ref client.SubjectRef) (crm.Card, error) {
	card, err := tx.Card(ref)
	if err == nil && card.Deleted() {
		err = fmt.Errorf("%s %s is deleted: %w", ref.Kind, ref.ID, store.ErrNotFound)
	}
	return card, err
}

// Of is who a reference means, of a card that is not deleted; store.ErrNotFound.
func Of(tx *store.Tx, ref client.SubjectRef) (client.Subject, error) {
	card, err := Living(tx, ref)
	if err != nil {
		return client.Subject{}, err
	}
	return card.Subject(), nil
}
