package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"dozvon/app/server/search"
	"dozvon/client"
)

const (
	// termsAtOnce bounds how many words the beginning of one may stand for: the commonest are taken.
	termsAtOnce = 64
	// nearScanned bounds how many words are looked at for a slip, nearKept how many are taken.
	nearScanned = 40_000
	nearKept    = 8
	// numbersAtOnce is up to how many numbers with a fragment are looked up one by one; when there
	// are more, the newest entries are walked through instead, where they soon come by.
	numbersAtOnce = 2000
)

// source is one way to find what was asked for; the pages of all are merged.
type source struct {
	d        dialect
	table    string   // feed, client or contract
	words    string   // an expression of the full-text index
	numbers  []string // numbers in E.164
	fragment string   // digits that stand in a number
}

// sources plans a search: by words, by a fragment of a number, or both.
func (s *Store) sources(r reader, table string, q search.Query) ([]source, error) {
	var all []source
	expr, err := s.expression(r, q.Words)
	if err != nil {
		return nil, err
	}
	if expr != "" {
		all = append(all, source{d: s.dialect, table: table, words: expr})
	}
	if q.Fragment == "" {
		return all, nil
	}
	numbers, err := s.dialect.numbersWith(r, q.Fragment, numbersAtOnce+1)
	switch {
	case err != nil:
		return nil, fmt.Errorf("finding numbers with a fragment: %w", err)
	case len(numbers) > numbersAtOnce:
		all = append(all, source{d: s.dialect, table: table, fragment: q.Fragment})
	case len(numbers) > 0:
		all = append(all, source{d: s.dialect, table: table, numbers: numbers})
	}
	return all, nil
}

// expression says what must stand in the index; empty when nothing can be found.
func (s *Store) expression(r reader, words []string) (string, error) {
	var all [][]string
	for _, w := range words {
		terms, err := termsOf(r, w)
		if err != nil {
			return "", err
		}
		if len(terms) == 0 {
			return "", nil
		}
		all = append(all, terms)
	}
	return s.dialect.expression(all), nil
}

// termsOf finds the words of the index that begin as typed, or are near to it when none does.
func termsOf(r reader, typed string) ([]string, error) {
	rows, err := r.query("SELECT word FROM words WHERE word >= ? AND word < ? ORDER BY n DESC LIMIT ?", typed, after(typed), termsAtOnce)
	if err != nil {
		return nil, fmt.Errorf("looking up a word: %w", err)
	}
	terms, err := collect(rows, scanText)
	if err != nil || len(terms) > 0 || !search.MayBeNear(typed) {
		return terms, err
	}
	// Whoever makes a slip seldom makes it in the first letter.
	first := string([]rune(typed)[:1])
	rows, err = r.query("SELECT word FROM words WHERE word >= ? AND word < ? ORDER BY n DESC LIMIT ?", first, after(first), nearScanned)
	if err != nil {
		return nil, fmt.Errorf("looking for a near word: %w", err)
	}
	words, err := collect(rows, scanText)
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		if search.Near(typed, w) {
			if terms = append(terms, w); len(terms) == nearKept {
				break
			}
		}
	}
	return terms, nil
}

// after is the least text that follows every text beginning with prefix.
func after(prefix string) string { return prefix + "\U0010FFFF" }

func scanText(rows *sql.Rows) (string, error) {
	var text string
	return text, rows.Scan(&text)
}

// searchCursor tells the places of a search from those of a plain list.
const searchCursor = "~"

// bound is the place in the full-text index under which a page begins.
func (c Cursor) bound() int64 {
	if c.ID == searchCursor {
		return c.At
	}
	return Start.At
}

// feedSearch reads a page of what a text search finds.
func (s *Store) feedSearch(r reader, f FeedFilter, c Cursor, limit int) ([]client.FeedEntry, *Cursor, error) {
	sources, err := s.sources(r, "feed", f.Query)
	if err != nil {
		return nil, nil, err
	}
	var found []entryRow
	for _, src := range sources {
		where, args := f.where()
		query, args := src.page("feed", "f", entryColumns, " FROM feed f ", where, args, c, limit)
		rows, err := r.query(query, args...)
		if err != nil {
			return nil, nil, fmt.Errorf("searching the feed: %w", err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (entryRow, error) { return scanEntry(rows) })
		if err != nil {
			return nil, nil, err
		}
		found = append(found, some...)
	}
	at := func(e entryRow) Cursor { return Cursor{At: e.ord, ID: searchCursor} }
	found = newest(found, limit, at)
	out := make([]client.FeedEntry, len(found))
	for i, e := range found {
		out[i] = e.FeedEntry
	}
	return out, next(found, limit, at), nil
}

// page is the statement that reads one source's page, newest first: the index is in the order of
// time, so that a common word costs no more than a rare one.
func (src source) page(table, as, columns, from string, where []string, args []any, c Cursor, limit int) (string, []any) {
	switch {
	case src.words != "":
		return src.d.wordsPage(table, as, columns, from, where, args, src.words, c.bound(), limit)
	case len(src.numbers) > 0:
		values := make([]any, len(src.numbers))
		for i, n := range src.numbers {
			values[i] = n
		}
		clause := as + ".phone IN (" + marks(len(values)) + ")"
		if table != "feed" {
			clause = as + ".id IN (SELECT subject_id FROM phones WHERE kind = '" + table + "' AND number IN (" + marks(len(values)) + "))"
		}
		where, args = append(slices.Clone(where), clause), append(slices.Clone(args), values...)
	default:
		column := as + ".phone"
		if table != "feed" {
			column = as + ".phones"
		}
		where, args = append(slices.Clone(where), column+" LIKE ?"), append(slices.Clone(args), "%"+src.fragment+"%")
	}
	where = append(where, as+".ord > 0", as+".ord < ?")
	args = append(args, c.bound(), limit)
	return "SELECT " + columns + from + "WHERE " + strings.Join(where, " AND ") + " ORDER BY " + as + ".ord DESC LIMIT ?", args
}

// Indexed tells whether the full-text index has taken everything in.
func (s *Store) Indexed(ctx context.Context) (bool, error) {
	var n int
	err := s.reads(ctx).row("SELECT COUNT(*) FROM (SELECT 1 FROM stale LIMIT 1) AS waiting").Scan(&n)
	if err != nil {
		return false, fmt.Errorf("asking for what waits for the index: %w", err)
	}
	return n == 0, nil
}
