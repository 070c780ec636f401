package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"dozvon/app/server/pbx"
	"dozvon/app/server/requestid"
	"dozvon/client"
)

// School is a server put together and at work, but for the listening: one of an installation that holds several. It
// has its data folder to itself.
type School struct {
	*Parts
	name    string
	handler http.Handler
	running <-chan struct{}
	stop    context.CancelFunc
	release func()
	rounds  *rounds
	// closing hears before the school is closed; nil: nobody does.
	closing func(*School)
}

// OpenSchool builds a school's parts and begins what goes on by itself. ctx bounds the opening alone.
func OpenSchool(ctx context.Context, cfg Config) (*School, error) {
	ctx = requestid.WithSchool(ctx, cfg.School)
	release, err := holdFolder(cfg.Data)
	if err != nil {
		return nil, err
	}
	cfg.holds = true
	p, err := Build(ctx, cfg)
	if err != nil {
		release()
		return nil, err
	}
	cfg.closeFolders()
	s := &School{Parts: p, name: cfg.School, handler: p.API.Handler(), release: release, rounds: newRounds()}
	p.watchers = append(p.watchers, s.rounds)
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop, s.running = stop, p.background(work)
	return s, nil
}

// ServeHTTP serves the school's API.
func (s *School) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.pace != nil {
		s.pace.Stir()
	}
	s.handler.ServeHTTP(w, r)
}

// busyLimit is how long the database is asked whether a school may be closed.
const busyLimit = 3 * time.Second

// Busy tells whether a call or an import goes on, or a PBX sends its events by a subscription that must be renewed in
// time: these want the school open although nobody looks. What cannot be told counts as a yes.
func (s *School) Busy() bool {
	for _, i := range s.Directory.Snapshot().Integrations() {
		if i.Active && slices.Contains(i.KindOfPBX().Capabilities, pbx.CanBeSubscribed) {
			return true
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), busyLimit)
	defer cancel()
	calls, err := s.Store.ActiveCalls(ctx)
	if err != nil || len(calls) > 0 {
		return true
	}
	for _, state := range []string{client.ImportQueued, client.ImportRunning, client.ImportBinding} {
		if going, err := s.Store.Imports(ctx, state); err != nil || len(going) > 0 {
			return true
		}
	}
	return false
}

// End ends the streams and practices.
func (s *School) End() { s.API.CloseStreams() }

// Close ends all of it and gives the data folder back.
func (s *School) Close() error {
	if s.closing != nil {
		s.closing(s)
	}
	s.End()
	s.stop()
	<-s.running
	err := s.Parts.Close()
	s.release()
	if err != nil {
		return fmt.Errorf("closing a school: %w", err)
	}
	return nil
}
