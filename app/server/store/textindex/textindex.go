// Package textindex is the full-text index of the feed, the clients and the contracts, and its
// planner. It knows tables and words, not what they mean: rules of what a word is, and what a person
// may have meant, are in package search; which documents there are, and what filters exist, its caller
// tells.
//
// # What is kept
//
// Each document (an entry of the feed, or a card) has terms: its words, and filter terms, which stand
// for what it can be filtered by ("xt" and the type of entry, "xe" and an employee, "xd" and three
// digits of its number). SQLite keeps them in an FTS5 table beside the documents' own, PostgreSQL in a
// tsvector column. A document's place is its index key: its time in milliseconds with twenty bits
// behind that tell apart what happened in the same one. So the index itself is newest first, and a page
// of results is read from it in order, without sorting: a word that every call has costs no more than
// a rare one.
//
// Table words is the vocabulary: each word that ever stood somewhere, about how often, and in which
// kinds of document. What was typed is looked up there first: the beginning of a word becomes the
// words that begin so, a word that is nowhere becomes those that it may be a typo of. Table numbers
// has every telephone number once, so that a fragment is looked for among numbers, not among calls.
//
// # How a search is planned
//
// Plan makes of a query one or more sources, each an expression of the index, whose pages the caller
// merges. Filters become filter terms of the expression, so that a search in one line's calls does not
// read all other lines' only to drop them. The kinds of documents bound everything: words that never
// stood in what a filter leaves are not looked for at all.
//
// SQLite walks its index in the order of keys and stops after a page. PostgreSQL's gives the rows of
// all times at once, to be sorted; so, where the vocabulary says that a page is soon found among the
// newest rows, those are looked through first (Source.scanned), and where a period has few rows at all,
// only they are (Index.ScanByTime).
//
// Rejected: PostgreSQL's ts_rank and SQLite's bm25 order by relevance, which nobody wants of calls,
// and read every row; a trigram index of the texts themselves is several times as large as this one and
// knows neither the beginning of a word nor a typo.
//
// # How it is kept up
//
// A writer marks what changed as stale; the indexer (app/server/indexer) follows within a second, so
// that nobody waits for the index. Counts of words that are known already are added up in memory first
// (wordCache), for the words of every call would be written with every call.
package textindex

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Reader runs queries; placeholders are question marks on either database.
type Reader interface {
	Query(query string, args ...any) (*sql.Rows, error)
	Row(query string, args ...any) *sql.Row
}

// Writer is a transaction.
type Writer interface {
	Reader
	Exec(query string, args ...any) (sql.Result, error)
}

// Index is the full-text index of one database. Make one with New.
type Index struct {
	backend backend
	words   wordCache
}

// New is the index of a database, PostgreSQL's or SQLite's.
func New(postgres bool) *Index {
	x := &Index{backend: sqlite{}, words: wordCache{known: map[string]Usage{}}}
	if postgres {
		x.backend = postgresql{}
	}
	return x
}

// backend is what differs between the two databases.
type backend interface {
	prepare(ctx context.Context, db *sql.DB) error
	// put takes a document in; its former key is 0 when it was not there.
	put(w Writer, d Document, former, key int64) error
	// remove forgets a document of which only the key is left.
	remove(w Writer, kind string, key int64) error
	putNumber(w Writer, number string) error
	removeNumber(w Writer, number string) error
	// hasWord is the statement that finds one document of a kind, or none, by an expression.
	hasWord(kind string) string
	compact(w Writer, begin bool) (more bool, err error)
	// expression asks for one term of each list.
	expression(terms [][]string) string
	// numbersWith are numbers with a fragment; groups are those of its groups of three digits that are worth
	// being asked for.
	numbersWith(r Reader, fragment string, groups []string, limit int) ([]string, error)
	// scanByTime tells whether the documents of a span are so few that looking through them is quicker
	// than asking the index.
	scanByTime(r Reader, in Span) (bool, error)
	page(src Source, p Page) (query string, args []any)
}

// Document is one thing as the index takes it in.
type Document struct {
	Kind, ID string // Feed and an entry's id, or a card's own
	At       time.Time
	Words    []string
	Numbers  []string // in E.164
	// Entry is what an entry can be filtered by; nil for a card.
	Entry *Entry
}

// Feed is the kind of the feed's entries; cards have their own.
const Feed = "feed"

// tables are those behind the kinds.
var tables = map[string]string{Feed: "feed", "client": "clients", "contract": "contracts"}

// Prepare makes what no migration can: the two databases index in their own ways.
func (x *Index) Prepare(ctx context.Context, db *sql.DB) error { return x.backend.prepare(ctx, db) }

// Remove forgets a document whose row is gone; 0 is the key of one that was never taken in.
func (x *Index) Remove(w Writer, kind string, key int64) error {
	if key == 0 {
		return nil
	}
	return x.backend.remove(w, kind, key)
}

// Put takes documents in, each at its time's place. What it has counted of their words goes to met,
// for Committed.
func (x *Index) Put(w Writer, met Met, docs []Document) error {
	words, numbers := Vocabulary{}, map[string]bool{}
	for _, d := range docs {
		if err := x.putOne(w, d); err != nil {
			return fmt.Errorf("indexing %s %s: %w", d.Kind, d.ID, err)
		}
		words.Count(d)
		for _, n := range d.Numbers {
			numbers[n] = true
		}
	}
	if err := x.count(w, met, words); err != nil {
		return err
	}
	// In one order on every node, as the words.
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		res, err := w.Exec("INSERT INTO numbers (number) VALUES (?) ON CONFLICT DO NOTHING", n)
		if err != nil {
			return fmt.Errorf("noting a number: %w", err)
		}
		if added, err := res.RowsAffected(); err != nil || added == 0 {
			continue
		}
		if err := x.backend.putNumber(w, n); err != nil {
			return fmt.Errorf("indexing a number: %w", err)
		}
	}
	return nil
}

// Committed remembers the words that a committed transaction has met.
func (x *Index) Committed(met Met) { x.words.commit(met) }

// ScanByTime tells whether a span of the feed has so few entries that looking through them is quicker
// than asking the index.
func (x *Index) ScanByTime(r Reader, in Span) (bool, error) { return x.backend.scanByTime(r, in) }

// Page is the statement that reads one source's page, newest first.
func (x *Index) Page(src Source, p Page) (query string, args []any) {
	if src.fragment != "" {
		p.Where = append(slices.Clone(p.Where), p.As+"."+p.Phones+" LIKE ?")
		p.Args = append(slices.Clone(p.Args), "%"+src.fragment+"%")
	}
	return x.backend.page(src, p)
}

// Page is what to read of the documents that a source finds.
type Page struct {
	Kind    string
	As      string // the alias of the documents' table in From
	Columns string
	From    string // from " FROM " on, with a space at its end
	Phones  string // the column with the documents' numbers
	// Where narrows, with Args for its placeholders.
	Where []string
	Args  []any
	Span  Span
	Limit int
	// ScanByTime is what Index.ScanByTime has said of Span.
	ScanByTime bool
}
