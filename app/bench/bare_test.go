//go:build linux

package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver that the server uses

	"dozvon/app/mango"
	"dozvon/app/server"
	"dozvon/app/server/store"
)

const sqliteOptions = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(ON)&_pragma=synchronous(FULL)&_txlock=immediate"

// weights are how many rows, and how long ones, the server writes for a webhook.
type weights struct {
	webhooks, calls, feed, journal int
	facts, view, entry, change     int // bytes
}

func (w weights) String() string {
	each := float64(max(w.webhooks, 1))
	return fmt.Sprintf("raw event, call, %.2f feed, %.2f journal", w.feedWrites()/each, float64(w.journal)/each)
}

// feedWrites counts changes of an entry, not entries: the server tells each in the journal.
func (w weights) feedWrites() float64 { return 0.75 * float64(w.webhooks) }

// weigh looks into the server's database.
func weigh(t *testing.T, file string) weights {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var w weights
	err = errors.Join(
		db.QueryRow("SELECT COUNT(*) FROM raw_events").Scan(&w.webhooks),
		db.QueryRow("SELECT COUNT(*), CAST(AVG(LENGTH(CAST(facts AS BLOB))) AS INT), CAST(AVG(LENGTH(CAST(view AS BLOB))) AS INT) FROM calls").Scan(&w.calls, &w.facts, &w.view),
		db.QueryRow("SELECT COUNT(*), CAST(AVG(LENGTH(CAST(view AS BLOB))) AS INT) FROM feed").Scan(&w.feed, &w.entry),
		db.QueryRow("SELECT COUNT(*), CAST(AVG(LENGTH(CAST(data AS BLOB))) AS INT) FROM journal").Scan(&w.journal, &w.change),
	)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// bare is the floor of the ingest: it verifies, decodes, and commits in groups rows as many and
// as long as the server's, into the server's own tables. It folds, binds and tells nothing.
type bare struct {
	addr   string
	db     *sql.DB
	jobs   chan bareJob
	weight weights
	calls  map[string]string // by the PBX's id
	told   float64           // journal rows owed
	last   int64
	ready  bareStatements
}

type bareStatements struct{ raw, call, feed, journal, counter *sql.Stmt }

type bareJob struct {
	path, payload, entry string
	done                 chan error
}

func openBare(t *testing.T, b *bench, w weights) *bare {
	t.Helper()
	file, err := filepath.Abs(filepath.Join(b.dir, "bare.db"))
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), "sqlite://"+file, time.Now) // for its tables
	if err == nil {
		err = st.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+file+sqliteOptions)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	f := &bare{db: db, jobs: make(chan bareJob, 1024), weight: w, calls: map[string]string{}}
	f.prepare(t)
	l := listen(t)
	f.addr = l.Addr().String()
	srv := &http.Server{Handler: f}
	go srv.Serve(l)
	go f.write()
	t.Cleanup(func() {
		srv.Close()
		db.Close()
	})
	return f
}

func (f *bare) prepare(t *testing.T) {
	t.Helper()
	for _, p := range []struct {
		into  **sql.Stmt
		query string
	}{
		{&f.ready.raw, "INSERT INTO raw_events (id, integration_id, received_at, path, payload) VALUES (?, 'i', ?, ?, ?)"},
		{&f.ready.call, `INSERT INTO calls (id, integration_id, pbx_key, command, phone, state, started_at, subject_kind, subject_id, by_hand, employees, idle_since, facts, note, view)
VALUES (?, 'i', ?, NULL, ?, 'ringing', ?, '', '', FALSE, ?, 0, ?, '', ?) ON CONFLICT (id) DO UPDATE SET facts = excluded.facts, view = excluded.view`},
		{&f.ready.feed, `INSERT INTO feed (id, type, at, phone, subject_kind, subject_id, employee_id, call_id, line, result, facet, view)
VALUES (?, 'call_in', ?, ?, '', '', ?, ?, '+74950000010', 'answered', 1, ?) ON CONFLICT (id) DO UPDATE SET view = excluded.view`},
		{&f.ready.journal, "INSERT INTO journal (sequence, at, type, audience, data) VALUES (?, ?, 'call', '', ?)"},
		{&f.ready.counter, "UPDATE counters SET value = ? WHERE name = 'journal'"},
	} {
		var err error
		if *p.into, err = f.db.Prepare(p.query); err != nil {
			t.Fatal(err)
		}
	}
}

func (f *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f.take(r); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (f *bare) take(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	form := mango.ParseForm(r.PostForm)
	if err := form.Verify(key, salt); err != nil {
		return err
	}
	path := strings.TrimPrefix(r.URL.Path, "/mango/")
	event, err := mango.Decode(path, []byte(form.JSON))
	if err != nil {
		return err
	}
	j := bareJob{path: path, payload: form.JSON, done: make(chan error, 1)}
	switch e := event.(type) {
	case mango.CallEvent:
		j.entry = string(e.EntryID)
	case mango.Summary:
		j.entry = string(e.EntryID)
	}
	f.jobs <- j
	return <-j.done
}

func (f *bare) write() {
	for first := range f.jobs {
		group := []bareJob{first}
	gather:
		for len(group) < 64 {
			select {
			case j := <-f.jobs:
				group = append(group, j)
			default:
				break gather
			}
		}
		err := f.commit(group)
		for _, j := range group {
			j.done <- err
		}
	}
}

func (f *bare) commit(group []bareJob) error {
	ctx := context.Background()
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	raw, call, feed, journal := tx.Stmt(f.ready.raw), tx.Stmt(f.ready.call), tx.Stmt(f.ready.feed), tx.Stmt(f.ready.journal)
	now := time.Now().UnixMilli()
	w := f.weight
	for _, j := range group {
		_, err := raw.Exec(server.NewID(), now, j.path, j.payload)
		id, known := f.calls[j.entry]
		if !known {
			id = server.NewID()
			f.calls[j.entry] = id
		}
		phone := "+" + j.entry[len(j.entry)-9:]
		if err == nil {
			_, err = call.Exec(id, j.entry, phone, now, id, filler(w.facts), filler(w.view))
		}
		if err == nil && known {
			_, err = feed.Exec(id, now, phone, id, id, filler(w.entry))
		}
		for f.told += float64(w.journal) / float64(w.webhooks); f.told >= 1 && err == nil; f.told-- {
			f.last++
			_, err = journal.Exec(f.last, now, filler(w.change))
		}
		if err != nil {
			return err
		}
	}
	if _, err := tx.Stmt(f.ready.counter).Exec(f.last); err != nil {
		return err
	}
	return tx.Commit()
}

func filler(n int) string { return fill64k[:min(n, len(fill64k))] }

var fill64k = strings.Repeat("x", 64<<10)
