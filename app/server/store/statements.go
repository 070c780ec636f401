package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
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
	broken map[string]bool // cannot be compiled: whoever runs one is told why
}

func newStatements(db *sql.DB, off bool) *statements {
	return &statements{db: db, off: off, known: map[string]*sql.Stmt{}, wanted: map[string]bool{}, broken: map[string]bool{}}
}

// inTransaction returns the compiled statement, or nil after noting that it is wanted:
// compiling needs a connection, and the writer's only one is in the transaction.
func (s *statements) inTransaction(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	stmt := s.known[query]
	if stmt == nil && !s.off && !s.broken[query] && len(s.known)+len(s.wanted)+len(s.broken) < statementsKept {
		s.wanted[query] = true
	}
	return stmt
}

// compileWanted is called between transactions. A statement that cannot be compiled is the affair of
// the write that wanted it, not of those that come next.
func (s *statements) compileWanted(ctx context.Context) {
	s.mu.Lock()
	wanted := s.wanted
	if len(wanted) > 0 {
		s.wanted = map[string]bool{}
	}
	s.mu.Unlock()
	for query := range wanted {
		if _, err := s.compile(ctx, query); err != nil {
			slog.Debug("a statement stays uncompiled", "err", err)
			s.mu.Lock()
			s.broken[query] = true
			s.mu.Unlock()
		}
	}
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
