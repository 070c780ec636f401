package store

import (
	"context"
	"database/sql"
	"fmt"

	"dozvon/client"
)

// AddressbookRow is one of our cards in a PBX's address book.
type AddressbookRow struct {
	client.SubjectRef
	ContactID string // empty: not there yet
	Digest    string // of what was written last
	Version   int64  // of the card when it was read
}

// intoBook and waitingInBook stand around a SELECT of the cards that an address book must look at: a card
// that it has already waits again.
const (
	intoBook      = "INSERT INTO book (integration_id, kind, subject_id, contact_id, digest, waiting)"
	waitingInBook = `
ON CONFLICT (integration_id, kind, subject_id) DO UPDATE SET
  waiting = TRUE,
  version = book.version + 1`
)

// TouchAddressbook marks a card as changed, for every address book that we keep.
func (t *Tx) TouchAddressbook(ref client.SubjectRef) error {
	_, err := t.exec(intoBook+`
SELECT id, ?, ?, '', '', TRUE
FROM   integrations
WHERE  address_book = TRUE`+waitingInBook, string(ref.Kind), ref.ID)
	if err != nil {
		return fmt.Errorf("marking %s %s for the address book: %w", ref.Kind, ref.ID, err)
	}
	return nil
}

// FillAddressbook marks every card for one address book.
func (t *Tx) FillAddressbook(integrationID string) error {
	for _, from := range []string{"SELECT ?, 'contract', id, '', '', TRUE FROM contracts WHERE deleted_at = 0", "SELECT ?, 'client', id, '', '', TRUE FROM clients WHERE deleted_at = 0"} {
		_, err := t.exec(intoBook+"\n"+t.store.dialect.textParam(from)+waitingInBook, integrationID)
		if err != nil {
			return fmt.Errorf("marking the cards for the address book: %w", err)
		}
	}
	return nil
}

// MarkAddressbook marks the cards that are in an address book already, so that each is looked at again.
func (t *Tx) MarkAddressbook(integrationID string) error {
	if _, err := t.exec("UPDATE book SET waiting = TRUE, version = version + 1 WHERE integration_id = ?", integrationID); err != nil {
		return fmt.Errorf("marking the address book: %w", err)
	}
	return nil
}

// WaitingAddressbook lists cards that must be written.
func (s *Store) WaitingAddressbook(ctx context.Context, integrationID string, limit int) ([]AddressbookRow, error) {
	return s.bookRows(ctx, "waiting = TRUE AND integration_id = ? ORDER BY kind, subject_id LIMIT ?", integrationID, limit)
}

// Addressbook lists every card that an address book knows.
func (s *Store) Addressbook(ctx context.Context, integrationID string) ([]AddressbookRow, error) {
	return s.bookRows(ctx, "integration_id = ? ORDER BY kind, subject_id", integrationID)
}

func (s *Store) bookRows(ctx context.Context, where string, args ...any) ([]AddressbookRow, error) {
	rows, err := s.reads(ctx).query("SELECT kind, subject_id, contact_id, digest, version FROM book WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the address book's cards: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (AddressbookRow, error) {
		var b AddressbookRow
		return b, rows.Scan(&b.Kind, &b.ID, &b.ContactID, &b.Digest, &b.Version)
	})
}

// AddressbookWritten notes that a card stands in the address book as the digest says; an empty contact
// forgets it. A card that was changed since it was read goes on waiting.
func (t *Tx) AddressbookWritten(integrationID string, b AddressbookRow) error {
	var err error
	if b.ContactID == "" {
		_, err = t.exec("DELETE FROM book WHERE integration_id = ? AND kind = ? AND subject_id = ? AND version = ?", integrationID, string(b.Kind), b.ID, b.Version)
		if err == nil {
			_, err = t.exec("UPDATE book SET contact_id = '', digest = '' WHERE integration_id = ? AND kind = ? AND subject_id = ?", integrationID, string(b.Kind), b.ID)
		}
	} else {
		_, err = t.exec("UPDATE book SET contact_id = ?, digest = ?, waiting = (version <> ?) WHERE integration_id = ? AND kind = ? AND subject_id = ?",
			b.ContactID, b.Digest, b.Version, integrationID, string(b.Kind), b.ID)
	}
	if err != nil {
		return fmt.Errorf("noting %s %s of the address book: %w", b.Kind, b.ID, err)
	}
	return nil
}

// CountAddressbook counts the cards that are in the address book and those that wait.
func (s *Store) CountAddressbook(ctx context.Context, integrationID string) (synced, waiting int, err error) {
	err = s.reads(ctx).row(`SELECT COUNT(CASE WHEN waiting = FALSE THEN 1 END), COUNT(CASE WHEN waiting = TRUE THEN 1 END)
FROM book WHERE integration_id = ?`, integrationID).Scan(&synced, &waiting)
	if err != nil {
		return 0, 0, fmt.Errorf("counting the address book: %w", err)
	}
	return synced, waiting, nil
}

// ForgetContact says that the PBX no longer has a card's contact: it must be written anew.
func (t *Tx) ForgetContact(integrationID string, ref client.SubjectRef) error {
	_, err := t.exec("UPDATE book SET contact_id = '', digest = '', waiting = TRUE WHERE integration_id = ? AND kind = ? AND subject_id = ?", integrationID, string(ref.Kind), ref.ID)
	if err != nil {
		return fmt.Errorf("forgetting a contact of the address book: %w", err)
	}
	return nil
}
