package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
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
	EmployeeID string
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
	_, err = t.exec(`
INSERT INTO audit (id, at, employee_id, login, action, target, detail, address, session_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING`,
		row.ID, row.At.UnixMilli(), row.EmployeeID, row.Login, row.Action, row.Target, detail, row.Address, row.SessionID)
	if err != nil {
		return fmt.Errorf("writing the audit: %w", err)
	}
	return nil
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

const auditColumns = `a.id, a.at, a.employee_id, COALESCE(e.name, ''), a.login, a.action, a.target, a.detail, a.address, a.session_id`

func scanAudit(rows *sql.Rows) (AuditRow, error) {
	var a AuditRow
	var at int64
	var detail string
	if err := rows.Scan(&a.ID, &at, &a.EmployeeID, &a.EmployeeName, &a.Login, &a.Action, &a.Target, &detail, &a.Address, &a.SessionID); err != nil {
		return a, err
	}
	a.At = fromMilli(at)
	if detail == "" {
		return a, nil
	}
	return a, json.Unmarshal([]byte(detail), &a.Detail)
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
	if f.EmployeeID != "" {
		add("a.employee_id = ?", f.EmployeeID)
	}
	if len(f.Actions) > 0 {
		values := make([]any, len(f.Actions))
		for i, action := range f.Actions {
			values[i] = action
		}
		add("a.action IN ("+marks(len(values))+")", values...)
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
