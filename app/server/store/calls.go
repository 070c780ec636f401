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
	"dozvon/app/server/store/form"
	"dozvon/app/server/store/internal/sqlrows"
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
	Asked         Asked
	// Participants are whom the call rang or who talked on it, as they were when it was last written:
	// who has the extension now may be somebody else.
	Participants []string
}

// Asked is who began a call by click-to-call; the zero value is every other call's.
type Asked struct {
	By      string // employee id
	At      time.Time
	Request string // the id that their program gave; empty: none
}

const callColumns = `
  id,
  integration_id,
  COALESCE(pbx_key, ''),
  COALESCE(command, ''),
  subject_kind,
  subject_id,
  by_hand,
  note,
  idle_since,
  confirmed,
  facts,
  view,
  employees,
  asked_by`

func scanCall(rows interface{ Scan(...any) error }) (CallRecord, error) {
	var c CallRecord
	var facts, view, employees string
	var idle int64
	err := rows.Scan(
		&c.ID,
		&c.IntegrationID,
		&c.Key,
		&c.Command,
		&c.Subject.Kind,
		&c.Subject.ID,
		&c.ByHand,
		&c.Note,
		&idle,
		&c.Confirmed,
		&facts,
		&view,
		&employees,
		&c.Asked.By,
	)
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
	c.View, err = form.ReadCall(view)
	return c, err
}

// Call reads one, or the one that it turned out to be; ErrNotFound.
func (s *Store) Call(ctx context.Context, id string) (CallRecord, error) {
	return oneCall(s.reads(ctx), id)
}

// Call reads one, or the one that it turned out to be; ErrNotFound.
func (t *Tx) Call(id string) (CallRecord, error) { return oneCall(t, id) }

