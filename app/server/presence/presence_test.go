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
