package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/call"
	"dozvon/client"
)

// CallRecord is one call as it is kept: the facts, whom it is bound to, and the view made of both.
type CallRecord struct {
	ID            string
	IntegrationID string
	Key           string // the PBX's id of the call; empty until its first event
	Command       string // our command that began it; empty for others
	Facts         call.Call
	Subject       client.SubjectRef
	ByHand        bool // a person chose the subject, so numbers do not change it
	Note          string
	Confirmed     bool      // the PBX's own statistics has told of it
	IdleSince     time.Time // when it began to wait for the PBX's last word; zero: it does not
	View          client.Call
	// Participants are whom the call rang or who talked on it, as they were when it was last written:
	// who has the extension now may be somebody else.
	Participants []string
}

const callColumns = `id, integration_id, COALESCE(pbx_key, ''), COALESCE(command, ''), subject_kind, subject_id, by_hand, note, idle_since, confirmed, facts, view, employees`

func scanCall(rows interface{ Scan(...any) error }) (CallRecord, error) {
	var c CallRecord
	var facts, view, employees string
	var idle int64
	err := rows.Scan(&c.ID, &c.IntegrationID, &c.Key, &c.Command, &c.Subject.Kind, &c.Subject.ID, &c.ByHand, &c.Note, &idle, &c.Confirmed, &facts, &view, &employees)
	if err != nil {
		return c, err
	}
	if idle > 0 {
		c.IdleSince = fromMilli(idle)
	}
	if employees != "" {
		c.Participants = strings.Split(employees, ",")
	}
	if err := json.Unmarshal([]byte(facts), &c.Facts); err != nil {
		return c, fmt.Errorf("reading the facts of call %s: %w", c.ID, err)
	}
	return c, json.Unmarshal([]byte(view), &c.View)
}

// Call reads one; ErrNotFound.
func (s *Store) Call(ctx context.Context, id string) (CallRecord, error) {
	return oneCall(s.reads(ctx), id)
}

// Call reads one; ErrNotFound.
func (t *Tx) Call(id string) (CallRecord, error) { return oneCall(t, id) }

func oneCall(r reader, id string) (CallRecord, error) {
	c, err := scanCall(r.row("SELECT "+callColumns+" FROM calls WHERE id = ?", id))
	return c, missing(err, "call "+id)
}

// CallOf finds the call that an event belongs to, by the PBX's key or by our command, which is
// how a click-to-call meets its first event; ErrNotFound.
func (t *Tx) CallOf(integrationID, key, command string) (CallRecord, error) {
	if key != "" {
		c, err := scanCall(t.row("SELECT "+callColumns+" FROM calls WHERE integration_id = ? AND pbx_key = ?", integrationID, key))
		if !errors.Is(err, sql.ErrNoRows) {
			return c, missing(err, "call")
		}
	}
	if command == "" {
		return CallRecord{}, ErrNotFound
	}
	c, err := scanCall(t.row("SELECT "+callColumns+" FROM calls WHERE integration_id = ? AND command = ?", integrationID, command))
	return c, missing(err, "call")
}

// SaveCall creates or changes a call.
func (t *Tx) SaveCall(c CallRecord) error {
	facts, err := json.Marshal(c.Facts)
	if err != nil {
		return fmt.Errorf("encoding the facts of call %s: %w", c.ID, err)
	}
	view, err := json.Marshal(c.View)
	if err != nil {
		return fmt.Errorf("encoding call %s: %w", c.ID, err)
	}
	idle := int64(0)
	if !c.IdleSince.IsZero() {
		idle = c.IdleSince.UnixMilli()
	}
	_, err = t.exec(`
INSERT INTO calls (id, integration_id, pbx_key, command, phone, state, started_at, subject_kind, subject_id, by_hand, employees, idle_since, facts, note, confirmed, view)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET pbx_key = excluded.pbx_key, phone = excluded.phone, state = excluded.state, started_at = excluded.started_at,
  subject_kind = excluded.subject_kind, subject_id = excluded.subject_id, by_hand = excluded.by_hand, employees = excluded.employees,
  idle_since = excluded.idle_since, facts = excluded.facts, note = excluded.note, confirmed = excluded.confirmed, view = excluded.view`,
		c.ID, c.IntegrationID, null(c.Key), null(c.Command), c.View.Phone, c.View.State, c.View.StartedAt.UnixMilli(),
		c.Subject.Kind, c.Subject.ID, c.ByHand, strings.Join(c.Concerned(), ","), idle, string(facts), c.Note, c.Confirmed, string(view))
	if err != nil {
		return fmt.Errorf("saving call %s: %w", c.ID, err)
	}
	return nil
}

