package store

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// How long PostgreSQL is waited for. One that hangs, or a network that swallows everything, looks
// like one that thinks: without an end every request and the writer would wait for ever.
const (
	// connectLimit is how long a new connection may take.
	connectLimit = 10 * time.Second
	// readLimit is how long one reading may take with all its rows.
	readLimit = 15 * time.Second
	// turnLimit is how long a write waits for its turn.
	turnLimit = 15 * time.Second
	// stepLimit is how long one statement of a write may take, and what is done between two.
	stepLimit = 30 * time.Second
	// lockLimit is how long a write waits for another node's, or for a lock of somebody else.
	lockLimit = 10 * time.Second
	// pingLimit is how long it is asked whether the database is there.
	pingLimit = 3 * time.Second
)

// errStep says that the database did not go on with a write.
var errStep = errors.New("the database stands still")

// IsAway tells whether an error means that the database does not answer, or not in time.
func IsAway(err error) bool {
	var connect *pgconn.ConnectError
	var refused *pgconn.PgError
	var broken net.Error
	var file *fs.PathError
	switch {
	case errors.As(err, &refused):
		// Class 08: connection lost; 53: no resources, 53100 is the disk; 57: stopping, or out of time.
		class := refused.Code[:2]
		return class == "08" || class == "57" || class == "53" && refused.Code != diskFull || refused.Code == "55P03" || refused.Code == "25P03" || refused.Code == readOnly
	case errors.As(err, &file): // a file's error can say that it is temporary, as a connection's can
		return false
	case errors.As(err, &connect), errors.As(err, &broken):
		return true
	}
	return errors.Is(err, errStep) || errors.Is(err, context.DeadlineExceeded) || disconnectedDriver(err)
}

// within ends a reading of PostgreSQL in time. SQLite is on this machine and needs no such end.
func (s *Store) within(ctx context.Context) context.Context {
	if !s.dialect.postgres {
		return ctx
	}
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	// The rows are read after this has returned, so the end comes by the time alone.
	context.AfterFunc(ctx, cancel)
	return ctx
}

// stepping ends a write of PostgreSQL that does not go on: step is called at every statement.
func (s *Store) stepping(ctx context.Context) (_ context.Context, step func(), stop func()) {
	if !s.dialect.postgres {
		return ctx, func() {}, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(stepLimit, func() { cancel(errStep) })
	s.links.begun.Store(false)
	s.links.writing.Store(&cancel)
	return ctx, func() { timer.Reset(stepLimit) }, func() {
		s.links.writing.CompareAndSwap(&cancel, nil)
		timer.Stop()
		cancel(nil)
	}
}
