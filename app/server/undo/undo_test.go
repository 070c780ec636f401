package undo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/store"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// table is a store with offers on it, and a clock.
type table struct {
	st       *store.Store
	offers   *undo.Offers
	now      time.Time
	restored []string
}

func newTable(t *testing.T) *table {
	t.Helper()
	d := &table{now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return d.now }
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "undo.db"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	n := 0
	newID := func() string { n++; return fmt.Sprintf("id-%d", n) }
	d.st, d.offers = st, undo.New(&audit.Log{Store: st, Now: now, NewID: newID})
	for _, kind := range []string{"cups", "jugs"} {
		undo.Register(d.offers, kind, func(_ *store.Tx, _ client.Employee, was []string) error {
			if slices.Contains(was, "broken") {
				return undo.ErrLate
			}
			d.restored = append(d.restored, kind+fmt.Sprint(was))
			return nil
		}, func(was []string) string { return kind + ":" + was[0] })
	}
	return d
}

func (d *table) offer(t *testing.T, by client.Employee, before ...undo.Before) string {
	t.Helper()
	err := d.st.Write(t.Context(), func(tx *store.Tx) error {
		return d.offers.Offer(tx, by, bilingual.Text{RU: "Убрано", EN: "Put away"}, before...)
	})
	if err != nil {
		t.Fatal(err)
	}
	open, err := d.offers.Open(t.Context(), by)
	if err != nil {
		t.Fatal(err)
	}
	if len(open) == 0 {
		return ""
	}
	return open[0].ID
}

func (d *table) audited(ctx context.Context, t *testing.T) []string {
	t.Helper()
	rows, _, err := d.st.Audit(ctx, store.AuditFilter{}, store.Start, 10)
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, r := range rows {
		targets = append(targets, r.Action+" "+r.Target)
	}
	return targets
}

var anna = client.Employee{ID: "anna", Name: "Анна"}

func TestRevert_restoresInTheOrderOfTheOffer(t *testing.T) {
	t.Parallel()
	d := newTable(t)
	id := d.offer(t, anna, undo.Before{Kind: "jugs", Was: []string{"j"}}, undo.Before{Kind: "cups", Was: []string{"a", "b"}})
	if err := d.offers.Revert(t.Context(), anna, id); err != nil {
		t.Fatal(err)
	}
	if want := []string{"jugs[j]", "cups[a b]"}; !slices.Equal(d.restored, want) {
		t.Errorf("restored %v, want %v", d.restored, want)
	}
	if got, want := d.audited(t.Context(), t), []string{access.ActionUndo + " jugs:j"}; !slices.Equal(got, want) {
		t.Errorf("audited %v, want %v", got, want)
	}
	if err := d.offers.Revert(t.Context(), anna, id); !errors.Is(err, undo.ErrLate) {
		t.Errorf("a second time: %v", err)
	}
}

func TestRevert_refusesAndChangesNothing(t *testing.T) {
	t.Parallel()
	cups := undo.Before{Kind: "cups", Was: []string{"a"}}
	tests := []struct {
		name   string
		before []undo.Before
		by     client.Employee
		after  time.Duration
		want   error
	}{
		{"another's", []undo.Before{cups}, client.Employee{ID: "boris"}, 0, access.ErrNotYours},
		{"after its time", []undo.Before{cups}, anna, time.Minute, undo.ErrLate},
		{"what was changed since", []undo.Before{{Kind: "jugs", Was: []string{"broken"}}}, anna, 0, undo.ErrLate},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := newTable(t)
			id := d.offer(t, anna, tt.before...)
			d.now = d.now.Add(tt.after)
			if err := d.offers.Revert(t.Context(), tt.by, id); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if len(d.restored) > 0 || len(d.audited(t.Context(), t)) > 0 {
				t.Errorf("restored %v all the same", d.restored)
			}
		})
	}
}

func TestRevert_ofAKindThatNobodyRestoresIsAnError(t *testing.T) {
	t.Parallel()
	d := newTable(t)
	id := d.offer(t, anna, undo.Before{Kind: "plates", Was: 1})
	if err := d.offers.Revert(t.Context(), anna, id); err == nil {
		t.Error("it passed")
	}
}

// TestRevert_readsWhatAFormerVersionWrote: 0.4 wrote one object with a field for each kind.
func TestRevert_readsWhatAFormerVersionWrote(t *testing.T) {
	t.Parallel()
	d := newTable(t)
	row := store.UndoRow{Undo: client.Undo{ID: "old", Until: d.now.Add(time.Second)}, EmployeeID: anna.ID, Data: json.RawMessage(`{"cups":["a"],"jugs":["j"]}`)}
	if err := d.st.Write(t.Context(), func(tx *store.Tx) error { return tx.AddUndo(row) }); err != nil {
		t.Fatal(err)
	}
	if err := d.offers.Revert(t.Context(), anna, "old"); err != nil {
		t.Fatal(err)
	}
	if want := []string{"cups[a]", "jugs[j]"}; !slices.Equal(d.restored, want) {
		t.Errorf("restored %v, want %v", d.restored, want)
	}
}

func TestOffer_programsGetNone(t *testing.T) {
	t.Parallel()
	d := newTable(t)
	if id := d.offer(t, client.Employee{}, undo.Before{Kind: "cups", Was: []string{"a"}}); id != "" {
		t.Errorf("a program was offered %s", id)
	}
}
