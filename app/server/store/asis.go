package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// AsIs is a database as it stands: it is read and neither written nor brought up to date. It is for those who
// copy or examine one, also one of another version. Close it.
type AsIs struct{ s *Store }

// ErrNone says that there is no database file.
var ErrNone = errors.New("there is no database yet")

// OpenAsIs opens url as it stands; ErrNone when it is a file that is not there.
func OpenAsIs(url string) (*AsIs, error) {
	path, isFile := strings.CutPrefix(url, "sqlite://")
	if !isFile {
		return openAsIs(url, openPostgres)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrNone)
	}
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	return openAsIs(url, func(string, *connections) (write, read *sql.DB, err error) {
		return openFile(path, "?mode=rw&_pragma=busy_timeout(10000)&_pragma=query_only(ON)")
	})
}

// OpenCopy opens a file that nobody else writes, such as a copy in a backup, and leaves it and its folder as
// they are.
func OpenCopy(path string) (*AsIs, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	return openAsIs("sqlite://"+path, func(string, *connections) (write, read *sql.DB, err error) {
		return openFile(path, "?mode=ro&immutable=1&_pragma=query_only(ON)")
	})
}

func openAsIs(url string, open func(string, *connections) (write, read *sql.DB, err error)) (*AsIs, error) {
	d, err := dialectOf(url)
	if err != nil {
		return nil, err
	}
	links := &connections{}
	w, r, err := open(url, links)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", plainly(err))
	}
	return &AsIs{&Store{dialect: d, links: links, writeDB: w, readDB: r, now: time.Now, read: newStatements(r, d.postgres)}}, nil
}

// openFile opens an SQLite file by one pool.
func openFile(path, query string) (write, read *sql.DB, err error) {
	db, err := sql.Open("sqlite", FileURI(path)+query)
	return db, db, err
}

// FileURI names an SQLite file for its driver.
func FileURI(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// Close closes the database.
func (a *AsIs) Close() error { return a.s.closeDBs() }

// Schema is the database's version; 0 before the first start. What is no database of ours, or a newer version's,
// is an error in words.
func (a *AsIs) Schema(ctx context.Context) (int64, error) {
	steps, err := ownSteps()
	if err != nil {
		return 0, err
	}
	if err := a.s.recognise(ctx, steps, false); err != nil {
		return 0, plainly(err)
	}
	tables, err := a.s.tables(ctx)
	if err != nil || len(tables) == 0 {
		return 0, err
	}
	version, _, err := a.s.version(ctx, tables)
	return version, err
}

// NewestSchema is the version to which this program brings a database.
func NewestSchema() (int64, error) {
	steps, err := ownSteps()
	return slices.Max(append(steps, 0)), err
}

// ownSteps are the migrations of this program.
func ownSteps() ([]int64, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("reading migrations: %w", err)
	}
	return stepsIn(dir)
}

func stepsIn(dir fs.FS) (steps []int64, err error) {
	files, err := fs.Glob(dir, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("reading migrations: %w", err)
	}
	for _, name := range files {
		step, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("reading migrations: %w", err)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// faultsMost is how many faults of a damaged file are told.
const faultsMost = 5

// Damage tells what SQLite finds wrong with its file; nothing of a whole one, nor of PostgreSQL, which watches over
// its files itself. A quick look leaves out whether each index fits its table.
func (a *AsIs) Damage(ctx context.Context, quick bool) ([]string, error) {
	if a.s.dialect.postgres {
		return nil, nil
	}
	check := "integrity_check"
	if quick {
		check = "quick_check"
	}
	rows, err := a.s.readDB.QueryContext(ctx, fmt.Sprintf("PRAGMA %s(%d)", check, faultsMost))
	if err != nil {
		return damageOf(err)
	}
	faults, err := collect(rows, func(rows *sql.Rows) (fault string, err error) { return fault, rows.Scan(&fault) })
	if err != nil {
		return damageOf(err)
	}
	if len(faults) == 1 && faults[0] == "ok" {
		return nil, nil
	}
	return faults, nil
}

// damageOf takes a file that cannot be read as SQLite's for a damaged one.
func damageOf(err error) ([]string, error) {
	if anyOf(err, isDamage) {
		return []string{err.Error()}, nil
	}
	return nil, fmt.Errorf("checking the database: %w", err)
}

func isDamage(err error) bool {
	e, ok := err.(*sqlite.Error)
	return ok && (e.Code()&0xff == sqlite3.SQLITE_CORRUPT || e.Code()&0xff == sqlite3.SQLITE_NOTADB)
}

// Clock is the database's own time; SQLite's is this machine's.
func (a *AsIs) Clock(ctx context.Context) (time.Time, error) {
	var ms int64
	if err := a.s.readDB.QueryRowContext(ctx, "SELECT "+a.s.dialect.clock).Scan(&ms); err != nil {
		return time.Time{}, unreachable(fmt.Errorf("asking the database for its time: %w", err))
	}
	return time.UnixMilli(ms).UTC(), nil
}

// SealFingerprint tells the fingerprint of the key that seals this database's secrets; empty when none was noted,
// as before version 0.5.
func (a *AsIs) SealFingerprint(ctx context.Context) (string, error) {
	tables, err := a.s.tables(ctx)
	if err != nil {
		return "", err
	}
	if !slices.Contains(tables, "school") {
		return "", nil
	}
	return a.s.SealFingerprint(ctx)
}

// Sealed lists every sealed secret of a database that is up to date.
func (a *AsIs) Sealed(ctx context.Context) ([]string, error) { return a.s.Sealed(ctx) }

// pagesAtOnce is how much is copied before it is looked whether the copy is still wanted: 16 MB.
const pagesAtOnce = 4096

// Copy writes one state of an SQLite database to a file, by SQLite's own online copy, while others go on writing.
// The file must be empty, or not there.
func (a *AsIs) Copy(ctx context.Context, to string) error {
	if err := a.copyTo(ctx, to); err != nil {
		return fmt.Errorf("copying the database: %w", plainly(err))
	}
	return nil
}

func (a *AsIs) copyTo(ctx context.Context, to string) error {
	conn, err := a.s.readDB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// What is read within one transaction is one state, however much others write meanwhile.
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	var n int
	if err := conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&n); err != nil {
		return err
	}
	return conn.Raw(func(driver any) error {
		source, ok := driver.(interface {
			NewBackup(to string) (*sqlite.Backup, error)
		})
		if !ok {
			return fmt.Errorf("%T makes no copies", driver)
		}
		copying, err := source.NewBackup(FileURI(to) + "?_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)")
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if err = ctx.Err(); err == nil {
				more, err = copying.Step(pagesAtOnce)
			}
		}
		return errors.Join(err, copying.Finish())
	})
}
