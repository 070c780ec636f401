package transfer

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"dozvon/app/server/store"
)

// kinds of columns, as PostgreSQL calls them.
const (
	kindText    = "text"
	kindNumber  = "bigint"
	kindBoolean = "boolean"
)

// table is one that is in both databases.
type table struct {
	name    string
	columns []column
	keys    []int // the primary key's columns, in its order
}

type column struct{ name, kind string }

// names are those of the columns.
func (t table) names() []string {
	all := make([]string, len(t.columns))
	for i, c := range t.columns {
		all[i] = c.name
	}
	return all
}

// key is that of a row.
func (t table) key(row []any) []any {
	key := make([]any, len(t.keys))
	for i, k := range t.keys {
		key[i] = row[k]
	}
	return key
}

// keyOf is a key as it was noted in JSON; nil: none was.
func (t table) keyOf(noted []any) ([]any, error) {
	if len(noted) == 0 {
		return nil, nil
	}
	if len(noted) != len(t.keys) {
		return nil, fmt.Errorf("it is noted that the move came to %v, which is no key", noted)
	}
	key := slices.Clone(noted)
	for i, k := range t.keys {
		if n, ok := key[i].(float64); ok && t.columns[k].kind == kindNumber {
			key[i] = int64(n)
		}
		if _, err := t.columns[k].value(key[i]); err != nil {
			return nil, fmt.Errorf("it is noted that the move came to %v, which is no key", noted)
		}
	}
	return key, nil
}

// isKey is the condition that finds one row by its key's values.
func (t table) isKey() string {
	all := make([]string, len(t.keys))
	for i, k := range t.keys {
		all[i] = fmt.Sprintf("%s = $%d", t.columns[k].name, i+1)
	}
	return strings.Join(all, " AND ")
}

// query reads rows in the order of keys, from behind one if there is one. Texts are in the order of their bytes in both
// databases: collate says how a database is told so.
func (t table) query(after []any, collate string) string {
	key, values := make([]string, len(t.keys)), make([]string, len(t.keys))
	for i, k := range t.keys {
		key[i] = t.columns[k].name
		if t.columns[k].kind == kindText {
			key[i] += collate
		}
		values[i] = fmt.Sprintf("$%d", i+1)
	}
	where := ""
	if after != nil {
		where = " WHERE (" + strings.Join(key, ", ") + ") > (" + strings.Join(values, ", ") + ")"
	}
	return "SELECT " + strings.Join(t.names(), ", ") + " FROM " + t.name + where + " ORDER BY " + strings.Join(key, ", ")
}

// compare puts two rows in the order of keys; nil, the end, comes last.
func (t table) compare(a, b []any) int {
	if a == nil || b == nil {
		switch {
		case a != nil:
			return -1
		case b != nil:
			return 1
		}
		return 0
	}
	for _, k := range t.keys {
		if c := compareValues(a[k], b[k]); c != 0 {
			return c
		}
	}
	return 0
}

func compareValues(a, b any) int {
	switch x := a.(type) {
	case string:
		y, _ := b.(string)
		return cmp.Compare(x, y)
	case int64:
		y, _ := b.(int64)
		return cmp.Compare(x, y)
	case bool:
		y, _ := b.(bool)
		switch {
		case x == y:
			return 0
		case y:
			return -1
		}
		return 1
	}
	return 0
}

func same(a, b []any) bool { return slices.Equal(a, b) }

// value is a column's value in the form that both databases have in common.
func (c column) value(raw any) (any, error) {
	switch v := raw.(type) {
	case nil:
		return nil, nil
	case []byte:
		if c.kind == kindText {
			return store.Clean(string(v)), nil
		}
	case string:
		if c.kind == kindText {
			return store.Clean(v), nil
		}
	case bool:
		if c.kind == kindBoolean {
			return v, nil
		}
		if c.kind == kindNumber {
			return map[bool]int64{true: 1}[v], nil
		}
	case int64:
		switch c.kind {
		case kindNumber:
			return v, nil
		case kindBoolean:
			return v != 0, nil
		case kindText:
			return fmt.Sprint(v), nil
		}
	}
	return nil, fmt.Errorf("column %s holds %T where %s belongs", c.name, raw, c.kind)
}

