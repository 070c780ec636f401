package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
)

const (
	// queueLength is how many writes may wait; more make their callers wait in turn.
	queueLength = 1024
	// groupLimit bounds one transaction, so that the last of a group does not wait for long.
	groupLimit = 64
)

// ErrClosed says that the store is shutting down and took no more writes.
var ErrClosed = errors.New("the store is closed")

type job struct {
	ctx  context.Context
	work func(*Tx) error
	done chan error
}

// Tx is one unit of work inside the writer's transaction.
type Tx struct {
	tx      *sql.Tx
	ctx     context.Context
	store   *Store
	journal []Row
	facets  map[facet]int64  // that this work met or made
	words   map[string]Kinds // that it wrote to the vocabulary
}

// Write runs work in the writer's transaction and returns when that is durable. Work that
// fails changes nothing and does not disturb the others of its group. It must not wait for
// anything but the database.
func (s *Store) Write(ctx context.Context, work func(*Tx) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = ErrClosed // the queue was closed under us: the process is ending
		}
	}()
	j := job{ctx: ctx, work: work, done: make(chan error, 1)}
	select {
	case s.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	}
	// From here on the work may be committed, so its true outcome is awaited.
	return <-j.done
}

func (s *Store) writer() {
	defer close(s.done)
	for first := range s.jobs {
		s.commit(s.gather(first))
	}
}

func (s *Store) gather(first job) []job {
	group := []job{first}
	for len(group) < groupLimit {
		select {
		case j, ok := <-s.jobs:
			if !ok {
				return group
			}
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commit runs a group in one transaction, each job behind its own savepoint.
func (s *Store) commit(group []job) {
	results := make([]error, len(group))
	rows, err := s.runGroup(group, results)
	if err == nil {
		s.publish(rows)
	}
	for i, j := range group {
		if err != nil && results[i] == nil {
			results[i] = err
		}
		j.done <- results[i]
	}
}

func (s *Store) runGroup(group []job, results []error) ([]Row, error) {
	// The writer outlives the requests it serves, so no request's end may cut the others' work.
	ctx := context.Background()
	if err := s.written.compileWanted(ctx); err != nil {
		return nil, err
	}
	tx, err := s.writeDB.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback()
	var rows []Row
	met, words := map[facet]int64{}, map[string]Kinds{}
	for i, j := range group {
		unit := &Tx{tx: tx, ctx: ctx, store: s}
		if results[i] = s.runOne(unit, j); results[i] == nil {
			rows = append(rows, unit.journal...)
			maps.Copy(met, unit.facets)
			maps.Copy(words, unit.words)
		}
	}
	if err := s.writeJournal(ctx, tx, rows); err != nil {
		return nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("committing: %w", err)
	}
	s.facets.learn(met)
	s.learnt.commit(words)
	return rows, nil
}

func (s *Store) runOne(unit *Tx, j job) (err error) {
	if _, err := unit.exec("SAVEPOINT unit"); err != nil {
		return fmt.Errorf("opening a savepoint: %w", err)
	}
	err = guarded(unit, j.work)
	end := "RELEASE SAVEPOINT unit"
	if err != nil {
		end = "ROLLBACK TO SAVEPOINT unit"
	}
	if _, serr := unit.exec(end); serr != nil && err == nil {
		err = fmt.Errorf("closing a savepoint: %w", serr)
	}
	return err
}

// guarded keeps a bug in one job from taking the writer, and so the whole server, with it.
func guarded(unit *Tx, work func(*Tx) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("write panicked", "panic", fmt.Sprint(r))
			err = fmt.Errorf("internal error while writing: %v", r)
		}
	}()
	return work(unit)
}

func (t *Tx) exec(query string, args ...any) (sql.Result, error) {
	query = t.store.dialect.rebind(query)
	if stmt := t.store.written.inTransaction(query); stmt != nil {
		return t.tx.StmtContext(t.ctx, stmt).ExecContext(t.ctx, args...)
	}
	return t.tx.ExecContext(t.ctx, query, args...)
}

func (t *Tx) query(query string, args ...any) (*sql.Rows, error) {
	query = t.store.dialect.rebind(query)
	if stmt := t.store.written.inTransaction(query); stmt != nil {
		return t.tx.StmtContext(t.ctx, stmt).QueryContext(t.ctx, args...)
	}
	return t.tx.QueryContext(t.ctx, query, args...)
}

func (t *Tx) row(query string, args ...any) *sql.Row {
	query = t.store.dialect.rebind(query)
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

func (s *Store) reads(ctx context.Context) reader { return pool{ctx, s} }

func (p pool) query(query string, args ...any) (*sql.Rows, error) {
	query = p.s.dialect.rebind(query)
	stmt, err := p.s.read.compile(p.ctx, query)
	if err != nil || stmt == nil {
		return p.s.readDB.QueryContext(p.ctx, query, args...)
	}
	return stmt.QueryContext(p.ctx, args...)
}

func (p pool) row(query string, args ...any) *sql.Row {
	query = p.s.dialect.rebind(query)
	stmt, err := p.s.read.compile(p.ctx, query)
	if err != nil || stmt == nil {
		return p.s.readDB.QueryRowContext(p.ctx, query, args...)
	}
	return stmt.QueryRowContext(p.ctx, args...)
}
