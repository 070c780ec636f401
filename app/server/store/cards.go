package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/store/internal/sqlrows"
	"dozvon/client"
)

func person(id, name string) *client.Person {
	if id == "" || name == "" {
		return nil
	}
	return &client.Person{ID: id, Name: name}
}

func personID(p *client.Person) string {
	if p == nil {
		return ""
	}
	return p.ID
}

// Card reads one, also a deleted one; ErrNotFound.
func (t *Tx) Card(ref client.SubjectRef) (crm.Card, error) { return oneCard(t, ref) }

// Card reads one, also a deleted one; ErrNotFound.
func (s *Store) Card(ctx context.Context, ref client.SubjectRef) (crm.Card, error) {
	return oneCard(s.reads(ctx), ref)
}

// LivingCard reads one that is not deleted; ErrNotFound.
func (s *Store) LivingCard(ctx context.Context, ref client.SubjectRef) (crm.Card, error) {
	c, err := s.Card(ctx, ref)
	if err == nil && c.Deleted() {
		err = fmt.Errorf("%s %s: %w", ref.Kind, ref.ID, ErrNotFound)
	}
	return c, err
}

func oneCard(r reader, ref client.SubjectRef) (crm.Card, error) {
	if tables[ref.Kind] == "" {
		return crm.Card{}, fmt.Errorf("card of kind %q: %w", ref.Kind, ErrNotFound)
	}
	c, err := scanCard(ref.Kind, r.row(selectCards(ref.Kind)+"WHERE c.id = ?", ref.ID))
	return c, missing(err, string(ref.Kind)+" "+ref.ID)
}

// cardsAtOnce bounds how many cards one statement asks for.
const cardsAtOnce = 200

// Cards reads several, deleted ones left out, in no promised order.
func (s *Store) Cards(ctx context.Context, refs []client.SubjectRef) ([]crm.Card, error) {
	return someCards(s.reads(ctx), refs)
}

// Cards reads several, deleted ones left out, in no promised order.
func (t *Tx) Cards(refs []client.SubjectRef) ([]crm.Card, error) { return someCards(t, refs) }

func someCards(r reader, refs []client.SubjectRef) ([]crm.Card, error) {
	var all []crm.Card
	for _, kind := range []client.SubjectKind{client.KindContract, client.KindClient} {
		var ids []any
		for _, ref := range refs {
			if ref.Kind == kind {
				ids = append(ids, ref.ID)
			}
		}
		for some := range slices.Chunk(ids, cardsAtOnce) {
			list, some := sqlrows.In(some)
			rows, err := r.query(selectCards(kind)+"WHERE c.deleted_at = 0 AND c.id IN "+list, some...)
			if err != nil {
				return nil, fmt.Errorf("reading cards: %w", err)
			}
			cards, err := collect(rows, func(rows *sql.Rows) (crm.Card, error) { return scanCard(kind, rows) })
			if err != nil {
				return nil, err
			}
			all = append(all, cards...)
		}
	}
	return all, nil
}

// Owners finds whose number it is, in no promised order.
func (s *Store) Owners(ctx context.Context, number phone.Number) ([]crm.Card, error) {
	return owners(s.reads(ctx), number)
}

// Owners finds whose number it is, in no promised order.
func (t *Tx) Owners(number phone.Number) ([]crm.Card, error) { return owners(t, number) }

func owners(r reader, number phone.Number) ([]crm.Card, error) {
	if number == "" {
		return nil, nil
	}
	var all []crm.Card
	for _, kind := range []client.SubjectKind{client.KindContract, client.KindClient} {
		rows, err := r.query(selectCards(kind)+"WHERE c.id IN (SELECT subject_id FROM phones WHERE number = ? AND kind = '"+string(kind)+"')", string(number))
		if err != nil {
			return nil, fmt.Errorf("looking up %s: %w", number.Masked(), err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (crm.Card, error) { return scanCard(kind, rows) })
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// OwnedNumbers lists the numbers that stand in cards, in their order, after one.
func (s *Store) OwnedNumbers(ctx context.Context, after phone.Number, limit int) ([]phone.Number, error) {
	rows, err := s.reads(ctx).query("SELECT DISTINCT number FROM phones WHERE number > ? ORDER BY number LIMIT ?", string(after), limit)
	if err != nil {
		return nil, fmt.Errorf("listing the numbers of cards: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (n phone.Number, err error) { return n, rows.Scan(&n) })
}

// CardBy finds cards by an exact value: external_id of either kind, number or client_id of a contract.
func (t *Tx) CardBy(kind client.SubjectKind, column, value string) ([]crm.Card, error) {
	if !slices.Contains([]string{"external_id", "number", "client_id"}, column) || value == "" {
		return nil, fmt.Errorf("finding cards by %s: %w", column, ErrNotFound)
	}
	rows, err := t.query(selectCards(kind)+"WHERE c."+column+" = ? AND c.deleted_at = 0 ORDER BY c.created_at, c.id", value)
	if err != nil {
		return nil, fmt.Errorf("finding cards by %s: %w", column, err)
	}
	return collect(rows, func(rows *sql.Rows) (crm.Card, error) { return scanCard(kind, rows) })
}
