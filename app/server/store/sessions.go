package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dozvon/client"
)

// Session is one sign-in. LastUsedAt is zero for one of before that was kept, until it is used.
type Session struct {
	ID, EmployeeID, Device, Address string
	CreatedAt, LastUsedAt           time.Time
}

// Lifetime is how long sessions last: Idle without use, Max in any case.
type Lifetime struct{ Idle, Max time.Duration }

// live is the condition of a session s that is valid, with its employee e.
const live = `s.created_at > ? AND (s.last_used_at = 0 OR s.last_used_at > ?) AND e.active = TRUE`

func (l Lifetime) args(now time.Time) []any {
	return []any{now.Add(-l.Max).UnixMilli(), now.Add(-l.Idle).UnixMilli()}
}

const sessionColumns = `s.id, s.employee_id, s.device, s.address, s.created_at, s.last_used_at`

func scanSession(row interface{ Scan(...any) error }, more ...any) (Session, error) {
	var s Session
	var created, used int64
	err := row.Scan(append([]any{&s.ID, &s.EmployeeID, &s.Device, &s.Address, &created, &used}, more...)...)
	s.CreatedAt = fromMilli(created)
	if used > 0 {
		s.LastUsedAt = fromMilli(used)
	}
	return s, err
}

const sessionOfToken = `
SELECT ` + sessionColumns + `,
  e.id,
  e.name,
  COALESCE(e.login, ''),
  e.role,
  e.extension,
  e.presence,
  e.active
FROM   sessions s
JOIN   employees e ON e.id = s.employee_id
WHERE  s.token_hash = ? AND ` + live

// SessionOf tells whose token it is; ErrNotFound when it is of no valid session.
func (s *Store) SessionOf(ctx context.Context, tokenHash string, l Lifetime) (Session, client.Employee, error) {
	var e client.Employee
	row := s.reads(ctx).row(sessionOfToken, append([]any{tokenHash}, l.args(s.now())...)...)
	session, err := scanSession(row,
		&e.ID,
		&e.Name,
		&e.Login,
		&e.Role,
		&e.Extension,
		&e.Presence,
		&e.Active)
	return session, e, missing(err, "session")
}

// LiveSession is a valid session with its employee's present role.
type LiveSession struct {
	Session
	Role client.Role
}

// LiveSessions lists all valid sessions of the school by their ids.
func (s *Store) LiveSessions(ctx context.Context, l Lifetime) (map[string]LiveSession, error) {
	rows, err := s.reads(ctx).query("SELECT "+sessionColumns+", e.role FROM sessions s JOIN employees e ON e.id = s.employee_id WHERE "+live, l.args(s.now())...)
	if err != nil {
		return nil, fmt.Errorf("listing sessions: %w", err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (LiveSession, error) {
		var out LiveSession
		var err error
		out.Session, err = scanSession(rows, &out.Role)
		return out, err
	})
	byID := make(map[string]LiveSession, len(all))
	for _, one := range all {
		byID[one.ID] = one
	}
	return byID, err
}

// SessionsOf lists the valid sessions of one employee, newest first.
func (s *Store) SessionsOf(ctx context.Context, employeeID string, l Lifetime) ([]Session, error) {
	rows, err := s.reads(ctx).query("SELECT "+sessionColumns+" FROM sessions s JOIN employees e ON e.id = s.employee_id WHERE s.employee_id = ? AND "+
		live+" ORDER BY s.created_at DESC, s.id DESC", append([]any{employeeID}, l.args(s.now())...)...)
	if err != nil {
		return nil, fmt.Errorf("listing the sessions of %s: %w", employeeID, err)
	}
	return collect(rows, func(rows *sql.Rows) (Session, error) { return scanSession(rows) })
}

// Session reads one by its id, valid or not; ErrNotFound.
func (t *Tx) Session(id string) (Session, error) {
	s, err := scanSession(t.row("SELECT "+sessionColumns+" FROM sessions s WHERE s.id = ?", id))
	return s, missing(err, "session")
}

// endOldestSessions leaves an employee one session and so many of the most recently used others.
const endOldestSessions = `
DELETE FROM sessions
WHERE  employee_id = ? AND id <> ? AND id NOT IN (
  SELECT id
  FROM   sessions
  WHERE  employee_id = ? AND id <> ?
  ORDER  BY last_used_at DESC, created_at DESC
  LIMIT  ?)`

// AddSession remembers the hash of a token, and ends the employee's least recently used sessions so
// that keep remain.
func (t *Tx) AddSession(tokenHash string, s Session, keep int) error {
	err := t.add("sessions", columns{
		{"token_hash", tokenHash},
		{"id", s.ID},
		{"employee_id", s.EmployeeID},
		{"device", s.Device},
		{"address", s.Address},
		{"created_at", s.CreatedAt.UnixMilli()},
		{"last_used_at", s.LastUsedAt.UnixMilli()},
	})
	if err != nil {
		return fmt.Errorf("opening a session: %w", err)
	}
	_, err = t.exec(endOldestSessions, s.EmployeeID, s.ID, s.EmployeeID, s.ID, keep-1)
	if err != nil {
		return fmt.Errorf("ending the oldest sessions of %s: %w", s.EmployeeID, err)
	}
	return nil
}

// EndSession kills a token at once, and reports whether it was alive.
func (t *Tx) EndSession(id string) (bool, error) {
	n, err := t.count("DELETE FROM sessions WHERE id = ?", id)
	if err != nil {
		return false, fmt.Errorf("ending a session: %w", err)
	}
	return n > 0, nil
}

// EndSessionsOf kills all tokens of an employee but those of one session, which may be empty.
func (t *Tx) EndSessionsOf(employeeID, but string) (int64, error) {
	n, err := t.count("DELETE FROM sessions WHERE employee_id = ? AND id <> ?", employeeID, but)
	if err != nil {
		return 0, fmt.Errorf("ending the sessions of %s: %w", employeeID, err)
	}
	return n, nil
}

// TouchSession notes when a session was used.
func (t *Tx) TouchSession(id string, at time.Time) error {
	if _, err := t.exec("UPDATE sessions SET last_used_at = ? WHERE id = ? AND last_used_at < ?", at.UnixMilli(), id, at.UnixMilli()); err != nil {
		return fmt.Errorf("noting the use of a session: %w", err)
	}
	return nil
}

// DropSessions forgets those whose time is over.
func (t *Tx) DropSessions(l Lifetime) error {
	_, err := t.exec("DELETE FROM sessions WHERE created_at <= ? OR (last_used_at > 0 AND last_used_at <= ?)", l.args(t.store.now())...)
	if err != nil {
		return fmt.Errorf("dropping old sessions: %w", err)
	}
	return nil
}

func (t *Tx) count(query string, args ...any) (int64, error) {
	res, err := t.exec(query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}
