package mango

import "time"

// clock is the time that a call lives in: real, faster than real, or simulated.
type clock interface {
	// now stamps events, in the PBX's time.
	now() time.Time
	// elapsed only ever grows; deadlines are reckoned by it, because now may be a test's frozen clock.
	elapsed() time.Duration
	// timer fires once d has passed on this clock. stop must be called, fired or not.
	timer(d time.Duration) (fired <-chan time.Time, stop func())
	// done says that the owner will wait no more.
	done()
}

// wallClock is real time, speed times as fast. With speed 1 it stamps by the PBX's own clock.
type wallClock struct {
	stamp func() time.Time
	began time.Time
	speed float64
}

// newWallClock is a clock for calls that people watch.
func newWallClock(stamp func() time.Time) *wallClock {
	return &wallClock{stamp: stamp, began: time.Now(), speed: 1}
}

// newFastClock begins at start and runs speed times as fast as real time.
func newFastClock(start time.Time, speed float64) *wallClock {
	c := &wallClock{began: time.Now(), speed: speed}
	c.stamp = func() time.Time { return start.Add(c.elapsed()) }
	return c
}

func (c *wallClock) now() time.Time { return c.stamp() }

func (c *wallClock) elapsed() time.Duration {
	return time.Duration(float64(time.Since(c.began)) * c.speed)
}

func (c *wallClock) timer(d time.Duration) (<-chan time.Time, func()) {
	t := time.NewTimer(time.Duration(float64(max(d, 0)) / c.speed))
	return t.C, func() { t.Stop() }
}

func (*wallClock) done() {}
