package model

import "time"

// Outage is a time in which this program had no connection, and what came meanwhile.
type Outage struct {
	From, To time.Time
	// Counted tells that the server said what came; else only the time is known.
	Counted       bool
	Calls, Missed int // inbound calls of this time, and those that nobody answered
	Waiting       int // callers among them whom nobody has talked with yet
}

// Returned makes a card of an outage that is over; a later one takes its place. Nil takes the card away.
func Returned(m *Model, o *Outage) {
	m.mu.Lock()
	m.outage = o
	m.mu.Unlock()
	m.changed()
}
