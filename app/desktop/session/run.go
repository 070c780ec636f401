package session

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/zalando/go-keyring"

	"dozvon/client"
)

// meAgain is the pause between tries to learn whose token it is while the server is away.
const meAgain = 2 * time.Second

// listener is who is told of a stream.
type listener struct {
	ready  func(client.Employee)
	handle func(context.Context, client.StreamEvent)
}

// Run follows, in the background and until Stop, the event stream of whoever is signed in, now and
// whenever that changes. ready is called when whose token it is is known, before the first event,
// and again when the server tells something else of them, e.g. another role. Both are
// called from one goroutine at a time; the context of handle ends with the stream.
func (s *Session) Run(ctx context.Context, ready func(client.Employee), handle func(context.Context, client.StreamEvent)) {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.follow = func(t *token) { s.begin(ctx, t, listener{ready, handle}) }
	if now := s.current(); now != nil && now.done == nil {
		s.follow(now)
	}
}

func (s *Session) begin(ctx context.Context, t *token, l listener) {
	ctx, t.cancel = context.WithCancel(ctx)
	t.done = make(chan struct{})
	go func() {
		err := s.stream(ctx, t, l)
		close(t.done)
		switch {
		case errors.Is(err, client.ErrSignedOut):
			s.over(t, err)
		case err != nil && ctx.Err() == nil:
			slog.Error("event stream ended", "error", err)
		}
	}()
}

func (s *Session) stream(ctx context.Context, t *token, l listener) error {
	me := t.me
	if me.ID == "" { // restored: nobody has told yet
		var err error
		if me, err = s.waitForMe(ctx, t); err != nil {
			return err
		}
	}
	s.known(t, me)
	l.ready(me)
	return t.api.Stream(ctx, client.StreamConfig{
		State: func(stream client.StreamState) { s.connected(t, stream) },
		Handle: func(event client.StreamEvent) {
			if hello, ok := event.Data.(*client.Hello); ok && hello.Employee != nil && !sameEmployee(me, *hello.Employee) {
				me = *hello.Employee
				s.known(t, me)
				l.ready(me)
			}
			l.handle(ctx, event)
		},
	})
}

// sameEmployee leaves out what says nothing of rights: the presence changes with every call.
func sameEmployee(a, b client.Employee) bool {
	a.Presence, b.Presence, a.ETag, b.ETag = "", "", "", ""
	a.PresenceSince, b.PresenceSince = nil, nil
	return a == b
}

func (s *Session) known(t *token, me client.Employee) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == t {
		s.state.Me = me
	}
}

func (s *Session) waitForMe(ctx context.Context, t *token) (client.Employee, error) {
	for {
		me, err := t.api.Me(ctx)
		if err == nil {
			return me, nil
		}
		var problem *client.Problem
		if errors.As(err, &problem) && problem.Status == 401 {
			return me, errors.Join(client.ErrSignedOut, problem)
		}
		s.connected(t, client.StreamState{Since: time.Now(), Err: err})
		select {
		case <-ctx.Done():
			return me, ctx.Err()
		case <-time.After(meAgain):
		}
	}
}

// over ends a session that the server ended. A token that came into the keyring meanwhile, by
// `dozvon sign-in` while this program could not be asked, takes its place.
func (s *Session) over(t *token, why error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.current() != t {
		return
	}
	slog.Info("the server ended the session", "reason", why)
	secret, err := loadToken(t.server, t.login)
	if err == nil && t.inKeyring && secret != "" && secret != t.secret {
		s.use(t.server, t.login, secret, client.Employee{}, true)
		return
	}
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		slog.Debug("keyring not read", "error", err)
	}
	s.forget(t)
	s.signedOut(why)
}

// connected follows the connection of a token; of one that is no longer in use it says nothing.
func (s *Session) connected(t *token, stream client.StreamState) {
	s.mu.Lock()
	next := Lost
	if stream.Live {
		next = Live
	}
	if s.token != t || next == s.state.Connection && !tells(stream.Err, s.state.Err) {
		s.mu.Unlock()
		return
	}
	if next != s.state.Connection {
		s.state.Connection, s.state.Since = next, stream.Since
	}
	s.state.Err = stream.Err
	state := s.state
	s.mu.Unlock()
	slog.Info("connection changed", "state", state.Connection, "error", stream.Err)
	s.changed(state)
}

// tells whether a person would be told something else about why there is no connection: that it
// is not our server that answers, or that it is away again.
func tells(now, before error) bool {
	var a, b *client.ForeignAnswer
	errors.As(now, &a)
	errors.As(before, &b)
	return (a == nil) != (b == nil) || a != nil && a.Status != b.Status
}

// Stop ends the stream and waits for it.
func (s *Session) Stop() {
	s.turn.Lock()
	defer s.turn.Unlock()
	s.follow = nil
	s.stop()
}

// stop ends the stream of the token in use. s.turn is held.
func (s *Session) stop() {
	now := s.current()
	if now == nil {
		return
	}
	if now.done != nil {
		now.cancel()
		<-now.done
	}
	if now.practice != nil {
		now.practice.close()
	}
}
