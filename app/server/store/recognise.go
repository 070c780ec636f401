package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrEmptied says that a database that held a school holds nothing any more.
var ErrEmptied = errors.New("the database is empty although it was in use: restore it from a backup")

// MovingTable is in a database that a school is being moved into, until that is whole.
const MovingTable = "moving"

// ErrMoving says that a school is being moved into a database.
var ErrMoving = errors.New("a school is being moved into this database, and it is not whole yet: stop the server that it comes from, and run dozvon-server migrate-to again until it says that all is there")

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
func (s *Store) recognise(ctx context.Context, steps []int64, used bool) error {
	tables, err := s.tables(ctx)
	if err != nil {
		return unreachable(err)
	}
	version, done, err := s.version(ctx, tables)
	if err != nil {
		return err
	}
	newest := slices.Max(append(steps, 0))
	others := slices.DeleteFunc(slices.Clone(tables), func(t string) bool { return t == versions })
	missing := slices.DeleteFunc(slices.Clone(early), func(t string) bool { return slices.Contains(tables, t) })
	switch {
	case slices.Contains(tables, MovingTable):
		return ErrMoving
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
	for _, step := range steps {
		if step < version && !slices.Contains(done, step) {
			return fmt.Errorf("the database has schema %d without its step %d, which this program has: steps are taken in their order, and one that was left out cannot follow. Nothing was changed: start the program that the database was used with. Who builds the program: give the migration a number above %d", version, step, version)
		}
	}
	return nil
}

// version is the newest migration that was done in a database with these tables, and all that were. goose notes 0 for none.
func (s *Store) version(ctx context.Context, tables []string) (newest int64, done []int64, err error) {
	if !slices.Contains(tables, versions) {
		return 0, nil, nil
	}
	rows, err := s.writeDB.QueryContext(ctx, "SELECT version_id FROM "+versions+" WHERE is_applied")
	if err == nil {
		done, err = collect(rows, func(rows *sql.Rows) (n int64, err error) { return n, rows.Scan(&n) })
	}
	if err != nil {
		return 0, nil, unreachable(fmt.Errorf("reading the database's version: %w", err))
	}
	return slices.Max(append(done, 0)), done, nil
}

func (s *Store) tables(ctx context.Context) ([]string, error) {
	rows, err := s.writeDB.QueryContext(ctx, s.dialect.tables)
	if err != nil {
		return nil, fmt.Errorf("reading the database's tables: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
}