func oneCall(r reader, id string) (CallRecord, error) {
	c, err := scanCall(r.row("SELECT "+callColumns+" FROM calls WHERE id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return mergedInto(r, id)
	}
	return c, missing(err, "call "+id)
}

// CallOf finds the call that an event belongs to, by one of the PBX's keys or by our command, which is
// how a click-to-call meets its first event; ErrNotFound.
func (t *Tx) CallOf(integrationID, key, command string) (CallRecord, error) {
	if key != "" {
		c, err := scanCall(t.row("SELECT "+callColumns+" FROM calls WHERE integration_id = ? AND pbx_key = "+rootKey, integrationID, integrationID, key, key))
		if !errors.Is(err, sql.ErrNoRows) {
			return c, missing(err, "call")
		}
	}
	if command == "" {
		return CallRecord{}, ErrNotFound
	}
	c, err := scanCall(t.row("SELECT "+callColumns+" FROM calls WHERE integration_id = ? AND command = ?", integrationID, command))
	if errors.Is(err, sql.ErrNoRows) {
		c, err = scanCall(t.row("SELECT "+callColumns+" FROM calls WHERE id = (SELECT call_id FROM merged_calls WHERE integration_id = ? AND command = ?)", integrationID, command))
	}
	return c, missing(err, "call")
}

// SaveCall creates or changes a call.
func (t *Tx) SaveCall(c CallRecord) error {
	facts, err := factsText(c)
	if err != nil {
		return err
	}
	view, err := form.Call(c.View)
	if err != nil {
		return err
	}
	idle := int64(0)
	if !c.IdleSince.IsZero() {
		idle = c.IdleSince.UnixMilli()
	}
	asked := int64(0)
	if !c.Asked.At.IsZero() {
		asked = c.Asked.At.UnixMilli()
	}
	err = t.put("calls", "id", columns{
		{"id", c.ID},
		{"integration_id", once{c.IntegrationID}},
		{"pbx_key", null(c.Key)},
		{"command", once{null(c.Command)}},
		{"phone", c.View.Phone},
		{"state", c.View.State},
		{"started_at", c.View.StartedAt.UnixMilli()},
		{"subject_kind", c.Subject.Kind},
		{"subject_id", c.Subject.ID},
		{"by_hand", c.ByHand},
		{"employees", strings.Join(c.Involved(), ",")},
		{"idle_since", idle},
		{"facts", facts},
		{"note", c.Note},
		{"confirmed", c.Confirmed},
		{"view", view},
		{"asked_by", once{c.Asked.By}},
		{"asked_at", once{asked}},
		{"request", once{c.Asked.Request}},
	})
	if err != nil {
		return fmt.Errorf("saving call %s: %w", c.ID, err)
	}
	return nil
}

func factsText(c CallRecord) (string, error) {
	facts, err := json.Marshal(c.Facts)
	if err != nil {
		return "", fmt.Errorf("encoding the facts of call %s: %w", c.ID, err)
	}
	return string(facts), nil
}

// AskedCall finds the call that an employee has asked for already: by the id that their program gave,
// or, where it gave none, the same number since a moment. One that the PBX refused to begin is none;
// ErrNotFound.
func (t *Tx) AskedCall(asked Asked, number phone.Number, since time.Time) (CallRecord, error) {
	where, args := "asked_by = ? AND request = ?", []any{asked.By, asked.Request}
	if asked.Request == "" {
		where = "asked_by = ? AND asked_at >= ? AND phone = ? AND NOT (state = 'ended' AND pbx_key IS NULL) ORDER BY asked_at DESC, id DESC LIMIT 1"
		args = []any{asked.By, since.UnixMilli(), string(number)}
	}
	c, err := scanCall(t.row("SELECT "+callColumns+" FROM calls WHERE "+where, args...))
	if errors.Is(err, sql.ErrNoRows) && asked.Request != "" {
		c, err = scanCall(t.row("SELECT "+callColumns+" FROM calls WHERE id = (SELECT call_id FROM merged_calls WHERE asked_by = ? AND request = ? LIMIT 1)", asked.By, asked.Request))
	}
	return c, missing(err, "call asked for")
}

// AskedBefore finds the call that the same click, since a moment, has ordered already: see AskedCall. Orders of calls to
// colleagues have no number, and are told apart by extension; ErrNotFound.
func (t *Tx) AskedBefore(c CallRecord, since time.Time) (CallRecord, error) {
	to := c.Facts.OrderedTo()
	if to.Extension == "" || c.Asked.Request != "" {
		return t.AskedCall(c.Asked, to.Number, since)
	}
	all, err := t.callsWhere("asked_by = ? AND asked_at >= ? AND phone = '' AND NOT (state = 'ended' AND pbx_key IS NULL) ORDER BY asked_at DESC, id DESC",
		c.Asked.By, since.UnixMilli())
	if err != nil {
		return CallRecord{}, err
	}
	for _, had := range all {
		if had.IntegrationID == c.IntegrationID && had.Facts.OrderedTo().Extension == to.Extension {
			return had, nil
		}
	}
	return CallRecord{}, ErrNotFound
}

// numbersAskedMost bounds how many calls of one employee are looked through.
const numbersAskedMost = 20_000

// NumbersAsked lists the numbers that an employee has asked to be called since a moment, one each
// call. Those that the PBX refused to begin are left out.
func (t *Tx) NumbersAsked(employeeID string, since time.Time) ([]phone.Number, error) {
	rows, err := t.query(`SELECT phone FROM calls WHERE asked_by = ? AND asked_at >= ? AND NOT (state = 'ended' AND pbx_key IS NULL)
UNION ALL SELECT phone FROM merged_calls WHERE asked_by = ? AND asked_at >= ? LIMIT ?`,
		employeeID, since.UnixMilli(), employeeID, since.UnixMilli(), numbersAskedMost)
	if err != nil {
		return nil, fmt.Errorf("listing what was dialled: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (n phone.Number, err error) { return n, rows.Scan(&n) })
}

// Involved names the employees whom the call rings, who talk on it, or who asked for it: they see it live.
func (c CallRecord) Involved() []string {
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
	for _, end := range []*client.CallEnd{c.View.Caller, c.View.Called} {
		if end != nil && c.View.AnsweredAt != nil { // until then one of them does not know of it
			add(personID(end.Employee))
		}
	}
	add(personID(c.View.Employee))
	add(c.Asked.By)
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
		rows, err := r.query("SELECT id, employees FROM calls WHERE id IN ("+sqlrows.Placeholders(len(args))+")", args...)
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
	err := t.add("raw_events", columns{
		{"id", id},
		{"integration_id", integrationID},
		{"received_at", t.store.now().UnixMilli()},
		{"path", path},
		{"payload", string(payload)},
	})
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
