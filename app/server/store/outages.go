package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dozvon/client"
)

// Alive notes that the server lives, and returns when that was noted last; zero: never.
func (t *Tx) Alive(now time.Time) (time.Time, error) {
	var last int64
	if err := t.row("SELECT value FROM counters WHERE name = 'alive'").Scan(&last); err != nil {
		return time.Time{}, fmt.Errorf("reading when the server lived: %w", err)
	}
	// The clock of another node may be a little ahead.
	if _, err := t.exec("UPDATE counters SET value = ? WHERE name = 'alive' AND value < ?", now.UnixMilli(), now.UnixMilli()); err != nil {
		return time.Time{}, fmt.Errorf("noting that the server lives: %w", err)
	}
	return momentOf(last), nil
}

// AddOutage notes a time without events.
func (t *Tx) AddOutage(id string, o client.Outage) error {
	err := t.add("outages", columns{
		{"id", id},
		{"from_at", o.From.UnixMilli()},
		{"to_at", o.To.UnixMilli()},
		{"cause", o.Cause},
		{"restored", o.Restored},
	})
	if err != nil {
		return fmt.Errorf("noting an outage: %w", err)
	}
	return nil
}

// RestoredIn counts a call that began in a known outage and was restored; false when none is known.
func (t *Tx) RestoredIn(at time.Time) (bool, error) {
	res, err := t.exec("UPDATE outages SET restored = restored + 1 WHERE from_at <= ? AND to_at >= ?", at.UnixMilli(), at.UnixMilli())
	if err != nil {
		return false, fmt.Errorf("counting a restored call: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Silence is the time around a moment in which no webhook came.
func (t *Tx) Silence(at time.Time) (from, to time.Time, err error) {
	var before, after sql.NullInt64
	if err = t.row("SELECT MAX(received_at) FROM raw_events WHERE received_at <= ?", at.UnixMilli()).Scan(&before); err != nil {
		return from, to, fmt.Errorf("finding the webhook before: %w", err)
	}
	if err = t.row("SELECT MIN(received_at) FROM raw_events WHERE received_at > ?", at.UnixMilli()).Scan(&after); err != nil {
		return from, to, fmt.Errorf("finding the webhook after: %w", err)
	}
	return momentOf(before.Int64), momentOf(after.Int64), nil
}

// Outages lists the times without events that touch a period, oldest first.
func (s *Store) Outages(ctx context.Context, from, to time.Time) ([]client.Outage, error) {
	rows, err := s.reads(ctx).query("SELECT from_at, to_at, cause, restored FROM outages WHERE to_at > ? AND from_at < ? ORDER BY from_at LIMIT 100", from.UnixMilli(), to.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("reading outages: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (client.Outage, error) {
		var o client.Outage
		var a, b int64
		err := rows.Scan(&a, &b, &o.Cause, &o.Restored)
		o.From, o.To = fromMilli(a), fromMilli(b)
		return o, err
	})
}

// CountConfirmed counts the feed's calls of a period, and how many of them the PBX's own statistics
// told of.
func (s *Store) CountConfirmed(ctx context.Context, from, to time.Time) (calls, confirmed int, err error) {
	err = s.reads(ctx).row(`SELECT COUNT(*), COUNT(CASE WHEN c.confirmed = TRUE THEN 1 END) FROM feed f JOIN calls c ON c.id = f.id
WHERE f.at >= ? AND f.at < ? AND f.type IN ('call_in', 'call_missed', 'call_out')`, from.UnixMilli(), to.UnixMilli()).Scan(&calls, &confirmed)
	if err != nil {
		return 0, 0, fmt.Errorf("counting confirmed calls: %w", err)
	}
	return calls, confirmed, nil
}
