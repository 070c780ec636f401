// Package presence is who can be rung now: it counts the apps that are connected to the nodes, follows
// who is on a call, and publishes what that changes. It is told of calls by their room and asks nothing.
package presence

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"dozvon/app/server/chores"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

const (
	// lookEvery is how often it is looked whether a sign of life is due.
	lookEvery = 2 * time.Second
	// leaveLimit bounds the last write of a node.
	leaveLimit = 5 * time.Second
	// beatEvery is how often a node says that it lives.
	beatEvery = 10 * time.Second
	// nodeFor is for how long that is believed: who was connected to a node that died is offline after
	// it, unless their app has found another. The nodes' clocks may be some seconds apart.
	nodeFor = 60 * time.Second
)

// connections counts the apps that have a stream of this node open. What all nodes know of it stands
// in the database.
type connections struct {
	mu     sync.Mutex     // guards what follows
	counts map[string]int // by employee
	behind bool           // the database does not know all of them: a write failed
}

func (c *connections) add(employeeID string, by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[employeeID] += by
	if c.counts[employeeID] == 0 {
		delete(c.counts, employeeID)
	}
}

func (c *connections) of(employeeID string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts[employeeID]
}

// late notes whether the database is behind, and returns what was noted before.
func (c *connections) late(behind bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	was := c.behind
	c.behind = behind
	return was
}

func (c *connections) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.counts))
}

// Board says who can be rung: it counts the apps that are connected to the nodes, follows who talks,
// and publishes what that changes.
type Board struct {
	store     *store.Store
	now       func() time.Time
	node      string // this process among all that share the database
	connected connections
	beaten    time.Time // when this node said last that it lives; Run's alone
}

// New returns the board of a node.
func New(st *store.Store, now func() time.Time, node string) *Board {
	return &Board{store: st, now: now, node: node, connected: connections{counts: map[string]int{}}}
}

// Run gives this node's signs of life, until ctx ends.
func (p *Board) Run(ctx context.Context) {
	chores.Repeat(ctx, "presence", lookEvery, func() error {
		err := p.liveOn(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Error("the node's sign of life was not given", "err", err)
		}
		return err
	})
}

// busyOn is whom a call rings and who talks on it, while it goes on.
func busyOn(c client.Call) map[string]client.PresenceState {
	if c.State == "" || c.State == client.StateEnded {
		return nil
	}
	busy := map[string]client.PresenceState{}
	for _, id := range c.Ringing {
		busy[id] = client.PresenceRinging
	}
	if c.State != client.StateTalking && c.State != client.StateHeld {
		return busy
	}
	if c.Employee != nil {
		busy[c.Employee.ID] = client.PresenceTalking
	}
	for _, end := range []*client.CallEnd{c.Caller, c.Called} { // both talk on an internal call
		if end != nil && end.Employee != nil {
			busy[end.Employee.ID] = client.PresenceTalking
		}
	}
	return busy
}

// CallChanged notes who is on a call now, and publishes what that changes.
func (p *Board) CallChanged(tx *store.Tx, before, after client.Call) error {
	was, now := busyOn(before), busyOn(after)
	if maps.Equal(was, now) {
		return nil
	}
	if err := tx.SetBusy(after.ID, now); err != nil {
		return err
	}
	ids := slices.Collect(maps.Keys(was))
	return p.publish(tx, slices.AppendSeq(ids, maps.Keys(now)))
}

// Connected notes that an app of the employee opened its stream; the returned function is for when it
// closes. It must be called also after an error: the stream goes on, and what could not be written is
// written with the node's next sign of life.
func (p *Board) Connected(ctx context.Context, employeeID string) (func(context.Context) error, error) {
	change := func(ctx context.Context, by int) error {
		p.connected.add(employeeID, by)
		err := p.store.Write(ctx, func(tx *store.Tx) error {
			if err := p.beat(tx); err != nil {
				return err
			}
			return p.connection(tx, employeeID)
		})
		if err != nil {
			p.connected.late(true)
		}
		return err
	}
	return func(ctx context.Context) error { return change(ctx, -1) }, change(ctx, 1)
}

// connection writes how many apps of an employee are connected here, as it is now: what an earlier
// write could not note, this one does.
func (p *Board) connection(tx *store.Tx, employeeID string) error {
	if err := tx.SetConnections(p.node, employeeID, p.connected.of(employeeID)); err != nil {
		return err
	}
	return p.publish(tx, []string{employeeID})
}

// beat says that this node lives. A node that others took for dead, because it stood still, writes its
// connections anew.
func (p *Board) beat(tx *store.Tx) error {
	known, err := tx.Beat(p.node, p.now().Add(nodeFor))
	if err != nil || known {
		return err
	}
	for _, id := range p.connected.all() {
		if err := p.connection(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// liveOn is the sign of life with what belongs to it: nodes that gave none are forgotten, and who was
// connected to them is told to be gone.
func (p *Board) liveOn(ctx context.Context) error {
	if p.now().Sub(p.beaten).Abs() < beatEvery {
		return nil
	}
	behind := p.connected.late(false)
	err := p.store.Write(ctx, func(tx *store.Tx) error {
		if behind {
			if err := tx.DropConnections(p.node); err != nil {
				return err
			}
			for _, id := range p.connected.all() {
				if err := p.connection(tx, id); err != nil {
					return err
				}
			}
		}
		if err := p.beat(tx); err != nil {
			return err
		}
		gone, err := tx.DropNodes("")
		if err != nil {
			return err
		}
		return p.publish(tx, gone)
	})
	if err != nil {
		p.connected.late(behind)
		return err
	}
	p.beaten = p.now()
	return nil
}

// Leave takes the node out, at its end.
func (p *Board) Leave() error {
	ctx, cancel := context.WithTimeout(context.Background(), leaveLimit)
	defer cancel()
	return p.store.Write(ctx, func(tx *store.Tx) error {
		gone, err := tx.DropNodes(p.node)
		if err != nil {
			return err
		}
		return p.publish(tx, gone)
	})
}

// publish tells the screens what employees do now, where that is news.
func (p *Board) publish(tx *store.Tx, ids []string) error {
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		state, err := tx.PresenceOf(id)
		if err != nil {
			return err
		}
		since := p.now().UTC().Truncate(time.Millisecond)
		news, err := tx.SetPresence(id, state, since)
		if err != nil {
			return err
		}
		if !news {
			continue
		}
		if err := tx.Journal("presence", stream.All, client.Presence{EmployeeID: id, State: state, Since: &since}); err != nil {
			return err
		}
	}
	return nil
}

// Align brings what is told of the employees into line with the calls that go on, which is
// for the start: a former version kept it in its process. Who is connected to another node stays so.
func (p *Board) Align(ctx context.Context) error {
	return p.store.Write(ctx, func(tx *store.Tx) error {
		active, err := tx.ActiveCalls()
		if err != nil {
			return err
		}
		for _, rec := range active {
			if err := tx.SetBusy(rec.ID, busyOn(rec.View)); err != nil {
				return err
			}
		}
		if _, err := tx.FreeBusy(); err != nil {
			return err
		}
		people, err := tx.Employees()
		if err != nil {
			return err
		}
		ids := make([]string, len(people))
		for i, e := range people {
			ids[i] = e.ID
		}
		return p.publish(tx, ids)
	})
}
