package store

import (
	"context"
	"database/sql"
	"fmt"

	"dozvon/app/server/entry"

	"dozvon/app/server/store/internal/sqlrows"
	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

// textReader lets the full-text index read here.
type textReader struct{ r reader }

func (t textReader) Query(query string, args ...any) (*sql.Rows, error) {
	return t.r.query(query, args...)
}
func (t textReader) Row(query string, args ...any) *sql.Row { return t.r.row(query, args...) }

// textWriter lets it write in a transaction.
type textWriter struct {
	textReader
	tx *Tx
}

func (t textWriter) Exec(query string, args ...any) (sql.Result, error) {
	return t.tx.exec(query, args...)
}

// searchCursor tells the places of a search, which are index keys, from those of a plain list.
const searchCursor = "~"

// below is the part of the full-text index that a page begins under.
func (c Cursor) below() textindex.Span {
	if c.ID == searchCursor {
		return textindex.Below(c.At)
	}
	return textindex.Everything
}

// feedSearch reads a page of what a text search finds.
func (s *Store) feedSearch(r reader, f FeedFilter, c Cursor, limit int) ([]entry.Entry, *Cursor, error) {
	in, err := f.kinds(r)
	if err != nil {
		return nil, nil, err
	}
	sources, err := s.text.Plan(textReader{r}, f.Query, in, f.terms())
	if err != nil {
		return nil, nil, err
	}
	span := f.span(c)
	byTime, err := s.text.ScanByTime(textReader{r}, span)
	if err != nil {
		return nil, nil, err
	}
	where, args := f.where()
	var found []entryRow
	for _, src := range sources {
		query, args := s.text.Page(src, textindex.Page{
			Kind: textindex.Feed, As: "f", Columns: entryColumns, From: " FROM feed f ", Phones: "phone",
			Where: where, Args: args, Span: span, Limit: limit, ScanByTime: byTime,
		})
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
	at := func(e entryRow) Cursor { return Cursor{At: e.indexKey, ID: searchCursor} }
	found = newest(found, limit, at)
	out := make([]entry.Entry, len(found))
	for i, e := range found {
		out[i] = e.Entry
	}
	return out, next(found, limit, at), nil
}

// span is the part of the full-text index where the page, and the period, lie.
func (f FeedFilter) span(c Cursor) textindex.Span {
	span := c.below()
	if !f.From.IsZero() {
		span = span.Since(f.From)
	}
	if !f.To.IsZero() {
		span = span.Until(f.To)
	}
	return span
}

// terms is the filter as the full-text index knows it.
func (f FeedFilter) terms() textindex.Filter {
	return textindex.Filter{
		Types: f.Types, Employee: f.Employee, Line: f.Line, Result: f.Result, Phone: string(f.Phone),
		Subject: subjectKey(f.Subject), Bound: f.Bound,
	}
}

// subjectKey is a card as the index tells it, "" for nobody.
func subjectKey(ref client.SubjectRef) string {
	if ref.ID == "" {
		return ""
	}
	return string(ref.Kind) + ref.ID
}

// IndexEntry is what an entry can be filtered by, for its document in the full-text index.
func IndexEntry(e entry.Entry) *textindex.Entry {
	out := &textindex.Entry{Type: string(e.Type), Employee: personID(e.Employee), Line: e.Line, Result: string(e.Result)}
	if e.Subject != nil {
		out.Subject = subjectKey(client.SubjectRef{Kind: e.Subject.Kind, ID: e.Subject.ID})
	}
	return out
}

// kinds are those that a filter leaves.
func (f FeedFilter) kinds(r reader) (textindex.Kinds, error) {
	if f.facetFilters() == 0 {
		return textindex.AllKinds, nil
	}
	where, args := f.facetWhere("")
	rows, err := r.query("SELECT DISTINCT type FROM facets WHERE "+where, args...)
	if err != nil {
		return 0, fmt.Errorf("asking what a filter leaves: %w", err)
	}
	types, err := collect(rows, scanText)
	var all textindex.Kinds
	for _, t := range types {
		all |= textindex.KindOf(t)
	}
	return all, err
}

func scanText(rows *sql.Rows) (string, error) {
	var text string
	return text, rows.Scan(&text)
}

// StaleRef is something that the full-text index must read again.
type StaleRef struct{ Kind, ID string }

// MarkStale lets the index read one thing again. The index follows within a second, so that
// nobody who writes waits for it.
func (t *Tx) MarkStale(kind, id string) error {
	if _, err := t.exec("INSERT INTO stale (kind, id) VALUES (?, ?) ON CONFLICT DO NOTHING", kind, id); err != nil {
		return fmt.Errorf("marking %s %s for the index: %w", kind, id, err)
	}
	return nil
}

// DequeueStale lists what must be indexed, and forgets it: whoever dequeues it indexes it in the same
// transaction.
func (t *Tx) DequeueStale(limit int) ([]StaleRef, error) {
	rows, err := t.query("DELETE FROM stale WHERE (kind, id) IN (SELECT kind, id FROM stale LIMIT ?) RETURNING kind, id", limit)
	if err != nil {
		return nil, fmt.Errorf("dequeuing what waits for the index: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (StaleRef, error) {
		var r StaleRef
		return r, rows.Scan(&r.Kind, &r.ID)
	})
}

// Index takes documents into the full-text index.
func (t *Tx) Index(docs []textindex.Document) error {
	if t.words == nil {
		t.words = textindex.Met{}
	}
	return t.store.text.Put(textWriter{textReader{t}, t}, t.words, docs)
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

func collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	return sqlrows.Collect(rows, scan)
}
