package mango

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// DayRequest asks for a day of a school: calls that come as the hours go, go to
// operators who are free, get lost, come again and are called back.
type DayRequest struct {
	// Operators is how many people take part; those that the PBX lacks are made up, from extension 106 on.
	Operators int `json:"operators"`
	// Calls is how many there are, callbacks and repeated calls included.
	Calls int `json:"calls"`
	// Seed decides everything about the day; with speed 0 even the order of its events.
	Seed uint64 `json:"seed"`
	// Speed is how many times faster than real the day passes. 0 takes no pauses at all.
	Speed float64 `json:"speed"`
	// Start is the day's beginning in Unix seconds; 0 lets the day end now.
	Start int64 `json:"start,omitempty"`
	// Hours is how long the day is; 0 means 12.
	Hours int `json:"hours,omitempty"`
}

// Bounds of a day.
const (
	maxDayOperators = 500
	maxDayCalls     = 20_000
	usualDayHours   = 12
)

// Validate reports every wrong field, each by its JSON name.
func (r DayRequest) Validate() error {
	var wrong []error
	for _, f := range []struct {
		name             string
		value, low, high int
	}{
		{"operators", r.Operators, 1, maxDayOperators},
		{"calls", r.Calls, 1, maxDayCalls},
		{"hours", cmp.Or(r.Hours, usualDayHours), 1, 24},
	} {
		if f.value < f.low || f.value > f.high {
			wrong = append(wrong, fmt.Errorf("%w: %s is %d, want %d to %d", ErrConfig, f.name, f.value, f.low, f.high))
		}
	}
	if !(r.Speed >= 0 && r.Speed <= 1e6) { // NaN is neither
		wrong = append(wrong, fmt.Errorf("%w: speed is %v, want 0 to 1000000", ErrConfig, r.Speed))
	}
	if r.Start < 0 {
		wrong = append(wrong, fmt.Errorf("%w: start is %d, want Unix seconds", ErrConfig, r.Start))
	}
	return errors.Join(wrong...)
}

// Day is a day that is being played.
type Day struct {
	planned int
	done    chan struct{}
	calls   sync.WaitGroup

	mu      sync.Mutex // guards what follows
	entries []string
}

// Planned is how many calls the day has.
func (d *Day) Planned() int { return d.planned }

// Done is closed when every call of the day has ended and its recordings are ready.
func (d *Day) Done() <-chan struct{} { return d.done }

// Wait waits for Done, or ctx. The webhooks may still be on their way: see PBX.Drain.
func (d *Day) Wait(ctx context.Context) error {
	select {
	case <-d.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the day's end: %w", ctx.Err())
	}
}

// Entries are the entry_id of the calls that have begun, in that order.
func (d *Day) Entries() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.entries...)
}

// Day begins a day and returns at once.
//
// Its calls have a clock of their own, which begins at Start. With a speed that
// clock is the real one, so many times faster. With speed 0 it is a simulation:
// time jumps from event to event, so that a ring still takes its seconds by the
// stamps of the events, by the statistics and by List, while a day is over as
// soon as its webhooks are delivered. The PBX's own clock, of other calls, of
// links and of limits, goes on as ever.
func (p *PBX) Day(r DayRequest) (*Day, error) {
	if err := r.Validate(); err != nil {
		return nil, fmt.Errorf("starting a day: %w", err)
	}
	r.Hours = cmp.Or(r.Hours, usualDayHours)
	length := time.Duration(r.Hours) * time.Hour
	r.Start = cmp.Or(r.Start, p.config.Now().Add(-length).Unix())
	p.staff.ensure(r.Operators)
	plan := p.plan(r, length)
	d := &Day{planned: len(plan), done: make(chan struct{})}
	run := func() { p.playAtSpeed(d, plan, r) }
	if r.Speed == 0 {
		run = func() { p.playAtOnce(d, plan, r) }
	}
	if !p.background(func() {
		run()
		d.calls.Wait()
		close(d.done)
	}) {
		return nil, fmt.Errorf("starting a day: %w", ErrClosed)
	}
	return d, nil
}

func (p *PBX) playAtSpeed(d *Day, plan []plannedCall, r DayRequest) {
	c := newFastClock(time.Unix(r.Start, 0), r.Speed)
	p.play(d, plan, c, func() clock { return newFastClock(c.now(), r.Speed) })
}

func (p *PBX) playAtOnce(d *Day, plan []plannedCall, r DayRequest) {
	s := newSimulation(time.Unix(r.Start, 0))
	p.play(d, plan, s.root(), func() clock { return s.spawn() })
}

// play begins every call in its time; of makes the clock of one.
func (p *PBX) play(d *Day, plan []plannedCall, own clock, of func() clock) {
	defer own.done()
	for _, planned := range plan {
		if !p.sleep(own, planned.at-own.elapsed()) {
			return
		}
		c, run, err := p.prepare(planned.request)
		if err != nil {
			p.config.Log.Warn("planned call not started", "scenario", planned.request.Scenario, "err", err)
			continue
		}
		planned.dress(c)
		c.clock, c.patient, c.whenDone = of(), true, d.calls.Done
		d.calls.Add(1)
		entryID, err := p.start(c, run)
		if err != nil {
			d.calls.Done()
			return
		}
		d.mu.Lock()
		d.entries = append(d.entries, entryID)
		d.mu.Unlock()
	}
}

// sleep lets d pass on a clock; it reports false if the PBX closes first.
func (p *PBX) sleep(c clock, d time.Duration) bool {
	fired, stop := c.timer(d)
	defer stop()
	select {
	case <-fired:
		return true
	case <-p.ctx.Done():
		return false
	}
}
