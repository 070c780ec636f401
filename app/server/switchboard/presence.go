package switchboard

import (
	"context"
	"sync"

	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// presence follows what each employee does: from the calls that go on, and from whether an app
// of theirs is connected.
type presence struct {
	mu     sync.Mutex
	busy   map[string]map[string]client.PresenceState // call → employee → ringing or talking
	online map[string]int                             // employee → connections
}

func newPresence() *presence {
	return &presence{busy: map[string]map[string]client.PresenceState{}, online: map[string]int{}}
}

// call takes a call's present state and returns whom it may have changed.
func (p *presence) call(c client.Call) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := map[string]bool{}
	for id := range p.busy[c.ID] {
		changed[id] = true
	}
	delete(p.busy, c.ID)
	if c.State != client.StateEnded {
		now := map[string]client.PresenceState{}
		for _, id := range c.Ringing {
			now[id] = client.PresenceRinging
		}
		if c.Employee != nil && (c.State == client.StateTalking || c.State == client.StateHeld) {
			now[c.Employee.ID] = client.PresenceTalking
		}
		for id := range now {
			changed[id] = true
		}
		p.busy[c.ID] = now
	}
	ids := make([]string, 0, len(changed))
	for id := range changed {
		ids = append(ids, id)
	}
	return ids
}

func (p *presence) of(id string) client.PresenceState {
	p.mu.Lock()
	defer p.mu.Unlock()
	state := client.PresenceOffline
	if p.online[id] > 0 {
		state = client.PresenceFree
	}
	for _, people := range p.busy {
		switch people[id] {
		case client.PresenceTalking:
			return client.PresenceTalking
		case client.PresenceRinging:
			state = client.PresenceRinging
		}
	}
	return state
}

func (p *presence) connect(id string, by int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.online[id] += by
}

// Connected notes that an app of the employee opened its stream; the returned function is for
// when it closes.
func (s *Switchboard) Connected(ctx context.Context, employeeID string) (func(context.Context) error, error) {
	tell := func(ctx context.Context, by int) error {
		s.presence.connect(employeeID, by)
		return s.Store.Write(ctx, func(tx *store.Tx) error { return s.tellPresence(tx, []string{employeeID}) })
	}
	return func(ctx context.Context) error { return tell(ctx, -1) }, tell(ctx, 1)
}

func (s *Switchboard) tellPresence(tx *store.Tx, ids []string) error {
	for _, id := range ids {
		state := s.presence.of(id)
		news, err := tx.SetPresence(id, state)
		if err != nil {
			return err
		}
		if !news {
			continue
		}
		if err := tx.Journal("presence", stream.All, client.Presence{EmployeeID: id, State: state}); err != nil {
			return err
		}
	}
	return nil
}

// resetPresence is for the start: whoever was connected to the process before is not now.
func (s *Switchboard) resetPresence(ctx context.Context) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		people, err := tx.Employees()
		if err != nil {
			return err
		}
		for _, e := range people {
			if err := s.tellPresence(tx, []string{e.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}
