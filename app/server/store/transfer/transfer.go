// Package transfer copies a school from an SQLite database into one of PostgreSQL, table by table, as often as it
// takes: it compares both sides in the order of keys and writes what differs, so that one that was killed goes on, and
// one that ran beside a running server is brought up to date by another with the server stopped. It knows tables,
// columns and keys, and nothing of what they mean; but for the full-text index, which each database keeps in its own
// way: what it is made from is marked, and the server that starts on the target takes it in.
//
// While it goes on the target has a table of its own (store.MovingTable), by which everybody else knows that it is not
// whole. It goes with the last step, when every table was counted and compared.
package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"dozvon/app/server/store"
)

// Transfer is one school's way. From and To are URLs.
type Transfer struct {
	From, To string
	// Final says that nobody writes From: the last step is done.
	Final bool
	// Now tells the time.
	Now func() time.Time
	// Told hears of every table that is through; nil: nobody does.
	Told func(Table)
	// wait is how long another one that fills the target is waited for: PostgreSQL may notice only after a moment
	// that one was killed. 0: 15 s.
	wait time.Duration
	// batch is how many rows are written in one transaction; 0: 5,000. A test breaks off in step.
	batch int
	step  func(what string)
}

// Table is what was found of a table.
type Table struct {
	Name    string
	Rows    int64  // in the source, and verified in both by the last step
	Written int64  // this time
	Sum     string // checksum of all rows, the same in both; empty before the last step
}

// Refusal says why a target cannot be taken; nothing in it was changed.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why + ": nothing was changed" }

// derived are tables that are made anew from the others: the full-text index and what waits for it.
var derived = []string{"stale", "words", "numbers"}

// parents come first, and they and their children are compared whole every time: others refer to them.
var parents = []string{"employees", "integrations", "extensions", "sessions"}

// indexed are the tables whose rows the full-text index is made of, with the kind under which it knows them.
var indexed = map[string]string{"feed": "feed", "clients": "client", "contracts": "contract"}

// placeColumn is a row's place in the full-text index, which the target gives itself.
const placeColumn = "ord"

// Run copies, and returns the tables that are through.
func (t *Transfer) Run(ctx context.Context) ([]Table, error) {
	source, err := t.openSource(ctx)
	if err != nil {
		return nil, err
	}
	defer source.close()
	target, err := t.openTarget(ctx, source)
	if err != nil {
		return nil, err
	}
	defer target.close()
	tables, err := tablesOf(ctx, source, target)
	if err != nil {
		return nil, err
	}
	done, err := target.marks(ctx)
	if err != nil {
		return nil, err
	}
	var through []Table
	for _, tab := range tables {
		told, err := t.one(ctx, source, target, tab, done[tab.name])
		if err != nil {
			return through, fmt.Errorf("moving %s: %w", tab.name, err)
		}
		through = append(through, told)
		if t.Told != nil {
			t.Told(told)
		}
	}
	if !t.Final {
		return through, nil
	}
	return through, t.finish(ctx, source, target)
}

// one brings one table up to date.
func (t *Transfer) one(ctx context.Context, from *source, to *target, tab table, m mark) (Table, error) {
	told := Table{Name: tab.name}
	whole := t.Final || slices.Contains(parents, tab.name)
	if !whole && m.Done {
		n, err := from.count(ctx, tab)
		told.Rows = n
		return told, err
	}
	var after []any
	if !whole {
		var err error
		if after, err = tab.keyOf(m.After); err != nil {
			return told, err
		}
	}
	dropped, err := t.drop(ctx, from, to, tab, after)
	if err != nil {
		return told, err
	}
	written, sum, err := t.fill(ctx, from, to, tab, after)
	if err != nil {
		return told, err
	}
	told.Written = dropped + written
	if told.Rows, err = from.count(ctx, tab); err != nil || !t.Final {
		return told, err
	}
	told.Sum = sum
	return told, to.verify(ctx, tab, told.Rows, sum)
}

