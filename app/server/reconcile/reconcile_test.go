package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/call"
	"dozvon/app/server/calls"
	"dozvon/app/server/directory"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/presence"
	"dozvon/app/server/reconcile"
	"dozvon/app/server/store"
	"dozvon/app/server/undo"
	"dozvon/client"
)

// recalling is a PBX that sends nothing and has a list of its calls.
type recalling struct {
	calls []pbx.HistoryCall
	fails error              // after the last call
	first chan chan struct{} // where it is not nil: the first question is handed over, and waits
	asked atomic.Int64
}

func (*recalling) Decode(pbx.Request) (pbx.Delivery, error) { return pbx.Delivery{}, pbx.ErrUnreadable }

func (*recalling) Explain(int) bilingual.Text { return bilingual.Text{RU: "отказ", EN: "refused"} }

func (r *recalling) History(_ context.Context, _, _ time.Time, take func(pbx.HistoryCall) error) error {
	if r.asked.Add(1) == 1 && r.first != nil {
		waits := make(chan struct{})
		r.first <- waits
		<-waits
	}
	for _, c := range r.calls {
		if err := take(c); err != nil {
			return err
		}
	}
	return r.fails
}

// silent is a PBX without a list of its calls.
type silent struct{}

func (silent) Decode(pbx.Request) (pbx.Delivery, error) { return pbx.Delivery{}, pbx.ErrUnreadable }
func (silent) Explain(int) bilingual.Text               { return bilingual.Text{} }

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// school is a school with one PBX and what a call's way needs.
type school struct {
	db    *store.Store
	dir   *directory.Directory
	calls *calls.Service
	pbx   string       // the integration's id
	url   string       // of the database
	ahead atomic.Int64 // of noon
	now   func() time.Time
	newID func() string
}

