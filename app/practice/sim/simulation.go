package sim

import (
	"container/heap"
	"sync"
	"time"
)

// Simulation is a time that passes only while nobody has anything to do: when
// every owner of a handle waits, it jumps to the earliest deadline and wakes
// that one alone. A day of calls so takes as long as its events take to make,
// each call still has its seconds of ringing and talk, and one seed always gives
// the same events in the same order.
//
// A command from outside wakes its call in between; then two may run at once,
// and the order is no longer the seed's alone.
type Simulation struct {
	mu       sync.Mutex // guards what follows
	start    time.Time
	moment   time.Time
	sleepers sleepers
	order    int
	awake    int
}

// NewSimulation is a time that begins at start.
func NewSimulation(start time.Time) *Simulation {
	return &Simulation{start: start, moment: start}
}

// sleeper is an owner that waits.
type sleeper struct {
	at    time.Time
	order int
	wake  chan time.Time
	index int // in the heap; -1 once woken
}

// Spawn returns the clock of a new owner, who must begin with its Begin.
func (s *Simulation) Spawn() Clock {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &simulatedClock{simulation: s}
	c.first = s.sleep(s.moment)
	return c
}

// Root returns the clock of the owner who starts it all and is awake already.
func (s *Simulation) Root() Clock {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.awake++
	return &simulatedClock{simulation: s}
}

// sleep adds a sleeper. The caller holds mu.
func (s *Simulation) sleep(at time.Time) *sleeper {
	s.order++
	l := &sleeper{at: at, order: s.order, wake: make(chan time.Time, 1)}
	heap.Push(&s.sleepers, l)
	return l
}

// rest takes one owner from the awake and, if he was the last, wakes the next. The caller holds mu.
func (s *Simulation) rest() {
	s.awake--
	if s.awake > 0 || len(s.sleepers) == 0 {
		return
	}
	next, _ := heap.Pop(&s.sleepers).(*sleeper)
	if next.at.After(s.moment) {
		s.moment = next.at
	}
	s.awake++
	next.wake <- s.moment
}

// simulatedClock is one owner's view of a simulation.
type simulatedClock struct {
	simulation *Simulation
	first      *sleeper
}

// Begin waits for the owner's first turn; without it he would run beside who started him.
func (c *simulatedClock) Begin(stop <-chan struct{}) {
	select {
	case <-c.first.wake:
	case <-stop:
		c.stop(c.first)
	}
}

func (c *simulatedClock) Now() time.Time {
	c.simulation.mu.Lock()
	defer c.simulation.mu.Unlock()
	return c.simulation.moment
}

func (c *simulatedClock) Elapsed() time.Duration { return c.Now().Sub(c.simulation.start) }

func (c *simulatedClock) Timer(d time.Duration) (<-chan time.Time, func()) {
	s := c.simulation
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.sleep(s.moment.Add(max(d, 0)))
	s.rest()
	return l.wake, func() { c.stop(l) }
}

// stop wakes the owner by something other than his deadline, unless that came first.
func (c *simulatedClock) stop(l *sleeper) {
	s := c.simulation
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.index < 0 {
		return
	}
	heap.Remove(&s.sleepers, l.index)
	s.awake++
}

func (c *simulatedClock) Done() {
	c.simulation.mu.Lock()
	defer c.simulation.mu.Unlock()
	c.simulation.rest()
}

// sleepers is a heap by deadline; equal ones wake in the order they fell asleep.
type sleepers []*sleeper

func (s sleepers) Len() int { return len(s) }

func (s sleepers) Less(i, j int) bool {
	if c := s[i].at.Compare(s[j].at); c != 0 {
		return c < 0
	}
	return s[i].order < s[j].order
}

func (s sleepers) Swap(i, j int) {
	s[i], s[j] = s[j], s[i]
	s[i].index, s[j].index = i, j
}

// Push is for container/heap.
func (s *sleepers) Push(x any) {
	l, _ := x.(*sleeper)
	l.index = len(*s)
	*s = append(*s, l)
}

// Pop is for container/heap.
func (s *sleepers) Pop() any {
	old := *s
	l := old[len(old)-1]
	l.index = -1
	*s = old[:len(old)-1]
	return l
}
