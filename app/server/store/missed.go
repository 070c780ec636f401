package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dozvon/app/phone"
	"dozvon/client"
)

// MissedRow is a caller in the queue of missed calls, as it is kept.
type MissedRow struct {
	Number        string             `json:"number"`
	State         client.MissedState `json:"-"`
	FirstAt       time.Time          `json:"first_at"`
	LastAt        time.Time          `json:"last_at"`
	Rings         int                `json:"rings"`
	Line          string             `json:"line"`
	LineName      string             `json:"line_name"` // what the line was called then
	IntegrationID string             `json:"integration_id"`
	TakenBy       string             `json:"taken_by"`
	TakenAt       time.Time          `json:"taken_at"`
	ClosedAt      time.Time          `json:"closed_at"`
	ClosedBy      string             `json:"closed_by"`
	ClosedCall    string             `json:"closed_call"`
	Reason        string             `json:"reason"`
	// ClearedAt: missed calls up to it no longer count, because somebody talked or dismissed.
	ClearedAt time.Time `json:"cleared_at"`
}

const missedColumns = `
  number,
  state,
  first_at,
  last_at,
  rings,
  line,
  line_name,
  integration_id,
  taken_by,
  taken_at,
  closed_at,
  closed_by,
  closed_call,
  reason,
  cleared_at`

func scanMissed(row scanner) (MissedRow, error) {
	var m MissedRow
	var first, last, taken, closed, cleared int64
	err := row.Scan(
		&m.Number,
		&m.State,
		&first,
		&last,
		&m.Rings,
		&m.Line,
		&m.LineName,
		&m.IntegrationID,
		&m.TakenBy,
		&taken,
		&closed,
		&m.ClosedBy,
		&m.ClosedCall,
		&m.Reason,
		&cleared,
	)
	m.FirstAt, m.LastAt, m.TakenAt, m.ClosedAt, m.ClearedAt = momentOf(first), momentOf(last), momentOf(taken), momentOf(closed), momentOf(cleared)
	return m, err
}

// momentOf reads milliseconds; 0 is no moment.
func momentOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return fromMilli(ms)
}

// milliOf is a moment in milliseconds, 0 for none.
func milliOf(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Missed reads the row of a number; ErrNotFound.
func (t *Tx) Missed(number phone.Number) (MissedRow, error) {
	m, err := scanMissed(t.row("SELECT "+missedColumns+" FROM missed WHERE number = ?", string(number)))
	return m, missing(err, "missed caller")
}

// SaveMissed creates or changes a row.
func (t *Tx) SaveMissed(m MissedRow) error {
	err := t.put("missed", "number", columns{
		{"number", m.Number},
		{"state", m.State},
		{"first_at", milliOf(m.FirstAt)},
		{"last_at", milliOf(m.LastAt)},
		{"rings", m.Rings},
		{"line", m.Line},
		{"line_name", m.LineName},
		{"integration_id", m.IntegrationID},
		{"taken_by", m.TakenBy},
		{"taken_at", milliOf(m.TakenAt)},
		{"closed_at", milliOf(m.ClosedAt)},
		{"closed_by", m.ClosedBy},
		{"closed_call", m.ClosedCall},
		{"reason", m.Reason},
		{"cleared_at", milliOf(m.ClearedAt)},
	})
	if err != nil {
		return fmt.Errorf("saving a missed caller: %w", err)
	}
	return nil
}

// missedPage reads the callers in one state, strictly older than the cursor, from the index of states.
const missedPage = `
SELECT ` + missedColumns + `
FROM   missed
WHERE  state = ? AND (last_at, number) < (?, ?)
ORDER  BY last_at DESC, number DESC
LIMIT  ?`

// MissedPage reads a page of callers in some states, the one who called last first.
func (s *Store) MissedPage(ctx context.Context, states []client.MissedState, c Cursor, limit int) ([]MissedRow, *Cursor, error) {
	var all []MissedRow
	for _, state := range states {
		rows, err := s.reads(ctx).query(missedPage, state, c.At, c.ID, limit)
		if err != nil {
			return nil, nil, fmt.Errorf("listing missed callers: %w", err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (MissedRow, error) { return scanMissed(rows) })
		if err != nil {
			return nil, nil, err
		}
		all = append(all, some...)
	}
	at := func(m MissedRow) Cursor { return Cursor{At: m.LastAt.UnixMilli(), ID: m.Number} }
	all = newest(all, limit, at)
	return all, next(all, limit, at), nil
}

// Ring is one missed call of a number.
type Ring struct {
	At            time.Time
	Line          string
	IntegrationID string
}

// MissedSince lists the missed calls of a number after a moment, oldest first.
func (t *Tx) MissedSince(number phone.Number, after time.Time, limit int) ([]Ring, error) {
	rows, err := t.query(`SELECT f.at, f.line, COALESCE(c.integration_id, '') FROM feed f LEFT JOIN calls c ON c.id = f.call_id
WHERE f.phone = ? AND f.type = 'call_missed' AND f.at > ? ORDER BY f.at DESC LIMIT ?`, string(number), milliOf(after), limit)
	if err != nil {
		return nil, fmt.Errorf("reading the missed calls of %s: %w", number.Masked(), err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (Ring, error) {
		var r Ring
		var at int64
		err := rows.Scan(&at, &r.Line, &r.IntegrationID)
		r.At = fromMilli(at)
		return r, err
	})
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all, err
}

// Talk is a conversation with a number.
type Talk struct {
	CallID, EmployeeID string
	At                 time.Time // when it began to be one
}

// LastTalk is the newest call of a number in which somebody talked, in either direction; ErrNotFound.
func (t *Tx) LastTalk(number phone.Number) (Talk, error) {
	var talk Talk
	var at int64
	err := t.row(`SELECT COALESCE(call_id, ''), employee_id, at + wait_seconds * 1000 FROM feed
WHERE phone = ? AND (type = 'call_in' OR (type = 'call_out' AND (result = 'answered' OR (result = '' AND wait_seconds >= 0)))) ORDER BY at DESC, id DESC LIMIT 1`, string(number)).
		Scan(&talk.CallID, &talk.EmployeeID, &at)
	talk.At = fromMilli(at)
	return talk, missing(err, "talk")
}
