package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"dozvon/app/server/store/form"
	"dozvon/client"
)

// Integration is a connected PBX with its sealed secrets.
type Integration struct {
	client.Integration
	// Fields are those of the account that are no secret, by name, but for the key; Sealed are the others.
	Fields, Sealed map[string]string
	// KeyPrint is the keyed fingerprint of a key that is a secret.
	KeyPrint   string
	HookSealed string // the secret word of the address; empty: it has none
	CreatedAt  time.Time
	LastDelay  time.Duration // how much later than its own time the newest webhook came
	// CertainUntil is the moment up to which our calls and the PBX's statistics agree.
	CertainUntil time.Time
	// Subscriptions are those that were made for it and are remembered, oldest first.
	Subscriptions      []Subscription
	SubscriptionHealth SubscriptionHealth
}

const integrationColumns = `
  i.id,
  i.kind,
  i.name,
  i.active,
  i.api_key,
  i.key_print,
  i.fields,
  i.sealed,
  i.api_url,
  i.forwarding,
  i.lines,
  i.last_event_at,
  i.created_at,
  i.updated_at,
  i.updated_by,
  COALESCE(e.name, ''),
  i.hook_secret,
  i.address_book,
  i.certain_until,
  i.reconciled,
  i.book_state,
  i.last_delay`

func scanIntegration(rows interface{ Scan(...any) error }) (Integration, error) {
	var i Integration
	var fields, sealed, lines, by, byName, reconciled, book string
	var last, created, updated, certain, delay int64
	err := rows.Scan(
		&i.ID,
		&i.Kind,
		&i.Name,
		&i.Active,
		&i.APIKey,
		&i.KeyPrint,
		&fields,
		&sealed,
		&i.APIURL,
		&i.Forwarding,
		&lines,
		&last,
		&created,
		&updated,
		&by,
		&byName,
		&i.HookSealed,
		&i.AddressBook,
		&certain,
		&reconciled,
		&book,
		&delay,
	)
	if err != nil {
		return i, err
	}
	if err := errors.Join(json.Unmarshal([]byte(fields), &i.Fields), json.Unmarshal([]byte(sealed), &i.Sealed)); err != nil {
		return i, fmt.Errorf("reading the account of integration %s: %w", i.ID, err)
	}
	i.Secrets = slices.Sorted(maps.Keys(i.Sealed))
	i.HasSalt, i.HookSecret = i.Sealed["api_salt"] != "", i.HookSealed != ""
	i.CreatedAt, i.UpdatedAt, i.UpdatedBy = fromMilli(created), fromMilli(updated), person(by, byName)
	i.Health = client.Health{State: client.HealthOK}
	i.LastDelay = time.Duration(delay) * time.Millisecond
	if certain > 0 {
		i.CertainUntil = fromMilli(certain)
	}
	if i.Reconciled, err = form.ReadReconciled(reconciled); err != nil {
		return i, err
	}
	if i.Book, err = form.ReadAddressBook(book); err != nil {
		return i, err
	}
	if last > 0 {
		at := fromMilli(last)
		i.LastEvent = &at
	}
	i.Lines, err = form.ReadLines(lines)
	return i, err
}

// Integrations lists the connected PBXs, oldest first.
func (s *Store) Integrations(ctx context.Context) ([]Integration, error) {
	return integrations(s.reads(ctx))
}

// Integrations lists the connected PBXs, oldest first.
func (t *Tx) Integrations() ([]Integration, error) { return integrations(t) }

