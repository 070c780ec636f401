package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

// ErrEmptied says that a database that held a school holds nothing any more.
var ErrEmptied = errors.New("the database is empty although it was in use: restore it from a backup")

// Option is a choice of Open.
type Option func(*options)

type options struct {
	used  bool
	pages int // bounds SQLite's file from the start, as a full disk would; tests use it
}

// InUse makes Open refuse a database without any table with ErrEmptied: something else tells that
// it was in use.
func InUse(used bool) Option { return func(o *options) { o.used = used } }

// versions is where goose notes which migrations were done.
const versions = "goose_db_version"

// early are tables that every version has had.
var early = []string{"employees", "calls", "feed", "journal"}

// recognise refuses what is not a database of ours, or not one that this program may change: a
// newer version's, one that lost its tables, another program's.
func (s *Store) recognise(ctx context.Context, newest int64, used bool) error {
	tables, err := s.tables(ctx)
	if err != nil {
		return unreachable(err)
	}
	version, err := s.version(ctx, tables)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(tables), func(t string) bool { return t == versions })
	missing := slices.DeleteFunc(slices.Clone(early), func(t string) bool { return slices.Contains(tables, t) })
	switch {
	case version > newest:
		return fmt.Errorf("the database was written by a newer version of Dozvon (schema %d, this program knows %d): install the newer program, or restore the backup that was made before the upgrade", version, newest)
	case version > 0 && len(missing) > 0:
		return fmt.Errorf("the database has schema %d but lost its tables (%s): restore it from a backup", version, strings.Join(missing, ", "))
	case version == 0 && len(others) > 0 && len(missing) == 0:
		return errors.New("the database has a school's tables but no version any more (" + versions + " is empty): restore it from a backup")
	case version == 0 && len(others) > 0:
		return fmt.Errorf("the database holds tables of another program (%s): give Dozvon one of its own", strings.Join(others[:min(3, len(others))], ", "))
	case version == 0 && used:
		return ErrEmptied
	}
	return nil
}

// version is the newest migration that was done in a database with these tables.
func (s *Store) version(ctx context.Context, tables []string) (int64, error) {
	if !slices.Contains(tables, versions) {
		return 0, nil
	}
	version := int64(0)
	// NULL, not 0, when the table is there without a row.
	err := s.writeDB.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM "+versions+" WHERE is_applied").Scan(&version)
	if err != nil {
		return 0, unreachable(fmt.Errorf("reading the database's version: %w", err))
	}
	return version, nil
}

func (s *Store) tables(ctx context.Context) ([]string, error) {
	rows, err := s.writeDB.QueryContext(ctx, s.dialect.tables)
	if err != nil {
		return nil, fmt.Errorf("reading the database's tables: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
}

// newestMigration is the version that this program's migrations lead to.
func newestMigration(p *goose.Provider) int64 {
	top := int64(0)
	for _, m := range p.ListSources() {
		top = max(top, m.Version)
	}
	return top
}
