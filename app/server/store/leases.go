package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Claim takes a piece of work for a while; false when another node, or this one, has it, or it rests.
// early takes also what rests. What is not released is free again when the time is over.
func (s *Store) Claim(ctx context.Context, name, owner string, d time.Duration, early bool) (bool, error) {
	// Looking first costs no commit; most of the time there is nothing to take.
	free, err := s.free(ctx, name, early)
	if err != nil || !free {
		return false, err
	}
	taken := false
	err = s.Write(ctx, func(tx *Tx) error {
		var err error
		taken, err = tx.Claim(name, owner, d, early)
		return err
	})
	return taken, err
}

func (s *Store) free(ctx context.Context, name string, early bool) (bool, error) {
	var until int64
	var owner string
	err := s.reads(ctx).row("SELECT until, owner FROM leases WHERE name = ?", name).Scan(&until, &owner)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking at %s: %w", name, err)
	}
	return until <= s.now().UnixMilli() || (early && owner == ""), nil
}

// Claim takes a piece of work for a while, as part of more.
func (t *Tx) Claim(name, owner string, d time.Duration, early bool) (bool, error) {
	now := t.store.now()
	res, err := t.exec(`INSERT INTO leases (name, owner, until) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE leases.until <= ? OR (leases.owner = '' AND ?)`,
		name, owner, now.Add(d).UnixMilli(), now.UnixMilli(), early)
	if err != nil {
		return false, fmt.Errorf("claiming %s: %w", name, err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Owns tells whether a lease is somebody's at present.
func (t *Tx) Owns(name, owner string) (bool, error) {
	var n int
	err := t.row("SELECT COUNT(*) FROM leases WHERE name = ? AND owner = ? AND until > ?", name, owner, t.store.now().UnixMilli()).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("looking whose %s is: %w", name, err)
	}
	return n > 0, nil
}

// Extend keeps a piece of work for longer; false when it is not the owner's any more.
func (s *Store) Extend(ctx context.Context, name, owner string, d time.Duration) (bool, error) {
	kept := false
	err := s.Write(ctx, func(tx *Tx) error {
		now := s.now()
		res, err := tx.exec("UPDATE leases SET until = ? WHERE name = ? AND owner = ? AND until > ?", now.Add(d).UnixMilli(), name, owner, now.UnixMilli())
		if err != nil {
			return fmt.Errorf("extending %s: %w", name, err)
		}
		n, err := res.RowsAffected()
		kept = n > 0
		return err
	})
	return kept, err
}

// Release gives a piece of work back, to be taken again after the pause. Who was too slow and lost it
// to another node releases nothing.
func (s *Store) Release(ctx context.Context, name, owner string, pause time.Duration) error {
	return s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("UPDATE leases SET owner = '', until = ? WHERE name = ? AND owner = ?", s.now().Add(pause).UnixMilli(), name, owner)
		if err != nil {
			return fmt.Errorf("releasing %s: %w", name, err)
		}
		return nil
	})
}

// LeaseTerm is for how long work is taken at a time: so long the other nodes wait for one that died.
const LeaseTerm = 25 * time.Second

// ErrLeaseLost says that another node may be at the work by now.
var ErrLeaseLost = errors.New("the lease was lost")

// Lease is a piece of work that is this node's until Release, however long that takes: it is extended while
// the process lives.
type Lease struct {
	store       *Store
	name, owner string
	term        time.Duration
	ctx         context.Context
	cancel      context.CancelCauseFunc
	done        chan struct{}
}

// Hold takes a piece of work for a short term, and extends that until Release. early takes also what rests.
// Nil: another node, or this one, has it, or it rests.
func (s *Store) Hold(ctx context.Context, name, owner string, term time.Duration, early bool) (*Lease, error) {
	ours, err := s.Claim(ctx, name, owner, term, early)
	if err != nil || !ours {
		return nil, err
	}
	l := &Lease{store: s, name: name, owner: owner, term: term, done: make(chan struct{})}
	l.ctx, l.cancel = context.WithCancelCause(ctx)
	go l.keep()
	return l, nil
}

