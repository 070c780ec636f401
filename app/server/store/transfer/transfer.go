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
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

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

// source is the school that moves, at one moment.
type source struct {
	db   *sql.DB
	conn *sql.Conn
	mark string // the fingerprint of its sealing key, which no other school has
}

func (t *Transfer) openSource(ctx context.Context) (*source, error) {
	db, err := store.OpenAsIs(t.From)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	schema, err := db.Schema(ctx)
	if err != nil {
		return nil, err
	}
	newest, err := store.NewestSchema()
	if err != nil {
		return nil, err
	}
	if schema != newest {
		return nil, &Refusal{fmt.Sprintf("the SQLite database has schema %d, and this program's is %d; start this program's server on it once", schema, newest)}
	}
	s := &source{}
	if s.mark, err = db.SealFingerprint(ctx); err != nil {
		return nil, err
	}
	if s.mark == "" {
		return nil, &Refusal{"the SQLite database has not been used by a server yet; start one on it, or begin on PostgreSQL at once"}
	}
	if s.db, err = sql.Open("sqlite", store.FileURI(strings.TrimPrefix(t.From, "sqlite://"))+"?mode=rw&_pragma=busy_timeout(10000)&_pragma=query_only(ON)"); err != nil {
		return nil, fmt.Errorf("opening the SQLite database: %w", err)
	}
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the SQLite database: %w", err), s.db.Close())
	}
	// One moment for all tables, however long it takes.
	var n int
	if _, err = s.conn.ExecContext(ctx, "BEGIN"); err == nil {
		err = s.conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&n)
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("reading the SQLite database: %w", err)
	}
	return s, nil
}

func (s *source) close() {
	s.conn.Close()
	s.db.Close()
}

func (s *source) count(ctx context.Context, tab table) (n int64, err error) {
	if err := s.conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+tab.name).Scan(&n); err != nil {
		return 0, fmt.Errorf("counting the rows of the SQLite database: %w", err)
	}
	return n, nil
}

// target is where the school moves. Reading and writing have connections of their own.
type target struct{ read, write *pgx.Conn }

// moverLock is held by the one that fills a target (PostgreSQL, advisory).
const moverLock = 0x646f7a766f6e03

func (t *Transfer) openTarget(ctx context.Context, from *source) (*target, error) {
	if err := t.prepare(ctx, from.mark); err != nil {
		return nil, err
	}
	write, err := pgx.Connect(ctx, t.To)
	if err != nil {
		return nil, fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	read, err := pgx.Connect(ctx, t.To)
	if err != nil {
		write.Close(ctx)
		return nil, fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	to := &target{read: read, write: write}
	if err := to.claim(ctx, from.mark, cmp.Or(t.wait, 15*time.Second)); err != nil {
		to.close()
		return nil, err
	}
	return to, nil
}

// prepare makes the tables of an empty target, and refuses one that holds something else.
func (t *Transfer) prepare(ctx context.Context, mark string) error {
	db, err := store.OpenAsIs(t.To)
	if err != nil {
		return err
	}
	schema, err := db.Schema(ctx)
	if cerr := db.Close(); err == nil {
		err = cerr
	}
	if errors.Is(err, store.ErrMoving) {
		return nil // begun already: claim looks whose it is
	}
	if err != nil {
		return err
	}
	if schema > 0 {
		if err := refuseOthers(ctx, t.To, mark); err != nil {
			return err
		}
	}
	fresh, err := store.Open(ctx, t.To, t.Now)
	if err != nil {
		return err
	}
	return fresh.Close()
}

// lived are tables that hold something as soon as somebody works with a school.
var lived = []string{"employees", "integrations", "calls", "feed"}

func refuseOthers(ctx context.Context, address, mark string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	defer conn.Close(ctx)
	to := &target{read: conn, write: conn}
	for _, name := range lived {
		empty, err := to.isEmpty(ctx, name)
		if err != nil {
			return err
		}
		if !empty {
			return &Refusal{"the target holds a school already (" + name + "); create another database, or drop this one first if it may go"}
		}
	}
	return nil
}

// claim notes whose the target is to be, or finds that it is another's.
func (t *target) claim(ctx context.Context, mark string, wait time.Duration) error {
	if err := t.lock(ctx, wait); err != nil {
		return err
	}
	if _, err := t.write.Exec(ctx, "CREATE TABLE IF NOT EXISTS "+store.MovingTable+" (name TEXT PRIMARY KEY, value TEXT NOT NULL)"); err != nil {
		return fmt.Errorf("noting the move in the target: %w", err)
	}
	if _, err := t.write.Exec(ctx, "INSERT INTO "+store.MovingTable+" (name, value) VALUES ('source', $1) ON CONFLICT DO NOTHING", mark); err != nil {
		return fmt.Errorf("noting the move in the target: %w", err)
	}
	var whose string
	if err := t.write.QueryRow(ctx, "SELECT value FROM "+store.MovingTable+" WHERE name = 'source'").Scan(&whose); err != nil {
		return fmt.Errorf("reading whose the target is: %w", err)
	}
	if whose != mark {
		return &Refusal{"another school is being moved into the target; create another database for this one"}
	}
	return nil
}

// lockRefused is PostgreSQL's code for a lock that was not had in time.
const lockRefused = "55P03"

// lock holds the target for this run, until its connection ends.
func (t *target) lock(ctx context.Context, wait time.Duration) error {
	if _, err := t.write.Exec(ctx, "SELECT set_config('lock_timeout', $1, false)", strconv.FormatInt(wait.Milliseconds(), 10)); err != nil {
		return fmt.Errorf("locking the target: %w", err)
	}
	_, err := t.write.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(moverLock))
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == lockRefused {
		return &Refusal{"another migrate-to fills the target just now; wait for it"}
	}
	if err != nil {
		return fmt.Errorf("locking the target: %w", err)
	}
	if _, err := t.write.Exec(ctx, "RESET lock_timeout"); err != nil {
		return fmt.Errorf("locking the target: %w", err)
	}
	return nil
}

func (t *target) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	t.read.Close(ctx)
	t.write.Close(ctx)
}

