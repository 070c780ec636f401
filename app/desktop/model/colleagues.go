package model

import (
	"dozvon/client"
)

// TalkOf is the call on which an employee talks, or else one that rings them, as far as this person may see it.
func TalkOf(m *Model, employeeID string) (client.Call, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var rings client.Call
	found := false
	for _, t := range m.calls {
		c := t.call
		if c.State == client.StateEnded || c.Test {
			continue
		}
		if c.Employee != nil && c.Employee.ID == employeeID && (c.State == client.StateTalking || c.State == client.StateHeld) {
			return c, true
		}
		for _, id := range c.Ringing {
			if id == employeeID && (!found || c.ID < rings.ID) {
				rings, found = c, true
			}
		}
	}
	return rings, found
}
