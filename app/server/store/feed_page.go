package store

import (
	"fmt"
	"strings"

	"dozvon/app/server/entry"
)

// feedPage reads a page of the feed. No filter may cost more than another, so none is left to the
// database to plan: a card's or a number's entries are read from its own index, several filters at
// once are merged from their facets, and all else walks the index of its rarest filter.
func (d dialect) feedPage(r reader, f FeedFilter, c Cursor, limit int) ([]entry.Entry, error) {
	if f.impossible() {
		return nil, nil
	}
	c = f.under(c)
	if f.Subject.ID == "" && f.Phone == "" && f.facetFilters() > 0 && f.filters() > 1 {
		ids, many, err := facetsOf(r, f)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		if !many {
			return d.mergeFacets(r, f, ids, c, limit)
		}
	}
	streams := f.streams()
	if len(streams) > 1 {
		return d.mergeStreams(r, streams, c, limit)
	}
	return d.walk(r, f, c, limit)
}

// side is one of the two indices of facets.
type side struct{ index, clause string }

// mergeFacets reads the newest entries of each facet and of those the newest.
func (d dialect) mergeFacets(r reader, f FeedFilter, ids []int64, c Cursor, limit int) ([]entry.Entry, error) {
	where, args := "(at, id) < (?, ?)", []any{c.At, c.ID}
	if !f.From.IsZero() {
		where, args = where+" AND at >= ?", append(args, f.From.UnixMilli())
	}
	sides := []side{{"feed_facet_bound", "subject_id <> ''"}, {"feed_facet_unbound", "subject_id = ''"}}
	switch {
	case f.Bound != nil && *f.Bound:
		sides = sides[:1]
	case f.Bound != nil:
		sides = sides[1:]
	}
	var p places
	for _, side := range sides {
		p.add(d.facetPlaces(ids, d.by(side.index), where+" AND "+side.clause, args, limit))
	}
	return d.entriesAt(r, p, limit)
}

// mergeStreams reads the newest entries of each stream and of those the newest.
func (d dialect) mergeStreams(r reader, streams []FeedFilter, c Cursor, limit int) ([]entry.Entry, error) {
	var p places
	for _, stream := range streams {
		text, args, some, err := d.stream(r, stream, "f.at, f.id, f."+d.rowKey+" AS place", c, limit)
		if err != nil {
			return nil, err
		}
		if some {
			p.add("SELECT * FROM ("+text+") AS stream", args)
		}
	}
	if len(p.parts) == 0 {
		return nil, nil
	}
	return d.entriesAt(r, p, limit)
}

// places are statements that select where entries stand, each of an index alone: reading entries
// only to drop them is what costs.
type places struct {
	parts []string
	args  []any
}

func (p *places) add(part string, args []any) {
	p.parts, p.args = append(p.parts, part), append(p.args, args...)
}

// entriesAt reads the entries at the newest of the places.
func (d dialect) entriesAt(r reader, p places, limit int) ([]entry.Entry, error) {
	query := "SELECT " + entryColumns + " FROM (SELECT * FROM (" + strings.Join(p.parts, " UNION ") + ") AS places ORDER BY at DESC, id DESC LIMIT ?) AS p" +
		" CROSS JOIN feed f WHERE f." + d.rowKey + " = p.place ORDER BY p.at DESC, p.id DESC"
	rows, err := r.query(query, append(p.args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("reading the feed at its places: %w", err)
	}
	return collect(rows, plainEntry)
}

// walk reads one stream of entries.
func (d dialect) walk(r reader, f FeedFilter, c Cursor, limit int) ([]entry.Entry, error) {
	text, args, some, err := d.stream(r, f, entryColumns, c, limit)
	if err != nil || !some {
		return nil, err
	}
	rows, err := r.query(text, args...)
	if err != nil {
		return nil, fmt.Errorf("reading the feed: %w", err)
	}
	return collect(rows, plainEntry)
}

// stream is the statement that reads columns of entries from the index of their rarest filter, from
// where all filters may have something on; false when they have nothing.
func (d dialect) stream(r reader, f FeedFilter, columns string, c Cursor, limit int) (text string, args []any, some bool, err error) {
	c, some, err = f.jump(r, c)
	if err != nil || !some {
		return "", nil, false, err
	}
	where, args := f.where()
	where = append(where, "(f.at, f.id) < (?, ?)")
	return "SELECT " + columns + " FROM feed f" + d.by(f.index()) + " WHERE " + strings.Join(where, " AND ") + " ORDER BY f.at DESC, f.id DESC LIMIT ?",
		append(args, c.At, c.ID, limit), true, nil
}

// by says which index to use: SQLite without statistics guesses. PostgreSQL has statistics.
func (d dialect) by(index string) string {
	if d.postgres {
		return ""
	}
	return " INDEXED BY " + index
}
