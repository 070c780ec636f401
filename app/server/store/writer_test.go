package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
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

// TestWrite_failedStatementWithoutNoticeIsNoSuccess: PostgreSQL's transaction is aborted by it, and SQLite
// goes on as if nothing had been.
func TestWrite_failedStatementWithoutNoticeIsNoSuccess(t *testing.T) {
	t.Parallel()
	bad := func(tx *Tx) error {
		if err := addOutage("bad")(tx); err != nil {
			return err
		}
		tx.exec("INSERT INTO nowhere VALUES (1)")
		addOutage("bad")(tx)
		return nil
	}
	planned(t, func(t *testing.T, s *Store, _ bool) {
		for name, works := range map[string][]func(*Tx) error{
			"first": {bad, addOutage("first")},
			"last":  {addOutage("last"), bad},
		} {
			results := together(t, s, works...)
			at := slices.IndexFunc(results, func(err error) bool { return err != nil })
			if found := outages(t, s); at < 0 || (at == 0) != (name == "first") || found["bad"] || !found[name] {
				t.Errorf("%s: the group came to %v, committed are %v", name, results, found)
			}
		}
		if err := s.Write(t.Context(), bad); err == nil || outages(t, s)["bad"] {
			t.Errorf("alone it came to %v, committed are %v", err, outages(t, s))
		}
	})
}

// TestWrite_groupOfWhichOneFailsRunsOnceMore: a group that has nothing to take back runs once. Wherever those stand that
// fail, the others are committed and told of once, in their order, and what failed is told of never.
func TestWrite_groupOfWhichOneFailsRunsOnceMore(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	planned(t, func(t *testing.T, s *Store, _ bool) {
		var told []string
		s.OnCommit(func(rows []Row) {
			for _, r := range rows {
				told = append(told, r.Type)
			}
		})
		for round, fails := range [][]bool{{false, false, false}, {true, false, false}, {false, true, false}, {false, false, true}, {true, false, true}, {true, true, true}, {true}} {
			told = nil
			var works []func(*Tx) error
			runs, want := make([]int, len(fails)), []string(nil)
			for i, bad := range fails {
				name := fmt.Sprint("r", round, "j", i)
				works = append(works, func(tx *Tx) error {
					runs[i]++
					if err := errors.Join(addOutage(name)(tx), tx.Journal(name, "", name)); err != nil || !bad {
						return err
					}
					return no
				})
				if !bad {
					want = append(want, name)
				}
			}
			results := together(t, s, works...)
			found := outages(t, s)
			for i, bad := range fails {
				name := fmt.Sprint("r", round, "j", i)
				if errors.Is(results[i], no) != bad || (results[i] == nil) == bad || found[name] == bad {
					t.Errorf("%v: %s came to %v, committed: %v", fails, name, results[i], found[name])
				}
				if once := !slices.Contains(fails, true) || len(fails) == 1; runs[i] > 2 || once && runs[i] != 1 {
					t.Errorf("%v: %s ran %d times", fails, name, runs[i])
				}
			}
			if !slices.Equal(told, want) {
				t.Errorf("%v: told was %q, want %q", fails, told, want)
			}
		}
	})
}

// TestWrite_hasNoSavepointBeforeSomethingFails: they cost two statements a write.
func TestWrite_hasNoSavepointBeforeSomethingFails(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, _ bool) {
		var ends []error
		apart := func(tx *Tx) error {
			_, err := tx.exec("RELEASE SAVEPOINT unit")
			ends = append(ends, err)
			return errors.New("no")
		}
		if results := together(t, s, addOutage("before"), apart); results[0] != nil || results[1] == nil {
			t.Errorf("the group came to %v", results)
		}
		if len(ends) < 2 || ends[0] == nil || ends[1] != nil {
			t.Errorf("run after run, a savepoint's end came to %v", ends)
		}
	})
}

// TestWrite_whoLeavesBetweenTwoRunsIsToldWhatBecameOfIt: the first run was taken back because of another write.
func TestWrite_whoLeavesBetweenTwoRunsIsToldWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *Store, _ bool) {
		ctx, leave := context.WithCancel(t.Context())
		begun, gone, first := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			first <- s.Write(t.Context(), func(*Tx) error {
				close(begun)
				<-gone
				return nil
			})
		}()
		<-begun
		leaver := job{ctx: ctx, work: addOutage("leaver"), done: make(chan error, 1), begun: new(atomic.Int32)}
		other := job{ctx: t.Context(), done: make(chan error, 1), work: func(*Tx) error {
			leave()
			return errors.New("no")
		}}
		for _, j := range []job{leaver, other} {
			if err := s.enqueue(t.Context(), j); err != nil {
				t.Fatal(err)
			}
		}
		close(gone)
		if err := <-first; err != nil {
			t.Fatal(err)
		}
		if err, there := <-leaver.done, outages(t, s)["leaver"]; (err == nil) != there {
			t.Errorf("who left is told %v; committed: %v", err, there)
		}
		if err := <-other.done; err == nil {
			t.Error("the failing write came to nothing")
		}
	})
}

// TestWrite_nothingIsCommittedAsideOnAFullDisk: SQLite takes the transaction back by itself then, and what
// the write does next would be a transaction of its own.
func TestWrite_nothingIsCommittedAsideOnAFullDisk(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "s.db"), time.Now, func(o *options) { o.pages = 600 })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	heavy := func(tx *Tx) error {
		_, err := tx.exec("INSERT INTO school (name, value) VALUES ('heavy', ?)", strings.Repeat("x", 4<<20))
		return errors.Join(err, addOutage("aside")(tx))
	}
	careless := func(tx *Tx) error {
		heavy(tx)
		return nil
	}
	for name, work := range map[string]func(*Tx) error{"noticed": heavy, "not noticed": careless} {
		results := together(t, s, addOutage(name+" before"), work, addOutage(name+" after"))
		if !IsFull(results[1]) || results[0] != nil || results[2] != nil {
			t.Errorf("%s: the group came to %v", name, results)
		}
		if found := outages(t, s); found["aside"] || !found[name+" before"] || !found[name+" after"] {
			t.Errorf("%s: committed are %v", name, found)
		}
	}
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
