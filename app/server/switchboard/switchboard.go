// Package switchboard is where a call's way comes together: the PBX's events are
// folded, bound to whom they belong, written with their feed entry and their journal row in
// one transaction, and the operators' orders go out to the PBX. It decides by the
// rules of call, crm and feed, writes through store, and knows neither HTTP nor any
// PBX by name.
package switchboard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/chores"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/undo"
)

// Config is what a Switchboard cannot do without. All fields are required.
type Config struct {
	Store  *store.Store
	Audit  *audit.Log
	Undo   *undo.Offers
	Sealer *access.Sealer
	// Passwords hashes those of accounts.
	Passwords *access.Passwords
	// Kinds are the PBXs that can be connected; a new integration is of the first unless told otherwise.
	Kinds []pbx.Kind
	// RawKept is how long webhooks are kept as they came.
	RawKept time.Duration
	// PublicURL is how the PBX reaches this server.
	PublicURL string
	// Outbound says which addresses beside the public ones a PBX may have.
	Outbound outbound.Policy
	Now      func() time.Time
	NewID    func() string
}

// Switchboard takes events and orders. Safe for concurrent use.
type Switchboard struct {
	Config
	Presence    *Presence
	office      atomic.Pointer[office]
	reloading   sync.Mutex   // one Reload at a time, so that an older state never follows a newer one
	node        string       // this process among all that share the database
	reloadedFor atomic.Int64 // when it was reloaded last for an unknown key, in milliseconds
	seen        sync.Map     // integration id → lastSeen
	health      sync.Map     // integration id → client.Health that was told last
	// Connectivity tests the way from us to the PBX and back.
	Connectivity *ConnectivityTests
	timers       timers
	observers    []Observer
	callbacks    Callbacks
	asked        sync.Map  // integration id → a comparison is wanted now
	alive        time.Time // when it was last noted that the server lives; Run's alone
}

// lastSeen is when an integration's newest webhook came, and how much later than its own time.
type lastSeen struct {
	at    time.Time
	delay time.Duration
	noted bool // stored already
}

// New returns a switchboard that knows the store's integrations and people.
func New(ctx context.Context, cfg Config) (*Switchboard, error) {
	s := &Switchboard{Config: cfg, node: cfg.NewID()}
	s.Presence = newPresence(cfg.Store, cfg.Now, s.node)
	s.Connectivity = &ConnectivityTests{calls: s}
	if err := s.Reload(ctx); err != nil {
		return nil, err
	}
	undo.Register(s.Undo, "calls", s.restoreCalls, auditCalls)
	return s, s.Presence.align(ctx)
}

// leaveLimit bounds the last write of a node.
const leaveLimit = 5 * time.Second

// Close ends what was set to happen later, and takes this node out. The store is closed after it.
func (s *Switchboard) Close() error {
	s.timers.stop()
	for _, t := range s.office.Load().trunks {
		if c, ok := t.provider.(io.Closer); ok {
			c.Close()
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaveLimit)
	defer cancel()
	return s.Presence.leave(ctx)
}

const (
	// idleLimit is how long a call whose legs have all ended waits for the PBX's summary. It
	// normally comes within a second; a route or transfer makes its next leg sooner still.
	idleLimit = 15 * time.Second
	// silentLimit is how long a click-to-call may go without a single event of the PBX.
	silentLimit = 60 * time.Second
	// forgottenLimit ends a call of which nothing was heard any more: no talk lasts that long.
	forgottenLimit = 12 * time.Hour
	// commandsKept is how long what was asked of the PBX is remembered.
	commandsKept = 30 * 24 * time.Hour
	// leasesKept is how long a lease that is over is remembered.
	leasesKept = 24 * time.Hour
	// housekeeping is how often the above are looked at.
	housekeeping = 2 * time.Second
)

// Run closes calls whose end the PBX never told, and follows changes made by commands beside
// the server, until ctx ends.
func (s *Switchboard) Run(ctx context.Context) {
	var slow sync.WaitGroup
	defer slow.Wait()
	s.chores(ctx, &slow)
	tick := time.NewTicker(housekeeping)
	defer tick.Stop()
	var cleaned time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := s.housekeep(ctx, &cleaned); err != nil && ctx.Err() == nil {
			slog.Error("housekeeping failed", "err", err)
		}
	}
}