// Context ends with the one that Hold was given, with Release, and as soon as the lease is lost: its cause
// is ErrLeaseLost then.
func (l *Lease) Context() context.Context { return l.ctx }

// Lost reports whether another node may be at the work by now.
func (l *Lease) Lost() bool { return errors.Is(context.Cause(l.ctx), ErrLeaseLost) }

// keep extends the lease several times within its term, so that one failure loses nothing.
func (l *Lease) keep() {
	defer close(l.done)
	tick := time.NewTicker(l.term / 5)
	defer tick.Stop()
	kept := time.Now()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-tick.C:
		}
		began := time.Now()
		ours, err := l.store.Extend(l.ctx, l.name, l.owner, l.term)
		switch {
		case err == nil && ours:
			kept = began
		case err == nil || time.Since(kept) >= l.term:
			l.cancel(ErrLeaseLost)
			return
		}
	}
}

// Release ends the work and gives it back, to be taken again after the pause; also when the context has ended.
func (l *Lease) Release(pause time.Duration) error {
	l.cancel(context.Canceled)
	<-l.done
	return l.store.Release(context.WithoutCancel(l.ctx), l.name, l.owner, pause)
}

// DropLeases forgets those that were over at a moment.
func (t *Tx) DropLeases(before time.Time) error {
	if _, err := t.exec("DELETE FROM leases WHERE until < ?", before.UnixMilli()); err != nil {
		return fmt.Errorf("dropping old leases: %w", err)
	}
	return nil
}

// TakeTurn takes the one turn that all nodes share, for at most hold; a wait says that it is
// another's for so long. Turns go by the database's clock, for they are counted in seconds, and so
// far the clocks of two nodes may well be apart.
func (t *Tx) TakeTurn(name, owner string, hold time.Duration) (wait time.Duration, err error) {
	clock := t.store.dialect.clock
	res, err := t.exec(`INSERT INTO leases (name, owner, until) VALUES (?, ?, `+clock+` + ?)
ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE leases.until <= `+clock, name, owner, hold.Milliseconds())
	if err != nil {
		return 0, fmt.Errorf("taking a turn of %s: %w", name, err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return 0, err
	}
	var ms int64
	if err := t.row("SELECT until - "+clock+" FROM leases WHERE name = ?", name).Scan(&ms); err != nil {
		return 0, fmt.Errorf("asking for the next turn of %s: %w", name, err)
	}
	return time.Duration(max(ms, 1)) * time.Millisecond, nil
}

// EndTurn lets the next turn come after a pause.
func (t *Tx) EndTurn(name, owner string, pause time.Duration) error {
	_, err := t.exec("UPDATE leases SET until = "+t.store.dialect.clock+" + ? WHERE name = ? AND owner = ?", pause.Milliseconds(), name, owner)
	if err != nil {
		return fmt.Errorf("ending a turn of %s: %w", name, err)
	}
	return nil
}

// Shared reads what all nodes agree on under a name; nil when there is nothing.
func (s *Store) Shared(ctx context.Context, name string) ([]byte, error) {
	return shared(s.reads(ctx), name)
}

// Shared reads what all nodes agree on under a name; nil when there is nothing.
func (t *Tx) Shared(name string) ([]byte, error) { return shared(t, name) }

func shared(r reader, name string) ([]byte, error) {
	var value string
	err := r.row("SELECT value FROM shared WHERE name = ?", name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading what is shared as %s: %w", name, err)
	}
	return []byte(value), nil
}

// SetShared writes what all nodes agree on; nothing forgets it.
func (t *Tx) SetShared(name string, value []byte) error {
	var err error
	if len(value) == 0 {
		_, err = t.exec("DELETE FROM shared WHERE name = ?", name)
	} else {
		_, err = t.exec("INSERT INTO shared (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, string(value))
	}
	if err != nil {
		return fmt.Errorf("sharing %s: %w", name, err)
	}
	return nil
}
