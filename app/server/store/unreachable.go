package store

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// unreachable adds to an error of the first contact with a database what to do about it.
func unreachable(err error) error {
	advice := ""
	var connect *pgconn.ConnectError
	var refused *pgconn.PgError
	var file *sqlite.Error
	switch {
	case errors.As(err, &refused):
		advice = adviceOf(refused.Code)
	case errors.Is(err, pgconn.ErrReadOnlyConnection):
		advice = "the database there takes no writes (is it a standby?): give --database the address of the primary, or of all hosts"
	case errors.As(err, &connect):
		advice = "does PostgreSQL run there, and is the address right?"
	case errors.As(err, &file):
		advice = adviceOfSQLite(file.Code())
	}
	if advice == "" {
		return err
	}
	return fmt.Errorf("%w: %s", err, advice)
}

// adviceOf reads PostgreSQL's code (PostgreSQL documentation, appendix A).
func adviceOf(code string) string {
	switch code {
	case "28P01", "28000":
		return "check user and password in --database, and pg_hba.conf"
	case "3D000":
		return "create the database first (createdb), or correct its name in --database"
	case "42501":
		return "the user may not make tables there: make it the database's owner"
	case "57P03":
		return "PostgreSQL is starting or stopping: try again"
	case "53300":
		return "PostgreSQL has no connection left: raise max_connections or stop what holds them"
	}
	return ""
}

// adviceOfSQLite reads SQLite's result code (sqlite.org/rescode.html); its low byte is the kind.
func adviceOfSQLite(code int) string {
	switch code & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return "the file is no SQLite database, or it is damaged: restore it from a backup, or give another --database"
	case sqlite3.SQLITE_CORRUPT:
		return "the file is damaged: restore it from a backup"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return "the server must be able to write the file and its folder: correct their owner and mode"
	case sqlite3.SQLITE_BUSY:
		return "another program holds the database: stop it"
	}
	return ""
}
