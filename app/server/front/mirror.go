package front

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dozvon/app/server/store/registry"
)

// Registry is what a mirror is of.
type Registry interface {
	Revision(ctx context.Context) (int64, error)
	All(ctx context.Context) (registry.Snapshot, error)
}

const (
	// lookEvery is how often it is looked whether a command, or another node, has changed the registry.
	lookEvery = 2 * time.Second
	// unknownEvery bounds how often somebody unknown lets it be looked: anybody can make a name up.
	unknownEvery = time.Second
	// lookLimit bounds one look.
	lookLimit = 10 * time.Second
)

// Mirror is a copy of the registry in memory, so that no request asks a database whose it is. Safe for concurrent use.
type Mirror struct {
	registry Registry
	now      func() time.Time
	state    atomic.Pointer[mirrored]
	asked    atomic.Int64 // when it was looked for somebody unknown last, in milliseconds
	looking  sync.Mutex   // one look at a time, so that an older state never follows a newer one
	changed  func(ended, begun []string)
}

type mirrored struct {
	registry.Snapshot
	states map[string]registry.State
	hosts  map[string]string
}

// NewMirror reads the registry. changed hears which schools are not active any more, and which have become so, before
// anybody is told of their new state; nil: nobody does.
func NewMirror(ctx context.Context, r Registry, now func() time.Time, changed func(ended, begun []string)) (*Mirror, error) {
	m := &Mirror{registry: r, now: now, changed: changed}
	m.state.Store(&mirrored{Snapshot: registry.Snapshot{Revision: -1}})
	return m, m.Look(ctx)
}

// Run follows the registry until ctx ends.
func (m *Mirror) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := m.Look(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "the registry of schools is not followed; what was known of it stays in force", "err", err)
		}
	}
}

// Look reads the registry if it was changed.
func (m *Mirror) Look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	m.looking.Lock()
	defer m.looking.Unlock()
	had := m.state.Load()
	revision, err := m.registry.Revision(ctx)
	if err != nil || revision == had.Revision {
		return err
	}
	all, err := m.registry.All(ctx)
	if err != nil {
		return err
	}
	now := &mirrored{Snapshot: all, states: map[string]registry.State{}, hosts: map[string]string{}}
	for _, s := range all.Schools {
		now.states[s.Name] = s.State
		for _, host := range s.Hosts {
			now.hosts[host] = s.Name
		}
	}
	if m.changed != nil {
		m.changed(activeIn(had, now), activeIn(now, had))
	}
	m.state.Store(now)
	return nil
}

// activeIn are the schools that are active in one state and not in another.
func activeIn(one, other *mirrored) (names []string) {
	for name, state := range one.states {
		if state == registry.Active && other.states[name] != registry.Active {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Schools are all that there are.
func (m *Mirror) Schools() []registry.School { return m.state.Load().Schools }

// State is a school's; empty when there is none of this name.
func (m *Mirror) State(ctx context.Context, name string) registry.State {
	state := m.state.Load().states[name]
	if state == "" && m.lookFor(ctx) {
		state = m.state.Load().states[name]
	}
	return state
}

// Host is the school that has a host's name.
func (m *Mirror) Host(_ context.Context, host string) (name string, ok bool) {
	name, ok = m.state.Load().hosts[host]
	return name, ok
}

// Address are the schools whose PBX's requests tell this.
func (m *Mirror) Address(ctx context.Context, a registry.Address) []string {
	names := m.state.Load().Addresses[a]
	if len(names) == 0 && m.lookFor(ctx) {
		names = m.state.Load().Addresses[a]
	}
	return names
}

// lookFor looks for somebody unknown: a command, or another node, may have added them a moment ago.
func (m *Mirror) lookFor(ctx context.Context) bool {
	now, last := m.now().UnixMilli(), m.asked.Load()
	if now-last < unknownEvery.Milliseconds() || !m.asked.CompareAndSwap(last, now) {
		return false
	}
	if err := m.Look(ctx); err != nil {
		slog.WarnContext(ctx, "the registry of schools is not read", "err", err)
		return false
	}
	return true
}
