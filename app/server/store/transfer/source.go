package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"dozvon/app/server/store"
)

// source is the school that moves, at one moment.
type source struct {
	db   *sql.DB
	conn *sql.Conn
	mark string // the fingerprint of its sealing key, which no other school has
}

func (t *Transfer) openSource(ctx context.Context) (*source, error) {
	db, err := store.OpenAsIs(t.From)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	schema, err := db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	newest, err := store.NewestSchema()
	if err != nil {
		return nil, err
	}
	if schema != newest {
		return nil, &Refusal{fmt.Sprintf("the SQLite database has schema %d, and this program's is %d; start this program's server on it once", schema, newest)}
	}
	s := &source{}
	if s.mark, err = db.SealFingerprint(ctx); err != nil {
		return nil, err
	}
	if s.mark == "" {
		return nil, &Refusal{"the SQLite database has not been used by a server yet; start one on it, or begin on PostgreSQL at once"}
	}
	if s.db, err = sql.Open("sqlite", store.FileURI(strings.TrimPrefix(t.From, "sqlite://"))+"?mode=rw&_pragma=busy_timeout(10000)&_pragma=query_only(ON)"); err != nil {
		return nil, fmt.Errorf("opening the SQLite database: %w", err)
	}
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the SQLite database: %w", err), s.db.Close())
	}
	// One moment for all tables, however long it takes.
	var n int
	if _, err = s.conn.ExecContext(ctx, "BEGIN"); err == nil {
		err = s.conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&n)
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("reading the SQLite database: %w", err)
	}
	return s, nil
}

func (s *source) close() {
	s.conn.Close()
	s.db.Close()
}

func (s *source) count(ctx context.Context, tab table) (n int64, err error) {
	if err := s.conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+tab.name).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting the rows of the SQLite database: %w", err)
	}
	return n, nil
}
