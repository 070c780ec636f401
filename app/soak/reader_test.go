//go:build linux

package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"dozvon/client"
)

// reader follows the stream from the beginning to the end, through all cuts and kills, as a screen does: nothing may
// be missing in it, come twice or out of order.
type reader struct {
	mu      sync.Mutex // guards what follows
	last    int64
	events  int
	entries map[string]client.Result // of the feed, as they were told last
	faults  []string
}

func (r *reader) handle(e client.StreamEvent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case e.Type == "hello":
		return
	case e.Type == "reset":
		r.faults = append(r.faults, fmt.Sprintf("a reader was told to load everything again at %d", e.Sequence))
	case e.Sequence <= r.last:
		r.faults = append(r.faults, fmt.Sprintf("a reader was told %d after %d", e.Sequence, r.last))
	}
	r.last = e.Sequence
	r.events++
	if entry, ok := e.Data.(*client.FeedEntry); ok {
		r.entries[entry.ID] = entry.Result
	}
	if bad, ok := e.Data.(*client.Unreadable); ok {
		r.faults = append(r.faults, fmt.Sprintf("event %d cannot be read: %v", e.Sequence, bad.Err))
	}
}

// want notes where the reader was told of an entry otherwise than the feed has it.
func (r *reader) want(into *result, id string, now client.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if told, ok := r.entries[id]; !ok || told != now {
		into.differ("a reader was told of the entry %s: %t, %q; the feed has %q", id, ok, told, now)
	}
}

// compare adds what the reader found wrong on its way.
func (r *reader) compare(into *result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.faults {
		into.differ("%s", f)
	}
}

// visitors are screens that come, look for a while, and go, some of them going on where they were. It returns how
// often one came.
func visitors(ctx context.Context, api *client.API, count int, into *reader) int {
	var all sync.WaitGroup
	var mu sync.Mutex
	came := 0
	for n := range count {
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(n), 9))
			last := int64(0)
			for ctx.Err() == nil {
				mu.Lock()
				came++
				mu.Unlock()
				stay, cancel := context.WithTimeout(ctx, 300*time.Millisecond+time.Duration(random.Int64N(int64(4*time.Second))))
				api.Stream(stay, client.StreamConfig{LastID: last, Handle: func(e client.StreamEvent) {
					if e.Type != "hello" && e.Type != "reset" && e.Sequence <= last {
						into.mu.Lock()
						into.faults = append(into.faults, fmt.Sprintf("a visitor was told %d after %d", e.Sequence, last))
						into.mu.Unlock()
					}
					last = max(last, e.Sequence)
				}})
				cancel()
				if random.IntN(2) == 0 {
					last = 0
				}
			}
		})
	}
	all.Wait()
	return came
}