// tablesOf lists the tables that are to be moved, parents first.
func tablesOf(ctx context.Context, from *source, to *target) ([]table, error) {
	names, err := from.tables(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	var all []table
	for _, name := range names {
		t, err := tableOf(ctx, from, to, name)
		if err != nil {
			return nil, fmt.Errorf("comparing the columns of %s: %w", name, err)
		}
		all = append(all, t)
	}
	return all, nil
}

func rank(name string) int {
	if i := slices.Index(parents, name); i >= 0 {
		return i
	}
	return len(parents)
}

// tables are those of the source that hold something of their own: neither SQLite's, nor the full-text index.
func (s *source) tables(ctx context.Context) ([]string, error) {
	rows, err := s.conn.QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '%\\_fts' ESCAPE '\\' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' ORDER BY name")
	if err != nil {
		return nil, fmt.Errorf("reading the names of the tables: %w", err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("reading the names of the tables: %w", err)
		}
		if name != "goose_db_version" && !slices.Contains(derived, name) {
			all = append(all, name)
		}
	}
	return all, rows.Err()
}

func tableOf(ctx context.Context, from *source, to *target, name string) (table, error) {
	t := table{name: name}
	kinds, err := to.kinds(ctx, name)
	if err != nil {
		return t, err
	}
	rows, err := from.conn.QueryContext(ctx, "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", name)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	place := map[int]int{} // in the key → among the columns
	for rows.Next() {
		var c column
		var pk int
		if err := rows.Scan(&c.name, &pk); err != nil {
			return t, err
		}
		if c.name == placeColumn {
			continue
		}
		if c.kind = kinds[c.name]; c.kind != kindText && c.kind != kindNumber && c.kind != kindBoolean {
			return t, fmt.Errorf("the target's column %s is of the kind %q", c.name, c.kind)
		}
		if pk > 0 {
			place[pk] = len(t.columns)
		}
		t.columns = append(t.columns, c)
	}
	for i := 1; i <= len(place); i++ {
		t.keys = append(t.keys, place[i])
	}
	if len(t.keys) == 0 {
		return t, errors.New("it has no primary key")
	}
	return t, rows.Err()
}

// kinds are those of a table's columns.
func (t *target) kinds(ctx context.Context, name string) (map[string]string, error) {
	rows, err := t.read.Query(ctx, "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1", name)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	var column, kind string
	_, err = pgx.ForEachRow(rows, []any{&column, &kind}, func() error {
		all[column] = kind
		return nil
	})
	return all, err
}

// cursor gives rows one by one; nil at the end.
type cursor struct {
	next  func() ([]any, error)
	close func()
}

func (s *source) rows(ctx context.Context, t table, after []any) (*cursor, error) {
	rows, err := s.conn.QueryContext(ctx, t.query(after, ""), after...)
	if err != nil {
		return nil, fmt.Errorf("reading the SQLite database: %w", err)
	}
	raw := make([]any, len(t.columns))
	into := make([]any, len(t.columns))
	for i := range raw {
		into[i] = &raw[i]
	}
	var before []any
	next := func() ([]any, error) {
		if !rows.Next() {
			return nil, rows.Err()
		}
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("reading the SQLite database: %w", err)
		}
		row, err := t.row(raw)
		if err == nil && before != nil && t.compare(before, row) >= 0 {
			err = fmt.Errorf("the keys %v and %v are one in PostgreSQL, which keeps no broken texts", t.key(before), t.key(row))
		}
		before = row
		return row, err
	}
	return &cursor{next: next, close: func() { rows.Close() }}, nil
}

func (t *target) rows(ctx context.Context, tab table, after []any) (*cursor, error) {
	rows, err := t.read.Query(ctx, tab.query(after, ` COLLATE "C"`), after...)
	if err != nil {
		return nil, fmt.Errorf("reading the target: %w", err)
	}
	next := func() ([]any, error) {
		if !rows.Next() {
			return nil, rows.Err()
		}
		raw, err := rows.Values()
		if err != nil {
			return nil, fmt.Errorf("reading the target: %w", err)
		}
		return tab.row(raw)
	}
	return &cursor{next: next, close: rows.Close}, nil
}

// row brings a row's values into the common form.
func (t table) row(raw []any) ([]any, error) {
	row := make([]any, len(raw))
	for i, c := range t.columns {
		v, err := c.value(raw[i])
		if err != nil {
			return nil, fmt.Errorf("the row that begins with %.80v: %w", raw[0], err)
		}
		row[i] = v
	}
	return row, nil
}

// checksum is that of rows in their order.
type checksum struct{ hash hash.Hash }

func newChecksum() checksum { return checksum{sha256.New()} }

func (c checksum) add(row []any) {
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			c.hash.Write([]byte{0})
		case bool:
			c.hash.Write([]byte{1, map[bool]byte{true: 1}[v]})
		case int64:
			c.hash.Write(binary.BigEndian.AppendUint64([]byte{2}, uint64(v)))
		case string:
			c.hash.Write(binary.BigEndian.AppendUint64([]byte{3}, uint64(len(v))))
			c.hash.Write([]byte(v))
		}
	}
}

func (c checksum) sum() string { return hex.EncodeToString(c.hash.Sum(nil)) }
