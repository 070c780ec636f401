package model

import (
	"cmp"
	"slices"
	"time"

	"dozvon/client"
)

// CallbackList lists the missed callers whom nobody has talked with, the one who called last first.
func (m *Model) CallbackList() []client.MissedCaller {
	m.mu.Lock()
	defer m.mu.Unlock()
	callers := make([]client.MissedCaller, 0, len(m.missed))
	for _, c := range m.missed {
		callers = append(callers, c)
	}
	slices.SortFunc(callers, func(a, b client.MissedCaller) int {
		return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(a.Phone, b.Phone))
	})
	return callers
}

// ToCall are the missed callers since a moment whom this person is to call: whom nobody took, or they themselves. The one
// who called last is first.
func ToCall(m *Model, since time.Time) []client.MissedCaller {
	me := m.Me().ID
	return slices.DeleteFunc(m.CallbackList(), func(c client.MissedCaller) bool {
		taken := c.State == client.MissedTaken && (c.TakenBy == nil || c.TakenBy.ID != me)
		return taken || c.LastAt.Before(since)
	})
}

// applyMissed follows a caller of the list. m.mu is held.
func (m *Model) applyMissed(c client.MissedCaller) {
	if c.State == client.MissedWaiting || c.State == client.MissedTaken {
		m.missed[c.Phone] = c
		return
	}
	delete(m.missed, c.Phone)
	// Somebody talked with the caller, or said that nobody need.
	if c.ClosedAt != nil {
		m.talks.note(c.Phone, *c.ClosedAt, m.calls)
	}
}

// reloadMissed puts the whole list in; what events told since it was asked for is newer.
// m.mu is held.
func (m *Model) reloadMissed(all []client.MissedCaller) {
	m.missed = map[string]client.MissedCaller{}
	for _, c := range all {
		m.applyMissed(c)
	}
	for _, c := range m.missedSince {
		m.applyMissed(c)
	}
}

// MissedCount is how many missed callers nobody has talked with since.
func (m *Model) MissedCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.missed)
}
