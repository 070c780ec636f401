package api

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"dozvon/app/server/chores"
	"dozvon/app/server/stream"
	"dozvon/client"
)

const (
	// sessionCheck is how often it is looked whether the sessions of open streams are still valid: another
	// node may have ended one, or a command beside the server. A check here ends streams at once.
	sessionCheck = 2 * time.Second
	// checkLimit bounds one look.
	checkLimit = 10 * time.Second
	// streamsOfSession is how many streams a session may have. An app has one; the others are
	// connections whose end was not heard of, so a new one ends the oldest.
	streamsOfSession = 16
)

// openStream is one connection that follows the events.
type openStream struct {
	session  string
	employee client.Employee
	reader   *stream.Reader
	end      context.CancelFunc
}

// openStreams are those of this node.
type openStreams struct {
	mu       sync.Mutex
	of       map[string][]*openStream // by session, oldest first
	most     int
	checkNow chan struct{}
}

func newOpenStreams(most int) *openStreams {
	return &openStreams{of: map[string][]*openStream{}, most: most, checkNow: make(chan struct{}, 1)}
}

// add takes a stream in until the returned function is called.
func (o *openStreams) add(s *openStream) (remove func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := append(o.of[s.session], s)
	for len(all) > o.most {
		all[0].end()
		all = all[1:]
	}
	o.of[s.session] = all
	return func() { o.remove(s) }
}

func (o *openStreams) remove(s *openStream) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var left []*openStream
	for _, other := range o.of[s.session] {
		if other != s {
			left = append(left, other)
		}
	}
	if len(left) == 0 {
		delete(o.of, s.session)
		return
	}
	o.of[s.session] = left
}

func (o *openStreams) all() []*openStream {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []*openStream
	for _, streams := range o.of {
		all = append(all, streams...)
	}
	return all
}

// lagMost is how many rows of the journal a stream may be behind before it counts as lagging.
const lagMost = 100

// Lag is how many rows of the journal the stream is behind that is furthest behind, and how many streams lag.
func (s *Server) Lag() (worst int64, lagging int) {
	last := s.Hub.Last()
	for _, one := range s.streams.all() {
		behind := last - one.reader.At()
		worst = max(worst, behind)
		if behind > lagMost {
			lagging++
		}
	}
	return worst, lagging
}

// check lets the streams of ended sessions end now, not at the next look.
func (o *openStreams) check() {
	select {
	case o.checkNow <- struct{}{}:
	default: // one is wanted already
	}
}

// Run ends the streams of sessions that ended, and of employees whose role changed, until ctx ends.
func (s *Server) Run(ctx context.Context) {
	done := chores.Watch(ctx, "stream_sessions")
	tick := time.NewTicker(sessionCheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.streams.checkNow:
		}
		err := s.endStreams(ctx)
		done(err)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "sessions of open streams not checked", "err", err)
		}
	}
}

// endStreams ends what is not allowed any more. Who gets another role gets other events, so that
// app has to connect again.
func (s *Server) endStreams(ctx context.Context) error {
	open := s.streams.all() // before the sessions are read: one opened meanwhile is of a session not read
	if len(open) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	inUse := map[string]bool{}
	for _, one := range open {
		inUse[one.session] = true
	}
	live, err := s.Sessions.Live(ctx, inUse)
	if err != nil {
		return err
	}
	for _, one := range open {
		if session, ok := live[one.session]; !ok || session.Role != one.employee.Role {
			one.end()
		}
	}
	return nil
}
