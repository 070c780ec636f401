package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Bucket limits tries to sign in: Burst at once, then one each Every. It is kept as the moment when
// it is full again (the generic cell rate algorithm), so that one number is all its state.
type Bucket struct {
	Key   string
	Burst int
	Every time.Duration
}

// Span is how long an empty bucket takes to fill.
func (b Bucket) Span() time.Duration { return time.Duration(b.Burst) * b.Every }

// Take is the bucket's rule: when it will be full after one more try, and how long to wait when
// it is empty; then fullAt stays.
func (b Bucket) Take(fullAt, now time.Time) (next time.Time, wait time.Duration) {
	if fullAt.Before(now) || fullAt.After(now.Add(b.Span()+clockSlack)) {
		fullAt = now // full, or written before the clock was set back
	}
	if wait := fullAt.Add(b.Every).Sub(now) - b.Span(); wait > 0 {
		return fullAt, wait
	}
	return fullAt.Add(b.Every), 0
}

// clockSlack is how far the clocks of nodes may be apart.
const clockSlack = time.Minute

// NoTries says that a bucket is empty, and until when.
type NoTries struct {
	Bucket Bucket
	FullAt time.Time
	Wait   time.Duration
}

func (n *NoTries) Error() string {
	return fmt.Sprintf("too many tries, wait %s", n.Wait.Round(time.Second))
}

// TakeTry takes one try out of a bucket, whichever node asks; *NoTries.
func (t *Tx) TakeTry(b Bucket) error {
	now := t.store.now()
	var ms int64 // zero, long ago: nothing was tried
	if err := t.row("SELECT full_at FROM signin_tries WHERE bucket = ?", b.Key).Scan(&ms); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("taking a try: %w", err)
	}
	next, wait := b.Take(fromMilli(ms), now)
	if wait > 0 {
		return &NoTries{Bucket: b, FullAt: next, Wait: wait}
	}
	_, err := t.exec("INSERT INTO signin_tries (bucket, full_at) VALUES (?, ?) ON CONFLICT (bucket) DO UPDATE SET full_at = excluded.full_at", b.Key, next.UnixMilli())
	if err != nil {
		return fmt.Errorf("taking a try: %w", err)
	}
	return nil
}

// GiveTryBack undoes TakeTry.
func (t *Tx) GiveTryBack(b Bucket) error {
	if _, err := t.exec("UPDATE signin_tries SET full_at = full_at - ? WHERE bucket = ?", b.Every.Milliseconds(), b.Key); err != nil {
		return fmt.Errorf("giving a try back: %w", err)
	}
	return nil
}

// SetTriesBack follows a clock that was set back. Nodes that share a clock each say so, which gives tries
// back at most; a clock is not in a stranger's hands.
func (t *Tx) SetTriesBack(by time.Duration) error {
	if _, err := t.exec("UPDATE signin_tries SET full_at = full_at - ?", by.Milliseconds()); err != nil {
		return fmt.Errorf("setting the tries back: %w", err)
	}
	return nil
}

// DropTries forgets buckets that are full again, and those written before the clock was set back.
func (t *Tx) DropTries(longest time.Duration) error {
	now := t.store.now()
	_, err := t.exec("DELETE FROM signin_tries WHERE full_at < ? OR full_at > ?", now.Add(-clockSlack).UnixMilli(), now.Add(longest+clockSlack).UnixMilli())
	if err != nil {
		return fmt.Errorf("dropping old tries: %w", err)
	}
	return nil
}
