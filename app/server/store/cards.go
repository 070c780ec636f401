package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"dozvon/app/phone"
	"dozvon/app/server/crm"
	"dozvon/app/server/revision"
	"dozvon/app/server/store/form"
	"dozvon/app/server/store/internal/sqlrows"
	"dozvon/client"
)

// sharedColumns are those that both kinds of card have.
const sharedColumns = `c.id, c.name, c.note, c.phones, c.tags, c.status, c.external_id, c.responsible_id, COALESCE(e.name, ''), c.created_at, c.updated_at, c.deleted_at, c.merged_into, c.version`

const (
	clientColumns   = sharedColumns + `, c.kind, c.email`
	clientFrom      = ` FROM clients c LEFT JOIN employees e ON e.id = c.responsible_id `
	contractColumns = sharedColumns + `, c.number, c.client_id, c.category, c.group_name, c.signed_on`
	contractFrom    = ` FROM contracts c LEFT JOIN employees e ON e.id = c.responsible_id `
)

// tables of the kinds of card.
var tables = map[client.SubjectKind]struct{ name, columns, from string }{
	client.KindClient:   {"clients", clientColumns, clientFrom},
	client.KindContract: {"contracts", contractColumns, contractFrom},
}

type scanner interface{ Scan(...any) error }

// sharedRow reads what both kinds of card have.
type sharedRow struct {
	id, name, note, phones, tags, status, externalID, rid, rname, merged string
	created, updated, deleted, version                                   int64
}

func (s *sharedRow) targets(more ...any) []any {
	return append([]any{
		&s.id, &s.name, &s.note, &s.phones, &s.tags, &s.status, &s.externalID, &s.rid, &s.rname,
		&s.created, &s.updated, &s.deleted, &s.merged, &s.version,
	}, more...)
}

func (s *sharedRow) lists() (list []client.Phone, tags []string, err error) {
	list, tags = []client.Phone{}, []string{}
	if list, err = form.ReadPhones(s.phones); err != nil {
		return nil, nil, fmt.Errorf("reading the numbers of card %s: %w", s.id, err)
	}
	if err = json.Unmarshal([]byte(s.tags), &tags); err != nil {
		return nil, nil, fmt.Errorf("reading the tags of card %s: %w", s.id, err)
	}
	return list, tags, nil
}

func (s *sharedRow) removed(kind client.SubjectKind) client.Removed {
	var r client.Removed
	if s.deleted > 0 {
		at := fromMilli(s.deleted)
		r.DeletedAt = &at
	}
	if s.merged != "" {
		r.MergedInto = &client.SubjectRef{Kind: kind, ID: s.merged}
	}
	return r
}

func scanClient(row scanner) (client.Client, int64, error) {
	var s sharedRow
	var c client.Client
	if err := row.Scan(s.targets(&c.Kind, &c.Email)...); err != nil {
		return c, 0, err
	}
	list, tags, err := s.lists()
	c.ID, c.Name, c.Note, c.PhoneList, c.Phones, c.Tags = s.id, s.name, s.note, list, crm.Numbers(list), tags
	c.Status, c.ExternalID, c.Responsible = s.status, s.externalID, person(s.rid, s.rname)
	c.CreatedAt, c.UpdatedAt, c.Removed = fromMilli(s.created), fromMilli(s.updated), s.removed(client.KindClient)
	c.ETag = revision.Version(s.version)
	return c, s.version, err
}

func scanContract(row scanner) (client.Contract, int64, error) {
	var s sharedRow
	var c client.Contract
	if err := row.Scan(s.targets(&c.Number, &c.ClientID, &c.Category, &c.Group, &c.SignedOn)...); err != nil {
		return c, 0, err
	}
	list, tags, err := s.lists()
	c.ID, c.Name, c.Note, c.PhoneList, c.Phones, c.Tags = s.id, s.name, s.note, list, crm.Numbers(list), tags
	c.Status, c.ExternalID, c.Responsible = s.status, s.externalID, person(s.rid, s.rname)
	c.CreatedAt, c.UpdatedAt, c.Removed = fromMilli(s.created), fromMilli(s.updated), s.removed(client.KindContract)
	c.ETag = revision.Version(s.version)
	return c, s.version, err
}

