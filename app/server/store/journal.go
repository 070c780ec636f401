package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// Row is one row of the journal: a change that a screen may show.
type Row struct {
	Sequence int64
	At       time.Time
	Type     string
	Audience string // who may see it; the stream package reads it
	Data     []byte
	// Span is of the way on which the change was made, as far as somebody follows it; not stored.
	Span trace.SpanContext
}

// journalKept is how many rows stay for replay; who was away longer reloads.
const journalKept = 100_000

// Journal notes a change for the screens, in the same transaction as the change.
func (t *Tx) Journal(kind, audience string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encoding a %s for the journal: %w", kind, err)
	}
	t.journal = append(t.journal, Row{At: t.store.now(), Type: kind, Audience: audience, Data: raw, Span: trace.SpanContextFromContext(t.asked)})
	return nil
}

// writeJournal numbers and writes the rows of a group. The counter's row is locked until the
// commit, on PostgreSQL among all nodes: so numbers become visible in their own order, and who
// tails by number misses nothing. It comes last in the transaction to hold that lock briefly.
func (s *Store) writeJournal(ctx context.Context, tx *sql.Tx, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	unit := &Tx{tx: tx, ctx: ctx, store: s, step: func() {}, asked: ctx}
	var last int64
	err := unit.row("UPDATE counters SET value = value + ? WHERE name = 'journal' RETURNING value", len(rows)).Scan(&last)
	if err != nil {
		return fmt.Errorf("numbering the journal: %w", err)
	}
	for i := range rows {
		rows[i].Sequence = last - int64(len(rows)) + int64(i) + 1
		r := rows[i]
		err := unit.add("journal", columns{
			{"sequence", r.Sequence},
			{"at", r.At.UnixMilli()},
			{"type", r.Type},
			{"audience", r.Audience},
			{"data", string(r.Data)},
		})
		if err != nil {
			return fmt.Errorf("writing the journal: %w", err)
		}
	}
	if last/1000 != (last-int64(len(rows)))/1000 {
		if _, err := unit.exec("DELETE FROM journal WHERE sequence <= ?", last-journalKept); err != nil {
			return fmt.Errorf("trimming the journal: %w", err)
		}
	}
	if s.dialect.postgres {
		if _, err := tx.ExecContext(ctx, "SELECT pg_notify($1, $2)", s.channel(), fmt.Sprint(last)); err != nil {
			return fmt.Errorf("waking the other nodes: %w", err)
		}
	}
	return nil
}

// ResetRow is the type of the row that tells screens to read everything anew.
const ResetRow = "reset"

// BreakJournal begins the journal anew, after seen and after all that it holds: the database has lost rows that screens
// were told, or has others in their place. Whoever was told any of the old ones is sent to read everything anew.
func (s *Store) BreakJournal(ctx context.Context, seen int64) error {
	s.ForgetCommitted()
	return s.Write(ctx, func(tx *Tx) error {
		if _, err := tx.exec("UPDATE counters SET value = ? WHERE name = 'journal' AND value < ?", seen, seen); err != nil {
			return fmt.Errorf("numbering the journal anew: %w", err)
		}
		if _, err := tx.exec("DELETE FROM journal"); err != nil {
			return fmt.Errorf("beginning the journal anew: %w", err)
		}
		return tx.Journal(ResetRow, "", struct{}{})
	})
}

// ForgetCommitted forgets what this process knows to be in the database: it may be there no more.
func (s *Store) ForgetCommitted() {
	s.facets.forget()
	s.text.ForgetCache()
}

// OnCommit sets who is told of every commit's journal rows, in order. One listener; it must not block.
func (s *Store) OnCommit(tail func([]Row)) {
	s.tailMu.Lock()
	defer s.tailMu.Unlock()
	s.tail = tail
}

func (s *Store) publish(rows []Row) {
	s.tailMu.RLock()
	defer s.tailMu.RUnlock()
	if s.tail != nil && len(rows) > 0 {
		s.tail(rows)
	}
}

// LastSequence is the newest row's number, 0 in an empty journal.
func (s *Store) LastSequence(ctx context.Context) (int64, error) {
	var last int64
	if err := s.reads(ctx).row("SELECT value FROM counters WHERE name = 'journal'").Scan(&last); err != nil {
		return 0, fmt.Errorf("reading the journal's end: %w", err)
	}
	return last, nil
}

// FirstSequence is the oldest row that is still kept, 0 in an empty journal.
func (s *Store) FirstSequence(ctx context.Context) (int64, error) {
	var first sql.NullInt64
	if err := s.reads(ctx).row("SELECT MIN(sequence) FROM journal").Scan(&first); err != nil {
		return 0, fmt.Errorf("reading the journal's start: %w", err)
	}
	return first.Int64, nil
}

// JournalAfter reads up to limit rows that follow sequence.
func (s *Store) JournalAfter(ctx context.Context, sequence int64, limit int) ([]Row, error) {
	rows, err := s.reads(ctx).query("SELECT sequence, at, type, audience, data FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?", sequence, limit)
	if err != nil {
		return nil, fmt.Errorf("reading the journal after %d: %w", sequence, err)
	}
	return collect(rows, func(rows *sql.Rows) (Row, error) {
		var r Row
		var at int64
		var data string
		err := rows.Scan(&r.Sequence, &at, &r.Type, &r.Audience, &data)
		r.At, r.Data = time.UnixMilli(at).UTC(), []byte(data)
		return r, err
	})
}
