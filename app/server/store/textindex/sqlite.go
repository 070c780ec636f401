package textindex

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"dozvon/app/server/store/internal/sqlrows"
)

// sqlite keeps the index in FTS5 tables beside the documents' own, in the order of index keys.
type sqlite struct{}

func (sqlite) prepare(ctx context.Context, db *sql.DB) error {
	for _, kind := range []string{Feed, "client", "contract"} {
		// No positions, no copy of the text: which words stand in which row is all that is asked.
		_, err := db.ExecContext(ctx, "CREATE VIRTUAL TABLE IF NOT EXISTS "+kind+"_fts USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 0')")
		if err != nil {
			return err
		}
	}
	_, err := db.ExecContext(ctx, "CREATE VIRTUAL TABLE IF NOT EXISTS number_fts USING fts5(number, content='', contentless_delete=1, detail=none, tokenize='trigram')")
	return err
}

func (sqlite) put(w Writer, d Document, former, key int64) error {
	if former > 0 {
		if _, err := w.Exec("DELETE FROM "+d.Kind+"_fts WHERE rowid = ?", former); err != nil {
			return err
		}
	}
	_, err := w.Exec("INSERT INTO "+d.Kind+"_fts (rowid, text) VALUES (?, ?)", key, strings.Join(d.Terms(), " "))
	return err
}

func (sqlite) remove(w Writer, kind string, key int64) error {
	_, err := w.Exec("DELETE FROM "+kind+"_fts WHERE rowid = ?", key)
	return err
}

func (sqlite) putNumber(w Writer, number string) error {
	digits := strings.TrimPrefix(number, "+")
	// A number is its own row's number: nothing else need be kept of it.
	row, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return nil //nolint:nilerr // what is no number in E.164 has no fragments to look for
	}
	_, err = w.Exec("INSERT INTO number_fts (rowid, number) VALUES (?, ?)", row, digits)
	return err
}

func (sqlite) expression(terms [][]string) string { return joinTerms(terms, `"`, " OR ", " AND ") }

func (sqlite) numbersWith(r Reader, fragment string, groups []string, limit int) ([]string, error) {
	expr := `"` + strings.Join(groups, `" AND "`) + `"`
	// The groups of three may stand apart.
	rows, err := r.Query("SELECT '+' || rowid FROM number_fts WHERE number_fts MATCH ? AND CAST(rowid AS TEXT) LIKE ? LIMIT ?", expr, "%"+fragment+"%", limit)
	if err != nil {
		return nil, err
	}
	return sqlrows.Collect(rows, scanText)
}

// scanByTime is never needed: the index is in the order of time itself.
func (sqlite) scanByTime(Reader, Span) (bool, error) { return false, nil }

func (sqlite) page(src Source, p Page) (string, []any) {
	fts := p.Kind + "_fts"
	// CROSS JOIN keeps the index outside: it gives the rows in the order that is asked for.
	from := strings.Replace(p.From, " FROM ", " FROM "+fts+" x CROSS JOIN ", 1)
	from = strings.Replace(from, " "+p.As+" ", " "+p.As+" ON "+p.As+".ord = x.rowid ", 1)
	where := append([]string{"x." + fts + " MATCH ?", "x.rowid < ?", "x.rowid >= ?"}, p.Where...)
	args := append([]any{src.expression, p.Span.below, p.Span.from}, p.Args...)
	return "SELECT " + p.Columns + from + "WHERE " + strings.Join(where, " AND ") + " ORDER BY x.rowid DESC LIMIT ?", append(args, p.Limit)
}