func scanCard(kind client.SubjectKind, row scanner) (crm.Card, error) {
	if kind == client.KindContract {
		c, version, err := scanContract(row)
		return crm.OfRecord(c, version), err
	}
	c, version, err := scanClient(row)
	return crm.OfRecord(c, version), err
}

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

// Client reads one; ErrNotFound.
func (s *Store) Client(ctx context.Context, id string) (client.Client, error) {
	c, _, err := scanClient(s.reads(ctx).row("SELECT "+clientColumns+clientFrom+"WHERE c.id = ? AND c.deleted_at = 0", id))
	return c, missing(err, "client "+id)
}

// Contract reads one; ErrNotFound.
func (s *Store) Contract(ctx context.Context, id string) (client.Contract, error) {
	c, _, err := scanContract(s.reads(ctx).row("SELECT "+contractColumns+contractFrom+"WHERE c.id = ? AND c.deleted_at = 0", id))
	return c, missing(err, "contract "+id)
}

// Card reads one, also a deleted one; ErrNotFound.
func (t *Tx) Card(ref client.SubjectRef) (crm.Card, error) { return oneCard(t, ref) }

// Card reads one, also a deleted one; ErrNotFound.
func (s *Store) Card(ctx context.Context, ref client.SubjectRef) (crm.Card, error) {
	return oneCard(s.reads(ctx), ref)
}

