package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"dozvon/app/phone"
	"dozvon/client"
)

const (
	clientColumns = `c.id, c.kind, c.name, c.email, c.note, c.phones, c.responsible_id, COALESCE(e.name, ''), c.created_at, c.updated_at`
	clientFrom    = ` FROM clients c LEFT JOIN employees e ON e.id = c.responsible_id `
)

const (
	contractColumns = `c.id, c.number, c.name, c.client_id, c.category, c.group_name, c.signed_on, c.note, c.phones, c.responsible_id, COALESCE(e.name, ''), c.created_at, c.updated_at`
	contractFrom    = ` FROM contracts c LEFT JOIN employees e ON e.id = c.responsible_id `
)

func scanClient(rows interface{ Scan(...any) error }) (client.Client, error) {
	var c client.Client
	var phones, rid, rname string
	var created, updated int64
	if err := rows.Scan(&c.ID, &c.Kind, &c.Name, &c.Email, &c.Note, &phones, &rid, &rname, &created, &updated); err != nil {
		return c, err
	}
	c.CreatedAt, c.UpdatedAt, c.Responsible = fromMilli(created), fromMilli(updated), person(rid, rname)
	return c, json.Unmarshal([]byte(phones), &c.Phones)
}

func scanContract(rows interface{ Scan(...any) error }) (client.Contract, error) {
	var c client.Contract
	var phones, rid, rname string
	var created, updated int64
	err := rows.Scan(&c.ID, &c.Number, &c.Name, &c.ClientID, &c.Category, &c.Group, &c.SignedOn, &c.Note, &phones, &rid, &rname, &created, &updated)
	if err != nil {
		return c, err
	}
	c.CreatedAt, c.UpdatedAt, c.Responsible = fromMilli(created), fromMilli(updated), person(rid, rname)
	return c, json.Unmarshal([]byte(phones), &c.Phones)
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
	return oneClient(s.reads(ctx), id)
}

// Client reads one; ErrNotFound.
func (t *Tx) Client(id string) (client.Client, error) { return oneClient(t, id) }

func oneClient(r reader, id string) (client.Client, error) {
	c, err := scanClient(r.row("SELECT "+clientColumns+clientFrom+"WHERE c.id = ? AND c.deleted_at = 0", id))
	return c, missing(err, "client "+id)
}

// Contract reads one; ErrNotFound.
func (s *Store) Contract(ctx context.Context, id string) (client.Contract, error) {
	return oneContract(s.reads(ctx), id)
}

// Contract reads one; ErrNotFound.
func (t *Tx) Contract(id string) (client.Contract, error) { return oneContract(t, id) }

func oneContract(r reader, id string) (client.Contract, error) {
	c, err := scanContract(r.row("SELECT "+contractColumns+contractFrom+"WHERE c.id = ? AND c.deleted_at = 0", id))
	return c, missing(err, "contract "+id)
}

// SaveClient creates or changes a client and the numbers that find it. search is its folded text.
func (t *Tx) SaveClient(c client.Client, search string) error {
	phones, err := json.Marshal(c.Phones)
	if err != nil {
		return fmt.Errorf("encoding numbers: %w", err)
	}
	_, err = t.exec(`
INSERT INTO clients (id, kind, name, email, note, phones, responsible_id, search, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, email = excluded.email, note = excluded.note,
  phones = excluded.phones, responsible_id = excluded.responsible_id, search = excluded.search, updated_at = excluded.updated_at`,
		c.ID, c.Kind, c.Name, c.Email, c.Note, string(phones), personID(c.Responsible), search, c.CreatedAt.UnixMilli(), c.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("saving client %s: %w", c.ID, err)
	}
	return t.setPhones(client.KindClient, c.ID, c.Phones)
}

// SaveContract creates or changes a contract and the numbers that find it.
func (t *Tx) SaveContract(c client.Contract, search string) error {
	phones, err := json.Marshal(c.Phones)
	if err != nil {
		return fmt.Errorf("encoding numbers: %w", err)
	}
	_, err = t.exec(`
INSERT INTO contracts (id, number, name, client_id, category, group_name, signed_on, note, phones, responsible_id, search, created_at, updated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET number = excluded.number, name = excluded.name, client_id = excluded.client_id, category = excluded.category,
  group_name = excluded.group_name, signed_on = excluded.signed_on, note = excluded.note, phones = excluded.phones,
  responsible_id = excluded.responsible_id, search = excluded.search, updated_at = excluded.updated_at`,
		c.ID, c.Number, c.Name, c.ClientID, c.Category, c.Group, c.SignedOn, c.Note, string(phones), personID(c.Responsible), search, c.CreatedAt.UnixMilli(), c.UpdatedAt.UnixMilli())
	if err != nil {
		return fmt.Errorf("saving contract %s: %w", c.ID, err)
	}
	return t.setPhones(client.KindContract, c.ID, c.Phones)
}

// DeleteCard hides a client or contract; its numbers find it no more.
func (t *Tx) DeleteCard(kind client.SubjectKind, id string) error {
	table := map[client.SubjectKind]string{client.KindClient: "clients", client.KindContract: "contracts"}[kind]
	if _, err := t.exec("UPDATE "+table+" SET deleted_at = ? WHERE id = ?", t.store.now().UnixMilli(), id); err != nil {
		return fmt.Errorf("deleting %s %s: %w", kind, id, err)
	}
	return t.setPhones(kind, id, nil)
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
	contracts, err := collect(rows, func(rows *sql.Rows) (client.Contract, error) { return scanContract(rows) })
	if err != nil {
		return nil, nil, err
	}
	rows, err = r.query("SELECT "+clientColumns+clientFrom+
		"WHERE c.id IN (SELECT subject_id FROM phones WHERE number = ? AND kind = 'client')", string(number))
	if err != nil {
		return nil, nil, fmt.Errorf("looking up %s: %w", number.Masked(), err)
	}
	clients, err := collect(rows, func(rows *sql.Rows) (client.Client, error) { return scanClient(rows) })
	return contracts, clients, err
}

// Clients reads a page, newest first, strictly older than the cursor; needle is folded text.
func (s *Store) Clients(ctx context.Context, needle string, c Cursor, limit int) ([]client.Client, error) {
	rows, err := s.reads(ctx).query("SELECT "+clientColumns+clientFrom+cardPage, needle, "%"+escapeLike(needle)+"%", c.At, c.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("listing clients: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (client.Client, error) { return scanClient(rows) })
}

// Contracts reads a page, newest first, strictly older than the cursor; needle is folded text.
func (s *Store) Contracts(ctx context.Context, needle string, c Cursor, limit int) ([]client.Contract, error) {
	rows, err := s.reads(ctx).query("SELECT "+contractColumns+contractFrom+cardPage, needle, "%"+escapeLike(needle)+"%", c.At, c.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("listing contracts: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (client.Contract, error) { return scanContract(rows) })
}

const cardPage = `WHERE c.deleted_at = 0 AND (CAST(? AS TEXT) = '' OR c.search LIKE ? ESCAPE '!') AND (c.created_at, c.id) < (?, ?)
ORDER BY c.created_at DESC, c.id DESC LIMIT ?`