// choresEvery is how often it is looked whether a chore's time has come.
const choresEvery = 2 * time.Second

// chores are what takes long and nobody waits for: comparing calls with the PBX's statistics,
// keeping its address book. None waits for another.
func (s *Switchboard) chores(ctx context.Context, running *sync.WaitGroup) {
	begun, adopted := map[string]bool{}, map[string]bool{}
	running.Go(func() { chores.Repeat(ctx, choresEvery, func() { s.reconcileDue(ctx, begun) }) })
	running.Go(func() { chores.Repeat(ctx, choresEvery, func() { s.keepBooks(ctx, adopted) }) })
}

func (s *Switchboard) housekeep(ctx context.Context, cleaned *time.Time) error {
	if err := s.Reload(ctx); err != nil {
		return err
	}
	// One that fails must not keep the others from being done.
	err := errors.Join(s.noteLastEvents(ctx), s.tellHealth(ctx), s.noteAlive(ctx))
	if s.Now().Sub(*cleaned) > time.Hour {
		*cleaned = s.Now()
		err = errors.Join(err, s.clean(ctx))
	}
	return errors.Join(err, s.CloseForgotten(ctx))
}

// clean forgets what is kept for a time only.
func (s *Switchboard) clean(ctx context.Context) error {
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DropCommands(s.Now().Add(-commandsKept)); err != nil {
			return err
		}
		if err := s.Undo.DropOld(tx); err != nil {
			return err
		}
		if err := tx.DropLeases(s.Now().Add(-leasesKept)); err != nil {
			return err
		}
		if err := tx.DropRawEvents(s.Now().Add(-s.RawKept)); err != nil {
			return err
		}
		return s.Audit.DropOld(tx)
	})
}

// healthOnce is within how long the same change is told once: the nodes look every two seconds.
const healthOnce = 20 * time.Second

// tellHealth tells the accountants when the way to a PBX closes or opens.
func (s *Switchboard) tellHealth(ctx context.Context) error {
	for _, t := range s.office.Load().trunks {
		p, ok := t.provider.(pbx.Patient)
		if !ok {
			continue
		}
		now := p.Health().State
		was, known := s.health.Swap(t.ID, now)
		if was == any(now) || (!known && now == pbx.Healthy) {
			continue
		}
		// One node tells of it; all of them see it.
		tells, err := s.Store.Claim(ctx, "health "+t.ID+" "+string(now), s.node, healthOnce, false)
		if err != nil {
			return err
		}
		if !tells {
			continue
		}
		slog.Warn("the way to the PBX changed", "integration", t.ID, "state", now, "code", p.Health().Code)
		if _, err := s.tellIntegration(ctx, t.ID); err != nil {
			return err
		}
	}
	return nil
}

// noteLastEvents notes when the newest webhooks came, of those that are not noted yet.
func (s *Switchboard) noteLastEvents(ctx context.Context) error {
	seen := map[string]lastSeen{}
	s.seen.Range(func(id, v any) bool {
		if last := v.(lastSeen); !last.noted {
			seen[id.(string)] = last
		}
		return true
	})
	if len(seen) == 0 {
		return nil
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		for id, last := range seen {
			if err := tx.TouchIntegration(id, last.at, last.delay); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for id, last := range seen {
		noted := last
		noted.noted = true
		s.seen.CompareAndSwap(id, last, noted)
	}
	return nil
}

var (
	// ErrUnknownKey says that no integration has the key that a webhook carries.
	ErrUnknownKey = errors.New("no integration has this key")
	// ErrEnded says that the call is over.
	ErrEnded = errors.New("the call is over")
	// ErrHookSecret says that a webhook came without the secret word of the integration's address.
	ErrHookSecret = errors.New("the address lacks the integration's secret word")
	// ErrNotNow says that the call is in a state in which this cannot be done.
	ErrNotNow = errors.New("not possible in the call's present state")
)

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