func integrations(r reader) ([]Integration, error) {
	rows, err := r.query("SELECT " + integrationColumns + " FROM integrations i LEFT JOIN employees e ON e.id = i.updated_by ORDER BY i.created_at, i.id")
	if err != nil {
		return nil, fmt.Errorf("listing integrations: %w", err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (Integration, error) { return scanIntegration(rows) })
	if err != nil || len(all) == 0 {
		return all, err
	}
	return withSubscriptions(r, all)
}

func withSubscriptions(r reader, all []Integration) ([]Integration, error) {
	made, err := subscriptions(r)
	if err != nil {
		return nil, err
	}
	healths, err := subscriptionHealths(r)
	if err != nil {
		return nil, err
	}
	for n := range all {
		all[n].SubscriptionHealth = healths[all[n].ID]
		for _, s := range made {
			if s.IntegrationID == all[n].ID {
				all[n].Subscriptions = append(all[n].Subscriptions, s)
			}
		}
	}
	return all, nil
}

// SaveIntegration creates or changes one; ErrTaken when another has the same key.
func (t *Tx) SaveIntegration(i Integration) error {
	var n int
	err := t.row("SELECT COUNT(*) FROM integrations WHERE kind = ? AND api_key = ? AND key_print = ? AND id <> ?", i.Kind, i.APIKey, i.KeyPrint, i.ID).Scan(&n)
	if err != nil {
		return fmt.Errorf("looking for the key: %w", err)
	}
	if n > 0 {
		return fmt.Errorf("api_key: %w", ErrTaken)
	}
	lines, err := form.Lines(i.Lines)
	if err != nil {
		return err
	}
	fields, sealed, err := encodeAccount(i)
	if err != nil {
		return err
	}
	if err := t.keepLineNames(i.Lines); err != nil {
		return err
	}
	now := t.store.now().UnixMilli()
	err = t.put("integrations", "id", columns{
		{"id", i.ID},
		{"kind", once{i.Kind}},
		{"name", i.Name},
		{"active", i.Active},
		{"api_key", i.APIKey},
		{"key_print", i.KeyPrint},
		{"fields", fields},
		{"sealed", sealed},
		{"api_url", i.APIURL},
		{"forwarding", i.Forwarding},
		{"lines", lines},
		{"hook_secret", i.HookSealed},
		{"address_book", i.AddressBook},
		{"updated_by", personID(i.UpdatedBy)},
		{"created_at", once{now}},
		{"updated_at", now},
	})
	if err != nil {
		return fmt.Errorf("saving integration %s: %w", i.ID, err)
	}
	return t.alignExtensions()
}

// encodeAccount gives the columns fields and sealed.
func encodeAccount(i Integration) (fields, sealed string, err error) {
	var out [2]string
	for n, m := range []map[string]string{i.Fields, i.Sealed} {
		if m == nil {
			m = map[string]string{}
		}
		raw, err := json.Marshal(m)
		if err != nil {
			return "", "", fmt.Errorf("encoding the account of integration %s: %w", i.ID, err)
		}
		out[n] = string(raw)
	}
	return out[0], out[1], nil
}

// keepLineNames remembers what lines were called, for when their integration is no more.
func (t *Tx) keepLineNames(lines []client.Line) error {
	for _, l := range lines {
		if l.Name == "" {
			continue
		}
		_, err := t.exec("INSERT INTO line_names (number, name) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET name = excluded.name", l.Number, l.Name)
		if err != nil {
			return fmt.Errorf("remembering the name of a line: %w", err)
		}
	}
	return nil
}

// LineNames are what lines were called last, by number, also those of integrations that are no more.
func (s *Store) LineNames(ctx context.Context) (map[string]string, error) {
	rows, err := s.reads(ctx).query("SELECT number, name FROM line_names")
	if err != nil {
		return nil, fmt.Errorf("reading the names of lines: %w", err)
	}
	names := map[string]string{}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var number, name string
		err := rows.Scan(&number, &name)
		names[number] = name
		return struct{}{}, err
	})
	return names, err
}

// DeleteIntegration removes one and its table of extensions; its calls stay.
func (t *Tx) DeleteIntegration(id string) error {
	all, err := t.Integrations()
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.ID != id {
			continue
		}
		if err := t.keepLineNames(i.Lines); err != nil {
			return err
		}
		if err := t.SetShared(formerName(i), []byte(i.ID)); err != nil {
			return err
		}
	}
	res, err := t.exec("DELETE FROM integrations WHERE id = ?", id)
	if err != nil {
		return fmt.Errorf("deleting integration %s: %w", id, err)
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return fmt.Errorf("integration %s: %w", id, ErrNotFound)
	}
	if _, err := t.exec("DELETE FROM book WHERE integration_id = ?", id); err != nil {
		return fmt.Errorf("forgetting the address book of %s: %w", id, err)
	}
	return t.alignExtensions()
}

// formerName is where the id of a PBX that was disconnected is kept. Its key may be a secret.
func formerName(i Integration) string {
	sum := sha256.Sum256([]byte(i.Kind + " " + i.APIKey + i.KeyPrint))
	return "former " + hex.EncodeToString(sum[:])
}

// TakeFormerID gives the id that a PBX of this kind and key had before it was disconnected, once;
// empty when there was none.
func (t *Tx) TakeFormerID(i Integration) (string, error) {
	id, err := t.Shared(formerName(i))
	if err != nil || id == nil {
		return "", err
	}
	return string(id), t.SetShared(formerName(i), nil)
}