// open makes a school at noon whose PBX is provider.
func open(t *testing.T, provider pbx.Provider) *school {
	t.Helper()
	folder := t.TempDir()
	var n atomic.Int64
	s := &school{url: "sqlite://" + filepath.Join(folder, "dozvon.db"), newID: func() string { return fmt.Sprintf("id-%03d", n.Add(1)) }}
	s.now = func() time.Time { return noon.Add(time.Duration(s.ahead.Load())) }
	var err error
	if s.db, err = store.Open(t.Context(), s.url, s.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	sealer, err := access.NewSealer(filepath.Join(folder, "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	kinds := []pbx.Kind{{Name: "plain", Title: "Plain", Credentials: []pbx.Credential{{Name: pbx.KeyField}}, New: func(pbx.Account) pbx.Provider { return provider }}}
	log := &audit.Log{Store: s.db, Now: s.now, NewID: s.newID}
	s.dir, err = directory.New(t.Context(), directory.Config{
		Store: s.db, Audit: log, Sealer: sealer, Kinds: kinds, PublicURL: "http://127.0.0.1:8420",
		Outbound: outbound.Policy{Loopback: true}, Now: s.now, NewID: s.newID, Node: "node",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.dir.Close() })
	board := presence.New(s.db, s.now, "node")
	t.Cleanup(func() { board.Leave() })
	s.calls = calls.New(calls.Config{
		Store: s.db, Audit: log, Undo: undo.New(log), Directory: s.dir, Presence: board, Node: "node", RawKept: time.Hour, Now: s.now, NewID: s.newID,
	})
	on, key, address := true, "key", "http://127.0.0.1:1/"
	i, err := s.dir.SaveIntegration(t.Context(), client.Employee{}, "", client.IntegrationInput{Active: &on, APIKey: &key, APIURL: &address})
	if err != nil {
		t.Fatal(err)
	}
	s.pbx = i.ID
	return s
}

// parts are the reconciliation of a school, and its coverage.
func (s *school) parts() (*reconcile.Reconciler, *reconcile.Coverage) {
	coverage := &reconcile.Coverage{Store: s.db, Directory: s.dir, Now: s.now, NewID: s.newID}
	return reconcile.New(reconcile.Config{Store: s.db, Directory: s.dir, Calls: s.calls, Coverage: coverage, Node: "node", Now: s.now}), coverage
}

// recorded is what the PBX's list tells of a missed call.
func recorded(key string, began time.Time) pbx.HistoryCall {
	from, to := call.Party{Number: "+79990000101"}, call.Party{Extension: "101"}
	return pbx.HistoryCall{Events: []call.Event{{Kind: call.KindHistory, Key: key, Direction: call.In, Began: began, At: began.Add(20 * time.Second), From: from, To: to}}}
}

func (s *school) calledOnce(t *testing.T) client.Call {
	t.Helper()
	all, err := s.db.Calls(t.Context(), store.Start, 10)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d calls, %v; want one", len(all), err)
	}
	return all[0].View
}

func TestReconcile_restoresACallThatNoEventToldOnceAndForAll(t *testing.T) {
	t.Parallel()
	// The list goes back by hours, so this one began before the school was connected.
	s := open(t, &recalling{calls: []pbx.HistoryCall{recorded("call-1", noon.Add(-time.Hour))}})
	reconciler, coverage := s.parts()
	for range 2 {
		if err := reconciler.Reconcile(t.Context(), s.pbx); err != nil {
			t.Fatal(err)
		}
		if c := s.calledOnce(t); !c.Restored || c.State != client.StateEnded || c.Phone != "+79990000101" {
			t.Errorf("restored %v, %s, of %s", c.Restored, c.State, c.Phone)
		}
	}
	h, err := coverage.FeedHealth(t.Context(), noon.Add(-2*time.Hour), noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if h.Calls != 1 || h.Confirmed != 1 || !h.To.Equal(noon) {
		t.Errorf("%d of %d calls are confirmed until %s", h.Confirmed, h.Calls, h.To)
	}
}

func TestReconcile_aListThatBreaksOffMakesNothingCertain(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken off")
	s := open(t, &recalling{calls: []pbx.HistoryCall{recorded("call-1", noon.Add(-time.Hour))}, fails: broken})
	reconciler, coverage := s.parts()
	if err := reconciler.Reconcile(t.Context(), s.pbx); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	h, err := coverage.FeedHealth(t.Context(), noon.Add(-2*time.Hour), noon)
	if err != nil {
		t.Fatal(err)
	}
	if h.To.After(h.From) || h.Confirmed != 0 {
		t.Errorf("certain until %s, %d confirmed", h.To, h.Confirmed)
	}
}

func TestReconcileSoon_refusesWhereThereIsNothingToCompareWith(t *testing.T) {
	t.Parallel()
	s := open(t, silent{})
	reconciler, _ := s.parts()
	if err := reconciler.ReconcileSoon(s.pbx); !errors.Is(err, directory.ErrNoIntegration) {
		t.Errorf("a PBX without a list: %v", err)
	}
	if err := reconciler.ReconcileSoon("nobody's"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown one: %v", err)
	}
}

// The server was away when it was last noted alive longer ago than a restart takes.
func TestCoverage_notesForHowLongTheServerWasAway(t *testing.T) {
	t.Parallel()
	s := open(t, silent{})
	_, coverage := s.parts()
	lived := noon.Add(-10 * time.Minute)
	if err := s.db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Alive(lived); return err }); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { coverage.Run(ctx) })
	defer running.Wait()
	defer stop()
	deadline := time.After(time.Minute)
	for {
		outages, err := s.db.Outages(t.Context(), noon.Add(-time.Hour), noon.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if len(outages) > 0 {
			if o := outages[0]; len(outages) != 1 || !o.From.Equal(lived) || !o.To.Equal(noon) || o.Cause != "server" {
				t.Errorf("noted %+v", outages)
			}
			return
		}
		select {
		case <-deadline:
			t.Fatal("it was not noted that the server was away")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// A node that was killed while it compared holds the others up for seconds only.
func TestReconcile_aKilledNodesTurnIsTakenOver(t *testing.T) {
	t.Parallel()
	p := &recalling{calls: []pbx.HistoryCall{recorded("call-1", noon.Add(-time.Hour))}, first: make(chan chan struct{})}
	s := open(t, p)
	_, coverage := s.parts()
	node := func(db *store.Store, name string) func() {
		r := reconcile.New(reconcile.Config{Store: db, Directory: s.dir, Calls: s.calls, Coverage: coverage, Node: name, Now: s.now})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { r.Run(ctx) })
		return func() { stop(); running.Wait() }
	}
	killed, err := store.Open(t.Context(), s.url, s.now)
	if err != nil {
		t.Fatal(err)
	}
	wait := node(killed, "killed")
	waits := <-p.first
	defer func() { close(waits); wait() }()
	killed.Close()
	s.ahead.Store(int64(store.LeaseTerm))
	defer node(s.db, "other")()
	for deadline := time.After(time.Minute); ; {
		if all, err := s.db.Calls(t.Context(), store.Start, 10); err != nil || len(all) == 1 {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
		select {
		case <-deadline:
			t.Fatal("nobody compared instead")
		case <-time.After(5 * time.Millisecond):
		}
	}
}
