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
	"sync"
	"time"

	"dozvon/app/server/chores"
)

const (
	// stopLimit is how long a graceful stop waits for running requests.
	stopLimit = 10 * time.Second
	// followEvery is how often the journal is read for what others have written.
	followEvery = time.Second
)

// Run serves until ctx ends, then stops gracefully: streams are closed, running requests
// finish, waiting writes are committed.
func Run(ctx context.Context, cfg Config) (err error) {
	if err := cfg.Validate(); err != nil {
		return err
	}
	// What can be refused is refused before the database is touched.
	release, err := holdFolder(cfg.Data)
	if err != nil {
		return err
	}
	defer release()
	security, err := cfg.tls()
	if err != nil {
		return err
	}
	listener, err := listen(cfg.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	cfg.holds = true
	p, err := Build(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if err := p.Sandboxes.Clean(); err != nil {
		slog.ErrorContext(ctx, "what was left of practices not taken away", "err", err)
	}
	stopMetrics, err := serveMetrics(cfg.MetricsListen, p.Metrics, p.Health, nil)
	if err != nil {
		return err
	}
	defer stopMetrics()
	cfg.closeFolders()
	if cfg.exposed() {
		slog.WarnContext(ctx, exposedWarning, "listen", cfg.Listen)
	}
	if err := p.tellCode(ctx, cfg); err != nil {
		return err
	}
	// Small read buffers: an idle stream costs little else.
	srv := &http.Server{
		Handler: p.API.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, TLSConfig: security,
	}
	return p.serve(ctx, cfg, srv, listener)
}

// tellCode tells how the first administrator comes in, as long as nobody has an account. It goes past
// the log, which is sent to other places and kept; where the output is kept, too, only the way to the code is told.
func (p *Parts) tellCode(ctx context.Context, cfg Config) error {
	to := cfg.Out
	if to == nil {
		return nil
	}
	code, err := p.Welcome.Code(ctx)
	if err != nil || code == "" {
		return err
	}
	if cfg.OutKept {
		fmt.Fprintln(to, "Nobody has an account yet. The one-time code for the first administrator is shown by: dozvon-server account code --data", cfg.Data)
		return nil
	}
	fmt.Fprintf(to, "\nNobody has an account yet. Start Dozvon, choose \"I am the administrator\", and give it this one-time code:\n\n    %s\n\n", code)
	return nil
}

// serve answers requests and does what goes on beside them until ctx ends.
func (p *Parts) serve(ctx context.Context, cfg Config, srv *http.Server, listener net.Listener) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	running := p.background(work)
	failed := make(chan error, 1)
	go func() {
		if cfg.encrypted() {
			failed <- srv.ServeTLS(listener, "", "")
			return
		}
		failed <- srv.Serve(listener)
	}()
	slog.InfoContext(ctx, "server started", "listen", listener.Addr().String(), "version", cfg.Version)
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		p.drain(cfg, failed)
	}
	p.API.CloseStreams()
	deadline, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	if serr := srv.Shutdown(deadline); serr != nil && err == nil {
		err = fmt.Errorf("stopping: %w", serr)
	}
	stop()
	<-running
	slog.InfoContext(ctx, "server stopped")
	return err
}

// drain lets balancers see that the server stops, while it still serves.
func (p *Parts) drain(cfg Config, failed <-chan error) {
	p.Health.Stop()
	if cfg.Drain <= 0 {
		return
	}
	slog.Info("the server stops, and serves on until balancers have noticed", "for", cfg.Drain)
	select {
	case <-failed:
	case <-cfg.Hurry:
	case <-time.After(cfg.Drain):
	}
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
		p.Run(ctx)
		<-follow
	}()
	return done
}

// Run does what each room does by itself, until ctx ends.
func (p *Parts) Run(ctx context.Context) {
	ctx = p.choring(ctx)
	var running sync.WaitGroup
	for _, room := range []interface{ Run(context.Context) }{p.Sessions, p.API, p.Directory, p.Calls, p.Presence, p.Coverage, p.Reconciler, p.Lifecycle, p.Recordings, p.Finder, p.Rules, p.Imports, p.Indexer, p.Addressbook, p.Callers, p.Reactions, p.Retention} {
		running.Go(func() { room.Run(ctx) })
	}
	running.Wait()
}

// choring is what chores are done in: who is told of them, and at which pace they are done.
func (p *Parts) choring(ctx context.Context) context.Context {
	if p.pace != nil {
		ctx = chores.Paced(ctx, p.pace)
	}
	if p.watchers == nil {
		return chores.Watched(ctx, p.Metrics)
	}
	return chores.Watched(ctx, append(chores.Watchers{p.Metrics}, p.watchers...))
}

// follow reads what other nodes and the admin commands committed: at once when PostgreSQL
// notifies, else within a second.
func (p *Parts) follow(ctx context.Context) {
	ctx = p.choring(ctx)
	done := chores.Watch(ctx, "journal")
	wake := p.Store.Listen(ctx)
	for chores.Wait(ctx, followEvery, wake, nil) {
		err := p.Hub.CatchUp(ctx)
		done(err)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "journal not followed", "err", err)
		}
	}
}
