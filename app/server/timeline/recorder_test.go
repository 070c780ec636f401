package timeline_test

import (
	"path/filepath"
	"testing"
	"time"

	"dozvon/app/server/store"
	"dozvon/app/server/timeline"
)

// noting is a recorder with a clock that stands still until it is told to go.
func noting(t *testing.T) (*timeline.Recorder, *store.Store, *time.Time) {
	t.Helper()
	now := time.Date(2026, 11, 24, 14, 32, 5, 0, time.UTC)
	clock := func() time.Time { return now }
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "notes.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return &timeline.Recorder{Store: st, Now: clock}, st, &now
}

func callRow(id string, at time.Time) store.Row {
	return store.Row{Type: "call", At: at, Data: []byte(`{"id":"` + id + `","state":"ringing"}`)}
}

// wantNoted compares what is written of an event: milliseconds from one moment; -1: nothing.
func wantNoted(t *testing.T, st *store.Store, from time.Time, call, event string, received, stored, shown int64) {
	t.Helper()
	all, err := st.Reactions(t.Context(), call)
	if err != nil {
		t.Fatal(err)
	}
	got, ms := all[event], func(at time.Time) int64 {
		if at.IsZero() {
			return -1
		}
		return at.Sub(from).Milliseconds()
	}
	if ms(got.Received) != received || ms(got.Stored) != stored || ms(got.Shown) != shown {
		t.Errorf("of %s %s is noted %d, %d, %d; want %d, %d, %d", call, event, ms(got.Received), ms(got.Stored), ms(got.Shown), received, stored, shown)
	}
}

// TestRecorder_notesWhicheverComesFirst: on one node the screens have a call before its write returns, on several
// perhaps after.
func TestRecorder_notesWhicheverComesFirst(t *testing.T) {
	t.Parallel()
	r, st, now := noting(t)
	from := *now
	pass := func(ms int) { *now = now.Add(time.Duration(ms) * time.Millisecond) }

	pass(5)
	r.Follow([]store.Row{callRow("before", *now), {Type: "feed", At: *now, Data: []byte(`{"id":"silent"}`)}})
	pass(2)
	r.Stored("before", []string{"e"}, from)
	r.Stored("after", []string{"e1", "e2"}, from)
	r.Stored("silent", []string{"e"}, from)
	pass(30)
	r.Follow([]store.Row{callRow("after", *now)})
	// What was shown before the request came is not its doing.
	pass(10)
	r.Stored("after", []string{"e3"}, *now)
	if err := r.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantNoted(t, st, from, "before", "e", 0, 7, 5)
	wantNoted(t, st, from, "after", "e1", 0, 7, 37)
	wantNoted(t, st, from, "after", "e2", 0, 7, 37)
	wantNoted(t, st, from, "after", "e3", 47, 47, -1)
	wantNoted(t, st, from, "silent", "e", 0, 7, -1)
}

// TestRecorder_theFirstComingCounts.
func TestRecorder_theFirstComingCounts(t *testing.T) {
	t.Parallel()
	r, st, now := noting(t)
	from := *now
	r.Stored("c", []string{"e"}, from)
	if err := r.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	*now = now.Add(time.Hour)
	r.Stored("c", []string{"e"}, *now)
	if err := r.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantNoted(t, st, from, "c", "e", 0, 0, -1)
}
