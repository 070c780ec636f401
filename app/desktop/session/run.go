package session

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dozvon/client"
)

// meAgain is the pause between tries to learn whose token it is while the server is away.
const meAgain = 2 * time.Second

// Run follows the event stream of the signed-in employee in the background until Stop or
// sign-out. ready is called once whose token it is is known, before the first event.
func (s *Session) Run(ctx context.Context, ready func(client.Employee), handle func(client.StreamEvent)) {
	s.stop()
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	s.mu.Lock()
	api := s.api
	s.cancel, s.done = cancel, done
	s.mu.Unlock()
	if api == nil {
		cancel()
		close(done)
		return
	}
	go func() {
		defer close(done)
		me, ok := s.waitForMe(ctx, api)
		if !ok {
			return
		}
		s.mu.Lock()
		s.state.Me = me
		s.mu.Unlock()
		ready(me)
		err := api.Stream(ctx, client.StreamConfig{Handle: handle, State: s.follow})
		if errors.Is(err, client.ErrSignedOut) {
			s.expire()
		} else if err != nil && ctx.Err() == nil {
			slog.Error("event stream ended", "error", err)
		}
	}()
}

func (s *Session) waitForMe(ctx context.Context, api *client.API) (client.Employee, bool) {
	for {
		me, err := api.Me(ctx)
		if err == nil {
			return me, true
		}
		var problem *client.Problem
		if errors.As(err, &problem) && problem.Status == 401 {
			s.expire()
			return me, false
		}
		s.follow(client.StreamState{Since: time.Now(), Err: err})
		select {
		case <-ctx.Done():
			return me, false
		case <-time.After(meAgain):
		}
	}
}

// expire forgets a token the server no longer knows.
func (s *Session) expire() {
	state := s.State()
	if err := dropToken(state.Server, state.Login); err != nil {
		slog.Warn("dead token not removed from the keyring", "error", err)
	}
	s.signedOut(true)
}

func (s *Session) follow(stream client.StreamState) {
	s.mu.Lock()
	if s.state.Connection == SignedOut {
		s.mu.Unlock()
		return
	}
	next := Lost
	if stream.Live {
		next = Live
	}
	if next == s.state.Connection {
		s.mu.Unlock()
		return
	}
	s.state.Connection, s.state.Since = next, stream.Since
	if s.state.Since.IsZero() {
		s.state.Since = time.Now()
	}
	state := s.state
	s.mu.Unlock()
	slog.Info("connection changed", "state", state.Connection, "error", stream.Err)
	s.changed(state)
}

// Stop ends the stream and waits for it.
func (s *Session) Stop() { s.stop() }

func (s *Session) stop() {
	s.mu.Lock()
	cancel, done := s.cancel, s.done
	s.cancel, s.done = nil, nil
	s.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}
