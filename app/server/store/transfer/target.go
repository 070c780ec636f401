package transfer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"dozvon/app/server/store"
)

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
	whose := ""
	if err == nil && schema > 0 {
		whose, err = db.SealFingerprint(ctx)
	}
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
		if err := refuseUsed(ctx, t.To, whose == mark); err != nil {
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

// refuseUsed refuses a target that somebody has worked with; own: a server with the school's own key, most likely after
// a move that came to its end.
func refuseUsed(ctx context.Context, address string, own bool) error {
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
		if !empty && own {
			return &Refusal{"the target holds this school already: the move came to its end, or a server with its key has worked there; start the server with --database, and put the SQLite file away"}
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
