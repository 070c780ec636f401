package callers_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/phone"
	"dozvon/app/server/callers"
	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/wire"
	"dozvon/client"
)

const one, two, three = phone.Number("+79145550001"), phone.Number("+79145550002"), phone.Number("+79145550003")

// school is a store, and who was asked to call back.
type school struct {
	st  *store.Store
	now time.Time

	mu    sync.Mutex // guards what follows
	asked map[phone.Number]string
	reads map[phone.Number]int
	hold  func(phone.Number) // called while a number is read, after its cards were
}

func newSchool(t *testing.T) *school {
	t.Helper()
	s := &school{now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC), asked: map[phone.Number]string{}, reads: map[phone.Number]int{}}
	st, err := store.Open(t.Context(), "sqlite://"+filepath.Join(t.TempDir(), "callers.db"), func() time.Time { return s.now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s.st = st
	return s
}

func (s *school) AskedFor(_ context.Context, n phone.Number) (string, error) {
	s.mu.Lock()
	s.reads[n]++
	asked, hold := s.asked[n], s.hold
	s.mu.Unlock()
	if hold != nil {
		hold(n)
	}
	return asked, nil
}

func (s *school) onRead(hold func(phone.Number)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold = hold
}

func (s *school) readsOf(n phone.Number) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads[n]
}

// node is a cache that follows the journal; told of each commit at once, or when it catches up.
func (s *school) node(t *testing.T, ownCommits bool) (*callers.Cache, *stream.Hub) {
	t.Helper()
	hub, err := stream.NewHub(t.Context(), s.st)
	if err != nil {
		t.Fatal(err)
	}
	cache := callers.New(s.st, s)
	hub.Follow(cache.Follow)
	if ownCommits {
		s.st.OnCommit(hub.Publish)
	}
	return cache, hub
}

func card(kind client.SubjectKind, id string, numbers ...phone.Number) crm.Card {
	c := crm.Card{Kind: kind, ID: id, Name: id, Number: id, Version: 1, ClientKind: "client"}
	for _, n := range numbers {
		c.PhoneList = append(c.PhoneList, crm.Phone{Number: string(n)})
	}
	return c
}