func oneCard(r reader, ref client.SubjectRef) (crm.Card, error) {
	table, ok := tables[ref.Kind]
	if !ok {
		return crm.Card{}, fmt.Errorf("card of kind %q: %w", ref.Kind, ErrNotFound)
	}
	c, err := scanCard(ref.Kind, r.row("SELECT "+table.columns+table.from+"WHERE c.id = ?", ref.ID))
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
			rows, err := r.query("SELECT "+tables[kind].columns+tables[kind].from+"WHERE c.deleted_at = 0 AND c.id IN "+list, some...)
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

// SaveCard creates or changes a card and the numbers that find it. The caller has set the version.
func (t *Tx) SaveCard(c crm.Card) error {
	var err error
	if c.Contract != nil {
		err = t.saveContract(*c.Contract, c.Version)
	} else {
		err = t.saveClient(*c.Client, c.Version)
	}
	if err != nil {
		return fmt.Errorf("saving %s: %w", c.Ref().ID, err)
	}
	ref := c.Ref()
	if err := t.setPhones(ref.Kind, ref.ID, c.Phones()); err != nil {
		return err
	}
	return t.MarkStale(string(ref.Kind), ref.ID)
}

func (t *Tx) saveClient(c client.Client, version int64) error {
	phones, tags, deleted, merged, err := encoded(c.PhoneList, c.Tags, c.Removed)
	if err != nil {
		return err
	}
	_, err = t.exec(`
INSERT INTO clients (id, kind, name, email, note, phones, tags, status, external_id, responsible_id, created_at, updated_at, deleted_at, merged_into, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, email = excluded.email, note = excluded.note,
  phones = excluded.phones, tags = excluded.tags, status = excluded.status, external_id = excluded.external_id,
  responsible_id = excluded.responsible_id, updated_at = excluded.updated_at, deleted_at = excluded.deleted_at,
  merged_into = excluded.merged_into, version = excluded.version`,
		c.ID, c.Kind, c.Name, c.Email, c.Note, phones, tags, c.Status, c.ExternalID, personID(c.Responsible),
		c.CreatedAt.UnixMilli(), c.UpdatedAt.UnixMilli(), deleted, merged, version)
	return err
}

func (t *Tx) saveContract(c client.Contract, version int64) error {
	phones, tags, deleted, merged, err := encoded(c.PhoneList, c.Tags, c.Removed)
	if err != nil {
		return err
	}
	_, err = t.exec(`
INSERT INTO contracts (id, number, name, client_id, category, group_name, signed_on, note, phones, tags, status, external_id, responsible_id, created_at, updated_at, deleted_at, merged_into, version)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name, client_id = excluded.client_id, category = excluded.category,
  group_name = excluded.group_name, signed_on = excluded.signed_on, note = excluded.note, phones = excluded.phones, tags = excluded.tags,
  status = excluded.status, external_id = excluded.external_id, responsible_id = excluded.responsible_id, updated_at = excluded.updated_at,
  deleted_at = excluded.deleted_at, merged_into = excluded.merged_into, version = excluded.version`,
		c.ID, c.Number, c.Name, c.ClientID, c.Category, c.Group, c.SignedOn, c.Note, phones, tags, c.Status, c.ExternalID, personID(c.Responsible),
		c.CreatedAt.UnixMilli(), c.UpdatedAt.UnixMilli(), deleted, merged, version)
	return err
}

func encoded(list []client.Phone, tags []string, r client.Removed) (phones, labels string, deleted int64, merged string, err error) {
	phones, err = form.Phones(list)
	if err != nil {
		return "", "", 0, "", err
	}
	b, err := json.Marshal(tags)
	if err != nil {
		return "", "", 0, "", fmt.Errorf("encoding tags: %w", err)
	}
	if r.DeletedAt != nil {
		deleted = r.DeletedAt.UnixMilli()
	}
	if r.MergedInto != nil {
		merged = r.MergedInto.ID
	}
	return phones, string(b), deleted, merged, nil
}

func (t *Tx) setPhones(kind client.SubjectKind, id string, phones []string) error {
	if _, err := t.exec("DELETE FROM phones WHERE kind = ? AND subject_id = ?", kind, id); err != nil {
		return fmt.Errorf("clearing numbers: %w", err)
	}
	for _, p := range phones {
		_, err := t.exec("INSERT INTO phones (number, kind, subject_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", p, kind, id)
		if err != nil {
			return fmt.Errorf("writing a number: %w", err)
		}
	}
	return nil
}

// Owners finds whose number it is, in no promised order.
func (s *Store) Owners(ctx context.Context, number phone.Number) ([]client.Contract, []client.Client, error) {
	return owners(s.reads(ctx), number)
}

// Owners finds whose number it is, in no promised order.
func (t *Tx) Owners(number phone.Number) ([]client.Contract, []client.Client, error) {
	return owners(t, number)
}

func owners(r reader, number phone.Number) ([]client.Contract, []client.Client, error) {
	if number == "" {
		return nil, nil, nil
	}
	rows, err := r.query("SELECT "+contractColumns+contractFrom+
		"WHERE c.id IN (SELECT subject_id FROM phones WHERE number = ? AND kind = 'contract')", string(number))
	if err != nil {
		return nil, nil, fmt.Errorf("looking up %s: %w", number.Masked(), err)
	}
	contracts, err := collect(rows, func(rows *sql.Rows) (client.Contract, error) {
		c, _, err := scanContract(rows)
		return c, err
	})
	if err != nil {
		return nil, nil, err
	}
	rows, err = r.query("SELECT "+clientColumns+clientFrom+
		"WHERE c.id IN (SELECT subject_id FROM phones WHERE number = ? AND kind = 'client')", string(number))
	if err != nil {
		return nil, nil, fmt.Errorf("looking up %s: %w", number.Masked(), err)
	}
	clients, err := collect(rows, func(rows *sql.Rows) (client.Client, error) {
		c, _, err := scanClient(rows)
		return c, err
	})
	return contracts, clients, err
}

// CardBy finds cards by an exact value: external_id of either kind, number or client_id of a contract.
func (t *Tx) CardBy(kind client.SubjectKind, column, value string) ([]crm.Card, error) {
	if !slices.Contains([]string{"external_id", "number", "client_id"}, column) || value == "" {
		return nil, fmt.Errorf("finding cards by %s: %w", column, ErrNotFound)
	}
	rows, err := t.query("SELECT "+tables[kind].columns+tables[kind].from+"WHERE c."+column+" = ? AND c.deleted_at = 0 ORDER BY c.created_at, c.id", value)
	if err != nil {
		return nil, fmt.Errorf("finding cards by %s: %w", column, err)
	}
	return collect(rows, func(rows *sql.Rows) (crm.Card, error) { return scanCard(kind, rows) })
}

// Owned is whom a number belongs to, nil when to nobody.
func (t *Tx) Owned(number phone.Number) (*client.Subject, error) {
	contracts, clients, err := t.Owners(number)
	if err != nil {
		return nil, err
	}
	matches := crm.Subjects(contracts, clients)
	if len(matches) == 0 {
		return nil, nil
	}
	return &matches[0], nil
}
