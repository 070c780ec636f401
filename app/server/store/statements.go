package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// statementsKept bounds the cache; the statements of this package are some dozens, the feed's
// filters make some dozens more.
const statementsKept = 256

// statements keeps what SQLite has compiled: compiling costs more than running most of what we
// run. pgx keeps its own, so on PostgreSQL nothing is kept here.
type statements struct {
	db     *sql.DB
	off    bool
	mu     sync.Mutex
	known  map[string]*sql.Stmt
	wanted map[string]bool // asked for while the one connection was in a transaction
}

func newStatements(db *sql.DB, off bool) *statements {
	return &statements{db: db, off: off, known: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

// inTransaction returns the compiled statement, or nil after noting that it is wanted:
// compiling needs a connection, and the writer's only one is in the transaction.
func (s *statements) inTransaction(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	stmt := s.known[query]
	if stmt == nil && !s.off && len(s.known)+len(s.wanted) < statementsKept {
		s.wanted[query] = true
	}
	return stmt
}

// compileWanted is called between transactions.
func (s *statements) compileWanted(ctx context.Context) error {
	s.mu.Lock()
	wanted := s.wanted
	if len(wanted) > 0 {
		s.wanted = map[string]bool{}
	}
	s.mu.Unlock()
	for query := range wanted {
		if _, err := s.compile(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// compile returns the compiled statement, nil when it should run uncompiled.
func (s *statements) compile(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	stmt, full := s.known[query], s.off || len(s.known) >= statementsKept
	s.mu.Unlock()
	if stmt != nil || full {
		return stmt, nil
	}
	stmt, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("compiling a statement: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.known[query]; other != nil {
		stmt.Close()
		return other, nil
	}
	s.known[query] = stmt
	return stmt, nil
}
