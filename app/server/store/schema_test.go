package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
)

// schemas are addresses of new schemas in one database.
func schemas(t *testing.T, names ...string) []string {
	t.Helper()
	address := pgtest.URL(t)
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all []string
	for _, name := range names {
		if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%s&search_path=%s", address, url.QueryEscape(name)))
	}
	return all
}

func openURL(t *testing.T, address string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), address, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// TestSchemas_ofOneDatabaseAreSchoolsApart: none sees another's rows, waits for another's writes, is woken by them, or
// goes when another's schema is dropped.
func TestSchemas_ofOneDatabaseAreSchoolsApart(t *testing.T) {
	t.Parallel()
	addresses := schemas(t, "school_a", "school_b")
	a, b := openURL(t, addresses[0]), openURL(t, addresses[1])
	second := openURL(t, addresses[0]) // another node of the same school
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	wakeB, wakeSecond := b.Listen(ctx), second.Listen(ctx)
	tell := func(st *store.Store) error {
		return st.Write(ctx, func(tx *store.Tx) error { return tx.Journal("note", "", struct{}{}) })
	}
	// While a writes, b writes, too, and another node of a waits.
	begun, hold, held := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	begin := sync.OnceFunc(func() { close(begun) })
	go func() {
		held <- a.Write(ctx, func(tx *store.Tx) error {
			begin() // again, should the database have ended it meanwhile
			<-hold
			return tx.Journal("note", "", struct{}{})
		})
	}()
	<-begun
	if err := tell(b); err != nil {
		t.Fatalf("writing beside another school: %v", err)
	}
	waiting := make(chan error, 1)
	go func() { waiting <- tell(second) }()
	select {
	case err := <-waiting:
		t.Errorf("two nodes of a school wrote at once (%v)", err)
	case <-time.After(200 * time.Millisecond):
	}
	close(hold)
	if err := <-held; err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; err != nil {
		t.Fatal(err)
	}
	for st, want := range map[*store.Store]int64{a: 2, second: 2, b: 1} {
		if last, err := st.LastSequence(ctx); err != nil || last != want {
			t.Errorf("a journal has %d rows, %v; want %d", last, err, want)
		}
	}
	// A node hears of its own school alone.
	for {
		if err := tell(a); err != nil {
			t.Fatal(err)
		}
		select {
		case <-wakeSecond:
		case <-time.After(50 * time.Millisecond):
			continue // it does not listen yet
		}
		break
	}
	for len(wakeB) > 0 {
		<-wakeB // its own
	}
	if err := tell(a); err != nil {
		t.Fatal(err)
	}
	<-wakeSecond
	if len(wakeB) > 0 {
		t.Error("a school was woken by another's commit")
	}
	a.Close()
	second.Close()
	drop(t, addresses[0], "school_a")
	if err := tell(b); err != nil {
		t.Errorf("after another's schema was dropped: %v", err)
	}
	b.Close()
	openURL(t, addresses[1])
}

func drop(t *testing.T, address, schema string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "DROP SCHEMA "+schema+" CASCADE"); err != nil {
		t.Fatal(err)
	}
	var index int
	err = db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM pg_indexes WHERE indexname = 'numbers_trigrams'").Scan(&index)
	if err != nil || index != 1 {
		t.Errorf("%d indexes of numbers are left, %v; want the other school's", index, err)
	}
}
