package store

import (
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"sync"

	"dozvon/app/server/entry"
)

// facet is what the feed can be filtered by, all of it together; see migration 5.
type facet struct{ kind, employee, line, result string }

func facetOf(e entry.Entry) facet {
	return facet{string(e.Type), personID(e.Employee), e.Line, string(e.Result)}
}

// id is the same on every node, so that nobody has to be asked for the next free one.
func (f facet) id() int64 {
	h := fnv.New64a()
	for _, part := range []string{f.kind, f.employee, f.line, f.result} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return int64(h.Sum64() & math.MaxInt64)
}

// facets remembers which of them are in the database: committed ones only.
type facets struct {
	mu    sync.Mutex // guards known
	known map[facet]int64
}

func (k *facets) of(f facet) (int64, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	id, ok := k.known[f]
	return id, ok
}

func (k *facets) learn(committed map[facet]int64) {
	if len(committed) == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.Copy(k.known, committed)
}

func (k *facets) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.known)
}

// facet finds the id of a facet, and makes it one when it is new.
func (t *Tx) facet(f facet) (int64, error) {
	if id, ok := t.store.facets.of(f); ok {
		return id, nil
	}
	if id, ok := t.facets[f]; ok {
		return id, nil
	}
	id, err := t.findFacet(f)
	if errors.Is(err, sql.ErrNoRows) {
		// Another node may be making the same one: whoever is later finds it.
		err = t.addOnce("facets", columns{
			{"id", f.id()},
			{"type", f.kind},
			{"employee_id", f.employee},
			{"line", f.line},
			{"result", f.result},
		})
		if err == nil {
			id, err = t.findFacet(f)
		}
	}
	if err != nil {
		return 0, fmt.Errorf("finding or making a facet: %w", err)
	}
	if t.facets == nil {
		t.facets = map[facet]int64{}
	}
	t.facets[f] = id
	return id, nil
}

func (t *Tx) findFacet(f facet) (id int64, err error) {
	err = t.row("SELECT id FROM facets WHERE type = ? AND employee_id = ? AND line = ? AND result = ?", f.kind, f.employee, f.line, f.result).Scan(&id)
	return id, err
}

// facetsAtOnce bounds how many facets one page is merged from. What matches more than that is so
// common that its entries soon come by in an index of one of the filters.
const facetsAtOnce = 32

// facetsOf lists the facets that a filter allows; many when they are too many to merge.
func facetsOf(r reader, f FeedFilter) (ids []int64, many bool, err error) {
	where, args := f.facetWhere("")
	rows, err := r.query("SELECT id FROM facets WHERE "+where+" LIMIT ?", append(args, facetsAtOnce+1)...)
	if err != nil {
		return nil, false, fmt.Errorf("listing facets: %w", err)
	}
	ids, err = collect(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
	return ids, len(ids) > facetsAtOnce, err
}
