package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Reaction is how soon the server had an event of a call.
type Reaction struct {
	CallID, Event string // Event is call.Event's ID
	Received      time.Time
	Stored        time.Time // when it was in the journal
	Shown         time.Time // when it was handed to the screens; zero: they show nothing of it
}

// AddReactions notes some. Of one event the first one stays: a PBX may tell it again.
func (t *Tx) AddReactions(all []Reaction) error {
	for _, r := range all {
		shown := int64(0)
		if !r.Shown.IsZero() {
			shown = r.Shown.UnixMilli()
		}
		_, err := t.exec(`INSERT INTO call_reactions (call_id, event, received_at, stored_at, shown_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (call_id, event) DO NOTHING`, r.CallID, r.Event, r.Received.UnixMilli(), r.Stored.UnixMilli(), shown)
		if err != nil {
			return fmt.Errorf("noting how soon an event of call %s was had: %w", r.CallID, err)
		}
	}
	return nil
}

// DropReactions forgets those of requests that came before a moment.
func (t *Tx) DropReactions(before time.Time) error {
	if _, err := t.exec("DELETE FROM call_reactions WHERE received_at < ?", before.UnixMilli()); err != nil {
		return fmt.Errorf("forgetting how soon events were had: %w", err)
	}
	return nil
}

// Reactions are those of a call and of what turned out to be it, by event; of one event the first.
func (s *Store) Reactions(ctx context.Context, callID string) (map[string]Reaction, error) {
	return reactionsOf(s.reads(ctx), callID)
}

// reactionsOf asks for either by the key: PostgreSQL reads all for an OR of the two.
func reactionsOf(r reader, callID string) (map[string]Reaction, error) {
	rows, err := r.query(`SELECT call_id, event, received_at, stored_at, shown_at FROM call_reactions WHERE call_id = ?
UNION ALL
SELECT r.call_id, r.event, r.received_at, r.stored_at, r.shown_at FROM merged_calls m JOIN call_reactions r ON r.call_id = m.id WHERE m.call_id = ?
ORDER BY received_at DESC`, callID, callID)
	if err != nil {
		return nil, fmt.Errorf("reading how soon events of call %s were had: %w", callID, err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (Reaction, error) {
		var r Reaction
		var received, stored, shown int64
		err := rows.Scan(&r.CallID, &r.Event, &received, &stored, &shown)
		r.Received, r.Stored = fromMilli(received), fromMilli(stored)
		if shown > 0 {
			r.Shown = fromMilli(shown)
		}
		return r, err
	})
	if err != nil {
		return nil, err
	}
	out := make(map[string]Reaction, len(all))
	for _, r := range all {
		out[r.Event] = r // the first one comes last
	}
	return out, nil
}
