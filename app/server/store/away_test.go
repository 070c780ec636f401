//go:build unix

package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"sync"
	"testing"
	"time"

	"dozvon/app/server/pgtest"
)

// hanging stands between a store and its PostgreSQL. What is connected while it lets things through hangs for ever once
// hang was called: nothing goes through, and nobody is told.
type hanging struct {
	links sync.Mutex // guards what follows
	old   []*sync.RWMutex
	fresh bool // new connections hang as well
}

// behindHanging is a new database's address behind one.
func behindHanging(t *testing.T) (string, *hanging) {
	t.Helper()
	h := &hanging{}
	return pgtest.Gated(t, h.gate) + "&connect_timeout=1", h
}

// gate is a new connection's.
func (h *hanging) gate() *sync.RWMutex {
	h.links.Lock()
	defer h.links.Unlock()
	gate := &sync.RWMutex{}
	if h.fresh {
		gate.Lock()
	}
	h.old = append(h.old, gate)
	return gate
}

// hang lets every connection that there is hang for ever; with fresh, those that are made from now on as well.
func (h *hanging) hang(fresh bool) {
	h.links.Lock()
	defer h.links.Unlock()
	for _, gate := range h.old {
		gate.Lock()
	}
	h.old, h.fresh = nil, fresh
}

func openAt(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), url, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Writes that share a transaction are all told at once that the database is not there: each of them tried alone would wait
// as long as the whole did, the last of sixty-four for ten minutes.
func TestWrite_aDatabaseThatIsAwayIsToldToAllOfAGroupAtOnce(t *testing.T) {
	t.Parallel()
	url, h := behindHanging(t)
	s := openAt(t, url)
	s.writeDB.SetMaxIdleConns(0) // every transaction connects anew
	var group []job
	for i := range groupLimit {
		group = append(group, job{ctx: t.Context(), work: addOutage(fmt.Sprint(i)), done: make(chan error, 1)})
	}
	h.hang(true)
	began := time.Now()
	s.commit(group) // the writer itself has nothing to do
	took := time.Since(began)
	for i, j := range group {
		if err := <-j.done; err == nil || !IsAway(err) {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if took > groupLimit*time.Second/2 { // a connection is waited for for one second
		t.Errorf("%d writes were told after %s", groupLimit, took)
	}
}

// After a failover, or where a firewall forgot them, all connections of the pool hang, and new ones work. That is found out
// once, and not by one request after another.
func TestReads_connectionsThatHangAreAllGivenUpAtOnce(t *testing.T) {
	t.Parallel()
	url, h := behindHanging(t)
	s := openAt(t, url)
	fill := func() {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := s.readDB.ExecContext(t.Context(), "SELECT pg_sleep(0.1)"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	fill()
	h.hang(false)
	began := time.Now()
	for range 8 {
		if _, err := s.JournalAfter(t.Context(), 0, 1); err != nil {
			t.Errorf("a reading failed although the database answers: %v", err)
		}
	}
	if err := s.Write(t.Context(), addOutage("after")); err != nil {
		t.Errorf("a write failed although the database answers: %v", err)
	}
	if took := time.Since(began); took > 3*pingLimit {
		t.Errorf("it took %s to leave connections that hang", took)
	}
}

// A commit whose answer was lost is looked up by its number; after a failover that number may be another write's.
func TestCommit_whoseAnswerWasLostIsNotLookedUpInAnotherDatabase(t *testing.T) {
	t.Parallel()
	s := openAt(t, pgtest.URL(t))
	var id int64
	if err := s.readDB.QueryRowContext(t.Context(), "SELECT txid_current()").Scan(&id); err != nil { // and committed
		t.Fatal(err)
	}
	another := "000000FF"
	for name, tt := range map[string]struct {
		timeline *string
		want     bool
	}{
		"the same database":   {s.links.timeline.Load(), true},
		"before its failover": {&another, false},
	} {
		b := &batch{store: s, ctx: context.Background(), id: id, timeline: tt.timeline}
		if got := b.committed(io.ErrUnexpectedEOF); got != tt.want {
			t.Errorf("%s: committed is %t", name, got)
		}
	}
}

// Once a node has reached a database that was promoted, a write that hangs in the former one is waited for no longer.
func TestWrite_hangingInADatabaseThatWasLeftEnds(t *testing.T) {
	t.Parallel()
	s := openAt(t, pgtest.URL(t))
	began := make(chan struct{})
	once := sync.OnceFunc(func() { close(began) })
	told := make(chan error, 1)
	go func() {
		told <- s.Write(t.Context(), func(tx *Tx) error {
			once()
			_, err := tx.exec("SELECT pg_sleep(25)")
			return err
		})
	}()
	<-began
	here := *s.links.timeline.Load()
	s.links.reached("000000FF")
	s.links.timeline.Store(&here) // the database is the same after all
	select {
	case err := <-told:
		if err == nil || !IsAway(err) {
			t.Errorf("told %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it is still waited for")
	}
	if err := s.Write(t.Context(), addOutage("after")); err != nil {
		t.Error(err)
	}
}

// A database that takes no writes any more is left for the one that does; where there is none, that is told as a database
// that is away, and not as a fault of ours.
func TestWrite_aDatabaseThatTakesNoWritesIsLeft(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	s := openAt(t, address)
	var held []*sql.Conn
	for range 3 { // as sessions that outlived their server's becoming a standby
		c, err := s.writeDB.Conn(t.Context())
		if err == nil {
			_, err = c.ExecContext(t.Context(), "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
		}
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	for _, c := range held {
		c.Close()
	}
	if err := s.Write(t.Context(), addOutage("to the other")); err != nil {
		t.Errorf("another connection would have taken it: %v", err)
	}

	admin, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	admin.SetMaxOpenConns(1)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	takesWrites := func(off string) {
		t.Helper()
		for _, statement := range []string{"SET default_transaction_read_only = off", "ALTER DATABASE " + u.Path[1:] + " SET default_transaction_read_only = " + off} {
			if _, err := admin.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}
	takesWrites("on")
	s.links.giveUp()
	if err := s.Write(t.Context(), addOutage("nowhere")); err == nil || !IsAway(err) {
		t.Errorf("told as %v", err)
	}
	takesWrites("off")
	if err := s.Write(t.Context(), addOutage("back")); err != nil {
		t.Error(err)
	}
	if got := outages(t, s); !got["to the other"] || got["nowhere"] || !got["back"] {
		t.Errorf("kept %v", got)
	}
}

// A row that somebody else holds is the affair of the write that wants it, not of those that share its transaction.
func TestWrite_aRowThatSomebodyHoldsHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	s := openAt(t, url)
	if err := s.Write(t.Context(), addOutage("held")); err != nil {
		t.Fatal(err)
	}
	holder, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	tx, err := holder.BeginTx(t.Context(), nil)
	if err == nil {
		_, err = tx.ExecContext(t.Context(), "SELECT 1 FROM outages FOR UPDATE")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	results := together(t, s, addOutage("one"), func(tx *Tx) error {
		_, err := tx.exec("SET LOCAL lock_timeout = '300ms'") // the writer's own is longer
		if err == nil {
			_, err = tx.exec("DELETE FROM outages")
		}
		return err
	}, addOutage("another"))
	for i, want := range []bool{true, false, true} {
		if (results[i] == nil) != want {
			t.Errorf("write %d: %v", i, results[i])
		}
	}
	if got := outages(t, s); !got["held"] || !got["one"] || !got["another"] {
		t.Errorf("kept %v", got)
	}
}
