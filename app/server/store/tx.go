package store

import (
	"context"
	"database/sql"

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
}

// Asked is the context of whoever asked for this work, for log lines and traces alone: the work ends with the
// transaction and not with that.
func (t *Tx) Asked() context.Context { return t.asked }

func (t *Tx) exec(query string, args ...any) (sql.Result, error) {
	t.step()
	query, args = t.store.dialect.rebind(query), bound(args)
	if stmt := t.store.written.inTransaction(query); stmt != nil {
		return t.tx.StmtContext(t.ctx, stmt).ExecContext(t.ctx, args...)
	}
	return t.tx.ExecContext(t.ctx, query, args...)
}

func (t *Tx) query(query string, args ...any) (*sql.Rows, error) {
	t.step()
	query, args = t.store.dialect.rebind(query), bound(args)
	if stmt := t.store.written.inTransaction(query); stmt != nil {
		return t.tx.StmtContext(t.ctx, stmt).QueryContext(t.ctx, args...)
	}
	return t.tx.QueryContext(t.ctx, query, args...)
}

func (t *Tx) row(query string, args ...any) *sql.Row {
	t.step()
	query, args = t.store.dialect.rebind(query), bound(args)
	if stmt := t.store.written.inTransaction(query); stmt != nil {
		return t.tx.StmtContext(t.ctx, stmt).QueryRowContext(t.ctx, args...)
	}
	return t.tx.QueryRowContext(t.ctx, query, args...)
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
		return p.s.readDB.QueryContext(p.ctx, query, args...)
	}
	return stmt.QueryContext(p.ctx, args...)
}

func (p pool) row(query string, args ...any) *sql.Row {
	query, args = p.s.dialect.rebind(query), bound(args)
	stmt, err := p.s.read.compile(p.ctx, query)
	if err != nil || stmt == nil {
		return p.s.readDB.QueryRowContext(p.ctx, query, args...)
	}
	return stmt.QueryRowContext(p.ctx, args...)
}
