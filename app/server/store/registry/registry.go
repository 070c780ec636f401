// Package registry keeps which schools an installation has, in which state each is, and by what a request tells
// whose it is. It is a database of its own beside those of the schools, SQLite or PostgreSQL, which commands change
// beside running servers. It holds nothing that a school keeps for itself, and opens none.
package registry

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"
	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite" // SQLite without cgo

	"dozvon/app/server/disk"
	"dozvon/app/server/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// The refusals.
var (
	// ErrNoSchool says that there is no school of this name.
	ErrNoSchool = errors.New("there is no school of this name")
	// ErrTaken says that another school has this name or host.
	ErrTaken = errors.New("another school has it")
	// ErrState says that a school is in a state in which this cannot be done.
	ErrState = errors.New("the school is in another state")
)

// Registry is the database of an installation's schools. Safe for concurrent use, by many processes as well.
type Registry struct {
	db       *sql.DB
	postgres bool
	now      func() time.Time
}

// Open opens url, "sqlite:///abs/path.db" or "postgres://…", and brings its schema up to date.
func Open(ctx context.Context, url string, now func() time.Time) (*Registry, error) {
	r := &Registry{now: now}
	if err := r.open(ctx, url); err != nil {
		return nil, fmt.Errorf("the registry of schools: %w", err)
	}
	return r, nil
}

func (r *Registry) open(ctx context.Context, url string) (err error) {
	path, isFile := strings.CutPrefix(url, "sqlite://")
	switch {
	case isFile:
		if err := prepare(path); err != nil {
			return err
		}
		r.db, err = sql.Open("sqlite", store.FileURI(path)+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		r.postgres = true
		r.db, err = sql.Open("pgx", url)
	default:
		return errors.New("its address is neither sqlite:///abs/path.db nor postgres://user@host/name")
	}
	if err != nil {
		return err
	}
	r.db.SetMaxOpenConns(4)
	if err := r.migrate(ctx, path); err != nil {
		return errors.Join(err, r.db.Close())
	}
	return nil
}

// prepare makes the file for its owner alone.
func prepare(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := disk.Create(path)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// migrate lets one process at a time bring the schema up to date.
func (r *Registry) migrate(ctx context.Context, path string) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption(nil)
	if r.postgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return err
		}
		dialect, options = goose.DialectPostgres, []goose.ProviderOption{goose.WithSessionLocker(locker)}
	} else {
		one := flock.New(path+".lock", flock.SetPermissions(0o600))
		if err := one.Lock(); err != nil {
			return fmt.Errorf("waiting for another process: %w", err)
		}
		defer one.Close()
	}
	// Its versions are told apart from those of a school that has its tables in the same database.
	options = append(options, goose.WithTableName("registry_version"))
	provider, err := goose.NewProvider(dialect, r.db, dir, options...)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bringing it up to date: %w", err)
	}
	return nil
}

// Close closes the database.
func (r *Registry) Close() error { return r.db.Close() }

// bound puts PostgreSQL's numbers in the place of a statement's question marks.
func (r *Registry) bound(query string) string {
	if !r.postgres {
		return query
	}
	var b strings.Builder
	n := 0
	for _, c := range query {
		if c != '?' {
			b.WriteRune(c)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

// tx is a change of the registry.
type tx struct {
	*Registry
	ctx context.Context
	tx  *sql.Tx
}

func (t tx) exec(query string, args ...any) (changed int64, err error) {
	res, err := t.tx.ExecContext(t.ctx, t.bound(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// change does something in one transaction, and counts it. Whoever changes the registry of PostgreSQL waits for the
// others at the count.
func (r *Registry) change(ctx context.Context, do func(tx) error) error {
	return r.within(ctx, func(t tx) error {
		if _, err := t.exec("UPDATE registry_revision SET n = n + 1"); err != nil {
			return fmt.Errorf("counting a change of the registry: %w", err)
		}
		return do(t)
	})
}

// within does something in one transaction.
func (r *Registry) within(ctx context.Context, do func(tx) error) error {
	under, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("the registry of schools: %w", err)
	}
	defer under.Rollback()
	if err := do(tx{r, ctx, under}); err != nil {
		return err
	}
	if err := under.Commit(); err != nil {
		return fmt.Errorf("the registry of schools: %w", err)
	}
	return nil
}

// Revision is how often the registry was changed.
func (r *Registry) Revision(ctx context.Context) (n int64, err error) {
	if err := r.db.QueryRowContext(ctx, "SELECT n FROM registry_revision").Scan(&n); err != nil {
		return 0, fmt.Errorf("asking the registry for its revision: %w", err)
	}
	return n, nil
}
