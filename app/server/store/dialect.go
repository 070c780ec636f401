package store

import (
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // SQLite without cgo, so that the server cross-compiles
)

// dialect is all that differs between the two databases.
type dialect struct {
	goose    goose.Dialect
	open     func(url string, links *connections) (write, read *sql.DB, err error)
	rebind   func(query string) string
	postgres bool
	// tables selects the names of all tables.
	tables string
	// rowKey is the column by which a row is read at once: SQLite's id leads through one more index.
	rowKey string
	// clock is the database's own time in milliseconds, in SQL: one for all nodes.
	clock string
	// facetPlaces selects at, id and place of the newest entries of each facet.
	facetPlaces func(ids []int64, by, where string, args []any, limit int) (string, []any)
}

func dialectOf(raw string) (dialect, error) {
	switch {
	case strings.HasPrefix(raw, "sqlite://"):
		return dialect{goose: goose.DialectSQLite3, open: openSQLite, rebind: func(q string) string { return q }, rowKey: "rowid", tables: sqliteTables, clock: "CAST(unixepoch('subsec') * 1000 AS INTEGER)", facetPlaces: unitedPlaces}, nil
	case strings.HasPrefix(raw, "postgres://"), strings.HasPrefix(raw, "postgresql://"):
		return dialect{goose: goose.DialectPostgres, open: openPostgres, rebind: numbered, postgres: true, rowKey: "id", tables: postgresTables, clock: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)", facetPlaces: lateralPlaces}, nil
	}
	return dialect{}, fmt.Errorf("database %q is neither sqlite:///abs/path.db nor postgres://user@host/name", redacted(raw))
}

const (
	sqliteTables   = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
	postgresTables = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
)

// openSQLite opens one writing connection, because SQLite has one writer anyway and waiting in
// our queue is fairer than in its lock, and a pool that cannot write. synchronous=FULL: an
// acknowledged event survives the loss of power.
func openSQLite(raw string, _ *connections) (write, read *sql.DB, err error) {
	path := strings.TrimPrefix(raw, "sqlite://")
	if err := prepareFile(path); err != nil {
		return nil, nil, err
	}
	// secure_delete=FAST: what is deleted is overwritten where that costs no further writing, so that a former note or
	// number does not stay in the middle of the file for years.
	common := "?_pragma=busy_timeout(10000)&_pragma=secure_delete(FAST)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(ON)&_pragma=synchronous(FULL)"
	write, err = sql.Open("sqlite", FileURI(path)+common+"&_txlock=immediate")
	if err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	read, err = sql.Open("sqlite", FileURI(path)+common+"&_pragma=query_only(ON)")
	if err != nil {
		write.Close()
		return nil, nil, err
	}
	read.SetMaxOpenConns(8)
	return write, read, nil
}

func openPostgres(raw string, links *connections) (write, read *sql.DB, err error) {
	cfg, err := pgx.ParseConfig(raw)
	if err != nil {
		return nil, nil, err
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectLimit
	}
	if cfg.ValidateConnect == nil {
		// Of several hosts, that which takes writes: after a failover an address may lead to a standby.
		cfg.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	db := stdlib.OpenDB(*cfg, links.options()...)
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(idleMost)
	db.SetConnMaxIdleTime(idleFor)
	return db, db, nil
}

// numbered turns ? into $1, $2, …; no statement of ours has a question mark in a literal.
func numbered(query string) string {
	var b strings.Builder
	n := 0
	for _, r := range query {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

// textParam says that a parameter in a list of selected values is text, which PostgreSQL cannot
// know by itself.
func (d dialect) textParam(query string) string {
	if !d.postgres {
		return query
	}
	return strings.Replace(query, "?", "CAST(? AS TEXT)", 1)
}

// unitedPlaces asks for each facet apart: SQLite has no LATERAL. The number of facets is rounded up,
// so that few statements are compiled; no entry has facet 0.
func unitedPlaces(ids []int64, by, where string, args []any, limit int) (string, []any) {
	n := 1
	for n < len(ids) {
		n *= 2
	}
	ids = append(slices.Clone(ids), make([]int64, n-len(ids))...)
	one := "SELECT * FROM (SELECT at, id, rowid AS place FROM feed" + by + " WHERE facet = ? AND " + where + " ORDER BY at DESC, id DESC LIMIT ?)"
	var all []any
	for _, id := range ids {
		all = append(append(append(all, id), args...), limit)
	}
	return strings.TrimSuffix(strings.Repeat(one+" UNION ALL ", n), " UNION ALL "), all
}

// lateralPlaces asks for all facets by one statement, which is planned but once.
func lateralPlaces(ids []int64, by, where string, args []any, limit int) (string, []any) {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.FormatInt(id, 10)
	}
	query := "SELECT e.at, e.id, e.id AS place FROM unnest(CAST(CAST(? AS TEXT) AS BIGINT[])) AS x(facet) CROSS JOIN LATERAL" +
		" (SELECT at, id FROM feed" + by + " WHERE feed.facet = x.facet AND " + where + " ORDER BY at DESC, id DESC LIMIT ?) AS e"
	return query, append(append([]any{"{" + strings.Join(list, ",") + "}"}, args...), limit)
}

// redacted hides a password inside a database URL.
func redacted(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "(unreadable)"
	}
	return u.Redacted()
}
