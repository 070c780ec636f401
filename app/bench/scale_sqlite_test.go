//go:build linux

package bench

import (
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"dozvon/app/server/store"
)

// scaleSQLite builds the data in a SQLite file, or finds them built, and returns the file.
func scaleSQLite(t *testing.T, s scale) string {
	t.Helper()
	dir, built, done := scaleDir(t, "sqlite", s.stamp(t))
	file := filepath.Join(dir, "dozvon.db")
	if built {
		return file
	}
	st, err := store.Open(t.Context(), "sqlite://"+file, time.Now) // for its tables
	if err == nil {
		err = st.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	// Nothing is kept safe here: what a crash tears is built again.
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=cache_size(-400000)&_pragma=locking_mode(EXCLUSIVE)&_pragma=temp_store(FILE)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	into := &sqliteSink{db: db, indices: map[string][]string{}}
	if err := s.pour(t, into); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	done()
	return file
}

func opened(t *testing.T, file string) *os.File {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, f)
	return f
}

// forget has the system drop the file from its memory, as after a restart of the machine.
func forget(t *testing.T, file string) {
	t.Helper()
	f := opened(t, file)
	// What is not on the disk yet stays.
	if err := f.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		t.Fatal(err)
	}
}

// remember reads the file once, as a server that has run for days has done; what does not fit into
// the machine is read from the disk again.
func remember(t *testing.T, file string) {
	t.Helper()
	f := opened(t, file)
	if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, f, make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
}

type sqliteSink struct {
	db      *sql.DB
	indices map[string][]string // of a table
}

// rows takes a table's indices away before and makes them after: sorted once, they are built in a
// fraction of the time.
func (s *sqliteSink) rows(table string, columns []string, next func() ([]any, bool)) error {
	if err := s.dropIndices(table); err != nil {
		return err
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	err := s.bulk("INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES ("+marks+")", next)
	if err != nil {
		return err
	}
	for _, q := range s.indices[table] {
		if _, err := s.db.Exec(q); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteSink) dropIndices(table string) error {
	rows, err := s.db.Query("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", table)
	if err != nil {
		return err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name, query string
		if err := rows.Scan(&name, &query); err != nil {
			return err
		}
		names = append(names, name)
		s.indices[table] = append(s.indices[table], query)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for _, name := range names {
		if _, err := s.db.Exec("DROP INDEX " + name); err != nil {
			return err
		}
	}
	return nil
}

// bulk runs one statement for every row, many in a transaction.
func (s *sqliteSink) bulk(query string, next func() ([]any, bool)) error {
	const perTransaction = 100_000
	for more := true; more; {
		tx, err := s.db.Begin()
		if err != nil {
			return err
		}
		stmt, err := tx.Prepare(query)
		if err != nil {
			tx.Rollback()
			return err
		}
		for range perTransaction {
			var row []any
			if row, more = next(); !more {
				break
			}
			if _, err := stmt.Exec(row...); err != nil {
				tx.Rollback()
				return fmt.Errorf("%v: %w", row[0], err)
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

func (s *sqliteSink) texts(kind string, next func() (document, bool)) error {
	return s.bulk("INSERT INTO "+kind+"_fts (rowid, text) VALUES (?, ?)", func() ([]any, bool) {
		d, ok := next()
		return []any{d.ord, strings.Join(d.terms, " ")}, ok
	})
}

func (s *sqliteSink) numbers(next func() (string, bool)) error {
	var all []string
	err := s.bulk("INSERT INTO numbers (number) VALUES (?)", func() ([]any, bool) {
		n, ok := next()
		all = append(all, n)
		return []any{n}, ok
	})
	if err != nil {
		return err
	}
	i := 0
	return s.bulk("INSERT INTO number_fts (rowid, number) VALUES (?, ?)", func() ([]any, bool) {
		if i == len(all) || all[i] == "" {
			return nil, false
		}
		digits := strings.TrimPrefix(all[i], "+")
		row, err := strconv.ParseInt(digits, 10, 64)
		i++
		return []any{row, digits}, err == nil
	})
}

func (s *sqliteSink) finish() error {
	// What was written by old versions waits for nothing here.
	_, err := s.db.Exec("DELETE FROM stale")
	return err
}
