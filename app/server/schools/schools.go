// Package schools keeps some of an installation's schools open: each from its first use until nobody has used
// it for a while, no more than so many at once. What a school is made of, who asks and which there are, it
// does not know. A school that cannot be opened, or that is slow, keeps no other waiting.
package schools

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// The refusals.
var (
	// ErrFull says that as many schools are open as may be, and all of them are in use.
	ErrFull = errors.New("as many schools are open as may be, and all are in use")
	// ErrAway says that a school could not be opened a moment ago, and is not tried again yet.
	ErrAway = errors.New("the school could not be opened a moment ago")
	// ErrBarred says that a school was put out and is not to be opened.
	ErrBarred = errors.New("the school is not to be opened")
	// ErrClosed says that the set is closed.
	ErrClosed = errors.New("the server is stopping")
)

// School is one that is open.
type School interface {
	// Busy tells whether it must stay open although nobody uses it: a call goes on, a file is imported. It ends soon.
	Busy() bool
	// End ends what would go on for as long as whoever asked stays: streams.
	End()
	// Close ends all of it. Nobody uses it any more, or its time to leave is over.
	Close() error
}

// Config is what a Set is made of. Open is required.
type Config[S School] struct {
	// Open opens a school by its name; ctx ends with the set, and not with whoever asked first.
	Open func(ctx context.Context, name string) (S, error)
	// Most is how many may be open at once; 0: 1,000.
	Most int
	// AtOnce is how many are opened, and as many closed, at the same time; 0: 4.
	AtOnce int
	// Idle is how long an unused school stays open; 0: five minutes.
	Idle time.Duration
	// Leave is how long those who use a school that is put out may still use it; 0: ten seconds.
	Leave time.Duration
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

const (
	most   = 1000
	atOnce = 4
	idle   = 5 * time.Minute
	leave  = 10 * time.Second
	// busyFor is how long a school that was busy is taken to be, so that a full set does not ask all of them
	// each time.
	busyFor = 5 * time.Second
	// firstPause and longestPause are between attempts to open a school that fail.
	firstPause   = time.Second
	longestPause = time.Minute
)

// Set is the schools that are open. Safe for concurrent use.
type Set[S School] struct {
	cfg              Config[S]
	opening, closing chan struct{} // one for each that is being opened or closed
	life             context.Context
	end              context.CancelFunc

	mu     sync.Mutex // guards what follows, and what stands in the entries
	open   map[string]*entry[S]
	failed map[string]failure
	barred map[string]bool
	closed bool
}

// entry is a school that is open, or on its way there or back.
type entry[S School] struct {
	name   string
	ready  chan struct{} // closed when school or err is there
	school S
	err    error
	users  int
	used   time.Time // when it was asked for or given back last
	busy   time.Time // when it was found busy last
	ending bool      // nobody new may use it
	left   chan struct{}
	gone   chan struct{} // closed when it is closed
}

// failure is a school that could not be opened.
type failure struct {
	err   error
	times int
	until time.Time
}

// New returns a set in which no school is open.
func New[S School](cfg Config[S]) *Set[S] {
	cfg.Most, cfg.AtOnce = cmp.Or(cfg.Most, most), cmp.Or(cfg.AtOnce, atOnce)
	cfg.Idle, cfg.Leave = cmp.Or(cfg.Idle, idle), cmp.Or(cfg.Leave, leave)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Set[S]{
		cfg: cfg, opening: make(chan struct{}, cfg.AtOnce), closing: make(chan struct{}, cfg.AtOnce),
		open: map[string]*entry[S]{}, failed: map[string]failure{}, barred: map[string]bool{},
	}
	s.life, s.end = context.WithCancel(context.Background())
	return s
}

// Use gives a school to whoever asks, until done is called; it is opened if need be, once for all who ask
// meanwhile. mayOpen is asked before that; nil: it may be opened. Errors: ErrFull, ErrAway, ErrBarred, ErrClosed,
// mayOpen's own, and why it could not be opened.
func (s *Set[S]) Use(ctx context.Context, name string, mayOpen func() error) (school S, done func(), err error) {
	for {
		e, wait, err := s.entryOf(name, mayOpen)
		if err != nil {
			return school, nil, err
		}
		if e != nil {
			return s.await(ctx, e)
		}
		if wait == nil {
			if wait, err = s.makeRoom(); err != nil {
				return school, nil, err
			}
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return school, nil, ctx.Err()
		}
	}
}

// entryOf is a school's entry with whoever asks among its users. Without one, wait is what to wait for before it is
// asked again; nil: there must be room first.
func (s *Set[S]) entryOf(name string, mayOpen func() error) (e *entry[S], wait <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, nil, ErrClosed
	case s.barred[name]:
		return nil, nil, ErrBarred
	}
	now := s.cfg.Now()
	if e = s.open[name]; e != nil {
		if e.ending {
			return nil, e.gone, nil
		}
		e.users++
		e.used = now
		return e, nil, nil
	}
	if f, ok := s.failed[name]; ok && now.Before(f.until) {
		return nil, nil, fmt.Errorf("%w: %w", ErrAway, f.err)
	}
	if mayOpen != nil {
		if err := mayOpen(); err != nil {
			return nil, nil, err
		}
	}
	if len(s.open) >= s.cfg.Most {
		return nil, nil, nil
	}
	e = &entry[S]{name: name, ready: make(chan struct{}), left: make(chan struct{}), gone: make(chan struct{}), users: 1, used: now}
	s.open[name] = e
	go s.begin(e)
	return e, nil, nil
}