// TouchIntegration notes when its last event came, and how late; another node may know of a later one.
func (t *Tx) TouchIntegration(id string, at time.Time, delay time.Duration) error {
	_, err := t.exec("UPDATE integrations SET last_event_at = ?, last_delay = ? WHERE id = ? AND last_event_at < ?", at.UnixMilli(), delay.Milliseconds(), id, at.UnixMilli())
	if err != nil {
		return fmt.Errorf("noting the last event of %s: %w", id, err)
	}
	return nil
}

// SetReconciled notes what a comparison with the PBX's statistics came to; a zero until leaves the
// certain moment as it was.
func (t *Tx) SetReconciled(id string, r client.Reconciled, until time.Time) error {
	raw, err := form.Reconciled(r)
	if err != nil {
		return err
	}
	if _, err = t.exec("UPDATE integrations SET reconciled = ? WHERE id = ?", raw, id); err == nil && !until.IsZero() {
		_, err = t.exec("UPDATE integrations SET certain_until = ? WHERE id = ? AND certain_until < ?", until.UnixMilli(), id, until.UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("noting a comparison of %s: %w", id, err)
	}
	return nil
}

// SetAddressbookState notes how far the PBX's address book is.
func (t *Tx) SetAddressbookState(id string, b client.BookState) error {
	raw, err := form.AddressBook(b)
	if err != nil {
		return err
	}
	if _, err := t.exec("UPDATE integrations SET book_state = ? WHERE id = ?", raw, id); err != nil {
		return fmt.Errorf("noting the address book's state of %s: %w", id, err)
	}
	return nil
}

// Extensions reads an integration's table of employees' extensions.
func (s *Store) Extensions(ctx context.Context, integrationID string) ([]client.ExtensionRow, error) {
	return extensions(s.reads(ctx), integrationID)
}

// Extensions reads an integration's table of employees' extensions.
func (t *Tx) Extensions(integrationID string) ([]client.ExtensionRow, error) {
	return extensions(t, integrationID)
}

func extensions(r reader, integrationID string) ([]client.ExtensionRow, error) {
	rows, err := r.query("SELECT employee_id, extension FROM extensions WHERE integration_id = ? ORDER BY extension", integrationID)
	if err != nil {
		return nil, fmt.Errorf("reading extensions: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (client.ExtensionRow, error) {
		var e client.ExtensionRow
		return e, rows.Scan(&e.EmployeeID, &e.Extension)
	})
}

// SetExtensions replaces the table.
func (t *Tx) SetExtensions(integrationID string, table []client.ExtensionRow) error {
	if _, err := t.exec("DELETE FROM extensions WHERE integration_id = ?", integrationID); err != nil {
		return fmt.Errorf("clearing extensions: %w", err)
	}
	for _, row := range table {
		if err := t.putExtension(integrationID, row); err != nil {
			return err
		}
	}
	return t.alignExtensions()
}

// PutExtension gives one employee an extension; whoever had it loses it.
func (t *Tx) PutExtension(integrationID string, row client.ExtensionRow) error {
	if err := t.putExtension(integrationID, row); err != nil {
		return err
	}
	return t.alignExtensions()
}

func (t *Tx) putExtension(integrationID string, row client.ExtensionRow) error {
	if _, err := t.exec("DELETE FROM extensions WHERE integration_id = ? AND employee_id = ?", integrationID, row.EmployeeID); err != nil {
		return fmt.Errorf("clearing an extension: %w", err)
	}
	if row.Extension != "" {
		_, err := t.exec(`INSERT INTO extensions (integration_id, extension, employee_id) VALUES (?, ?, ?)
ON CONFLICT (integration_id, extension) DO UPDATE SET employee_id = excluded.employee_id`, integrationID, row.Extension, row.EmployeeID)
		if err != nil {
			return fmt.Errorf("giving extension %s: %w", row.Extension, err)
		}
	}
	return nil
}

// alignExtensions makes each employee's own extension the one in the table of the first PBX that is
// active, or, where none is, of the first. Without any PBX what was told waits for one.
func (t *Tx) alignExtensions() error {
	_, err := t.exec(`
UPDATE employees
SET extension = COALESCE((
  SELECT x.extension
  FROM extensions x
  WHERE x.employee_id = employees.id
  AND x.integration_id = (SELECT id FROM integrations ORDER BY active DESC, created_at, id LIMIT 1)
), '')
WHERE EXISTS (SELECT 1 FROM integrations)`)
	if err != nil {
		return fmt.Errorf("aligning employees' own extensions: %w", err)
	}
	return nil
}
