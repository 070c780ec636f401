// Package sim has the times that calls live in: the real one, a faster one, and a simulated one
// that passes only while nobody has anything to do. It knows nothing of calls.
package sim

import (
	"context"
	"time"
)

// Clock is the time that a call lives in. It has one owner, who calls Begin once, then Timer as
// often as he waits, and Done when he waits no more.
type Clock interface {
	// Begin waits for the owner's first turn, or for stop.
	Begin(stop <-chan struct{})
	// Now stamps events, in the PBX's time.
	Now() time.Time
	// Elapsed only ever grows; deadlines are reckoned by it, because Now may be a test's frozen clock.
	Elapsed() time.Duration
	// Timer fires once d has passed on this clock. stop must be called, fired or not.
	Timer(d time.Duration) (fired <-chan time.Time, stop func())
	// Done says that the owner will wait no more.
	Done()
}

// Sleep lets d pass on a clock; it reports false if ctx ends first.
func Sleep(ctx context.Context, c Clock, d time.Duration) bool {
	fired, stop := c.Timer(d)
	defer stop()
	select {
	case <-fired:
		return true
	case <-ctx.Done():
		return false
	}
}

// Pause lets d of real time pass; it reports false if ctx ended first.
func Pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// wallClock is real time, speed times as fast. With speed 1 it stamps by the PBX's own clock.
type wallClock struct {
	stamp func() time.Time
	began time.Time
	speed float64
}

// NewWall is a clock for calls that people watch; now stamps them.
func NewWall(now func() time.Time) Clock {
	return &wallClock{stamp: now, began: time.Now(), speed: 1}
}

// NewFast begins at start and runs speed times as fast as real time.
func NewFast(start time.Time, speed float64) Clock {
	c := &wallClock{began: time.Now(), speed: speed}
	c.stamp = func() time.Time { return start.Add(c.Elapsed()) }
	return c
}

func (*wallClock) Begin(<-chan struct{}) {}

func (c *wallClock) Now() time.Time { return c.stamp() }

func (c *wallClock) Elapsed() time.Duration {
	return time.Duration(float64(time.Since(c.began)) * c.speed)
}

func (c *wallClock) Timer(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(time.Duration(float64(max(d, 0)) / c.speed))
	return t.C, func() { t.Stop() }
}

func (*wallClock) Done() {}