// await waits until a school is open.
func (s *Set[S]) await(ctx context.Context, e *entry[S]) (school S, done func(), err error) {
	done = sync.OnceFunc(func() { s.giveBack(e) })
	select {
	case <-e.ready:
		err = e.err
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		done()
		return school, nil, err
	}
	return e.school, done, nil
}

func (s *Set[S]) giveBack(e *entry[S]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.users--
	e.used = s.cfg.Now()
	if e.ending && e.users == 0 {
		close(e.left)
	}
}

// begin opens a school.
func (s *Set[S]) begin(e *entry[S]) {
	s.opening <- struct{}{}
	school, err := s.tryOpen(e.name)
	<-s.opening
	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(e.ready)
	if err == nil {
		e.school, e.used = school, s.cfg.Now()
		delete(s.failed, e.name)
		return
	}
	e.err = fmt.Errorf("opening the school %s: %w", e.name, err)
	delete(s.open, e.name)
	close(e.gone)
	if s.life.Err() != nil {
		return
	}
	f := failure{err: e.err, times: s.failed[e.name].times + 1}
	pause := min(firstPause<<min(f.times-1, 10), longestPause)
	f.until = s.cfg.Now().Add(pause)
	s.failed[e.name] = f
	slog.Error("school not opened", "school", e.name, "again_in", pause, "err", err)
}

// tryOpen keeps a school that panics from taking all others along.
func (s *Set[S]) tryOpen(name string) (school S, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: %v", r)
		}
	}()
	return s.cfg.Open(s.life, name)
}

// makeRoom begins to close the school that was used least recently; wait is its end.
func (s *Set[S]) makeRoom() (wait <-chan struct{}, err error) {
	var ending <-chan struct{}
	for _, e := range s.unused(0) {
		if s.busy(e) || !s.retire(e) {
			continue
		}
		return e.gone, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.open {
		if e.ending {
			ending = e.gone
		}
	}
	switch {
	case ending != nil:
		return ending, nil
	case len(s.open) < s.cfg.Most: // one has gone meanwhile
		now := make(chan struct{})
		close(now)
		return now, nil
	}
	return nil, ErrFull
}

// PutOut closes a school, which from now on is not opened again before Admit: its streams end, those who use it have a
// while to come to an end. closed is closed when the school is.
func (s *Set[S]) PutOut(name string) (closed <-chan struct{}) {
	s.mu.Lock()
	s.barred[name] = true
	e := s.open[name]
	s.mu.Unlock()
	if e == nil {
		none := make(chan struct{})
		close(none)
		return none
	}
	go s.expel(e)
	return e.gone
}

// Admit lets a school be opened again that was put out, and one that could not be opened be tried at once.
func (s *Set[S]) Admit(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.barred, name)
	delete(s.failed, name)
}

// Standing tells of one open school.
type Standing struct {
	Name  string    `json:"name"`
	Users int       `json:"users"`
	Used  time.Time `json:"used_at"`
}

// All are the schools that are open, in no order. They may be closed at any time: of them may be read what needs nothing
// to be open.
func (s *Set[S]) All() []S {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []S
	for _, e := range s.open {
		if e.isReady() && e.err == nil && !e.ending {
			all = append(all, e.school)
		}
	}
	return all
}

// Open lists the schools that are open, in no order.
func (s *Set[S]) Open() []Standing {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Standing, 0, len(s.open))
	for _, e := range s.open {
		all = append(all, Standing{Name: e.name, Users: e.users, Used: e.used})
	}
	return all
}
