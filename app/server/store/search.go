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
	// wordsScanned bounds how many words are looked at for a beginning or a slip, digitsScanned how
	// many of figures: there are as many of those as numbers, and a number is found by its fragment.
	wordsScanned, digitsScanned = 20_000, 4_000
	// nearKept is how many near words are taken.
	nearKept = 8
	// numbersAtOnce is up to how many numbers with a fragment are looked for as they are; when there
	// are more, entries are found by the groups of three digits in theirs.
	numbersAtOnce = 64
)

// source is one way to find what was asked for; the pages of all are merged.
type source struct {
	words    string // an expression of the full-text index
	fragment string // digits that must stand in the number, which the expression cannot tell
	// share is about which part of all documents is found, found about how many they are.
	share, found float64
	// short tells that the period has so few documents that they are looked through.
	short bool
}

// group is what may stand for one thing that was asked for: words that begin as typed, or a mark.
type group struct {
	terms []string
	times int // how often any of them stands in a document
}

// sources plans a search among some kinds: by words, by a fragment of a number, or both. marks
// narrow it.
func (s *Store) sources(r reader, q search.Query, in Kinds, marks [][]string) ([]source, error) {
	var all []source
	narrowed, everything, err := marked(r, marks)
	if err != nil {
		return nil, err
	}
	groups, err := groupsOf(r, q.Words, in)
	if err != nil {
		return nil, err
	}
	if len(groups) > 0 {
		all = append(all, s.source(append(groups, narrowed...), everything))
	}
	if q.Named != nil {
		more, err := s.named(r, *q.Named, in, narrowed, everything)
		return append(all, more...), err
	}
	if q.Fragment == "" {
		return all, nil
	}
	trigrams, found, err := withTrigrams(r, q.Fragment, in)
	if err != nil || !found {
		return all, err
	}
	numbers, err := s.dialect.numbersWith(r, q.Fragment, numbersAtOnce+1)
	if err != nil {
		return nil, fmt.Errorf("finding numbers with a fragment: %w", err)
	}
	switch {
	case len(numbers) > numbersAtOnce:
		src := s.source(append(trigrams, narrowed...), everything)
		src.fragment = q.Fragment
		all = append(all, src)
	case len(numbers) > 0:
		for i, n := range numbers {
			numbers[i] = strings.TrimPrefix(n, "+")
		}
		// They are too few to count what each has.
		all = append(all, s.source(append([]group{{terms: numbers, times: len(numbers)}}, narrowed...), everything))
	}
	return all, nil
}

// named looks for words together with telephone numbers. Nothing when one of them is nowhere.
func (s *Store) named(r reader, q search.Named, in Kinds, narrowed []group, everything int) ([]source, error) {
	groups, err := groupsOf(r, q.Words, in)
	if err != nil || len(groups) < len(q.Words) {
		return nil, err
	}
	fragment := ""
	for _, digits := range q.Numbers {
		numbers, err := s.dialect.numbersWith(r, digits, numbersAtOnce+1)
		if err != nil {
			return nil, fmt.Errorf("finding numbers with a fragment: %w", err)
		}
		// One fragment of which too many numbers have something is looked for in the rows themselves.
		if len(numbers) > numbersAtOnce && fragment == "" {
			trigrams, found, err := withTrigrams(r, digits, in)
			if err != nil || !found {
				return nil, err
			}
			groups, fragment = append(groups, trigrams...), digits
			continue
		}
		terms, err := termsOf(r, digits, in)
		if err != nil {
			return nil, err
		}
		terms, _ = among(terms, in)
		g := group{times: len(numbers)}
		for _, n := range numbers[:min(len(numbers), numbersAtOnce)] {
			g.terms = append(g.terms, strings.TrimPrefix(n, "+"))
		}
		for _, t := range terms {
			g.terms, g.times = append(g.terms, t.word), g.times+t.times
		}
		if len(g.terms) == 0 {
			return nil, nil
		}
		groups = append(groups, g)
	}
	src := s.source(append(groups, narrowed...), everything)
	src.fragment = fragment
	return []source{src}, nil
}

