package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"dozvon/app/server/store/internal/sqlrows"
)

// Erasure is a person whose data are erased, or were.
type Erasure struct {
	ID     string
	Person string // client:ID, contract:ID or number
	Print  string // of how the person was named
	At     time.Time
	DoneAt time.Time // zero: it goes on
	Work   string    // sealed
	// Receipt counts what was erased so far, as JSON.
	Receipt string
}

const erasureColumns = "id, person, print, at, done_at, work, receipt"

func scanErasure(row scanner) (e Erasure, err error) {
	var at, done int64
	err = row.Scan(&e.ID, &e.Person, &e.Print, &at, &done, &e.Work, &e.Receipt)
	e.At, e.DoneAt = fromMilli(at), momentOf(done)
	return e, err
}

// OpenErasures lists those that go on, or that were broken off, the first one first.
func (s *Store) OpenErasures(ctx context.Context) ([]Erasure, error) {
	rows, err := s.reads(ctx).query("SELECT " + erasureColumns + " FROM erasures WHERE done_at = 0 ORDER BY at, id")
	if err != nil {
		return nil, fmt.Errorf("listing erasures: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (Erasure, error) { return scanErasure(rows) })
}

// LastErasure is the last one of a person, by the card or by the fingerprint of how they were named; ErrNotFound.
func (s *Store) LastErasure(ctx context.Context, person, print string) (Erasure, error) {
	e, err := scanErasure(s.reads(ctx).row("SELECT "+erasureColumns+" FROM erasures WHERE print = ? OR person = ? ORDER BY at DESC, id DESC LIMIT 1", print, person))
	return e, missing(err, "erasure")
}

// SaveErasure notes one, or how far it is.
func (t *Tx) SaveErasure(e Erasure) error {
	err := t.put("erasures", "id", columns{
		{"id", e.ID},
		{"person", once{e.Person}},
		{"print", once{e.Print}},
		{"at", once{e.At.UnixMilli()}},
		{"done_at", milliOf(e.DoneAt)},
		{"work", e.Work},
		{"receipt", e.Receipt},
	})
	if err != nil {
		return fmt.Errorf("noting an erasure: %w", err)
	}
	return nil
}

// AddErasedPrints remembers by what erased calls are known again.
func (t *Tx) AddErasedPrints(prints []string) error {
	for _, p := range prints {
		_, err := t.exec("INSERT INTO erased_prints (print, at) VALUES (?, ?) ON CONFLICT (print) DO UPDATE SET at = excluded.at", p, t.store.now().UnixMilli())
		if err != nil {
			return fmt.Errorf("remembering an erased call: %w", err)
		}
	}
	return nil
}

// ErasedPrints tells which of some fingerprints are those of erased calls, and since when.
func (t *Tx) ErasedPrints(prints []string) (map[string]time.Time, error) {
	found := map[string]time.Time{}
	if len(prints) == 0 {
		return found, nil
	}
	args := make([]any, len(prints))
	for i, p := range prints {
		args[i] = p
	}
	list, args := sqlrows.In(args)
	rows, err := t.query("SELECT print, at FROM erased_prints WHERE print IN "+list, args...)
	if err != nil {
		return nil, fmt.Errorf("looking for erased calls: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var print string
		var at int64
		if err := rows.Scan(&print, &at); err != nil {
			return nil, fmt.Errorf("reading an erased call: %w", err)
		}
		found[print] = fromMilli(at)
	}
	return found, rows.Err()
}

// AddErasedFiles notes files of recordings that every node deletes.
func (t *Tx) AddErasedFiles(names []string) error {
	for _, name := range names {
		_, err := t.exec("INSERT INTO erased_files (name, at) VALUES (?, ?) ON CONFLICT DO NOTHING", name, t.store.now().UnixMilli())
		if err != nil {
			return fmt.Errorf("noting an erased recording: %w", err)
		}
	}
	return nil
}

// ErasedFiles are the files of recordings that were erased since a moment.
func (s *Store) ErasedFiles(ctx context.Context, since time.Time) ([]string, error) {
	rows, err := s.reads(ctx).query("SELECT name FROM erased_files WHERE at >= ? ORDER BY at, name", since.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("listing erased recordings: %w", err)
	}
	return collect(rows, scanText)
}

// DropErased forgets by what calls that were erased before a moment are known again, and their files.
func (t *Tx) DropErased(before time.Time) error {
	for _, table := range []string{"erased_prints", "erased_files"} {
		if _, err := t.exec("DELETE FROM "+table+" WHERE at < ?", before.UnixMilli()); err != nil {
			return fmt.Errorf("forgetting %s: %w", table, err)
		}
	}
	return nil
}

// OtherNodes counts the nodes that live beside those given.
func (s *Store) OtherNodes(ctx context.Context, own string) (int, error) {
	var n int
	err := s.reads(ctx).row("SELECT COUNT(*) FROM nodes WHERE until > ? AND id <> ?", s.now().UnixMilli(), own).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("counting nodes: %w", err)
	}
	return n, nil
}

// IsPostgres tells whether the database is PostgreSQL's.
func (s *Store) IsPostgres() bool { return s.dialect.postgres }

// File is SQLite's file; empty on PostgreSQL.
func (s *Store) File(ctx context.Context) (string, error) {
	if s.dialect.postgres {
		return "", nil
	}
	var file string
	if err := s.reads(ctx).row("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file); err != nil {
		return "", fmt.Errorf("asking for the database's file: %w", err)
	}
	return file, nil
}

// blank is a piece of the room that SQLite has free in its file.
const blank = 1 << 20

// blankName is under which the table of what nodes share holds such pieces for a moment.
const blankName = "blank "

// BlankRoom overwrites the room that SQLite has free in its file, in which former versions of rows may stand: it takes
// it piece by piece, and gives it back. Call it with EraseDeleted on. On PostgreSQL it does nothing.
func (s *Store) BlankRoom(ctx context.Context) error {
	if s.dialect.postgres {
		return nil
	}
	var pages, size int64
	if err := s.reads(ctx).row("SELECT (SELECT freelist_count FROM pragma_freelist_count), (SELECT page_size FROM pragma_page_size)").Scan(&pages, &size); err != nil {
		return fmt.Errorf("asking for the free room: %w", err)
	}
	for i := range pages*size/blank + 1 {
		err := s.Write(ctx, func(tx *Tx) error {
			_, err := tx.exec("INSERT INTO shared (name, value) VALUES (?, zeroblob(?)) ON CONFLICT DO NOTHING", fmt.Sprint(blankName, i), blank)
			return err
		})
		if err != nil {
			return errors.Join(fmt.Errorf("blanking free room: %w", err), s.unblank(context.WithoutCancel(ctx)))
		}
	}
	return s.unblank(ctx)
}

// unblank gives the room back, also what a blanking left that was killed.
func (s *Store) unblank(ctx context.Context) error {
	for more := true; more; {
		err := s.Write(ctx, func(tx *Tx) error {
			res, err := tx.exec("DELETE FROM shared WHERE name = (SELECT MIN(name) FROM shared WHERE name >= ? AND name < ?)", blankName, blankName+"~")
			if err != nil {
				return fmt.Errorf("giving free room back: %w", err)
			}
			n, err := res.RowsAffected()
			more = n > 0
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkpointTries is how often SQLite is asked to empty its log of writes, which it cannot while somebody reads in it.
const checkpointTries = 20

// EmptyLog writes SQLite's log of writes into the database and makes it empty; false when somebody who reads kept it
// from being emptied.
func (s *Store) EmptyLog(ctx context.Context) (bool, error) {
	if s.dialect.postgres {
		return true, nil
	}
	for range checkpointTries {
		var busy, log, done int
		if err := s.writeDB.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done); err != nil {
			return false, fmt.Errorf("emptying the log of writes: %w", err)
		}
		if busy == 0 {
			return true, nil
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return false, nil
}

// EraseDeleted makes SQLite overwrite all that is deleted from now on, with the pages that come free; off, only what
// costs no further writing. PostgreSQL has no such thing: what was deleted stays in its files until VACUUM FULL.
func (s *Store) EraseDeleted(ctx context.Context, on bool) error {
	if s.dialect.postgres {
		return nil
	}
	how := "FAST"
	if on {
		how = "ON"
	}
	if _, err := s.writeDB.ExecContext(ctx, "PRAGMA secure_delete = "+how); err != nil {
		return fmt.Errorf("having what is deleted overwritten: %w", err)
	}
	return nil
}

// unique sorts texts and leaves out empty and repeated ones.
func unique(all []string) []string {
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(text string) bool { return text == "" })
}

// Vacuum rewrites SQLite's file without anything that was deleted. Nobody else may work on it meanwhile.
func (s *Store) Vacuum(ctx context.Context) error {
	if s.dialect.postgres {
		return nil
	}
	if _, err := s.writeDB.ExecContext(ctx, "VACUUM"); err != nil {
		return fmt.Errorf("rewriting the database: %w", err)
	}
	return nil
}
