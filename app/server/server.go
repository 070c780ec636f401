// Package server puts the server together from its parts and takes it apart again in
// reverse order. It holds the wiring and nothing else.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"dozvon/app/server/access"
	"dozvon/app/server/api"
	"dozvon/app/server/sessions"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/app/server/switchboard"
)

// Parts is a server put together but not yet listening. Tests and the admin commands use it.
type Parts struct {
	Store       *store.Store
	Sealer      *access.Sealer
	Hub         *stream.Hub
	Switchboard *switchboard.Switchboard
	Sessions    *sessions.Sessions
	API         *api.Server
}

// NewID makes ids: version 7, so that they sort by time and stay apart on many nodes.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Build opens the database and wires the parts. Close them with Parts.Close.
func Build(ctx context.Context, cfg Config) (*Parts, error) {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	dbURL, err := cfg.DatabaseURL()
	if err != nil {
		return nil, err
	}
	sealer, err := access.OpenSealer(cfg.Data)
	if err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	st, err := store.Open(ctx, dbURL, cfg.Now)
	if err != nil {
		return nil, err
	}
	p := &Parts{Store: st, Sealer: sealer}
	if err := p.wire(ctx, cfg); err != nil {
		st.Close()
		return nil, err
	}
	return p, nil
}

func (p *Parts) wire(ctx context.Context, cfg Config) error {
	var err error
	if p.Hub, err = stream.NewHub(ctx, p.Store); err != nil {
		return err
	}
	p.Store.OnCommit(p.Hub.Publish)
	passwords := access.NewPasswords(cfg.PasswordCost)
	p.Switchboard, err = switchboard.New(ctx, switchboard.Config{
		Store: p.Store, Sealer: p.Sealer, Passwords: passwords, Kinds: cfg.kinds(), Recordings: cfg.recordings(), RawKept: cfg.rawKept(),
		PublicURL: cfg.publicURL(), Outbound: cfg.outbound(), ImportsDir: filepath.Join(cfg.Data, "imports"), Now: cfg.Now, NewID: NewID,
	})
	if err != nil {
		return err
	}
	p.Hub.NarrowRecordings(p.Switchboard.ParticipantsOnly)
	sources, err := cfg.sources()
	if err != nil {
		return err
	}
	p.Sessions = sessions.New(sessions.Config{Store: p.Store, Passwords: passwords, School: p.Switchboard.School, Now: cfg.Now, NewID: NewID})
	p.API = api.New(api.Config{Store: p.Store, Hub: p.Hub, Switchboard: p.Switchboard, Sessions: p.Sessions, StreamsOfSession: cfg.StreamsOfSession, Sources: sources, Version: cfg.Version, PingEvery: cfg.PingEvery, BodyIdle: cfg.BodyIdle})
	return nil
}

// Close ends what was set to happen later, lets waiting writes finish and closes the database.
func (p *Parts) Close() error { return errors.Join(p.Switchboard.Close(), p.Store.Close()) }

const (
	// stopLimit is how long a graceful stop waits for running requests.
	stopLimit = 10 * time.Second
	// followEvery is how often the journal is read for what others have written.
	followEvery = time.Second
)

// Run serves until ctx ends, then stops gracefully: streams are closed, running requests
// finish, waiting writes are committed.
func Run(ctx context.Context, cfg Config) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	p, err := Build(ctx, cfg)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listening on %s (is another server running?): %w", cfg.Listen, err), p.Close())
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	running := p.background(work)

	// Small read buffers: an idle stream costs little else.
	srv := &http.Server{
		Handler: p.API.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, TLSConfig: cfg.tls(),
	}
	failed := make(chan error, 1)
	go func() {
		if cfg.encrypted() {
			failed <- srv.ServeTLS(listener, cfg.TLSCert, cfg.TLSKey)
			return
		}
		failed <- srv.Serve(listener)
	}()
	slog.Info("server started", "listen", listener.Addr().String(), "version", cfg.Version)
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = nil
	}
	p.API.CloseStreams()
	deadline, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	if serr := srv.Shutdown(deadline); serr != nil && err == nil {
		err = fmt.Errorf("stopping: %w", serr)
	}
	stop()
	<-running
	slog.Info("server stopped")
	return errors.Join(err, p.Close())
}

// background runs what goes on beside the requests; the channel closes when all of it has ended.
func (p *Parts) background(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	follow := make(chan struct{})
	go func() {
		defer close(follow)
		p.follow(ctx)
	}()
	go func() {
		defer close(done)
		var others sync.WaitGroup
		others.Go(func() { p.Sessions.Run(ctx) })
		others.Go(func() { p.API.Run(ctx) })
		p.Switchboard.Run(ctx)
		<-follow
		others.Wait()
	}()
	return done
}

// follow reads what other nodes and the admin commands committed: at once when PostgreSQL
// notifies, else within a second.
func (p *Parts) follow(ctx context.Context) {
	wake := p.Store.Listen(ctx)
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
		if err := p.Hub.CatchUp(ctx); err != nil && ctx.Err() == nil {
			slog.Error("journal not followed", "err", err)
		}
	}
}
