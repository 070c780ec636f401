// Package day plays a day of a school on a practice PBX: calls that come as the hours go, go to
// operators who are free, get lost, come again and are called back. It plans; the kinds of PBX play.
package day

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// Request asks for a day.
type Request struct {
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
	// MaxOperators bounds the people of a day, and of a PBX.
	MaxOperators = 500
	maxCalls     = 20_000
	usualHours   = 12
)

// Validate reports every wrong field, each by its JSON name.
func (r Request) Validate() error {
	var wrong []error
	for _, f := range []struct {
		name             string
		value, low, high int
	}{
		{"operators", r.Operators, 1, MaxOperators},
		{"calls", r.Calls, 1, maxCalls},
		{"hours", cmp.Or(r.Hours, usualHours), 1, 24},
	} {
		if f.value < f.low || f.value > f.high {
			wrong = append(wrong, fmt.Errorf("%w: %s is %d, want %d to %d", practice.ErrConfig, f.name, f.value, f.low, f.high))
		}
	}
	if !(r.Speed >= 0 && r.Speed <= 1e6) { // NaN is neither
		wrong = append(wrong, fmt.Errorf("%w: speed is %v, want 0 to 1000000", practice.ErrConfig, r.Speed))
	}
	if r.Start < 0 {
		wrong = append(wrong, fmt.Errorf("%w: start is %d, want Unix seconds", practice.ErrConfig, r.Start))
	}
	return errors.Join(wrong...)
}

// PBX is what plays a day.
type PBX struct {
	Kind  Kind
	Staff *staff.Staff
	// Now is the PBX's clock.
	Now func() time.Time
	// Begin starts a planned call that lives on the clock that it asks for, once it knows that it can.
	// done must be called when nothing of the call is left to do, unless Begin returns an error.
	// practice.ErrClosed ends the day.
	Begin func(c Call, clock func() sim.Clock, done func()) (entryID string, err error)
	// Background runs work that the PBX's Close waits for; it reports false once it is closed.
	Background func(work func()) bool
	Log        *slog.Logger
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

// Wait waits for Done, or ctx. The webhooks may still be on their way: drain them then.
func (d *Day) Wait(ctx context.Context) error {
	select {
	case <-d.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the day's end: %w", ctx.Err())
	}
}

// Entries are the ids of the calls that have begun, in that order.
func (d *Day) Entries() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.entries...)
}

// Play begins a day and returns at once; ctx ends with the PBX.
//
// Its calls have a clock of their own, which begins at Start. With a speed that
// clock is the real one, so many times faster. With speed 0 it is a simulation:
// time jumps from event to event, so that a ring still takes its seconds by the
// stamps of the events, by the statistics and by the PBX's own list, while a day is over as
// soon as its webhooks are delivered. The PBX's own clock, of other calls, of
// links and of limits, goes on as ever.
func Play(ctx context.Context, p PBX, r Request) (*Day, error) {
	if err := r.Validate(); err != nil {
		return nil, fmt.Errorf("starting a day: %w", err)
	}
	r.Hours = cmp.Or(r.Hours, usualHours)
	length := time.Duration(r.Hours) * time.Hour
	r.Start = cmp.Or(r.Start, p.Now().Add(-length).Unix())
	p.Staff.Ensure(r.Operators)
	plan := p.plan(r, length)
	d := &Day{planned: len(plan), done: make(chan struct{})}
	run := func() { p.playAtSpeed(ctx, d, plan, r) }
	if r.Speed == 0 {
		run = func() { p.playAtOnce(ctx, d, plan, r) }
	}
	if !p.Background(func() {
		run()
		d.calls.Wait()
		close(d.done)
	}) {
		return nil, fmt.Errorf("starting a day: %w", practice.ErrClosed)
	}
	return d, nil
}

func (p PBX) playAtSpeed(ctx context.Context, d *Day, plan []Call, r Request) {
	c := sim.NewFast(time.Unix(r.Start, 0), r.Speed)
	p.play(ctx, d, plan, c, func() sim.Clock { return sim.NewFast(c.Now(), r.Speed) })
}

func (p PBX) playAtOnce(ctx context.Context, d *Day, plan []Call, r Request) {
	s := sim.NewSimulation(time.Unix(r.Start, 0))
	p.play(ctx, d, plan, s.Root(), s.Spawn)
}

// play begins every call in its time; of makes the clock of one.
func (p PBX) play(ctx context.Context, d *Day, plan []Call, own sim.Clock, of func() sim.Clock) {
	defer own.Done()
	for _, planned := range plan {
		if !sim.Sleep(ctx, own, planned.At-own.Elapsed()) {
			return
		}
		d.calls.Add(1)
		entryID, err := p.Begin(planned, of, d.calls.Done)
		if err != nil {
			d.calls.Done()
			if errors.Is(err, practice.ErrClosed) {
				return
			}
			p.Log.Warn("planned call not started", "scenario", planned.Request.Scenario, "err", err)
			continue
		}
		d.mu.Lock()
		d.entries = append(d.entries, entryID)
		d.mu.Unlock()
	}
}
