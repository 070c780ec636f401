package indexer_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"dozvon/app/server/entry"

	"dozvon/app/phone"
	"dozvon/app/server/indexer"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/client"
)

func opened(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "index.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func found(t *testing.T, s *store.Store, typed string) []string {
	t.Helper()
	page, _, err := s.Feed(t.Context(), store.FeedFilter{Query: search.Parse(typed)}, store.Start, 50)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range page {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestIndex_findsWhatWasWrittenAndNotWhatItSaidBefore(t *testing.T) {
	t.Parallel()
	s := opened(t)
	x := &indexer.Indexer{Store: s, Missed: missed(nil), Now: time.Now}
	write := func(text string) {
		t.Helper()
		e := entry.Entry{ID: "n1", Type: entry.Note, At: time.UnixMilli(1_000_000), Description: text}
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveEntry(e) }); err != nil {
			t.Fatal(err)
		}
		if err := x.Index(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	write("Рассрочка на три месяца")
	if got := found(t, s, "рассрочка"); len(got) != 1 {
		t.Fatalf("found %v, want the note", got)
	}
	write("Оплата сразу")
	if got := found(t, s, "рассрочка"); len(got) != 0 {
		t.Errorf("the note is found by a word that it has lost: %v", got)
	}
	if got := found(t, s, "оплата"); len(got) != 1 {
		t.Errorf("found %v by its new text, want the note", got)
	}
}

// missed is a callback list that fails with what it gives.
type missed func() error

func (m missed) UpdateMissed(*store.Tx, phone.Number) error { return m() }

// What fails stays marked: the index catches up when the fault is over.
func TestIndex_whatFailedIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := opened(t)
	fault := errors.New("no")
	filled := 0
	x := &indexer.Indexer{Store: s, Missed: missed(func() error { filled++; return fault }), Now: time.Now}
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		at := time.Now()
		rec := store.CallRecord{ID: "c1", View: client.Call{ID: "c1", Direction: client.In, State: client.StateEnded, Result: client.Missed, Phone: "+79145550148", StartedAt: at}}
		old := entry.Entry{ID: "e1", Type: entry.CallMissed, At: at, Phone: "+79145550148", CallID: "c1"}
		return errors.Join(tx.SaveCall(rec), tx.SaveEntry(old), tx.MarkStale("columns", "e1"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Index(t.Context()); !errors.Is(err, fault) {
		t.Fatalf("got %v, want %v", err, fault)
	}
	if done, err := s.Indexed(t.Context()); err != nil || done {
		t.Fatalf("after a failure nothing waits any more (%v)", err)
	}
	fault = nil
	if err := x.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	if done, err := s.Indexed(t.Context()); err != nil || !done || filled != 2 {
		t.Errorf("done %t, tried %d times, %v; want done at the second", done, filled, err)
	}
}
