package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"dozvon/app/phone"
	"dozvon/client"
)

// feedPage reads a page of the feed. No filter may cost more than another, so none is left to the
// database to plan: a card's or a number's entries are read from its own index, several filters at
// once are merged from their facets, and all else walks the index of its rarest filter.
func (d dialect) feedPage(r reader, f FeedFilter, c Cursor, limit int) ([]client.FeedEntry, error) {
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

// impossible tells what no entry can be: a card's, and nobody's.
func (f FeedFilter) impossible() bool {
	return f.Subject.ID != "" && f.Bound != nil && !*f.Bound
}

// under is the cursor, or the end of the period where that is earlier.
func (f FeedFilter) under(c Cursor) Cursor {
	if f.To.IsZero() || f.To.UnixMilli() > c.At {
		return c
	}
	return Cursor{At: f.To.UnixMilli()}
}

// facetFilters counts the filters that a facet answers, filters those that an index can.
func (f FeedFilter) facetFilters() int {
	return count(len(f.Types) > 0, f.Employee != "", f.Line != "", f.Result != "")
}

func (f FeedFilter) filters() int {
	return f.facetFilters() + count(f.Subject.ID != "", f.Phone != "", f.Bound != nil && !*f.Bound)
}

func count(those ...bool) int {
	n := 0
	for _, b := range those {
		if b {
			n++
		}
	}
	return n
}

// side is one of the two indices of facets.
type side struct{ index, clause string }

// mergeFacets reads the newest entries of each facet and of those the newest.
func (d dialect) mergeFacets(r reader, f FeedFilter, ids []int64, c Cursor, limit int) ([]client.FeedEntry, error) {
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
func (d dialect) mergeStreams(r reader, streams []FeedFilter, c Cursor, limit int) ([]client.FeedEntry, error) {
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
func (d dialect) entriesAt(r reader, p places, limit int) ([]client.FeedEntry, error) {
	query := "SELECT " + entryColumns + " FROM (SELECT * FROM (" + strings.Join(p.parts, " UNION ") + ") AS places ORDER BY at DESC, id DESC LIMIT ?) AS p" +
		" CROSS JOIN feed f WHERE f." + d.rowKey + " = p.place ORDER BY p.at DESC, p.id DESC"
	rows, err := r.query(query, append(p.args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("reading the feed at its places: %w", err)
	}
	return collect(rows, plainEntry)
}

// walk reads one stream of entries.
func (d dialect) walk(r reader, f FeedFilter, c Cursor, limit int) ([]client.FeedEntry, error) {
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

// index is that of the filter which likely leaves the fewest.
func (f FeedFilter) index() string {
	switch {
	case f.Phone != "":
		return "feed_phone"
	case f.Subject.ID != "":
		return "feed_subject"
	case f.Employee != "":
		return "feed_employee"
	case f.Result != "":
		return "feed_result"
	case f.Line != "":
		return "feed_line"
	case len(f.Types) == 1:
		return "feed_type"
	case f.Bound != nil && !*f.Bound:
		return "feed_unbound"
	}
	return "feed_page"
}

// jump is the newest place where every filter alone has something, so that the calls of a line
// that was given up years ago are not looked for in the years since. False when there is none.
func (f FeedFilter) jump(r reader, c Cursor) (Cursor, bool, error) {
	if f.filters() < 2 {
		return c, true, nil
	}
	for _, alone := range []struct{ column, value string }{
		{"employee_id", f.Employee}, {"line", f.Line}, {"result", f.Result},
	} {
		if alone.value == "" {
			continue
		}
		var at sql.NullInt64
		if err := r.row("SELECT MAX(at) FROM feed WHERE "+alone.column+" = ? AND at <= ?", alone.value, c.At).Scan(&at); err != nil {
			return c, false, fmt.Errorf("finding the newest entry of a filter: %w", err)
		}
		if !at.Valid {
			return c, false, nil
		}
		// The next moment, so that what is of the same one counts.
		if at.Int64 < c.At {
			c = Cursor{At: at.Int64 + 1}
		}
	}
	return c, true, nil
}

// streams cuts a filter into parts that one index serves each: no database walks an index in its
// order for an IN or an OR.
func (f FeedFilter) streams() []FeedFilter {
	if f.Subject.ID != "" {
		parts := []FeedFilter{f}
		for _, number := range f.Shared {
			shared := f
			shared.Subject, shared.Phone = client.SubjectRef{}, phone.Number(number)
			parts = append(parts, shared)
		}
		return parts
	}
	if f.Phone != "" || f.Employee != "" || f.Result != "" || f.Line != "" || len(f.Types) < 2 {
		return []FeedFilter{f}
	}
	var parts []FeedFilter
	for _, t := range slices.Compact(slices.Sorted(slices.Values(f.Types))) {
		part := f
		part.Types = []string{t}
		parts = append(parts, part)
	}
	return parts
}

// conditions gather clauses and their values.
type conditions struct {
	clauses []string
	args    []any
}

func (c *conditions) add(clause string, values ...any) {
	c.clauses = append(c.clauses, clause)
	c.args = append(c.args, values...)
}

// facetWhere is what a facet answers, of a table or an alias with its dot.
func (f FeedFilter) facetWhere(as string) (string, []any) {
	c := f.facetConditions(as)
	return strings.Join(c.clauses, " AND "), c.args
}

func (f FeedFilter) facetConditions(as string) conditions {
	var c conditions
	switch len(f.Types) {
	case 0:
	case 1:
		c.add(as+"type = ?", f.Types[0])
	default:
		values := make([]any, len(f.Types))
		for i, t := range f.Types {
			values[i] = t
		}
		c.add(as+"type IN ("+marks(len(values))+")", values...)
	}
	if f.Employee != "" {
		c.add(as+"employee_id = ?", f.Employee)
	}
	if f.Line != "" {
		c.add(as+"line = ?", f.Line)
	}
	if f.Result != "" {
		c.add(as+"result = ?", f.Result)
	}
	return c
}

func (f FeedFilter) where() (where []string, args []any) {
	c := f.facetConditions("f.")
	if (f.Subject.ID != "" || f.Phone != "") && len(c.clauses) > 0 {
		// The indices of cards and numbers hold the facet, so that a partner's ten thousand calls are
		// looked through in them alone.
		clause, args := f.facetWhere("")
		c = conditions{}
		c.add("f.facet IN (SELECT id FROM facets WHERE "+clause+")", args...)
	}
	if f.Subject.ID != "" {
		c.add("f.subject_kind = ? AND f.subject_id = ?", f.Subject.Kind, f.Subject.ID)
	}
	if f.Phone != "" {
		c.add("f.phone = ?", string(f.Phone))
	}
	if !f.From.IsZero() {
		c.add("f.at >= ?", f.From.UnixMilli())
	}
	if f.Bound != nil && *f.Bound {
		c.add("f.subject_id <> ''")
	}
	if f.Bound != nil && !*f.Bound {
		c.add("f.subject_id = ''")
	}
	return c.clauses, c.args
}
