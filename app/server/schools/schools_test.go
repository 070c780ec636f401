package schools_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/server/schools"
)

// limit only ends what hangs.
const limit = time.Minute

// house opens schools and knows what became of each.
type house struct {
	mu     sync.Mutex
	now    time.Time
	opened map[string]int
	open   map[string]*school
	most   int // how many were open at once
	fails  map[string]error
	holds  map[string]chan struct{} // an opening waits for its end; nil: it does not
	begun  chan string              // told of each opening; nil: nobody is
}

type school struct {
	house *house
	name  string
	busy  atomic.Bool
	ended chan struct{}
	once  sync.Once
}

func newHouse() *house {
	return &house{now: time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC), opened: map[string]int{}, open: map[string]*school{}, fails: map[string]error{}}
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) Open(ctx context.Context, name string) (*school, error) {
	if h.begun != nil {
		h.begun <- name
	}
	if hold := h.holds[name]; hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.opened[name]++
	if err := h.fails[name]; err != nil {
		return nil, err
	}
	if h.open[name] != nil {
		return nil, fmt.Errorf("%s is open already", name)
	}
	s := &school{house: h, name: name, ended: make(chan struct{})}
	h.open[name] = s
	h.most = max(h.most, len(h.open))
	return s, nil
}

func (h *house) names() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for name := range h.open {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func (s *school) Busy() bool { return s.busy.Load() }
func (s *school) End()       { s.once.Do(func() { close(s.ended) }) }

func (s *school) Close() error {
	s.house.mu.Lock()
	defer s.house.mu.Unlock()
	delete(s.house.open, s.name)
	return nil
}

func newSet(t *testing.T, h *house, cfg schools.Config[*school]) *schools.Set[*school] {
	t.Helper()
	cfg.Open, cfg.Now = h.Open, h.clock
	set := schools.New(cfg)
	t.Cleanup(func() {
		set.Close()
		if left := h.names(); len(left) > 0 {
			t.Errorf("closed, it leaves %v open", left)
		}
	})
	return set
}

func use(t *testing.T, set *schools.Set[*school], name string) (*school, func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s, done, err := set.Use(ctx, name, nil)
	if err != nil {
		t.Fatalf("using %s: %v", name, err)
	}
	if s.name != name {
		t.Fatalf("asked for %s, got %s", name, s.name)
	}
	return s, done
}

// eventually waits until the open schools are these.
func (h *house) eventually(t *testing.T, want ...string) {
	t.Helper()
	for end := time.Now().Add(limit); ; {
		got := h.names()
		if slices.Equal(got, want) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("open are %v, want %v", got, want)
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the test is over")
		case <-time.After(time.Millisecond):
		}
	}
}

func TestUse_opensOnceForAllWhoAsk(t *testing.T) {
	t.Parallel()
	h := newHouse()
	hold := make(chan struct{})
	h.holds = map[string]chan struct{}{"alfa": hold}
	set := newSet(t, h, schools.Config[*school]{})
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, _, err := set.Use(gone, "alfa", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("who went away was told %v", err)
	}
	var asking sync.WaitGroup
	for range 50 {
		asking.Go(func() {
			_, done, err := set.Use(t.Context(), "alfa", nil)
			if err != nil {
				t.Error(err)
				return
			}
			done()
			done() // again changes nothing
		})
	}
	close(hold)
	asking.Wait()
	if h.opened["alfa"] != 1 {
		t.Errorf("it was opened %d times", h.opened["alfa"])
	}
	if open := set.Open(); len(open) != 1 || open[0].Users != 0 {
		t.Errorf("open is %+v", open)
	}
}

func TestUse_oneThatHangsKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	h := newHouse()
	hold := make(chan struct{})
	h.holds, h.begun = map[string]chan struct{}{"slow": hold}, make(chan string, 2)
	set := newSet(t, h, schools.Config[*school]{})
	waiting := make(chan error, 1)
	go func() {
		_, done, err := set.Use(t.Context(), "slow", nil)
		if err == nil {
			done()
		}
		waiting <- err
	}()
	<-h.begun
	_, done := use(t, set, "fast")
	done()
	h.eventually(t, "fast")
	close(hold)
	if err := <-waiting; err != nil {
		t.Error(err)
	}
}

func TestUse_closesTheLeastRecentlyUsedWhenFull(t *testing.T) {
	t.Parallel()
	h := newHouse()
	set := newSet(t, h, schools.Config[*school]{Most: 2})
	_, alfa := use(t, set, "alfa")
	alfa()
	h.later(time.Second)
	_, beta := use(t, set, "beta")
	beta()
	h.later(time.Second)
	_, alfa = use(t, set, "alfa")
	alfa()
	_, gamma := use(t, set, "gamma")
	h.eventually(t, "alfa", "gamma")
	s, alfa := use(t, set, "alfa")
	if _, _, err := set.Use(t.Context(), "delta", nil); !errors.Is(err, schools.ErrFull) {
		t.Errorf("with all in use: %v", err)
	}
	s.busy.Store(true)
	alfa()
	if _, _, err := set.Use(t.Context(), "delta", nil); !errors.Is(err, schools.ErrFull) {
		t.Errorf("with one in use and one busy: %v", err)
	}
	s.busy.Store(false)
	h.later(time.Minute)
	_, delta := use(t, set, "delta")
	h.eventually(t, "delta", "gamma")
	gamma()
	delta()
}

