package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dozvon/client"
)

// Account is an employee with what signing in needs.
type Account struct {
	client.Employee
	PasswordHash string
}

const employeeColumns = `id, name, COALESCE(login, ''), role, extension, presence, active`

func scanEmployee(rows interface{ Scan(...any) error }) (client.Employee, error) {
	var e client.Employee
	err := rows.Scan(&e.ID, &e.Name, &e.Login, &e.Role, &e.Extension, &e.Presence, &e.Active)
	return e, err
}

// Employees lists everybody by name.
func (s *Store) Employees(ctx context.Context) ([]client.Employee, error) {
	return employees(s.reads(ctx))
}

// Employees lists everybody by name.
func (t *Tx) Employees() ([]client.Employee, error) { return employees(t) }

func employees(r reader) ([]client.Employee, error) {
	rows, err := r.query("SELECT " + employeeColumns + " FROM employees ORDER BY name, id")
	if err != nil {
		return nil, fmt.Errorf("listing employees: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (client.Employee, error) { return scanEmployee(rows) })
}

// Employee reads one; ErrNotFound.
func (s *Store) Employee(ctx context.Context, id string) (client.Employee, error) {
	return employee(s.reads(ctx), id)
}

// Employee reads one; ErrNotFound.
func (t *Tx) Employee(id string) (client.Employee, error) { return employee(t, id) }

func employee(r reader, id string) (client.Employee, error) {
	e, err := scanEmployee(r.row("SELECT "+employeeColumns+" FROM employees WHERE id = ?", id))
	return e, missing(err, "employee "+id)
}

// AccountByLogin reads the account that signs in with login; ErrNotFound.
func (s *Store) AccountByLogin(ctx context.Context, login string) (Account, error) {
	var a Account
	row := s.reads(ctx).row("SELECT "+employeeColumns+", COALESCE(password_hash, '') FROM employees WHERE login = ?", login)
	err := row.Scan(&a.ID, &a.Name, &a.Login, &a.Role, &a.Extension, &a.Presence, &a.Active, &a.PasswordHash)
	return a, missing(err, "account")
}

// SaveEmployee creates or changes an employee; an empty hash keeps the password. ErrTaken when
// the login belongs to somebody else.
func (t *Tx) SaveEmployee(e client.Employee, hash string) error {
	var other string
	if e.Login != "" {
		err := t.row("SELECT id FROM employees WHERE login = ? AND id <> ?", e.Login, e.ID).Scan(&other)
		if err == nil {
			return fmt.Errorf("login: %w", ErrTaken)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("looking for the login: %w", err)
		}
	}
	_, err := t.exec(`
INSERT INTO employees (id, name, role, login, password_hash, extension, presence, active, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, login = excluded.login,
  password_hash = COALESCE(excluded.password_hash, employees.password_hash), extension = excluded.extension, active = excluded.active`,
		e.ID, e.Name, e.Role, null(e.Login), null(hash), e.Extension, client.PresenceOffline, e.Active, t.store.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("saving employee %s: %w", e.ID, err)
	}
	return nil
}

// AddSession remembers the hash of a token.
func (t *Tx) AddSession(tokenHash, employeeID, device string) error {
	_, err := t.exec("INSERT INTO sessions (token_hash, id, employee_id, device, created_at) VALUES (?, ?, ?, ?, ?)",
		tokenHash, tokenHash[:32], employeeID, device, t.store.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("opening a session: %w", err)
	}
	return nil
}

// EndSession kills a token at once.
func (t *Tx) EndSession(tokenHash string) error {
	if _, err := t.exec("DELETE FROM sessions WHERE token_hash = ?", tokenHash); err != nil {
		return fmt.Errorf("ending a session: %w", err)
	}
	return nil
}

// SessionEmployee tells whose token it is; ErrNotFound.
func (s *Store) SessionEmployee(ctx context.Context, tokenHash string) (client.Employee, error) {
	row := s.reads(ctx).row("SELECT "+employeeColumns+" FROM employees WHERE id = (SELECT employee_id FROM sessions WHERE token_hash = ?)", tokenHash)
	e, err := scanEmployee(row)
	return e, missing(err, "session")
}

func missing(err error, what string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return fmt.Errorf("reading %s: %w", what, err)
}

func null(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func fromMilli(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
