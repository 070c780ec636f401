package recordings

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// talked is a call of one talk of an extension, told of under a key.
func talked(key, extension string, at time.Time) store.CallRecord {
	leg := func(state call.LegState, after time.Duration, end call.End) call.Event {
		return call.Event{
			Kind: call.KindLeg, Key: key, Leg: key + extension, At: at.Add(after), State: state, Place: call.PlaceEmployee, End: end,
			From: call.Party{Number: "+79145550148"}, To: call.Party{Extension: extension},
		}
	}
	return store.CallRecord{ID: key, Key: key, Facts: call.FoldAll([]call.Event{
		leg(call.LegRinging, 0, ""), leg(call.LegTalking, time.Second, ""), leg(call.LegEnded, time.Minute, call.EndByCaller),
	})}
}

// TestGivenUp_isFoundAmongManyWithoutLookingThroughThem: a morning asks for each call of some days.
func TestGivenUp_isFoundAmongManyWithoutLookingThroughThem(t *testing.T) { //nolint:paralleltest // it counts what the process allocates
	at := time.UnixMilli(1_000_000_000)
	searches := func(n int) []store.RecordingSearch {
		all := []store.RecordingSearch{{Key: "k", Extension: "102", Tries: 7}}
		for i := range n {
			all = append(all, store.RecordingSearch{Key: fmt.Sprint("x", i), Extension: "101", Tries: 5})
		}
		return append(all, store.RecordingSearch{Key: "k", Extension: "101", Tries: 3})
	}
	cost := func(rec store.CallRecord, n, want int) float64 {
		ended := givenUp(searches(n))
		return testing.AllocsPerRun(5, func() {
			if got := ended.Tries(rec); got != want {
				t.Fatalf("%s was asked for %d times, want %d", rec.Key, got, want)
			}
		})
	}
	for want, rec := range map[int]store.CallRecord{3: talked("k", "101", at), 7: talked("k", "102", at), 0: talked("other", "101", at)} {
		few, many := cost(rec, 1, want), cost(rec, 1000, want)
		if many > few+5 {
			t.Errorf("%s %d: %v allocations beside one, %v beside a thousand", rec.Key, want, few, many)
		}
	}
}

// holder is a PBX that has every recording.
type holder struct {
	pbx.Provider
	asked []string
}

func (h *holder) Recording(_ context.Context, id string, _ int64) (pbx.Sound, error) {
	h.asked = append(h.asked, id)
	return pbx.Sound{Body: io.NopCloser(bytes.NewReader(sound)), Size: int64(len(sound))}, nil
}

// only are the integrations of a school that has one.
type only struct{ pbx pbx.Provider }

func (o only) Active() []string             { return []string{"i1"} }
func (o only) Provider(string) pbx.Provider { return o.pbx }

// TestArchive_fetchesNothingAgainThatItHasThrownAway: what has no room is the oldest call's, and nobody misses it.
func TestArchive_fetchesNothingAgainThatItHasThrownAway(t *testing.T) {
	t.Parallel()
	now := time.Now()
	ended := func(key string, before time.Duration) store.CallRecord {
		at := now.Add(-before)
		rec := talked(key, "101", at)
		rec.IntegrationID = "i1"
		rec.Facts = call.Fold(rec.Facts, call.Event{
			Kind: call.KindRecording, Key: key, At: at, Recording: key, RecordingState: call.RecordingReady, To: call.Party{Extension: "101"},
		})
		rec.View.StartedAt, rec.View.EndedAt = at, &at
		return rec
	}
	calls := []store.CallRecord{ended("new", 2*time.Hour), ended("old", 3*time.Hour), ended("outlived", 49*time.Hour)} // the newest first
	h := &holder{}
	k := &Keeper{
		Folder:       Folder{Dir: t.TempDir(), Archive: true, Keep: 48 * time.Hour, Room: int64(len(sound))},
		Integrations: only{h}, Now: func() time.Time { return now },
	}
	archive := func(want ...string) {
		t.Helper()
		h.asked = nil
		if err := k.archiveCalls(t.Context(), "i1", calls, map[string]lagging{}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(h.asked, want) {
			t.Errorf("asked for %q, want %q", h.asked, want)
		}
	}
	misses := func(want ...string) {
		t.Helper()
		var got []string
		for _, rec := range calls {
			if !k.Overdue(rec).IsZero() {
				got = append(got, rec.Key)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q are missed, want %q", got, want)
		}
	}
	misses("new", "old")
	archive("new", "old")
	if err := k.clean(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(k.Folder.path("i1", "new")); err != nil {
		t.Errorf("the newest call's is thrown away: %v", err)
	}
	if _, err := os.Stat(k.Folder.path("i1", "old")); err == nil {
		t.Error("there is room for one and two are kept")
	}
	archive()
	misses()
	now = now.Add(archiveBack + time.Hour)
	if err := k.clean(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(k.Folder.Dir); err != nil || len(left) != 0 {
		t.Errorf("afterwards the folder has %v, %v", left, err)
	}
}
