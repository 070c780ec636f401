package registry

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dozvon/app/server/store/internal/sqlrows"
)

// outageLeast is from how long on an absence of all servers is one: a restart takes less.
const outageLeast = time.Minute

// Outage is a time in which a school was not served.
type Outage struct{ From, To time.Time }

// Alive notes that a server of the installation lives. When none did for a while, that was an outage of all schools.
func (r *Registry) Alive(ctx context.Context) error {
	now := r.now()
	err := r.within(ctx, func(t tx) error {
		var last int64
		if err := t.tx.QueryRowContext(ctx, "SELECT alive_at FROM installation_alive").Scan(&last); err != nil {
			return err
		}
		// The clock of another node may be a little ahead.
		n, err := t.exec("UPDATE installation_alive SET alive_at = ? WHERE alive_at = ? AND alive_at < ?", now.UnixMilli(), last, now.UnixMilli())
		if err != nil || n == 0 || last == 0 || now.UnixMilli()-last < outageLeast.Milliseconds() {
			return err // n is 0: another node has just noted it
		}
		_, err = t.exec("INSERT INTO school_outages (school, began, ended) VALUES ('', ?, ?)", last, now.UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("noting that the server lives: %w", err)
	}
	return nil
}

// Outages are when a school was not served between two moments, as far as that is known, the oldest first. They may
// overlap.
func (r *Registry) Outages(ctx context.Context, name string, from, to time.Time) ([]Outage, error) {
	rows, err := r.db.QueryContext(ctx, r.bound("SELECT began, ended FROM school_outages WHERE school IN ('', ?) AND began < ? AND (ended = 0 OR ended > ?) ORDER BY began"),
		name, to.UnixMilli(), from.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("asking when %s was not served: %w", name, err)
	}
	return sqlrows.Collect(rows, func(rows *sql.Rows) (Outage, error) {
		var began, ended int64
		if err := rows.Scan(&began, &ended); err != nil {
			return Outage{}, err
		}
		if ended == 0 {
			ended = to.UnixMilli()
		}
		return Outage{time.UnixMilli(max(began, from.UnixMilli())).UTC(), time.UnixMilli(min(ended, to.UnixMilli())).UTC()}, nil
	})
}

// noteOutage notes that a school is not served any more, or is served again.
func (t tx) noteOutage(name string, from, to State, now int64) (err error) {
	switch {
	case to == Suspended:
		_, err = t.exec("INSERT INTO school_outages (school, began, ended) VALUES (?, ?, 0)", name, now)
	case from == Suspended:
		_, err = t.exec("UPDATE school_outages SET ended = ? WHERE school = ? AND ended = 0", now, name)
	}
	if err != nil {
		return fmt.Errorf("noting when %s is served: %w", name, err)
	}
	return nil
}