// marks are how far the tables have come in the runs before.
func (t *target) marks(ctx context.Context) (map[string]mark, error) {
	rows, err := t.read.Query(ctx, "SELECT name, value FROM "+store.MovingTable+" WHERE name LIKE 'table:%'")
	if err != nil {
		return nil, fmt.Errorf("reading how far the move has come: %w", err)
	}
	all := map[string]mark{}
	var name, value string
	_, err = pgx.ForEachRow(rows, []any{&name, &value}, func() error {
		var m mark
		err := json.Unmarshal([]byte(value), &m)
		all[strings.TrimPrefix(name, "table:")] = m
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading how far the move has come: %w", err)
	}
	return all, nil
}

func (t *target) isEmpty(ctx context.Context, name string) (bool, error) {
	var some bool
	if err := t.read.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+name+")").Scan(&some); err != nil {
		return false, fmt.Errorf("looking into the target's %s: %w", name, err)
	}
	return !some, nil
}

// insert writes rows and notes the mark, both or neither.
func (t *target) insert(ctx context.Context, tab table, rows [][]any, m mark) error {
	note, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, t.write, func(tx pgx.Tx) error {
		if len(rows) > 0 {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{tab.name}, tab.names(), pgx.CopyFromRows(rows)); err != nil {
				return fmt.Errorf("writing the rows behind %v: %w", tab.key(rows[0]), err)
			}
		}
		if kind := indexed[tab.name]; kind != "" && len(rows) > 0 {
			ids := make([]string, len(rows))
			for i, r := range rows {
				ids[i], _ = tab.key(r)[0].(string)
			}
			if _, err := tx.Exec(ctx, "INSERT INTO stale (kind, id) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING", kind, ids); err != nil {
				return fmt.Errorf("marking rows for the index: %w", err)
			}
		}
		_, err := tx.Exec(ctx, "INSERT INTO "+store.MovingTable+" (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", "table:"+tab.name, string(note))
		if err != nil {
			return fmt.Errorf("noting how far the move has come: %w", err)
		}
		return nil
	})
}

// remove takes rows out by their keys.
func (t *target) remove(ctx context.Context, tab table, keys [][]any) error {
	return pgx.BeginFunc(ctx, t.write, func(tx pgx.Tx) error {
		all := &pgx.Batch{}
		for _, key := range keys {
			all.Queue("DELETE FROM "+tab.name+" WHERE "+tab.isKey(), key...)
		}
		if err := tx.SendBatch(ctx, all).Close(); err != nil {
			return fmt.Errorf("taking rows out: %w", err)
		}
		return nil
	})
}

// verify counts and compares the target's rows by themselves.
func (t *target) verify(ctx context.Context, tab table, count int64, sum string) error {
	var have int64
	if err := t.read.QueryRow(ctx, "SELECT COUNT(*) FROM "+tab.name).Scan(&have); err != nil {
		return fmt.Errorf("counting the target's rows: %w", err)
	}
	if have != count {
		return fmt.Errorf("the target has %d rows, the source %d: run migrate-to again", have, count)
	}
	rows, err := t.rows(ctx, tab, nil)
	if err != nil {
		return err
	}
	defer rows.close()
	all := newChecksum()
	for {
		row, err := rows.next()
		if err != nil {
			return err
		}
		if row == nil {
			break
		}
		all.add(row)
	}
	if all.sum() != sum {
		return errors.New("the target's rows are not the source's: run migrate-to again")
	}
	return nil
}
