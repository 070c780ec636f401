package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"dozvon/client"
)

// SetBusy says whom a call that goes on rings and who talks on it; nobody when it has ended.
func (t *Tx) SetBusy(callID string, people map[string]client.PresenceState) error {
	if _, err := t.exec("DELETE FROM busy WHERE call_id = ?", callID); err != nil {
		return fmt.Errorf("noting who is on call %s: %w", callID, err)
	}
	for _, id := range slices.Sorted(maps.Keys(people)) {
		if _, err := t.exec("INSERT INTO busy (call_id, employee_id, state) VALUES (?, ?, ?)", callID, id, people[id]); err != nil {
			return fmt.Errorf("noting who is on call %s: %w", callID, err)
		}
	}
	return nil
}

// FreeBusy forgets who was on calls that have ended, and returns the employees.
func (t *Tx) FreeBusy() ([]string, error) {
	rows, err := t.query("DELETE FROM busy WHERE call_id NOT IN (SELECT id FROM calls WHERE state IN ('ringing', 'talking', 'held')) RETURNING employee_id")
	if err != nil {
		return nil, fmt.Errorf("forgetting who was on ended calls: %w", err)
	}
	return collect(rows, scanText)
}

// PresenceOf is what an employee does now, over all nodes.
func (t *Tx) PresenceOf(id string) (client.PresenceState, error) {
	var state client.PresenceState
	err := t.row(`SELECT CASE
  WHEN EXISTS (SELECT 1 FROM busy WHERE employee_id = ? AND state = 'talking') THEN 'talking'
  WHEN EXISTS (SELECT 1 FROM busy WHERE employee_id = ?) THEN 'ringing'
  WHEN EXISTS (SELECT 1 FROM connections c JOIN nodes n ON n.id = c.node_id WHERE c.employee_id = ? AND n.until > ?) THEN 'free'
  ELSE 'offline' END`, id, id, id, t.store.now().UnixMilli()).Scan(&state)
	if err != nil {
		return "", fmt.Errorf("asking what %s does: %w", id, err)
	}
	return state, nil
}

// SetPresence notes what an employee does now, and since when, and reports whether that is news.
func (t *Tx) SetPresence(id string, state client.PresenceState, since time.Time) (bool, error) {
	res, err := t.exec("UPDATE employees SET presence = ?, presence_since = ? WHERE id = ? AND presence <> ?", state, since.UnixMilli(), id, state)
	if err != nil {
		return false, fmt.Errorf("setting presence of %s: %w", id, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Presence is what an employee was last told to do; offline for nobody.
func (s *Store) Presence(ctx context.Context, id string) (client.PresenceState, error) {
	var state client.PresenceState
	err := s.reads(ctx).row("SELECT presence FROM employees WHERE id = ?", id).Scan(&state)
	if errors.Is(err, sql.ErrNoRows) {
		return client.PresenceOffline, nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the presence of %s: %w", id, err)
	}
	return state, nil
}

// Beat notes that a node lives until a moment; false when it was taken for dead, or is new: then its
// connections are to be told anew.
func (t *Tx) Beat(node string, until time.Time) (bool, error) {
	res, err := t.exec("UPDATE nodes SET until = ? WHERE id = ?", until.UnixMilli(), node)
	if err != nil {
		return false, fmt.Errorf("noting that a node lives: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return true, err
	}
	if _, err := t.exec("INSERT INTO nodes (id, until) VALUES (?, ?)", node, until.UnixMilli()); err != nil {
		return false, fmt.Errorf("noting that a node lives: %w", err)
	}
	return false, nil
}

// SetConnections says how many apps of an employee are connected to a node.
func (t *Tx) SetConnections(node, employeeID string, n int) error {
	var err error
	if n > 0 {
		_, err = t.exec("INSERT INTO connections (node_id, employee_id, n) VALUES (?, ?, ?) ON CONFLICT (node_id, employee_id) DO UPDATE SET n = excluded.n", node, employeeID, n)
	} else {
		_, err = t.exec("DELETE FROM connections WHERE node_id = ? AND employee_id = ?", node, employeeID)
	}
	if err != nil {
		return fmt.Errorf("noting the connections of %s: %w", employeeID, err)
	}
	return nil
}

// DropNodes forgets the nodes that have not been heard of for too long, and one that ends, if any,
// and returns the employees who were connected to them.
func (t *Tx) DropNodes(ends string) ([]string, error) {
	if _, err := t.exec("DELETE FROM nodes WHERE until <= ? OR id = ?", t.store.now().UnixMilli(), ends); err != nil {
		return nil, fmt.Errorf("forgetting dead nodes: %w", err)
	}
	rows, err := t.query("DELETE FROM connections WHERE node_id NOT IN (SELECT id FROM nodes) RETURNING employee_id")
	if err != nil {
		return nil, fmt.Errorf("forgetting the connections of dead nodes: %w", err)
	}
	return collect(rows, scanText)
}

// DropConnections forgets who was connected to a node.
func (t *Tx) DropConnections(node string) error {
	if _, err := t.exec("DELETE FROM connections WHERE node_id = ?", node); err != nil {
		return fmt.Errorf("forgetting the connections of a node: %w", err)
	}
	return nil
}
