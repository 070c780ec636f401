package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// lookedMost bounds how many rows PostgreSQL looks through.
const lookedMost = 20_000

// short tells whether a period has so few entries that looking through them is quicker than asking
// the index, which gives the rows of all times. SQLite's index is in the order of time itself.
func (d dialect) short(r reader, in span) (bool, error) {
	if !d.postgres || in.from <= 1 {
		return false, nil
	}
	var n int
	err := r.row("SELECT COUNT(*) FROM (SELECT 1 FROM feed WHERE ord < ? AND ord >= ? LIMIT ?) AS counted", in.below, in.from, lookedMost).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("counting the entries of a period: %w", err)
	}
	return n < lookedMost, nil
}

// recent is how many of the newest rows PostgreSQL looks through before it asks the index. The index
// gives all rows of a word, which are then sorted by time: of a rare one that is nothing, of a
// common one it takes seconds, while a page of those is soon found by looking.
func (s source) recent(limit int) int {
	const (
		// cheaper is how much less a row costs that the index gives.
		cheaper = 2
		// spared is what a guess that was too high may cost.
		spared = 4
	)
	looked := float64(limit) / max(s.share, 1e-9)
	if s.found < cheaper*looked {
		return 0
	}
	return int(min(spared*looked, lookedMost))
}

var postgresText = fullText{
	prepare: func(ctx context.Context, db *sql.DB) error {
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
		if _, err := db.ExecContext(ctx, "CREATE EXTENSION IF NOT EXISTS pg_trgm"); err == nil {
			_, err = db.ExecContext(ctx, "CREATE INDEX IF NOT EXISTS numbers_trigrams ON numbers USING gin (number gin_trgm_ops)")
			return err
		}
		return nil
	},
	index: func(t *Tx, d Document, _, _ int64) error {
		_, err := t.exec("UPDATE "+indexed[d.Kind]+" SET words_index = array_to_tsvector(string_to_array(CAST(? AS TEXT), ' ')) WHERE id = ?", strings.Join(d.Terms(), " "), d.ID)
		return err
	},
	indexNumber: func(*Tx, string) error { return nil },
	expression:  func(words [][]string) string { return joinTerms(words, `'`, " | ", " & ") },
	numbersWith: func(r reader, fragment string, limit int) ([]string, error) {
		rows, err := r.query("SELECT number FROM numbers WHERE number LIKE ? LIMIT ?", "%"+fragment+"%", limit)
		if err != nil {
			return nil, err
		}
		return collect(rows, scanText)
	},
	wordsPage: func(table, as, columns, from string, where []string, args []any, src source, in span, limit int) (string, []any) {
		// IS TRUE keeps the planner from an index: of the words where they are common, and of the filters,
		// for which the words have their marks.
		match := as + ".words_index @@ CAST(? AS tsquery)"
		filter, walked := match, "("+match+") IS TRUE"
		if len(where) > 0 {
			rest := " AND (" + strings.Join(where, " AND ") + ") IS TRUE"
			filter, walked = filter+rest, walked+rest
		}
		// The sums hide the order from the planner, which would walk all rows by time otherwise, or collect
		// all of them only to keep what the words have found.
		far := func(below string) string {
			return "SELECT " + columns + from + "WHERE " + as + ".ord + 0 < " + below + " AND " + as + ".ord + 0 >= ? AND " + filter + " ORDER BY " + as + ".ord + 0 DESC LIMIT ?"
		}
		order := " ORDER BY " + as + ".ord DESC LIMIT ?"
		looked := src.recent(limit)
		switch {
		case src.short:
			return "SELECT " + columns + from + "WHERE " + as + ".ord < ? AND " + as + ".ord >= ? AND " + walked + order,
				append(append([]any{in.below, in.from, src.words}, args...), limit)
		case looked == 0:
			return far("?"), append(append([]any{in.below, in.from, src.words}, args...), limit)
		}
		recent := "(SELECT MIN(ord) FROM (SELECT ord FROM " + indexed[table] + " WHERE ord < ? AND ord >= ? ORDER BY ord DESC LIMIT ?) AS newest)"
		near := "SELECT " + columns + from + "WHERE " + as + ".ord < ? AND " + as + ".ord >= " + recent + " AND " + walked + order
		all := []any{in.below, in.below, in.from, looked, src.words}
		all = append(append(all, args...), limit, in.below, in.from, looked, in.from, src.words)
		all = append(append(all, args...), limit, limit)
		// The second half is not begun when the first has enough.
		return "SELECT * FROM ((" + near + ") UNION ALL (" + far(recent) + ")) AS found LIMIT ?", all
	},
}
