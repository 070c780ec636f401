package model

import (
	"cmp"
	"slices"
	"time"

	"dozvon/client"
)

// TalkOf is the call on which an employee talks, or else one that they have on hold, or else one that rings them, as far
// as this person may see it. Of several it is always the same: of talks the one that was answered last.
func TalkOf(m *Model, employeeID string) (client.Call, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var best client.Call
	most := notWith
	for _, t := range m.calls {
		is := withOf(t.call, employeeID)
		if is > most || is == most && is != notWith && before(t.call, best, is) {
			best, most = t.call, is
		}
	}
	return best, most != notWith
}

// with is what a call is to an employee; more counts before less.
type with int

const (
	notWith with = iota
	ringsWith
	heldWith
	talksWith
)

func withOf(c client.Call, employeeID string) with {
	theirs := theirs(c, employeeID)
	switch {
	case c.State == client.StateEnded || c.Test:
		return notWith
	case theirs && c.State == client.StateTalking:
		return talksWith
	case theirs && c.State == client.StateHeld:
		return heldWith
	case slices.Contains(c.Ringing, employeeID):
		return ringsWith
	}
	return notWith
}

// before tells which of two calls that are the same to an employee is told.
func before(a, b client.Call, as with) bool {
	newest := 0
	if as != ringsWith {
		newest = answered(b).Compare(answered(a))
	}
	return cmp.Or(newest, cmp.Compare(a.ID, b.ID)) < 0
}

func answered(c client.Call) time.Time {
	if c.AnsweredAt != nil {
		return *c.AnsweredAt
	}
	return c.StartedAt
}

// theirs tells whether an employee talks on a call, or began it.
func theirs(c client.Call, employeeID string) bool {
	return c.Employee != nil && c.Employee.ID == employeeID || isEnd(c.Caller, employeeID) || isEnd(c.Called, employeeID)
}

func isEnd(e *client.CallEnd, employeeID string) bool {
	return e != nil && e.Employee != nil && e.Employee.ID == employeeID
}

// Colleague is the other side of an employee's internal call; nil where it is none, or where nobody told.
func Colleague(c client.Call, employeeID string) *client.CallEnd {
	if isEnd(c.Caller, employeeID) {
		return c.Called
	}
	return c.Caller
}
