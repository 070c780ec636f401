package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"
)

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
	index: func(t *Tx, d Document, _, ord int64) error {
		terms := strings.Join(append(d.Terms(), YearTerm(ord)), " ")
		_, err := t.exec("UPDATE "+indexed[d.Kind]+" SET words_index = array_to_tsvector(string_to_array(CAST(? AS TEXT), ' ')) WHERE id = ?", terms, d.ID)
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
	wordsPage: yearsPage,
}

const (
	// recentScanned is how many of the newest rows PostgreSQL looks through before it asks the index:
	// a common word is among them.
	recentScanned = 1_000
	// yearsAsked is how many years are asked one after another; what is older is asked for at once.
	yearsAsked = 12
)

// YearTerm stands in PostgreSQL's index for the year of a row's place. Its index knows no order, and
// to find the newest rows of a common word it would have to sort those of ten years; so it is asked
// year after year, until the page is full.
func YearTerm(ord int64) string { return "xy" + strconv.Itoa(yearOf(ord)) }

func yearOf(ord int64) int { return time.UnixMilli(ord >> placeBits).UTC().Year() }

// yearsPage is a page by the newest rows first, then by the index year after year. A part is not
// begun when those before it have enough.
func yearsPage(table, as, columns, from string, where []string, args []any, words string, in span, limit int) (string, []any) {
	base := indexed[table]
	match := as + ".words_index @@ CAST(? AS tsquery)"
	var parts []string
	var all []any
	add := func(part string, values ...any) {
		parts, all = append(parts, "("+part+")"), append(all, values...)
	}
	recent := fmt.Sprintf("(SELECT MIN(ord) FROM (SELECT ord FROM %s WHERE ord < ? AND ord >= ? ORDER BY ord DESC LIMIT %d) AS newest)", base, recentScanned)
	// IS TRUE keeps the planner from asking the index for all rows of a common word after all.
	walked := strings.Join(append([]string{"(" + match + ") IS TRUE"}, where...), " AND ")
	add("SELECT "+columns+from+"WHERE "+as+".ord < ? AND "+as+".ord >= "+recent+" AND "+walked+" ORDER BY "+as+".ord DESC LIMIT ?",
		append(append([]any{in.below, in.below, in.from, words}, args...), limit)...)
	filter := strings.Join(append([]string{match}, where...), " AND ")
	slice := func(expression string) {
		// The sum hides the order from the planner, which would walk all rows by time otherwise.
		add("SELECT "+columns+from+"WHERE "+as+".ord < "+recent+" AND "+as+".ord >= ? AND "+filter+" ORDER BY "+as+".ord + 0 DESC LIMIT ?",
			append(append([]any{in.below, in.from, in.from, expression}, args...), limit)...)
	}
	newest := min(yearOf(in.below), time.Now().UTC().Year()+1)
	oldest := max(yearOf(in.from), newest-yearsAsked+1)
	for year := newest; year >= oldest; year-- {
		slice(words + " & 'xy" + strconv.Itoa(year) + "'")
	}
	if yearOf(in.from) < oldest {
		var older []string
		for year := oldest; year <= newest; year++ {
			older = append(older, "!'xy"+strconv.Itoa(year)+"'")
		}
		slice(words + " & " + strings.Join(older, " & "))
	}
	return "SELECT * FROM (" + strings.Join(parts, " UNION ALL ") + ") AS found LIMIT ?", append(all, limit)
}
