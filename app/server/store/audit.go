package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"dozvon/app/server/access"
	"dozvon/app/server/store/internal/sqlrows"
)

// AuditRow is one thing that somebody did. EmployeeID and Login are both empty for a sign-in with
// a login that nobody has: what was typed there may be a password.
type AuditRow struct {
	// ID is made when it is empty; At is now when it is zero.
	ID         string
	At         time.Time
	EmployeeID string
	// EmployeeName is read, never written: it is today's.
	EmployeeName string
	Login        string
	Action       string // one of access.Actions
	// Target is kind:id, or a bare name where there is but one ("settings", "feed").
	Target string
	// Detail says more in a few short values; never a secret.
	Detail    map[string]string
	Address   string
	SessionID string
}

// AuditFilter narrows the audit; zero fields do not filter.
type AuditFilter struct {
	From, To   time.Time // To is the first moment that does not belong
	EmployeeID string    // or access.Console
	Actions    []string
	Target     string
}

// AddAudit notes who did what, in the same transaction as the deed. A row whose ID is there
// already is not written again.
func (t *Tx) AddAudit(row AuditRow) error {
	if row.ID == "" {
		row.ID = uuid.Must(uuid.NewV7()).String()
	}
	if row.At.IsZero() {
		row.At = t.store.now()
	}
	detail, err := auditDetail(row.Detail)
	if err != nil {
		return err
	}
	err = t.addOnce("audit", columns{
		{"id", row.ID},
		{"at", row.At.UnixMilli()},
		{"employee_id", row.EmployeeID},
		{"login", row.Login},
		{"action", row.Action},
		{"target", row.Target},
		{"detail", detail},
		{"address", row.Address},
		{"session_id", row.SessionID},
	})
	if err != nil {
		return fmt.Errorf("writing the audit: %w", err)
	}
	return nil
}

// Audited reports whether a row stands there already since a moment that tells the same: who, what, from
// which address.
func (s *Store) Audited(ctx context.Context, row AuditRow, since time.Time) (bool, error) {
	return audited(s.reads(ctx), row, since)
}

// Audited reports whether a row stands there already since a moment that tells the same.
func (t *Tx) Audited(row AuditRow, since time.Time) (bool, error) { return audited(t, row, since) }

func audited(r reader, row AuditRow, since time.Time) (bool, error) {
	detail, err := auditDetail(row.Detail)
	if err != nil {
		return false, err
	}
	var n int
	err = r.row("SELECT COUNT(*) FROM audit WHERE target = ? AND at > ? AND employee_id = ? AND action = ? AND detail = ? AND address = ?",
		row.Target, since.UnixMilli(), row.EmployeeID, row.Action, detail, row.Address).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("looking into the audit: %w", err)
	}
	return n > 0, nil
}

// auditDetail is a detail as it is stored: the same values give the same text.
func auditDetail(detail map[string]string) (string, error) {
	if len(detail) == 0 {
		return "", nil
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		return "", fmt.Errorf("encoding the audit's detail: %w", err)
	}
	return string(raw), nil
}

const auditColumns = `
  a.id,
  a.at,
  a.employee_id,
  COALESCE(e.name, ''),
  a.login,
  a.action,
  a.target,
  a.detail,
  a.address,
  a.session_id`

func scanAudit(rows *sql.Rows) (AuditRow, error) {
	var a AuditRow
	var at int64
	var detail string
	err := rows.Scan(
		&a.ID,
		&at,
		&a.EmployeeID,
		&a.EmployeeName,
		&a.Login,
		&a.Action,
		&a.Target,
		&detail,
		&a.Address,
		&a.SessionID,
	)
	if err != nil {
		return a, err
	}
	a.At = fromMilli(at)
	if detail == "" {
		return a, nil
	}
	return a, json.Unmarshal([]byte(detail), &a.Detail)
}

// DropAudit forgets rows before a moment, all or only those of one action, and then the oldest of
// them beyond most.
func (t *Tx) DropAudit(action string, before time.Time, most int) error {
	scope, args := "", []any{}
	if action != "" {
		scope, args = " AND action = ?", []any{action}
	}
	if _, err := t.exec("DELETE FROM audit WHERE at < ?"+scope, append([]any{before.UnixMilli()}, args...)...); err != nil {
		return fmt.Errorf("dropping old audit rows: %w", err)
	}
	var at int64
	err := t.row("SELECT at FROM audit WHERE at >= 0"+scope+" ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?", append(args, most)...).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // there are not so many
	}
	if err != nil {
		return fmt.Errorf("counting audit rows: %w", err)
	}
	if _, err := t.exec("DELETE FROM audit WHERE at <= ?"+scope, append([]any{at}, args...)...); err != nil {
		return fmt.Errorf("dropping audit rows beyond the bound: %w", err)
	}
	return nil
}

// Audit reads a page, newest first, and the cursor of the next; nil at the end.
func (s *Store) Audit(ctx context.Context, f AuditFilter, c Cursor, limit int) ([]AuditRow, *Cursor, error) {
	where, args := []string{"(a.at, a.id) < (?, ?)"}, []any{c.At, c.ID}
	add := func(clause string, values ...any) { where, args = append(where, clause), append(args, values...) }
	if !f.From.IsZero() {
		add("a.at >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add("a.at < ?", f.To.UnixMilli())
	}
	switch f.EmployeeID {
	case "":
	case access.Console:
		add("a.employee_id = '' AND a.login = ?", access.Console)
	default:
		add("a.employee_id = ?", f.EmployeeID)
	}
	if len(f.Actions) > 0 {
		values := make([]any, len(f.Actions))
		for i, action := range f.Actions {
			values[i] = action
		}
		add("a.action IN ("+sqlrows.Placeholders(len(values))+")", values...)
	}
	if f.Target != "" {
		add("a.target = ?", f.Target)
	}
	rows, err := s.reads(ctx).query("SELECT "+auditColumns+" FROM audit a LEFT JOIN employees e ON e.id = a.employee_id WHERE "+
		strings.Join(where, " AND ")+" ORDER BY a.at DESC, a.id DESC LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the audit: %w", err)
	}
	all, err := collect(rows, scanAudit)
	return all, next(all, limit, func(a AuditRow) Cursor { return Cursor{At: a.At.UnixMilli(), ID: a.ID} }), err
}
