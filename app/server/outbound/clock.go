package outbound

import (
	"net/http"
	"sync"
	"time"
)

// Clock is how far a PBX's clock is from ours, by the Date of its answers. Safe for concurrent use.
type Clock struct {
	mu    sync.Mutex // guards what follows
	known bool
	ahead time.Duration
}

// Note reads the Date of an answer that came now.
func (c *Clock) Note(resp *http.Response, now time.Time) {
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Date is cut to whole seconds.
	c.known, c.ahead = true, date.Add(500*time.Millisecond).Sub(now)
}

// Read tells how far the PBX's clock is ahead of ours, and whether an answer told it.
func (c *Clock) Read() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead, c.known
}
