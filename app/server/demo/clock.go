package demo

import (
	"sync"
	"time"
)

// Clock makes the school's past: it begins seven weeks ago and goes on a few hours with every card,
// so that the cards are older than the last week's calls.
type Clock struct {
	mu  sync.Mutex
	at  time.Time
	now time.Time
}

const (
	past     = 7 * 7 * 24 * time.Hour
	cardStep = 4*time.Hour + 37*time.Minute
)

// NewClock returns a clock for a demo that ends now.
func NewClock(now time.Time) *Clock { return &Clock{at: now.Add(-past), now: now} }

// Now is the demo's present moment.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *Clock) step() { c.set(c.Now().Add(cardStep)) }

func (c *Clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}
