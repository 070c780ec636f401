package textindex

import (
	"database/sql"
	"errors"
	"hash/fnv"
	"math"
	"time"
)

// keyBits are left in an index key for what happened in one millisecond.
const keyBits = 20

// Span is a part of the index: below is outside of it, from is inside.
type Span struct{ from, below int64 }

// Below is everything under an index key.
func Below(key int64) Span { return Span{1, key} }

// Everything is the whole index.
var Everything = Below(math.MaxInt64)

// Since leaves what is not older.
func (s Span) Since(at time.Time) Span {
	s.from = max(s.from, at.UnixMilli()<<keyBits)
	return s
}

// Until leaves what is older.
func (s Span) Until(at time.Time) Span {
	s.below = min(s.below, at.UnixMilli()<<keyBits)
	return s
}

func (x *Index) putOne(w Writer, d Document) error {
	table := tables[d.Kind]
	var former int64
	err := w.Row("SELECT ord FROM "+table+" WHERE id = ?", d.ID).Scan(&former)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // gone meanwhile
	}
	if err != nil {
		return err
	}
	key, err := indexKey(w, table, d, former)
	if err != nil {
		return err
	}
	if key != former {
		if _, err := w.Exec("UPDATE "+table+" SET ord = ? WHERE id = ?", key, d.ID); err != nil {
			return err
		}
	}
	return x.backend.put(w, d, former, key)
}

// indexKey is where a document stands in the index: by its time, so that the index itself is newest
// first; things of one millisecond stand side by side.
func indexKey(r Reader, table string, d Document, former int64) (int64, error) {
	at := d.At.UnixMilli()
	if former>>keyBits == at && former > 0 {
		return former, nil
	}
	h := fnv.New32a()
	h.Write([]byte(d.ID))
	const mask = 1<<keyBits - 1
	for low := int64(h.Sum32()) & mask; ; low = (low + 1) & mask {
		key := at<<keyBits | low
		var other string
		err := r.Row("SELECT id FROM "+table+" WHERE ord = ? LIMIT 1", key).Scan(&other)
		if errors.Is(err, sql.ErrNoRows) {
			return max(key, 1), nil
		}
		if err != nil {
			return 0, err
		}
	}
}
