package textindex

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"dozvon/app/server/store/internal/sqlrows"
)

// postgresql keeps the index in a column of the documents' tables.
type postgresql struct{}

func (postgresql) prepare(ctx context.Context, db *sql.DB) error {
	for _, q := range []string{
		"ALTER TABLE feed ADD COLUMN IF NOT EXISTS words_index tsvector",
		"ALTER TABLE clients ADD COLUMN IF NOT EXISTS words_index tsvector",
		"ALTER TABLE contracts ADD COLUMN IF NOT EXISTS words_index tsvector",
		"CREATE INDEX IF NOT EXISTS feed_words ON feed USING gin (words_index)",
		"CREATE INDEX IF NOT EXISTS clients_words ON clients USING gin (words_index)",
		"CREATE INDEX IF NOT EXISTS contracts_words ON contracts USING gin (words_index)",
		// The beginning of a word is a range only in the order of bytes.
		`ALTER TABLE words ALTER COLUMN word TYPE TEXT COLLATE "C"`,
	} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	// Fragments of numbers are quick with the extension and right without it.
	operators, ok := trigrams(ctx, db)
	if !ok {
		return nil
	}
	_, err := db.ExecContext(ctx, "CREATE INDEX IF NOT EXISTS numbers_trigrams ON numbers USING gin (number "+operators+")")
	return err
}

// trigrams are the extension's operators, which a database has once, for all schemas: outside of them, lest they go with
// one of them.
func trigrams(ctx context.Context, db *sql.DB) (operators string, ok bool) {
	if _, err := db.ExecContext(ctx, "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public"); err != nil {
		if _, err := db.ExecContext(ctx, "CREATE EXTENSION IF NOT EXISTS pg_trgm"); err != nil {
			return "", false
		}
	}
	err := db.QueryRowContext(ctx, "SELECT quote_ident(n.nspname) || '.gin_trgm_ops' FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'").Scan(&operators)
	return operators, err == nil
}

func (postgresql) put(w Writer, d Document, _, _ int64) error {
	_, err := w.Exec("UPDATE "+tables[d.Kind]+" SET words_index = array_to_tsvector(string_to_array(CAST(? AS TEXT), ' ')) WHERE id = ?", strings.Join(d.Terms(), " "), d.ID)
	return err
}

// remove has nothing to do: the index is a column of the row.
func (postgresql) remove(Writer, string, int64) error { return nil }

func (postgresql) putNumber(Writer, string) error { return nil }

func (postgresql) expression(terms [][]string) string { return joinTerms(terms, `'`, " | ", " & ") }

func (postgresql) numbersWith(r Reader, fragment string, _ []string, limit int) ([]string, error) {
	rows, err := r.Query("SELECT number FROM numbers WHERE number LIKE ? LIMIT ?", "%"+fragment+"%", limit)
	if err != nil {
		return nil, err
	}
	return sqlrows.Collect(rows, scanText)
}

// scannedMost bounds how many rows PostgreSQL looks through.
const scannedMost = 20_000

func (postgresql) scanByTime(r Reader, in Span) (bool, error) {
	if in.from <= 1 {
		return false, nil
	}
	var n int
	err := r.Row("SELECT COUNT(*) FROM (SELECT 1 FROM feed WHERE ord < ? AND ord >= ? LIMIT ?) AS counted", in.below, in.from, scannedMost).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("counting the entries of a period: %w", err)
	}
	return n < scannedMost, nil
}

// scanned is how many of the newest rows PostgreSQL looks through before it asks the index. The index
// gives all rows of a word, which are then sorted by time: of a rare one that is nothing, of a common
// one it takes seconds, while a page of those is soon found by looking.
func (s Source) scanned(limit int) int {
	const (
		// cheaper is how much less a row costs that the index gives.
		cheaper = 2
		// spared is what a guess that was too high may cost.
		spared = 4
	)
	rows := float64(limit) / max(s.share, 1e-9)
	if s.found < cheaper*rows {
		return 0
	}
	return int(min(spared*rows, scannedMost))
}

// page reads by time what the index finds: all of the span when it is short, else the newest rows and,
// when those do not fill the page, what the index has below them.
func (postgresql) page(src Source, p Page) (string, []any) {
	// IS TRUE keeps the planner from an index: of the words where they are common, and of the filters,
	// for which the words have their terms.
	match := p.As + ".words_index @@ CAST(? AS tsquery)"
	filter, walked := match, "("+match+") IS TRUE"
	if len(p.Where) > 0 {
		rest := " AND (" + strings.Join(p.Where, " AND ") + ") IS TRUE"
		filter, walked = filter+rest, walked+rest
	}
	key := p.As + ".ord"
	// The sums hide the order from the planner, which would walk all rows by time otherwise, or collect
	// all of them only to keep what the words have found.
	byIndex := func(below string) string {
		return "SELECT " + p.Columns + p.From + "WHERE " + key + " + 0 < " + below + " AND " + key + " + 0 >= ? AND " + filter + " ORDER BY " + key + " + 0 DESC LIMIT ?"
	}
	byTime := func(from string) string {
		return "SELECT " + p.Columns + p.From + "WHERE " + key + " < ? AND " + key + " >= " + from + " AND " + walked + " ORDER BY " + key + " DESC LIMIT ?"
	}
	span := p.Span
	scanned := src.scanned(p.Limit)
	switch {
	case p.ScanByTime:
		return byTime("?"), append(append([]any{span.below, span.from, src.expression}, p.Args...), p.Limit)
	case scanned == 0:
		return byIndex("?"), append(append([]any{span.below, span.from, src.expression}, p.Args...), p.Limit)
	}
	oldest := "(SELECT MIN(ord) FROM (SELECT ord FROM " + tables[p.Kind] + " WHERE ord < ? AND ord >= ? ORDER BY ord DESC LIMIT ?) AS newest)"
	args := []any{span.below, span.below, span.from, scanned, src.expression}
	args = append(append(args, p.Args...), p.Limit)
	args = append(args, span.below, span.from, scanned, span.from, src.expression)
	args = append(append(args, p.Args...), p.Limit, p.Limit)
	// The second half is not begun when the first has enough.
	return "SELECT * FROM ((" + byTime(oldest) + ") UNION ALL (" + byIndex(oldest) + ")) AS found LIMIT ?", args
}
