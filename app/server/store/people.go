package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"dozvon/app/server/revision"
	"dozvon/client"
)

// Account is an employee with what signing in needs.
type Account struct {
	client.Employee
	PasswordHash string
}

const employeeColumns = `
  id,
  name,
  COALESCE(login, ''),
  role,
  extension,
  presence,
  presence_since,
  active`

func scanEmployee(rows interface{ Scan(...any) error }) (client.Employee, error) {
	var e client.Employee
	var since int64
	err := rows.Scan(
		&e.ID,
		&e.Name,
		&e.Login,
		&e.Role,
		&e.Extension,
		&e.Presence,
		&since,
		&e.Active,
	)
	e.PresenceSince = presenceSince(since)
	e.ETag = EmployeeTag(e)
	return e, err
}

// presenceSince is nil where it is not known.
func presenceSince(milli int64) *time.Time {
	if milli == 0 {
		return nil
	}
	at := fromMilli(milli).UTC()
	return &at
}

// EmployeeTag is the ETag of what people can change of an employee; presence changes by itself.
func EmployeeTag(e client.Employee) string {
	return revision.Of([]any{e.ID, e.Name, e.Login, e.Role, e.Extension, e.Active})
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
	return account(s.reads(ctx), "login", login)
}

// Account reads one by the employee's id; ErrNotFound.
func (s *Store) Account(ctx context.Context, id string) (Account, error) {
	return account(s.reads(ctx), "id", id)
}

func account(r reader, column, value string) (Account, error) {
	var a Account
	row := r.row("SELECT "+employeeColumns+", COALESCE(password_hash, '') FROM employees WHERE "+column+" = ?", value)
	var since int64
	err := row.Scan(&a.ID, &a.Name, &a.Login, &a.Role, &a.Extension, &a.Presence, &since, &a.Active, &a.PasswordHash)
	a.PresenceSince = presenceSince(since)
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
	password := column{"password_hash", null(hash)}
	if hash == "" {
		password.value = once{password.value}
	}
	err := t.put("employees", "id", columns{
		{"id", e.ID},
		{"name", e.Name},
		{"role", e.Role},
		{"login", null(e.Login)},
		password,
		{"extension", e.Extension},
		{"presence", once{client.PresenceOffline}},
		{"active", e.Active},
		{"created_at", once{t.store.now().UnixMilli()}},
	})
	if err != nil {
		return fmt.Errorf("saving employee %s: %w", e.ID, err)
	}
	return nil
}

// AnyAccount reports whether anybody has a login, also one who is switched off or has no password.
func (s *Store) AnyAccount(ctx context.Context) (bool, error) { return anyAccount(s.reads(ctx)) }

// AnyAccount reports whether anybody has a login, also one who is switched off or has no password.
func (t *Tx) AnyAccount() (bool, error) { return anyAccount(t) }

func anyAccount(r reader) (bool, error) {
	var some bool
	err := r.row("SELECT EXISTS (SELECT 1 FROM employees WHERE login IS NOT NULL)").Scan(&some)
	if err != nil {
		return false, fmt.Errorf("looking for an account: %w", err)
	}
	return some, nil
}

// Admins counts the active administrators who can sign in.
func (t *Tx) Admins() (int, error) {
	var n int
	err := t.row("SELECT COUNT(*) FROM employees WHERE role = ? AND active = TRUE AND login IS NOT NULL AND password_hash IS NOT NULL", client.RoleAdmin).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting administrators: %w", err)
	}
	return n, nil
}

// Confirm reports whether an employee is active and still has the password of this hash.
func (t *Tx) Confirm(id, hash string) (bool, error) {
	var n int
	err := t.row("SELECT COUNT(*) FROM employees WHERE id = ? AND active = TRUE AND login IS NOT NULL AND password_hash = ?", id, hash).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("confirming the account of %s: %w", id, err)
	}
	return n > 0, nil
}

// SetPassword changes one's password.
func (t *Tx) SetPassword(id, hash string) error {
	if _, err := t.exec("UPDATE employees SET password_hash = ? WHERE id = ?", hash, id); err != nil {
		return fmt.Errorf("setting the password of %s: %w", id, err)
	}
	return nil
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