func (s *school) save(t *testing.T, c crm.Card) {
	t.Helper()
	err := s.st.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.SaveCard(c); err != nil {
			return err
		}
		if c.DeletedAt != nil {
			return tx.Journal(string(c.Kind), stream.All, client.Deleted{ID: c.ID, Deleted: true})
		}
		return tx.Journal(string(c.Kind), stream.All, wire.Card(c))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// expect asks whose a number is; "" is nobody.
func expect(t *testing.T, when string, cache *callers.Cache, n phone.Number, want string) {
	t.Helper()
	who, err := cache.Of(t.Context(), n)
	got := ""
	if who.Subject != nil {
		got = who.Subject.ID
	}
	if err != nil || got != want {
		t.Errorf("%s: %s is %q, %v, want %q", when, n.Masked(), got, err, want)
	}
}

func TestCache_isOfTodayOnEveryNode(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	here, _ := s.node(t, true)
	there, hub := s.node(t, false)
	catchUp := func() {
		t.Helper()
		if err := hub.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	gone := s.now
	both := func(when string, one_, two_ string) {
		t.Helper()
		expect(t, when+", here", here, one, one_)
		expect(t, when+", here", here, two, two_)
		catchUp()
		expect(t, when+", there", there, one, one_)
		expect(t, when+", there", there, two, two_)
	}
	both("at first", "", "")
	s.save(t, card(client.KindClient, "anna", one))
	both("made", "anna", "")
	s.save(t, card(client.KindClient, "anna", two))
	both("another number", "", "anna")
	s.save(t, card(client.KindContract, "k-1", one, two))
	both("a contract comes before a client", "k-1", "k-1")
	deleted := card(client.KindContract, "k-1", one, two)
	deleted.DeletedAt = &gone
	s.save(t, deleted)
	both("the contract is deleted, which names no numbers", "", "anna")
	deleted = card(client.KindClient, "anna", two)
	deleted.DeletedAt = &gone
	s.save(t, deleted)
	both("nobody is left", "", "")
}

func TestCache_readsANumberOnceUntilItChanges(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	cache, _ := s.node(t, true)
	s.save(t, card(client.KindClient, "anna", one))
	for range 3 {
		expect(t, "again", cache, one, "anna")
	}
	s.save(t, card(client.KindClient, "boris", two))
	expect(t, "somebody else was made", cache, one, "anna")
	if n := s.readsOf(one); n != 1 {
		t.Errorf("read %d times, want once", n)
	}
	s.mu.Lock()
	s.asked[one] = "masha"
	s.mu.Unlock()
	if err := s.st.Write(t.Context(), func(tx *store.Tx) error {
		return tx.Journal("task", stream.All, client.Task{ID: "t", Phone: string(one)})
	}); err != nil {
		t.Fatal(err)
	}
	if who, err := cache.Of(t.Context(), one); err != nil || who.Asked != "masha" {
		t.Errorf("after a task: asked %q, %v", who.Asked, err)
	}
}

// held lets the first reading of a number stop between its cards and its answer.
func (s *school) held(number phone.Number) (reached <-chan struct{}, release func()) {
	at, on := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	s.onRead(func(n phone.Number) {
		if n == number && first.CompareAndSwap(false, true) {
			close(at)
			<-on
		}
	})
	return at, sync.OnceFunc(func() { close(on) })
}

// A caller who asks once a change is told gets it, though somebody who asked before still waits.
func TestCache_whoAsksAfterAChangeGetsNoReadingFromBefore(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	cache, _ := s.node(t, true)
	reached, release := s.held(one)
	defer release()
	early := make(chan callers.Caller, 1)
	go func() {
		who, _ := cache.Of(context.Background(), one)
		early <- who
	}()
	<-reached
	s.save(t, card(client.KindClient, "anna", one))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // far less than what holds the first
	defer cancel()
	if who, err := cache.Of(ctx, one); err != nil || who.Subject == nil || who.Subject.ID != "anna" {
		t.Errorf("asked after the change: %+v, %v", who, err)
	}
	release()
	<-early
	// What was read too early is not remembered either.
	expect(t, "afterwards", cache, one, "anna")
}

func TestCache_endsWithTheCallersPatience(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	cache, _ := s.node(t, true)
	s.save(t, card(client.KindClient, "anna", one))
	reached, release := s.held(one)
	defer release()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-reached; cancel() }()
	who, err := cache.Of(ctx, one)
	if !errors.Is(err, context.Canceled) || who != (callers.Caller{}) {
		t.Errorf("got %+v, %v", who, err)
	}
	if err != nil && strings.Contains(err.Error(), string(one)) {
		t.Errorf("the whole number is told: %v", err)
	}
	release()
	expect(t, "the next who asks", cache, one, "anna")
}

func TestCache_forgetsAllWhenARowCannotBeRead(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	cache, _ := s.node(t, true)
	for _, row := range []store.Row{{Type: "client", Data: []byte("{")}, {Type: "presence", Data: []byte("[]")}, {Type: "reset", Data: []byte("{}")}} {
		expect(t, "before", cache, one, "")
		had := s.readsOf(one)
		cache.Follow([]store.Row{row})
		expect(t, "after", cache, one, "")
		if n := s.readsOf(one); n != had+1 {
			t.Errorf("%s: read %d times more, want once", row.Type, n-had)
		}
	}
}

func TestCache_knowsWhoTalks(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	here, _ := s.node(t, true)
	there, hub := s.node(t, false)
	err := s.st.Write(t.Context(), func(tx *store.Tx) error {
		return tx.SaveEmployee(client.Employee{ID: "anna", Name: "Анна", Role: client.RoleOperator, Active: true}, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []client.PresenceState{client.PresenceOffline, client.PresenceTalking, client.PresenceFree} {
		err := s.st.Write(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.SetPresence("anna", state, time.Now()); err != nil {
				return err
			}
			return tx.Journal("presence", stream.All, client.Presence{EmployeeID: "anna", State: state})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := hub.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, cache := range []*callers.Cache{here, there, callers.New(s.st, s)} {
			if talks, err := cache.Talks(t.Context(), "anna"); err != nil || talks != (state == client.PresenceTalking) {
				t.Errorf("%s: talks %v, %v", state, talks, err)
			}
		}
	}
}

func TestRun_readsAllNumbersAheadOnceSomebodyAsks(t *testing.T) {
	t.Parallel()
	s := newSchool(t)
	cache, _ := s.node(t, true)
	s.save(t, card(client.KindClient, "anna", one, two))
	s.save(t, card(client.KindContract, "k-1", three))
	last := make(chan struct{}, 1)
	s.onRead(func(n phone.Number) {
		if n == three {
			last <- struct{}{}
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); cache.Run(ctx) }()
	expect(t, "a stranger", cache, "+79145550009", "")
	<-last // numbers are read in their order
	for _, n := range []phone.Number{one, two} {
		expect(t, "read ahead", cache, n, "anna")
		if reads := s.readsOf(n); reads != 1 {
			t.Errorf("%s was read %d times", n.Masked(), reads)
		}
	}
	cancel()
	<-done
}
