package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"dozvon/app/server/crm"
	"dozvon/app/server/search"
	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

// CardFilter narrows a list of cards; zero fields do not filter.
type CardFilter struct {
	Query       search.Query
	Status, Tag string
	Responsible string
	ClientID    string // contracts of one client
	LeadKind    string // clients: lead or client
	Deleted     bool   // the deleted ones instead
}

// cardRow is a card with its place in the full-text index.
type cardRow struct {
	crm.Card
	indexKey int64
}

// CardPage reads a page, newest first, and the cursor of the next; nil at the end.
func (s *Store) CardPage(ctx context.Context, kind client.SubjectKind, f CardFilter, c Cursor, limit int) ([]crm.Card, *Cursor, error) {
	r := s.reads(ctx)
	if f.Query.Empty() {
		return plainCards(r, kind, f, c, limit)
	}
	sources, err := s.text.Plan(textReader{r}, f.Query, textindex.KindOf(string(kind)), textindex.Filter{})
	if err != nil {
		return nil, nil, err
	}
	var found []cardRow
	where, args := f.where()
	for _, src := range sources {
		query, args := s.text.Page(src, textindex.Page{
			Kind: string(kind), As: "c", Columns: selected[kind] + ", c.ord", From: fromCards(kind), Phones: "phones",
			Where: where, Args: args, Span: c.below(), Limit: limit,
		})
		rows, err := r.query(query, args...)
		if err != nil {
			return nil, nil, fmt.Errorf("searching cards: %w", err)
		}
		some, err := collect(rows, func(rows *sql.Rows) (cardRow, error) { return scanCardRow(kind, rows) })
		if err != nil {
			return nil, nil, err
		}
		found = append(found, some...)
	}
	at := func(c cardRow) Cursor { return Cursor{At: c.indexKey, ID: searchCursor} }
	found = newest(found, limit, at)
	out := make([]crm.Card, len(found))
	for i, c := range found {
		out[i] = c.Card
	}
	return out, next(found, limit, at), nil
}

func plainCards(r reader, kind client.SubjectKind, f CardFilter, c Cursor, limit int) ([]crm.Card, *Cursor, error) {
	where, args := f.where()
	where = append(where, "(c.created_at, c.id) < (?, ?)")
	args = append(args, c.At, c.ID, limit)
	rows, err := r.query(selectCards(kind)+"WHERE "+strings.Join(where, " AND ")+" ORDER BY c.created_at DESC, c.id DESC LIMIT ?", args...)
	if err != nil {
		return nil, nil, fmt.Errorf("listing cards: %w", err)
	}
	all, err := collect(rows, func(rows *sql.Rows) (crm.Card, error) { return scanCard(kind, rows) })
	return all, next(all, limit, cardCursor), err
}

// cardCursor is a card's place in its list.
func cardCursor(c crm.Card) Cursor {
	return Cursor{At: c.CreatedAt.UnixMilli(), ID: c.Ref().ID}
}

// withIndexKey reads one more column behind a card's own.
type withIndexKey struct {
	row scanner
	key *int64
}

func (w withIndexKey) Scan(targets ...any) error { return w.row.Scan(append(targets, w.key)...) }

func scanCardRow(kind client.SubjectKind, rows scanner) (cardRow, error) {
	var c cardRow
	var err error
	c.Card, err = scanCard(kind, withIndexKey{rows, &c.indexKey})
	return c, err
}

func (f CardFilter) where() (where []string, args []any) {
	add := func(clause string, values ...any) {
		where = append(where, clause)
		args = append(args, values...)
	}
	if f.Deleted {
		add("c.deleted_at > 0")
	} else {
		add("c.deleted_at = 0")
	}
	if f.Status != "" {
		add("c.status = ?", f.Status)
	}
	if f.Responsible != "" {
		add("c.responsible_id = ?", f.Responsible)
	}
	if f.ClientID != "" {
		// The index is partial, and no database uses it unless its condition stands in the query.
		add("c.client_id = ? AND c.client_id <> ''", f.ClientID)
	}
	if f.LeadKind != "" {
		add("c.kind = ?", f.LeadKind)
	}
	if f.Tag != "" {
		// Tags stand in the column as JSON: a tag is a whole string of the list.
		add("c.tags LIKE ? ESCAPE '!'", `%"`+escapeLike(jsonText(f.Tag))+`"%`)
	}
	return where, args
}

// newest merges what several sources found: newest first, each once, at most limit.
func newest[T any](all []T, limit int, at func(T) Cursor) []T {
	slices.SortStableFunc(all, func(a, b T) int { return at(b).compare(at(a)) })
	all = slices.CompactFunc(all, func(a, b T) bool { return at(a) == at(b) })
	return all[:min(len(all), limit)]
}