// Concerned names the employees whom the call rings or who talk on it: they see it live.
func (c CallRecord) Concerned() []string {
	var ids []string
	seen := map[string]bool{}
	add := func(id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, id := range c.View.Ringing {
		add(id)
	}
	for _, id := range c.View.Rang {
		add(id)
	}
	for _, s := range c.View.Path {
		add(personID(s.Employee))
	}
	add(personID(c.View.Employee))
	return ids
}

// CallParticipants tells of each call whom it rang or who talked on it, as it was last written.
func (s *Store) CallParticipants(ctx context.Context, ids []string) (map[string][]string, error) {
	return callParticipants(s.reads(ctx), ids)
}

// CallParticipants tells of each call whom it rang or who talked on it.
func (t *Tx) CallParticipants(ids []string) (map[string][]string, error) {
	return callParticipants(t, ids)
}

func callParticipants(r reader, ids []string) (map[string][]string, error) {
	all := map[string][]string{}
	for some := range slices.Chunk(ids, cardsAtOnce) {
		args := make([]any, len(some))
		for i, id := range some {
			args[i] = id
		}
		rows, err := r.query("SELECT id, employees FROM calls WHERE id IN ("+marks(len(args))+")", args...)
		if err != nil {
			return nil, fmt.Errorf("reading who took part in calls: %w", err)
		}
		found, err := collect(rows, func(rows *sql.Rows) (pair [2]string, err error) {
			return pair, rows.Scan(&pair[0], &pair[1])
		})
		if err != nil {
			return nil, err
		}
		for _, call := range found {
			all[call[0]] = strings.Split(call[1], ",")
		}
	}
	return all, nil
}

// CountCallsBefore counts a number's calls that began before the given moment.
func (t *Tx) CountCallsBefore(number phone.Number, before time.Time) (int, error) {
	var n int
	err := t.row("SELECT COUNT(*) FROM calls WHERE phone = ? AND started_at < ?", string(number), before.UnixMilli()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting calls of %s: %w", number.Masked(), err)
	}
	return n, nil
}

// ActiveCalls lists the calls that have not ended.
func (s *Store) ActiveCalls(ctx context.Context) ([]CallRecord, error) {
	return activeCalls(s.reads(ctx))
}

// ActiveCalls lists the calls that have not ended.
func (t *Tx) ActiveCalls() ([]CallRecord, error) { return activeCalls(t) }

func activeCalls(r reader) ([]CallRecord, error) {
	rows, err := r.query("SELECT " + callColumns + " FROM calls WHERE state IN ('ringing', 'talking', 'held') ORDER BY started_at DESC LIMIT 1000")
	if err != nil {
		return nil, fmt.Errorf("listing active calls: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (CallRecord, error) { return scanCall(rows) })
}

// Calls reads a page, newest first, strictly older than the cursor.
func (s *Store) Calls(ctx context.Context, c Cursor, limit int) ([]CallRecord, error) {
	rows, err := s.reads(ctx).query("SELECT "+callColumns+" FROM calls WHERE (started_at, id) < (?, ?) ORDER BY started_at DESC, id DESC LIMIT ?", c.At, c.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("listing calls: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (CallRecord, error) { return scanCall(rows) })
}

// OldestActive is when the longest of the calls that have not ended began; zero when none goes on.
func (s *Store) OldestActive(ctx context.Context, integrationID string) (time.Time, error) {
	var at sql.NullInt64
	err := s.reads(ctx).row("SELECT MIN(started_at) FROM calls WHERE state IN ('ringing', 'talking', 'held') AND integration_id = ?", integrationID).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("finding the oldest active call: %w", err)
	}
	if !at.Valid {
		return time.Time{}, nil
	}
	return fromMilli(at.Int64), nil
}

// CallsSince lists an integration's calls that began after a moment, newest first.
func (s *Store) CallsSince(ctx context.Context, integrationID string, since time.Time, limit int) ([]CallRecord, error) {
	rows, err := s.reads(ctx).query("SELECT "+callColumns+" FROM calls WHERE integration_id = ? AND started_at >= ? ORDER BY started_at DESC LIMIT ?",
		integrationID, since.UnixMilli(), limit)
	if err != nil {
		return nil, fmt.Errorf("listing recent calls: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (CallRecord, error) { return scanCall(rows) })
}

// AddRawEvent keeps a webhook as it came.
func (t *Tx) AddRawEvent(id, integrationID, path string, payload []byte) error {
	_, err := t.exec("INSERT INTO raw_events (id, integration_id, received_at, path, payload) VALUES (?, ?, ?, ?, ?)",
		id, integrationID, t.store.now().UnixMilli(), path, string(payload))
	if err != nil {
		return fmt.Errorf("keeping a raw event: %w", err)
	}
	return nil
}

// DropRawEvents forgets the raw events received before the given moment.
func (t *Tx) DropRawEvents(before time.Time) error {
	if _, err := t.exec("DELETE FROM raw_events WHERE received_at < ?", before.UnixMilli()); err != nil {
		return fmt.Errorf("dropping old raw events: %w", err)
	}
	return nil
}

// CountRawEvents counts the webhooks that are kept.
func (s *Store) CountRawEvents(ctx context.Context) (int, error) {
	var n int
	if err := s.reads(ctx).row("SELECT COUNT(*) FROM raw_events").Scan(&n); err != nil {
		return 0, fmt.Errorf("counting raw events: %w", err)
	}
	return n, nil
}