// drop takes out of the target what the source has no more, or otherwise: what is left then is in both, and what comes
// in after it meets nothing that only one of two may have.
func (t *Transfer) drop(ctx context.Context, from *source, to *target, tab table, after []any) (dropped int64, err error) {
	if empty, err := to.isEmpty(ctx, tab.name); err != nil || empty {
		return 0, err
	}
	var gone [][]any
	flush := func() error {
		if len(gone) == 0 {
			return nil
		}
		t.steps("drop " + tab.name)
		dropped += int64(len(gone))
		err := to.remove(ctx, tab, gone)
		gone = nil
		return err
	}
	err = merge(ctx, from, to, tab, after, func(ours, theirs []any) error {
		if theirs == nil || ours != nil && same(ours, theirs) {
			return nil
		}
		if gone = append(gone, tab.key(theirs)); len(gone) < t.rows() {
			return nil
		}
		return flush()
	})
	if err != nil {
		return dropped, err
	}
	return dropped, flush()
}

// fill writes what the target lacks, in batches that each note how far it has come. sum is of all rows of the source.
func (t *Transfer) fill(ctx context.Context, from *source, to *target, tab table, after []any) (written int64, sum string, err error) {
	all := newChecksum()
	var fresh [][]any
	var last []any
	flush := func(done bool) error {
		t.steps("fill " + tab.name)
		written += int64(len(fresh))
		m := mark{Done: done}
		if !t.Final { // which compares all of a table every time
			m.After = last
		}
		err := to.insert(ctx, tab, fresh, m)
		fresh = nil
		return err
	}
	err = merge(ctx, from, to, tab, after, func(ours, theirs []any) error {
		if ours == nil {
			return errors.New("the target has rows that were taken out of it just now: does somebody else write it?")
		}
		all.add(ours)
		if theirs != nil {
			return nil
		}
		fresh, last = append(fresh, ours), tab.key(ours)
		if len(fresh) < t.rows() {
			return nil
		}
		return flush(false)
	})
	if err != nil {
		return written, "", err
	}
	return written, all.sum(), flush(true)
}

func (t *Transfer) rows() int {
	if t.batch > 0 {
		return t.batch
	}
	return 5000
}

func (t *Transfer) steps(what string) {
	if t.step != nil {
		t.step(what)
	}
}

// finish marks what still waits for the index of the source, and declares the target whole.
func (t *Transfer) finish(ctx context.Context, from *source, to *target) error {
	t.steps("finish")
	// Without figures of the new rows PostgreSQL would plan the first questions badly.
	if _, err := to.write.Exec(ctx, "ANALYZE"); err != nil {
		return fmt.Errorf("analysing the target: %w", err)
	}
	return pgx.BeginFunc(ctx, to.write, func(tx pgx.Tx) error {
		rows, err := from.conn.QueryContext(ctx, "SELECT kind, id FROM stale")
		if err != nil {
			return fmt.Errorf("reading what waits for the index: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var kind, id string
			if err := rows.Scan(&kind, &id); err != nil {
				return fmt.Errorf("reading what waits for the index: %w", err)
			}
			if _, err := tx.Exec(ctx, "INSERT INTO stale (kind, id) VALUES ($1, $2) ON CONFLICT DO NOTHING", store.Clean(kind), store.Clean(id)); err != nil {
				return fmt.Errorf("marking what waits for the index: %w", err)
			}
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("reading what waits for the index: %w", err)
		}
		if _, err := tx.Exec(ctx, "DROP TABLE "+store.MovingTable); err != nil {
			return fmt.Errorf("ending the move: %w", err)
		}
		return nil
	})
}

// merge walks both sides in the order of keys from behind a key, and gives each key's rows; nil: that side has none.
func merge(ctx context.Context, from *source, to *target, tab table, after []any, each func(ours, theirs []any) error) error {
	left, err := from.rows(ctx, tab, after)
	if err != nil {
		return err
	}
	defer left.close()
	right, err := to.rows(ctx, tab, after)
	if err != nil {
		return err
	}
	defer right.close()
	ours, err := left.next()
	if err != nil {
		return err
	}
	theirs, err := right.next()
	for err == nil && (ours != nil || theirs != nil) {
		order := tab.compare(ours, theirs)
		pairOurs, pairTheirs := ours, theirs
		if order > 0 {
			pairOurs = nil
		}
		if order < 0 {
			pairTheirs = nil
		}
		if err := each(pairOurs, pairTheirs); err != nil {
			return err
		}
		if order <= 0 {
			if ours, err = left.next(); err != nil {
				return err
			}
		}
		if order >= 0 {
			theirs, err = right.next()
		}
	}
	return err
}

// mark is how far a table has come.
type mark struct {
	After []any `json:"after,omitempty"` // the key of the last row
	Done  bool  `json:"done"`
}
