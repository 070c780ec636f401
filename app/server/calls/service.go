// Package calls is a call's way: the PBX's events are
// folded, bound to whom they belong, written with their feed entry and their journal row in
// one transaction, and the operators' orders go out to the PBX. It decides by the
// rules of call, crm and feed, writes through store, and knows neither HTTP nor any
// PBX by name.
package calls

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/app/server/access"
	"dozvon/app/server/audit"
	"dozvon/app/server/chores"
	"dozvon/app/server/directory"
	"dozvon/app/server/presence"
	"dozvon/app/server/store"
	"dozvon/app/server/undo"
)

// Config is what a Service cannot do without. All fields are required.
type Config struct {
	Store     *store.Store
	Audit     *audit.Log
	Undo      *undo.Offers
	Directory *directory.Directory
	Presence  *presence.Board
	// Node is this process among all that share the database.
	Node string
	// RawKept is how long webhooks are kept as they came.
	RawKept time.Duration
	Now     func() time.Time
	NewID   func() string
}

// Service takes events and orders. Safe for concurrent use.
type Service struct {
	Config
	Texts      *Texts
	Commands   *Commands
	Binding    *Binding
	Reader     *Reader
	merges     *Merges
	answers    *Answers
	router     *Router
	observers  []Observer
	watchers   []RequestWatcher
	callers    Callers
	callbacks  Callbacks
	lifecycle  Lifecycle
	reconciler Reconciler
	reactions  Reactions
	Erasures   Erasures // who knows of erased calls, set before the first call; nil: nobody
}

// New returns the calls of what cfg names.
func New(cfg Config) *Service {
	s := &Service{Config: cfg}
	s.Binding, s.Reader, s.router, s.merges, s.answers = &Binding{calls: s}, &Reader{calls: s}, &Router{calls: s}, &Merges{calls: s}, &Answers{calls: s}
	s.Texts, s.Commands = &Texts{calls: s}, &Commands{calls: s}
	undo.Register(s.Undo, "calls", s.Binding.restoreCalls, auditCalls)
	return s
}

const (
	// idleLimit is how long a call whose legs have all ended waits for another word of a PBX whose kind
	// tells no Grace.
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
func (s *Service) Run(ctx context.Context) {
	done := chores.Watch(ctx, "calls")
	var cleaned time.Time
	for chores.Wait(ctx, housekeeping, nil, nil) {
		err := s.housekeep(ctx, &cleaned)
		done(err)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "housekeeping failed", "err", err)
		}
	}
}

func (s *Service) housekeep(ctx context.Context, cleaned *time.Time) error {
	// One that fails must not keep the others from being done.
	var err error
	if s.Now().Sub(*cleaned) > time.Hour {
		*cleaned = s.Now()
		err = errors.Join(err, s.clean(ctx))
	}
	return errors.Join(err, s.CloseForgotten(ctx))
}

// clean forgets what is kept for a time only.
func (s *Service) clean(ctx context.Context) error {
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

var (
	// ErrEnded says that the call is over.
	ErrEnded = errors.New("the call is over")
	// ErrNotNow says that the call is in a state in which this cannot be done.
	ErrNotNow = errors.New("not possible in the call's present state")
)

// hearing tells who may open calls and hear their recordings.
func (s *Service) hearing() access.Recordings {
	return access.Recordings{ParticipantsOnly: s.Directory.ParticipantsOnly}
}
