// Package store keeps everything that must outlive the process, in SQLite or PostgreSQL, behind one set
// of methods. All SQL of the project stands here and below; a dialect's difference stands in dialect.go,
// that of the full-text index in textindex. It decides nothing: what a call or a card means is told to it
// by the packages of the domain.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"

	"dozvon/app/server/store/textindex"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is the database. Reads go to a pool; every write goes through one writer, which
// commits all that wait in one transaction, so that one fsync serves every webhook waiting.
type Store struct {
	dialect dialect
	schema  string // PostgreSQL's, of one of several schools in a database; empty: there is one
	links   *connections
	writeDB *sql.DB
	readDB  *sql.DB
	written *statements
	read    *statements
	facets  *facets
	text    *textindex.Index
	now     func() time.Time
	full    atomic.Bool // the last write that asked for room found none
	jobs    chan job
	queue   sync.RWMutex // guards closed: jobs is not closed while somebody puts a job in
	closed  bool
	done    chan struct{}
	tail    func([]Row) // told of every commit's journal rows, in order
	tailMu  sync.RWMutex
	meter   Meter        // nil: nobody measures
	writing atomic.Int64 // when the group that is being written was begun, in Unix nanoseconds; 0: none is
}

// Open opens url, "sqlite:///abs/path.db" or "postgres://…", and brings its schema up to date.
func Open(ctx context.Context, url string, now func() time.Time, opts ...Option) (*Store, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	d, err := dialectOf(url)
	if err != nil {
		return nil, err
	}
	links := &connections{}
	w, r, err := d.open(url, links)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", plainly(err))
	}
	s := &Store{
		dialect: d, schema: schemaOf(url), links: links, writeDB: w, readDB: r, now: now,
		written: newStatements(w, d.postgres), read: newStatements(r, d.postgres),
		facets: &facets{known: map[facet]int64{}}, text: textindex.New(d.postgres), jobs: make(chan job, queueLength), done: make(chan struct{}),
	}
	if o.pages > 0 {
		err = s.LimitPages(ctx, o.pages)
	}
	if err == nil {
		var dir fs.FS
		if dir, err = fs.Sub(migrations, "migrations"); err == nil {
			err = s.migrate(ctx, o.used, dir)
		}
	}
	if err != nil {
		s.closeDBs()
		return nil, plainly(err)
	}
	go s.writer()
	return s, nil
}

func (s *Store) migrate(ctx context.Context, used bool, dir fs.FS) error {
	unlock, err := s.lockSchema(ctx)
	if err != nil {
		return unreachable(err)
	}
	defer unlock()
	provider, err := goose.NewProvider(s.dialect.goose, s.writeDB, dir)
	if err != nil {
		return fmt.Errorf("preparing migrations: %w", err)
	}
	steps, err := stepsIn(dir)
	if err != nil {
		return err
	}
	if err := s.recognise(ctx, steps, used); err != nil {
		return err
	}
	if err := s.eraseDeleted(ctx, true); err != nil {
		return err
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return unreachable(fmt.Errorf("migrating the database: %w", err))
	}
	if err := s.eraseDeleted(ctx, false); err != nil {
		return err
	}
	for _, m := range done {
		slog.Info("database migrated", "to", m.Source.Version)
	}
	if err := s.text.Prepare(ctx, s.writeDB); err != nil {
		return fmt.Errorf("preparing the full-text index: %w", err)
	}
	return nil
}

// lockSchema lets one node at a time bring the schema up to date: two that start at once on an empty
// database would both make it.
func (s *Store) lockSchema(ctx context.Context) (unlock func(), err error) {
	if !s.dialect.postgres {
		return func() {}, nil
	}
	conn, err := s.writeDB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connecting to the database: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", s.lockOf(schemaLock)); err != nil {
		conn.Close()
		return nil, fmt.Errorf("waiting for another node's migration: %w", err)
	}
	return func() {
		// The lock is the connection's; one that cannot be unlocked is thrown away with it.
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", s.lockOf(schemaLock)); err != nil {
			conn.Raw(func(any) error { return driver.ErrBadConn })
		}
		conn.Close()
	}, nil
}

// Close lets the waiting writes finish and closes the database.
func (s *Store) Close() error {
	s.queue.Lock()
	if !s.closed {
		s.closed = true
		close(s.jobs)
	}
	s.queue.Unlock()
	<-s.done
	return s.closeDBs()
}

func (s *Store) closeDBs() error {
	err := s.writeDB.Close()
	if s.readDB != s.writeDB {
		if rerr := s.readDB.Close(); err == nil {
			err = rerr
		}
	}
	if err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	return nil
}

// Ping asks whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	var one int
	if err := s.readDB.QueryRowContext(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}