// TestUse_manyAskForMoreThanMayBeOpen: nobody is refused who waits for one that is being closed, and never are more
// open than may be.
func TestUse_manyAskForMoreThanMayBeOpen(t *testing.T) {
	t.Parallel()
	h := newHouse()
	set := newSet(t, h, schools.Config[*school]{Most: 5, AtOnce: 3})
	var asking sync.WaitGroup
	var served atomic.Int64
	for i := range 8 {
		asking.Go(func() {
			for j := range 200 {
				_, done, err := set.Use(t.Context(), fmt.Sprint("school", (i*7+j)%20), nil)
				if errors.Is(err, schools.ErrFull) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				served.Add(1)
				done()
			}
		})
	}
	asking.Wait()
	if h.most > 5 {
		t.Errorf("%d were open at once", h.most)
	}
	if served.Load() < 400 {
		t.Errorf("only %d were served", served.Load())
	}
}

func TestCloseIdle_leavesWhatIsUsedOrBusy(t *testing.T) {
	t.Parallel()
	h := newHouse()
	set := newSet(t, h, schools.Config[*school]{Idle: time.Minute})
	_, idle := use(t, set, "idle")
	_, used := use(t, set, "used")
	busy, done := use(t, set, "busy")
	busy.busy.Store(true)
	idle()
	done()
	h.later(59 * time.Second)
	set.CloseIdle()
	h.eventually(t, "busy", "idle", "used")
	h.later(time.Second)
	set.CloseIdle()
	h.eventually(t, "busy", "used")
	busy.busy.Store(false)
	used()
	h.later(30 * time.Second)
	set.CloseIdle()
	h.eventually(t, "used")
	_, again := use(t, set, "idle")
	again()
	if h.opened["idle"] != 2 {
		t.Errorf("it was opened %d times", h.opened["idle"])
	}
}

func TestUse_waitsBeforeItTriesAgainWhatFailed(t *testing.T) {
	t.Parallel()
	h := newHouse()
	broken := errors.New("the file is damaged")
	h.fails["alfa"] = broken
	set := newSet(t, h, schools.Config[*school]{})
	for _, wait := range []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second} {
		h.later(wait)
		if _, _, err := set.Use(t.Context(), "alfa", nil); !errors.Is(err, broken) || errors.Is(err, schools.ErrAway) {
			t.Errorf("after %s: %v", wait, err)
		}
		if _, _, err := set.Use(t.Context(), "alfa", nil); !errors.Is(err, broken) || !errors.Is(err, schools.ErrAway) {
			t.Errorf("at once again: %v", err)
		}
	}
	if h.opened["alfa"] != 4 {
		t.Errorf("it was tried %d times", h.opened["alfa"])
	}
	h.fails = nil
	set.Admit("alfa")
	_, done := use(t, set, "alfa")
	done()
}

func TestUse_asksWhetherItMayOpen(t *testing.T) {
	t.Parallel()
	h := newHouse()
	set := newSet(t, h, schools.Config[*school]{})
	stranger := errors.New("too many")
	no := func() error { return stranger }
	if _, _, err := set.Use(t.Context(), "alfa", no); !errors.Is(err, stranger) || h.opened["alfa"] != 0 {
		t.Errorf("closed: %v, opened %d times", err, h.opened["alfa"])
	}
	_, done := use(t, set, "alfa")
	_, other, err := set.Use(t.Context(), "alfa", no)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	other()
	done()
}

func TestPutOut_endsStreamsAndLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	h := newHouse()
	set := newSet(t, h, schools.Config[*school]{Leave: limit})
	s, done := use(t, set, "alfa")
	out := set.PutOut("alfa")
	<-s.ended
	if _, _, err := set.Use(t.Context(), "alfa", nil); !errors.Is(err, schools.ErrBarred) {
		t.Errorf("put out: %v", err)
	}
	h.eventually(t, "alfa")
	done()
	<-out
	h.eventually(t)
	set.Admit("alfa")
	_, done = use(t, set, "alfa")
	done()
	<-set.PutOut("never open")
}

func TestPutOut_waitsForNobodyForEver(t *testing.T) {
	t.Parallel()
	h := newHouse()
	set := newSet(t, h, schools.Config[*school]{Leave: time.Millisecond})
	_, done := use(t, set, "alfa")
	<-set.PutOut("alfa")
	h.eventually(t)
	done() // late, and it does no harm
}

func TestClose_endsAnOpeningThatHangs(t *testing.T) {
	t.Parallel()
	h := newHouse()
	h.holds, h.begun = map[string]chan struct{}{"alfa": make(chan struct{})}, make(chan string, 1)
	set := newSet(t, h, schools.Config[*school]{})
	failed := make(chan error, 1)
	go func() {
		_, _, err := set.Use(t.Context(), "alfa", nil)
		failed <- err
	}()
	<-h.begun
	set.Close()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("who waited was told %v", err)
	}
	if _, _, err := set.Use(t.Context(), "alfa", nil); !errors.Is(err, schools.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
