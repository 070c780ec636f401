package store

import (
	"context"
	"fmt"
	"time"
)

// Claim takes a piece of work for a while; false when another node, or this one, has it. What is
// not released is free again when the time is over.
func (s *Store) Claim(ctx context.Context, name string, d time.Duration) (bool, error) {
	taken := false
	err := s.Write(ctx, func(tx *Tx) error {
		now := s.now()
		res, err := tx.exec(`INSERT INTO leases (name, until) VALUES (?, ?)
ON CONFLICT (name) DO UPDATE SET until = excluded.until WHERE leases.until <= ?`, name, now.Add(d).UnixMilli(), now.UnixMilli())
		if err != nil {
			return fmt.Errorf("claiming %s: %w", name, err)
		}
		n, err := res.RowsAffected()
		taken = n > 0
		return err
	})
	return taken, err
}

// Release gives a piece of work back, to be taken again after the pause.
func (s *Store) Release(ctx context.Context, name string, pause time.Duration) error {
	return s.Write(ctx, func(tx *Tx) error {
		if _, err := tx.exec("UPDATE leases SET until = ? WHERE name = ?", s.now().Add(pause).UnixMilli(), name); err != nil {
			return fmt.Errorf("releasing %s: %w", name, err)
		}
		return nil
	})
}
