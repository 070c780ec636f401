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
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
)

// Config is what a Switchboard cannot do without. All fields are required.
type Config struct {
	Store  *store.Store
	Sealer *access.Sealer
	// Provider makes the adapter of an integration, given its unsealed salt.
	Provider func(i store.Integration, salt string) (pbx.Provider, error)
	// Files is the folder for cached recordings.
	Files string
	Now   func() time.Time
	NewID func() string
}

// Switchboard takes events and orders. Safe for concurrent use.
type Switchboard struct {
	Config
	office   atomic.Pointer[office]
	presence *presence
	seen     sync.Map // integration id → time of its last event
	fetching sync.Map // recording id → *sync.Mutex
}

// New returns a switchboard that knows the store's integrations and people.
func New(ctx context.Context, cfg Config) (*Switchboard, error) {
	s := &Switchboard{Config: cfg, presence: newPresence()}
	if err := s.Reload(ctx); err != nil {
		return nil, err
	}
	active, err := s.Store.ActiveCalls(ctx)
	if err != nil {
		return nil, err
	}
	for _, rec := range active {
		s.presence.call(rec.View)
	}
	return s, s.resetPresence(ctx)
}

const (
	// idleLimit is how long a call whose legs have all ended waits for the PBX's summary. It
	// normally comes within a second; a route or transfer makes its next leg sooner still.
	idleLimit = 15 * time.Second
	// silentLimit is how long a click-to-call may go without a single event of the PBX.
	silentLimit = 60 * time.Second
	// forgottenLimit ends a call of which nothing was heard any more: no talk lasts that long.
	forgottenLimit = 12 * time.Hour
	// rawKept is how long webhooks are kept as they came.
	rawKept = 90 * 24 * time.Hour
	// housekeeping is how often the above are looked at.
	housekeeping = 2 * time.Second
)

// Run closes calls whose end the PBX never told, and follows changes made by commands beside
// the server, until ctx ends.
func (s *Switchboard) Run(ctx context.Context) {
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

func (s *Switchboard) housekeep(ctx context.Context, cleaned *time.Time) error {
	if err := s.Reload(ctx); err != nil {
		return err
	}
	if err := s.noteLastEvents(ctx); err != nil {
		return err
	}
	if s.Now().Sub(*cleaned) > time.Hour {
		*cleaned = s.Now()
		if err := s.Store.Write(ctx, func(tx *store.Tx) error { return tx.DropRawEvents(s.Now().Add(-rawKept)) }); err != nil {
			return err
		}
	}
	return s.CloseForgotten(ctx)
}

func (s *Switchboard) noteLastEvents(ctx context.Context) error {
	seen := map[string]time.Time{}
	s.seen.Range(func(id, at any) bool {
		seen[id.(string)] = at.(time.Time)
		s.seen.Delete(id)
		return true
	})
	if len(seen) == 0 {
		return nil
	}
	return s.Store.Write(ctx, func(tx *store.Tx) error {
		for id, at := range seen {
			if err := tx.TouchIntegration(id, at); err != nil {
				return err
			}
		}
		return nil
	})
}

var (
	// ErrUnknownKey says that no integration has the key that a webhook carries.
	ErrUnknownKey = errors.New("no integration has this key")
	// ErrInactive says that the integration is switched off.
	ErrInactive = errors.New("the integration is switched off")
	// ErrNoExtension says that the employee has no extension, so the PBX cannot ring them.
	ErrNoExtension = errors.New("the employee has no extension")
	// ErrNoIntegration says that no active integration can do what was asked.
	ErrNoIntegration = errors.New("no active integration can do this")
	// ErrEnded says that the call is over.
	ErrEnded = errors.New("the call is over")
	// ErrNotYours says that the call concerns neither the employee nor a manager.
	ErrNotYours = errors.New("the call is another employee's")
	// ErrNoRecording says that the call has no recording.
	ErrNoRecording = errors.New("the call has no recording")
	// ErrNotReady says that the PBX is still preparing the recording.
	ErrNotReady = errors.New("the recording is not ready yet")
)

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
