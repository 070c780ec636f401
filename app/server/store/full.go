package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"dozvon/app/server/disk"
)

// ErrFull says that the database has no room left: nothing is lost, and nothing new is kept.
var ErrFull = errors.New("the disk is full")

// diskFull is PostgreSQL's code for it.
const diskFull = "53100"

// IsFull tells whether an error, or one of several that it joins, means that there is no room, in
// the database or beside it.
func IsFull(err error) bool {
	if errors.Is(err, ErrFull) || disk.IsFull(err) {
		return true
	}
	return anyOf(err, func(err error) bool {
		switch e := err.(type) {
		case *pgconn.PgError:
			return e.Code == diskFull
		case *sqlite.Error:
			return e.Code()&0xff == sqlite3.SQLITE_FULL || e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE
		}
		return false
	})
}

// anyOf looks through all that an error wraps. errors.As ends at the first of a type: after a full
// disk SQLite says first that the savepoint is gone.
func anyOf(err error, fits func(error) bool) bool {
	if err == nil || fits(err) {
		return err != nil
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return anyOf(e.Unwrap(), fits)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), func(err error) bool { return anyOf(err, fits) })
	}
	return false
}

// plainly tells a full disk as that and no more: a migration that finds no room fails with it at the third hand,
// and first with what its own undoing found.
func plainly(err error) error {
	if err == nil || !IsFull(err) {
		return err
	}
	slog.Debug("the disk is full", "err", err)
	return ErrFull
}

// noteRoom remembers that a write found no room, for Ready.
func (s *Store) noteRoom(errs ...error) {
	for _, err := range errs {
		if err != nil && IsFull(err) {
			s.full.Store(true)
		}
	}
}

// probe is what Ready writes to see whether there is room again: more than fits into pages that
// happen to be free.
const probe = 128 << 10

// Ready tells whether the store answers and takes writes; ErrFull while there is no room.
func (s *Store) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingLimit)
	defer cancel()
	if err := s.Ping(ctx); err != nil || !s.full.Load() {
		return err
	}
	err := s.Write(ctx, func(tx *Tx) error {
		_, err := tx.exec("INSERT INTO school (name, value) VALUES ('room', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", strings.Repeat("x", probe))
		return err
	})
	if err == nil {
		err = s.Write(ctx, func(tx *Tx) error {
			_, err := tx.exec("DELETE FROM school WHERE name = 'room'")
			return err
		})
	}
	switch {
	case err == nil:
		s.full.Store(false)
		return nil
	case IsFull(err):
		return ErrFull
	}
	return fmt.Errorf("trying whether there is room: %w", err)
}

// LimitPages bounds SQLite's file to so many pages of 4 KB, as a full disk would; 0 takes the bound
// off. Tests use it.
func (s *Store) LimitPages(ctx context.Context, pages int) error {
	if pages == 0 {
		pages = 1 << 30
	}
	if _, err := s.writeDB.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
		return fmt.Errorf("bounding the database: %w", err)
	}
	return nil
}
