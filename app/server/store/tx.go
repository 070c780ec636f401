package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"dozvon/app/server/store/textindex"
)

// Tx is one unit of work inside the writer's transaction.
type Tx struct {
	tx      *sql.Tx
	ctx     context.Context
	store   *Store
	journal []Row
	facets  map[facet]int64 // that this work met or made
	words   textindex.Met   // that it met
	step    func()          // tells that the write goes on
	asked   context.Context // of whoever asked for the work
	failed  error           // of the first statement that failed
}

// Asked is the context of whoever asked for this work, for log lines and traces alone: the work ends with the
// transaction and not with that.
func (t *Tx) Asked() context.Context { return t.asked }

// A statement that failed ends the unit, whatever the work makes of it: PostgreSQL runs no other after it, and SQLite
// may have taken the whole transaction back, so that the next one would be committed by itself.

func (t *Tx) exec(query string, args ...any) (sql.Result, error) {
	if t.failed != nil {
		return nil, t.failed
	}
	stmt, query, args := t.prepared(query, args)
	var res sql.Result
	if stmt != nil {
		res, t.failed = stmt.ExecContext(t.ctx, args...)
	} else {
		res, t.failed = t.tx.ExecContext(t.ctx, query, args...)
	}
	return res, t.failed
}

func (t *Tx) query(query string, args ...any) (*sql.Rows, error) {
	if t.failed != nil {
		return nil, t.failed
	}
	stmt, query, args := t.prepared(query, args)
	var rows *sql.Rows
	if stmt != nil {
		rows, t.failed = stmt.QueryContext(t.ctx, args...)
	} else {
		rows, t.failed = t.tx.QueryContext(t.ctx, query, args...)
	}
	return rows, t.failed
}

func (t *Tx) row(query string, args ...any) *sql.Row {
	if t.failed != nil {
		return t.tx.QueryRowContext(over, query, args...)
	}
	stmt, query, args := t.prepared(query, args)
	var row *sql.Row
	if stmt != nil {
		row = stmt.QueryRowContext(t.ctx, args...)
	} else {
		row = t.tx.QueryRowContext(t.ctx, query, args...)
	}
	t.failed = row.Err()
	return row
}

// over is a context that has ended: nothing runs in it.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// prepared is a statement as the database takes it, compiled where it has been.
func (t *Tx) prepared(query string, args []any) (*sql.Stmt, string, []any) {
	t.step()
	query, args = t.store.dialect.rebind(query), bound(args)
	stmt := t.store.written.inTransaction(query)
	if stmt != nil {
		stmt = t.tx.StmtContext(t.ctx, stmt)
	}
	return stmt, query, args
}

// outcome is what a unit came to whose work has returned err.
func (t *Tx) outcome(err error) error {
	if t.failed == nil || err != nil && !errors.Is(err, context.Canceled) || errors.Is(err, t.failed) {
		return err
	}
	return errors.Join(fmt.Errorf("a statement failed: %w", t.failed), err)
}

// reader is what a query can run on: the read pool, or a transaction.
type reader interface {
	query(query string, args ...any) (*sql.Rows, error)
	row(query string, args ...any) *sql.Row
}

type pool struct {
	ctx context.Context
	s   *Store
}

func (s *Store) reads(ctx context.Context) reader { return pool{s.within(ctx), s} }

func (p pool) query(query string, args ...any) (*sql.Rows, error) {
	query, args = p.s.dialect.rebind(query), bound(args)
	stmt, err := p.s.read.compile(p.ctx, query)
	if err != nil || stmt == nil {
		rows, err := p.s.readDB.QueryContext(p.ctx, query, args...)
		p.s.links.doubt(err)
		return rows, err
	}
	return stmt.QueryContext(p.ctx, args...)
}

func (p pool) row(query string, args ...any) *sql.Row {
	query, args = p.s.dialect.rebind(query), bound(args)
	stmt, err := p.s.read.compile(p.ctx, query)
	if err != nil || stmt == nil {
		row := p.s.readDB.QueryRowContext(p.ctx, query, args...)
		p.s.links.doubt(row.Err())
		return row
	}
	return stmt.QueryRowContext(p.ctx, args...)
}
