package store

import (
	"context"
	"fmt"
	"time"

	"dozvon/client"
)

// Kinds of commands that others ask for by name.
const (
	// CommandRoute is a name sent to a telephone.
	CommandRoute = "route"
	// CommandSMS is a message.
	CommandSMS = "sms"
)

// Command is something that was asked of a PBX; its result is joined to it by ID.
type Command struct {
	client.Command
	IntegrationID string
	EmployeeID    string // who asked; empty: the server by itself
	EntryID       string // the feed entry that follows it
	At            time.Time
	Note          string // what the command said, e.g. the shown name
	Said          string // what the PBX said when it refused, where it has no code
}

const commandColumns = `
  id,
  integration_id,
  kind,
  call_id,
  employee_id,
  entry_id,
  at,
  state,
  code,
  note,
  said`

func scanCommand(row interface{ Scan(...any) error }) (Command, error) {
	var c Command
	var at int64
	err := row.Scan(
		&c.ID,
		&c.IntegrationID,
		&c.Kind,
		&c.CallID,
		&c.EmployeeID,
		&c.EntryID,
		&at,
		&c.State,
		&c.Code,
		&c.Note,
		&c.Said,
	)
	c.At = fromMilli(at)
	return c, err
}

// SaveCommand notes a command, or what became of it.
func (t *Tx) SaveCommand(c Command) error {
	err := t.put("commands", "id", columns{
		{"id", c.ID},
		{"integration_id", once{c.IntegrationID}},
		{"kind", once{c.Kind}},
		{"call_id", once{c.CallID}},
		{"employee_id", once{c.EmployeeID}},
		{"entry_id", once{c.EntryID}},
		{"at", once{c.At.UnixMilli()}},
		{"state", c.State},
		{"code", c.Code},
		{"note", once{c.Note}},
		{"said", c.Said},
	})
	if err != nil {
		return fmt.Errorf("noting command %s: %w", c.ID, err)
	}
	return nil
}

// Command reads one; ErrNotFound.
func (t *Tx) Command(integrationID, id string) (Command, error) {
	c, err := scanCommand(t.row("SELECT "+commandColumns+" FROM commands WHERE id = ? AND integration_id = ?", id, integrationID))
	return c, missing(err, "command")
}

// LastCommand is the newest of a kind, and how many there were since a moment; ErrNotFound when none ever was.
func (s *Store) LastCommand(ctx context.Context, integrationID, kind string, since time.Time) (Command, int, error) {
	r := s.reads(ctx)
	var n int
	if err := r.row("SELECT COUNT(*) FROM commands WHERE integration_id = ? AND kind = ? AND at >= ?", integrationID, kind, since.UnixMilli()).Scan(&n); err != nil {
		return Command{}, 0, fmt.Errorf("counting commands: %w", err)
	}
	c, err := scanCommand(r.row("SELECT "+commandColumns+" FROM commands WHERE integration_id = ? AND kind = ? ORDER BY at DESC, id DESC LIMIT 1", integrationID, kind))
	return c, n, missing(err, "command")
}

// CountCommands counts what an employee has asked of the PBXs since a moment, of one kind.
func (t *Tx) CountCommands(employeeID, kind string, since time.Time) (int, error) {
	var n int
	err := t.row("SELECT COUNT(*) FROM commands WHERE employee_id = ? AND kind = ? AND at >= ?", employeeID, kind, since.UnixMilli()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting an employee's commands: %w", err)
	}
	return n, nil
}

// DropCommands forgets commands asked before a moment.
func (t *Tx) DropCommands(before time.Time) error {
	if _, err := t.exec("DELETE FROM commands WHERE at < ?", before.UnixMilli()); err != nil {
		return fmt.Errorf("dropping old commands: %w", err)
	}
	return nil
}
