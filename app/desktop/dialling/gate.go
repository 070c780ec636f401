// Package dialling keeps one click-to-call from becoming two: a double click, a script that runs
// twice, the card and the row of the same person. It calls nobody and reads no clock.
package dialling

import (
	"time"

	"github.com/google/uuid"
)

// Apart is how long after a click the same number is not called again.
const Apart = 2 * time.Second

// Gate knows which numbers are being called. Its zero value is ready; it belongs to one goroutine.
type Gate struct{ runs map[string]*run }

// run is a click-to-call on its way, or just made.
type run struct {
	began    time.Time
	answered bool
	err      error
	done     []func(error) // who wants to know how it goes
	again    []func()      // who waits until the number may be called again
}

// Begin tells whether a number is to be called now, and the id of the command, one for one
// intention: whatever repeats the request on its way makes no second call. Otherwise it is being
// called already, or was just now. Either way done is told how the call went.
func (g *Gate) Begin(number string, now time.Time, done func(error)) (command string, began bool) {
	if r := g.runs[number]; r != nil {
		if r.answered {
			done(r.err)
			return "", false
		}
		r.done = append(r.done, done)
		return "", false
	}
	if g.runs == nil {
		g.runs = map[string]*run{}
	}
	g.runs[number] = &run{began: now, done: []func(error){done}}
	return uuid.NewString(), true
}

// Answered tells everybody how the call of a number went, and answers after how long it may be
// called again: then comes Release.
func (g *Gate) Answered(number string, now time.Time, err error) time.Duration {
	r := g.runs[number]
	if r == nil || r.answered {
		return 0
	}
	r.answered, r.err = true, err
	for _, tell := range r.done {
		tell(err)
	}
	r.done = nil
	return max(0, Apart-now.Sub(r.began))
}

// Release lets a number be called again.
func (g *Gate) Release(number string) {
	r := g.runs[number]
	if r == nil {
		return
	}
	delete(g.runs, number)
	for _, again := range r.again {
		again()
	}
}

// Waits tells whether a number is being called, or was just now; then again is called once, when it
// may be called again.
func (g *Gate) Waits(number string, again func()) bool {
	r := g.runs[number]
	if r != nil {
		r.again = append(r.again, again)
	}
	return r != nil
}
