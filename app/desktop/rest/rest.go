// Package rest lets the program cost next to nothing while nobody uses it: Fyne looks for events less often, and
// memory is given back.
package rest

import (
	"context"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"

	"dozvon/app/desktop/platform"
)

const (
	// napLength is how often Fyne looks for events while nothing of the program is seen; by itself it does
	// sixty times a second, which takes one percent of a core.
	napLength = 100 * time.Millisecond
	// looksEvery is how often the program looks whether it is seen.
	looksEvery = time.Second
	// tidiesAfter is how long the program must have been quiet before memory is given back, looked at every
	// quietEvery. Fyne forgets what was not drawn for a minute.
	tidiesAfter, quietEvery = 75 * time.Second, 15 * time.Second
	// forgets is how long Fyne may take to forget after it has drawn: it looks for what to forget at most every
	// ten seconds. What is given back before leaves the heap full of holes, and nothing is given back for long.
	forgets = 12 * time.Second
	// much is what must have been allocated since the last time, and little what may be in quietEvery.
	much, little = 16 << 20, 8 << 20
)

// Resting is that of one program.
type Resting struct {
	nap, looks time.Duration

	seen   atomic.Bool   // something of the program may be on the screen
	roused chan struct{} // ends a nap
}

// New is that of a program that is seen.
func New() *Resting {
	r := &Resting{nap: napLength, looks: looksEvery, roused: make(chan struct{}, 1)}
	r.seen.Store(true)
	return r
}

// Rouse ends a nap. Whoever put something on Fyne's queue calls it afterwards.
func (r *Resting) Rouse() {
	select {
	case r.roused <- struct{}{}:
	default:
	}
}

// Naps keeps Fyne's loop from looking for events while nothing is seen. Its own rate cannot be set, so it
// is given something to do that takes until somebody rouses it or the nap is over.
func (r *Resting) Naps(ctx context.Context, isSeen func() bool) {
	for ctx.Err() == nil {
		if r.seen.Load() {
			select {
			case <-ctx.Done():
			case <-time.After(r.looks):
				fyne.DoAndWait(func() { r.seen.Store(isSeen()) })
			}
			continue
		}
		fyne.DoAndWait(func() {
			// What stood before this on the queue may have shown something.
			if r.seen.Store(isSeen()); r.seen.Load() {
				return
			}
			select {
			case <-r.roused:
			case <-ctx.Done():
			case <-time.After(r.nap):
			}
		})
	}
}

// Tidies gives memory back when much was used and the program has become quiet. Fyne lets go of what it
// drew only when it draws again, so draw makes it.
func (r *Resting) Tidies(ctx context.Context, draw func()) {
	tick := time.NewTicker(quietEvery)
	defer tick.Stop()
	var c calm
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !c.look(allocated()) {
			continue
		}
		fyne.DoAndWait(draw)
		select {
		case <-ctx.Done():
		case <-time.After(forgets):
		}
		platform.GiveBackMemory()
		c.tidied(allocated())
	}
}

// calm follows how much the program has allocated so far.
type calm struct {
	last, before uint64 // when memory was given back last, and at the last look
	quiet        time.Duration
}

// look is called every quietEvery and tells whether memory is to be given back.
func (c *calm) look(now uint64) bool {
	c.quiet += quietEvery
	if now-c.before > little {
		c.quiet = 0
	}
	c.before = now
	return c.quiet >= tidiesAfter && now-c.last >= much
}

func (c *calm) tidied(now uint64) { c.last, c.before, c.quiet = now, now, 0 }

// allocated is how many bytes the program has asked for so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
