package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"dozvon/app/server/search"
)

// fullText is what differs between the two databases in searching text: SQLite's FTS5 keeps the
// index beside the table, in the order of ord; PostgreSQL keeps it in a column.
type fullText struct {
	prepare     func(ctx context.Context, db *sql.DB) error
	index       func(t *Tx, d Document, old, ord int64) error
	indexNumber func(t *Tx, number string) error
	expression  func(words [][]string) string
	numbersWith func(r reader, fragment string, limit int) ([]string, error)
	wordsPage   func(table, as, columns, from string, where []string, args []any, src source, in span, limit int) (string, []any)
}

var sqliteText = fullText{
	prepare: func(ctx context.Context, db *sql.DB) error {
		for _, kind := range []string{"feed", "client", "contract"} {
			// No positions, no copy of the text: which words stand in which row is all that is asked.
			_, err := db.ExecContext(ctx, "CREATE VIRTUAL TABLE IF NOT EXISTS "+kind+"_fts USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 0')")
			if err != nil {
				return err
			}
		}
		_, err := db.ExecContext(ctx, "CREATE VIRTUAL TABLE IF NOT EXISTS number_fts USING fts5(number, content='', contentless_delete=1, detail=none, tokenize='trigram')")
		return err
	},
	index: func(t *Tx, d Document, old, ord int64) error {
		if old > 0 {
			if _, err := t.exec("DELETE FROM "+d.Kind+"_fts WHERE rowid = ?", old); err != nil {
				return err
			}
		}
		_, err := t.exec("INSERT INTO "+d.Kind+"_fts (rowid, text) VALUES (?, ?)", ord, strings.Join(d.Terms(), " "))
		return err
	},
	indexNumber: func(t *Tx, number string) error {
		digits := strings.TrimPrefix(number, "+")
		// A number is its own row's number: nothing else need be kept of it.
		row, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return nil //nolint:nilerr // what is no number in E.164 has no fragments to look for
		}
		_, err = t.exec("INSERT INTO number_fts (rowid, number) VALUES (?, ?)", row, digits)
		return err
	},
	expression: func(words [][]string) string { return joinTerms(words, `"`, " OR ", " AND ") },
	numbersWith: func(r reader, fragment string, limit int) ([]string, error) {
		expr := `"` + strings.Join(search.Trigrams(fragment), `" AND "`) + `"`
		// The groups of three may stand apart.
		rows, err := r.query("SELECT '+' || rowid FROM number_fts WHERE number_fts MATCH ? AND CAST(rowid AS TEXT) LIKE ? LIMIT ?", expr, "%"+fragment+"%", limit)
		if err != nil {
			return nil, err
		}
		return collect(rows, scanText)
	},
	wordsPage: func(table, as, columns, from string, where []string, args []any, src source, in span, limit int) (string, []any) {
		// CROSS JOIN keeps the index outside: it gives the rows in the order that is asked for.
		from = strings.Replace(from, " FROM ", " FROM "+table+"_fts x CROSS JOIN ", 1)
		from = strings.Replace(from, " "+as+" ", " "+as+" ON "+as+".ord = x.rowid ", 1)
		all := append([]string{"x." + table + "_fts MATCH ?", "x.rowid < ?", "x.rowid >= ?"}, where...)
		args = append([]any{src.words, in.below, in.from}, args...)
		return "SELECT " + columns + from + "WHERE " + strings.Join(all, " AND ") + " ORDER BY x.rowid DESC LIMIT ?", append(args, limit)
	},
}

// joinTerms makes an expression: of each word one term, and all words. Terms are letters and
// digits, so quoting them is enough.
func joinTerms(words [][]string, quote, or, and string) string {
	all := make([]string, len(words))
	for i, terms := range words {
		all[i] = "(" + quote + strings.Join(terms, quote+or+quote) + quote + ")"
	}
	return strings.Join(all, and)
}
