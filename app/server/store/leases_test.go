package store_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server/pgtest"
	"dozvon/app/server/store"
)

// leaseNodes are two nodes on one database, whose clock is the real one and ahead of it by what is given.
func leaseNodes(t *testing.T, url string, ahead *atomic.Int64) (a, b *store.Store) {
	t.Helper()
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	for _, s := range []**store.Store{&a, &b} {
		st, err := store.Open(t.Context(), url, now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		*s = st
	}
	return a, b
}

func hold(t *testing.T, s *store.Store, node string, term time.Duration) *store.Lease {
	t.Helper()
	l, err := s.Hold(t.Context(), "work", node, term, false)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestHold_isTheHoldersWhileItLivesAndNotMuchLonger(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "dozvon.db") },
		"postgres": func(t *testing.T) string { return pgtest.URL(t) },
	} {
		t.Run(name+", the holder works on", func(t *testing.T) {
			t.Parallel()
			a, b := leaseNodes(t, url(t), new(atomic.Int64))
			const term = 3 * time.Second
			l := hold(t, a, "a", term)
			for end := time.Now().Add(term + term/2); time.Now().Before(end); {
				if hold(t, b, "b", term) != nil {
					t.Fatal("it was taken from who works on")
				}
				select {
				case <-l.Context().Done():
					t.Fatal(context.Cause(l.Context()))
				case <-time.After(50 * time.Millisecond):
				}
			}
			if err := l.Release(0); err != nil {
				t.Fatal(err)
			}
			if l.Context().Err() == nil || l.Lost() {
				t.Errorf("released, its context says %v", context.Cause(l.Context()))
			}
			next := hold(t, b, "b", term)
			if next == nil {
				t.Fatal("it was not given back")
			}
			if err := next.Release(time.Hour); err != nil {
				t.Fatal(err)
			}
			if hold(t, a, "a", term) != nil {
				t.Error("it does not rest")
			}
		})
		t.Run(name+", the holder dies", func(t *testing.T) {
			t.Parallel()
			var ahead atomic.Int64
			a, b := leaseNodes(t, url(t), &ahead)
			l := hold(t, a, "a", store.LeaseTerm)
			a.Close() // nothing of it reaches the database any more
			if hold(t, b, "b", store.LeaseTerm) != nil {
				t.Fatal("it was taken at once")
			}
			ahead.Store(int64(store.LeaseTerm))
			if hold(t, b, "b", store.LeaseTerm) == nil {
				t.Error("it was not taken after its term")
			}
			if err := l.Release(0); err == nil {
				t.Error("a dead node gave it back")
			}
		})
		t.Run(name+", the holder slept", func(t *testing.T) {
			t.Parallel()
			var ahead atomic.Int64
			a, b := leaseNodes(t, url(t), &ahead)
			l := hold(t, a, "a", time.Second)
			for hold(t, b, "b", 24*time.Hour) == nil { // it may have been extended in the same moment
				ahead.Add(int64(time.Hour))
			}
			select {
			case <-l.Context().Done():
			case <-time.After(time.Minute):
				t.Fatal("it was not told that it lost the work")
			}
			if !l.Lost() {
				t.Errorf("it was told %v", context.Cause(l.Context()))
			}
			if err := l.Release(0); err != nil {
				t.Fatal(err)
			}
			if hold(t, a, "a", time.Second) != nil {
				t.Error("who lost it gave it back")
			}
		})
	}
}
