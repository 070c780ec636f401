package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"dozvon/app/server/store/textindex"
	"dozvon/client"
)

// together hands jobs to the writer as one group: it is kept busy until all of them wait.
func together(t *testing.T, s *Store, works ...func(*Tx) error) []error {
	t.Helper()
	begun, gone := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- s.Write(t.Context(), func(*Tx) error {
			close(begun)
			<-gone
			return nil
		})
	}()
	<-begun
	var waiting []job
	for _, work := range works {
		j := job{ctx: t.Context(), work: work, done: make(chan error, 1)}
		if err := s.enqueue(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, j)
	}
	close(gone)
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	results := make([]error, len(waiting))
	for i, j := range waiting {
		results[i] = <-j.done
	}
	return results
}

func addOutage(id string) func(*Tx) error {
	return func(tx *Tx) error {
		return tx.AddOutage(id, client.Outage{From: time.UnixMilli(1000), To: time.UnixMilli(2000), Cause: id})
	}
}

func outages(t *testing.T, s *Store) map[string]bool {
	t.Helper()
	all, err := s.Outages(t.Context(), time.UnixMilli(0), time.UnixMilli(9000))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, o := range all {
		found[o.Cause] = true
	}
	return found
}

// TestWrite_oneFailingJobHarmsNoOther: whatever one write does, the writes that share its transaction
// are committed, and so are those that come next; of the failing one nothing stays.
func TestWrite_oneFailingJobHarmsNoOther(t *testing.T) {
	t.Parallel()
	bad := map[string]func(*Tx) error{
		"returns an error": func(tx *Tx) error { return errors.Join(addOutage("bad")(tx), errors.New("no")) },
		"panics":           func(tx *Tx) error { return errors.Join(addOutage("bad")(tx), func() error { panic("bug") }()) },
		"has a statement that cannot be compiled": func(tx *Tx) error {
			_, err := tx.exec("INSERT INTO nowhere VALUES (1)")
			return errors.Join(addOutage("bad")(tx), err)
		},
		"takes no notice of a failed statement": func(tx *Tx) error {
			if err := addOutage("bad")(tx); err != nil {
				return err
			}
			tx.exec("INSERT INTO outages (id) VALUES (NULL)")
			return errors.New("no")
		},
		"loses its savepoint": func(tx *Tx) error {
			if err := addOutage("bad")(tx); err != nil {
				return err
			}
			tx.exec("RELEASE SAVEPOINT unit")
			return errors.New("no")
		},
	}
	planned(t, func(t *testing.T, s *Store, _ bool) {
		for name, work := range bad {
			for round := range 2 {
				a, b, next := fmt.Sprint(name, round, "a"), fmt.Sprint(name, round, "b"), fmt.Sprint(name, round, "next")
				results := together(t, s, addOutage(a), work, addOutage(b))
				if results[0] != nil || results[1] == nil || results[2] != nil {
					t.Errorf("a job that %s: the group came to %v", name, results)
				}
				if err := s.Write(t.Context(), addOutage(next)); err != nil {
					t.Errorf("after a job that %s, the next write: %v", name, err)
				}
				if found := outages(t, s); !found[a] || !found[b] || !found[next] || found["bad"] {
					t.Errorf("a job that %s: committed are %v", name, found)
				}
			}
		}
	})
}

// TestWrite_failedStatementWithoutNoticeIsNoSuccess: on PostgreSQL the transaction is aborted by it.
func TestWrite_failedStatementWithoutNoticeIsNoSuccess(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, postgres bool) {
		if !postgres {
			t.Skip("SQLite goes on after a failed statement")
		}
		results := together(t, s, func(tx *Tx) error {
			if err := addOutage("bad")(tx); err != nil {
				return err
			}
			tx.exec("INSERT INTO nowhere VALUES (1)")
			return nil
		}, addOutage("good"))
		if found := outages(t, s); results[0] == nil || results[1] != nil || found["bad"] || !found["good"] {
			t.Errorf("the group came to %v, committed are %v", results, found)
		}
	})
}

// TestWrite_panicIsNotTakenForTheEnd: only a store that is closed says so, whoever waits then.
func TestWrite_panicIsNotTakenForTheEnd(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, _ bool) {
		if err := s.Write(t.Context(), func(*Tx) error { panic("bug") }); err == nil || errors.Is(err, ErrClosed) {
			t.Errorf("a write that panics comes to %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a bug of the caller's own was swallowed")
				}
			}()
			var none context.Context // that is the bug
			s.Write(none, func(*Tx) error { return nil })
		}()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(t.Context(), addOutage("late")); !errors.Is(err, ErrClosed) {
			t.Errorf("a write into a closed store comes to %v", err)
		}
	})
}

// TestWrite_countsWordsOnlyOnceCommitted: a write that is taken back leaves nothing in memory either.
func TestWrite_countsWordsOnlyOnceCommitted(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, _ bool) {
		e := planEntry(1)
		doc := planDocument(e, "редкость")
		put := func(fail error) error {
			return s.Write(t.Context(), func(tx *Tx) error {
				return errors.Join(tx.SaveEntry(e), tx.Index([]textindex.Document{doc}), fail)
			})
		}
		if err := put(nil); err != nil {
			t.Fatal(err)
		}
		no := errors.New("no")
		for range 2 * textindex.CountedAfter {
			if err := put(no); !errors.Is(err, no) {
				t.Fatal(err)
			}
		}
		if err := put(nil); err != nil {
			t.Fatal(err)
		}
		// Had the failed ones been remembered, this one would have brought them to the database.
		if n := counted(t, s, "редкость"); n != 1 {
			t.Errorf("a word of writes that failed was counted: %d times, want 1", n)
		}
	})
}

// TestStatements_areFewWhateverTheLengths: lists of every length do not fill the store's memory of
// compiled statements, so what comes last is still compiled.
func TestStatements_areFewWhateverTheLengths(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite://"+t.TempDir()+"/s.db", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for n := range 2 * cardsAtOnce {
		refs := make([]client.SubjectRef, n)
		for i := range refs {
			refs[i] = client.SubjectRef{Kind: client.KindClient, ID: fmt.Sprint("c", i)}
			if i%2 == 0 {
				refs[i].Kind = client.KindContract
			}
		}
		if _, err := s.Cards(t.Context(), refs); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.Cards(refs); return err }); err != nil {
			t.Fatal(err)
		}
	}
	for name, kept := range map[string]*statements{"reading": s.read, "writing": s.written} {
		if n := len(kept.known); n > 40 {
			t.Errorf("%d statements are kept for %s", n, name)
		}
	}
}