// source looks for documents in which something of every group stands.
func (s *Store) source(groups []group, everything int) source {
	src := source{share: 1}
	terms := make([][]string, len(groups))
	for i, g := range groups {
		terms[i] = g.terms
		src.share *= min(1, float64(g.times)/float64(max(everything, 1)))
	}
	src.words, src.found = s.dialect.expression(terms), src.share*float64(everything)
	return src
}

// groupsOf is what may stand for each word among some kinds; nothing when nothing can be found.
func groupsOf(r reader, words []string, in Kinds) ([]group, error) {
	found := make([][]term, len(words))
	for i, w := range words {
		terms, err := termsOf(r, w, in)
		if err != nil {
			return nil, err
		}
		// What one word leaves is all that the others may stand in.
		if found[i], in = among(terms, in); in == 0 {
			return nil, nil
		}
	}
	all := make([]group, len(words))
	for i, terms := range found {
		terms, _ = among(terms, in)
		for _, t := range terms {
			all[i].terms, all[i].times = append(all[i].terms, t.word), all[i].times+t.times
		}
	}
	return all, nil
}

// wordsLike are the commonest words of a range, those of some kinds first.
const wordsLike = "SELECT word, n, kinds FROM (SELECT word, n, kinds FROM words WHERE word >= ? AND word < ? ORDER BY word LIMIT ?) AS looked" +
	" ORDER BY (kinds & CAST(? AS BIGINT)) = 0, n DESC LIMIT ?"

// termsOf finds the words of the index that begin as typed, or are near to it when none does.
func termsOf(r reader, typed string, in Kinds) ([]term, error) {
	scanned := wordsScanned
	if typed[0] >= '0' && typed[0] <= '9' {
		scanned = digitsScanned
	}
	// In the order of words, so that the word itself is among those that are looked at.
	rows, err := r.query(wordsLike, typed, after(typed), scanned, in, termsAtOnce)
	if err != nil {
		return nil, fmt.Errorf("looking up a word: %w", err)
	}
	terms, err := collect(rows, scanTerm)
	if err != nil || len(terms) > 0 || !search.MayBeNear(typed) {
		return terms, err
	}
	// Whoever makes a slip seldom makes it in the first letter.
	first := string([]rune(typed)[:1])
	rows, err = r.query(wordsLike, first, after(first), wordsScanned, in, wordsScanned)
	if err != nil {
		return nil, fmt.Errorf("looking for a near word: %w", err)
	}
	words, err := collect(rows, scanTerm)
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		if search.Near(typed, w.word) {
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
	in, err := f.kinds(r)
	if err != nil {
		return nil, nil, err
	}
	sources, err := s.sources(r, f.Query, in, f.marks())
	if err != nil {
		return nil, nil, err
	}
	span := f.span(c)
	short, err := s.dialect.short(r, span)
	if err != nil {
		return nil, nil, err
	}
	var found []entryRow
	for _, src := range sources {
		src.short = short
		where, args := f.where()
		query, args := s.dialect.page(src, "feed", "f", entryColumns, " FROM feed f ", where, args, span, limit)
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

// span is a part of the full-text index: below is outside of it, from is inside.
type span struct{ from, below int64 }

// span is the part where the page, and the period, lie: the index is in the order of time.
func (f FeedFilter) span(c Cursor) span {
	s := span{1, c.bound()}
	if !f.From.IsZero() {
		s.from = max(s.from, f.From.UnixMilli()<<placeBits)
	}
	if !f.To.IsZero() {
		s.below = min(s.below, f.To.UnixMilli()<<placeBits)
	}
	return s
}

// page is the statement that reads one source's page, newest first: the index is in the order of
// time, so that a common word costs no more than a rare one.
func (d dialect) page(src source, table, as, columns, from string, where []string, args []any, in span, limit int) (string, []any) {
	if src.fragment != "" {
		column := as + ".phone"
		if table != "feed" {
			column = as + ".phones"
		}
		where, args = append(slices.Clone(where), column+" LIKE ?"), append(slices.Clone(args), "%"+src.fragment+"%")
	}
	return d.wordsPage(table, as, columns, from, where, args, src, in, limit)
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
