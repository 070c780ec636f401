package store

import (
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"dozvon/client"
)

// Kinds of what the full-text index takes in: the feed's entries, and cards by their own kind.
const staleFeed = "feed"

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

// DequeueStale lists what must be indexed, and forgets it: whoever takes it indexes it in the same
// transaction.
func (t *Tx) DequeueStale(limit int) ([]StaleRef, error) {
	rows, err := t.query("DELETE FROM stale WHERE (kind, id) IN (SELECT kind, id FROM stale LIMIT ?) RETURNING kind, id", limit)
	if err != nil {
		return nil, fmt.Errorf("taking what waits for the index: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (StaleRef, error) {
		var r StaleRef
		return r, rows.Scan(&r.Kind, &r.ID)
	})
}

// Document is one thing as the index takes it in.
type Document struct {
	Kind, ID string
	At       time.Time
	Words    []string
	Numbers  []string // in E.164
	// Entry is what an entry can be filtered by; nil for a card.
	Entry *client.FeedEntry
}

// indexed are the tables behind the kinds.
var indexed = map[string]string{staleFeed: "feed", "client": "clients", "contract": "contracts"}

// Index takes documents into the full-text index, each at its time's place.
func (t *Tx) Index(docs []Document) error {
	words, numbers := Vocabulary{}, map[string]bool{}
	for _, d := range docs {
		if err := t.indexOne(d); err != nil {
			return fmt.Errorf("indexing %s %s: %w", d.Kind, d.ID, err)
		}
		words.Take(d)
		for _, n := range d.Numbers {
			numbers[n] = true
		}
	}
	if err := t.learn(words); err != nil {
		return err
	}
	// In one order on every node, as the words.
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		res, err := t.exec("INSERT INTO numbers (number) VALUES (?) ON CONFLICT DO NOTHING", n)
		if err != nil {
			return fmt.Errorf("noting a number: %w", err)
		}
		if fresh, err := res.RowsAffected(); err != nil || fresh == 0 {
			continue
		}
		if err := t.store.dialect.indexNumber(t, n); err != nil {
			return fmt.Errorf("indexing a number: %w", err)
		}
	}
	return nil
}

func (t *Tx) indexOne(d Document) error {
	table := indexed[d.Kind]
	var old int64
	err := t.row("SELECT ord FROM "+table+" WHERE id = ?", d.ID).Scan(&old)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // gone meanwhile
	}
	if err != nil {
		return err
	}
	ord, err := t.place(table, d, old)
	if err != nil {
		return err
	}
	if ord != old {
		if _, err := t.exec("UPDATE "+table+" SET ord = ? WHERE id = ?", ord, d.ID); err != nil {
			return err
		}
	}
	return t.store.dialect.index(t, d, old, ord)
}

// placeBits are left for what happened in one millisecond.
const placeBits = 20

// place is where a document stands in the index: by its time, so that the index itself is newest
// first; things of one millisecond stand side by side.
func (t *Tx) place(table string, d Document, old int64) (int64, error) {
	at := d.At.UnixMilli()
	if old>>placeBits == at && old > 0 {
		return old, nil
	}
	h := fnv.New32a()
	h.Write([]byte(d.ID))
	const mask = 1<<placeBits - 1
	for low := int64(h.Sum32()) & mask; ; low = (low + 1) & mask {
		ord := at<<placeBits | low
		var other string
		err := t.row("SELECT id FROM "+table+" WHERE ord = ? LIMIT 1", ord).Scan(&other)
		if errors.Is(err, sql.ErrNoRows) {
			return max(ord, 1), nil
		}
		if err != nil {
			return 0, err
		}
	}
}
