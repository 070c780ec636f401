package presence_test

import (
	"path/filepath"
	"testing"
	"time"

	"dozvon/app/server/presence"
	"dozvon/app/server/store"
	"dozvon/client"
)

func TestBoard_followsAppsAndCalls(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "presence.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	anna := client.Employee{ID: "anna", Name: "Анна", Role: client.RoleOperator, Active: true}
	if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveEmployee(anna, "") }); err != nil {
		t.Fatal(err)
	}
	is := func(when string, want client.PresenceState) {
		t.Helper()
		if got, err := st.Presence(t.Context(), anna.ID); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", when, got, err, want)
		}
	}
	board := presence.New(st, now, "node")
	if err := board.Align(t.Context()); err != nil {
		t.Fatal(err)
	}
	is("before anything", client.PresenceOffline)
	gone, err := board.Connected(t.Context(), anna.ID)
	if err != nil {
		t.Fatal(err)
	}
	is("with an app", client.PresenceFree)
	free := client.Call{ID: "c"}
	rings := client.Call{ID: "c", State: client.StateRinging, Ringing: []string{anna.ID}}
	talks := client.Call{ID: "c", State: client.StateTalking, Employee: &client.Person{ID: anna.ID}}
	ended := client.Call{ID: "c", State: client.StateEnded}
	for _, step := range []struct {
		before, after client.Call
		want          client.PresenceState
	}{{free, rings, client.PresenceRinging}, {rings, talks, client.PresenceTalking}, {talks, ended, client.PresenceFree}} {
		err := st.Write(t.Context(), func(tx *store.Tx) error { return board.CallChanged(tx, step.before, step.after) })
		if err != nil {
			t.Fatal(err)
		}
		is("after "+string(step.after.State), step.want)
	}
	if err := gone(t.Context()); err != nil {
		t.Fatal(err)
	}
	is("without an app", client.PresenceOffline)
	if _, err := board.Connected(t.Context(), anna.ID); err != nil {
		t.Fatal(err)
	}
	if err := board.Leave(); err != nil {
		t.Fatal(err)
	}
	is("after the node has left", client.PresenceOffline)
}

func TestBoard_tellsSinceWhen(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "presence.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	anna := client.Employee{ID: "anna", Name: "Анна", Role: client.RoleOperator, Active: true}
	if err := st.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveEmployee(anna, "") }); err != nil {
		t.Fatal(err)
	}
	since := func(when string, want time.Time) {
		t.Helper()
		e, err := st.Employee(t.Context(), anna.ID)
		if err != nil || (e.PresenceSince == nil) != want.IsZero() || e.PresenceSince != nil && !e.PresenceSince.Equal(want) {
			t.Errorf("%s: since %v, %v, want %v", when, e.PresenceSince, err, want)
		}
	}
	board := presence.New(st, now, "node")
	since("before anything", time.Time{})
	if _, err := board.Connected(t.Context(), anna.ID); err != nil {
		t.Fatal(err)
	}
	since("with an app", at)
	began := at.Add(10 * time.Minute)
	talks := client.Call{ID: "c", State: client.StateTalking, Employee: &client.Person{ID: anna.ID}}
	for n, step := range []struct {
		before, after client.Call
		want          time.Time
	}{
		{client.Call{ID: "c"}, talks, began},
		{talks, client.Call{ID: "c", State: client.StateHeld, Employee: talks.Employee}, began}, // on hold they talk still
		{talks, client.Call{ID: "c", State: client.StateEnded}, began.Add(2 * time.Minute)},
	} {
		at = began.Add(time.Duration(n) * time.Minute)
		if err := st.Write(t.Context(), func(tx *store.Tx) error { return board.CallChanged(tx, step.before, step.after) }); err != nil {
			t.Fatal(err)
		}
		since("after "+string(step.after.State), step.want)
	}
}
