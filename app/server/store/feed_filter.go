package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/search"
	"dozvon/app/server/store/internal/sqlrows"
	"dozvon/client"
)

// FeedFilter narrows the feed; zero fields do not filter.
type FeedFilter struct {
	Types   []string
	Subject client.SubjectRef
	// Shared are numbers of Subject: calls of them that belong to another card are listed, too.
	Shared       []string
	Query        search.Query
	Employee     string
	Phone        phone.Number
	Line, Result string
	From, To     time.Time
	Bound        *bool
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
		list, values := sqlrows.In(values)
		c.add(as+"type IN "+list, values...)
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
