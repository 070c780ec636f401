// Package sandbox lets employees practise: each gets a school of their own, which lives as long as the
// connection that asked for it. The real school knows nothing of it, so nothing of it can reach the real
// school's calls, cards, figures or PBXs; ids of a practice are marked, so that whatever shows one can tell.
// What such a school is made of, it does not know.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"dozvon/client"
	practised "dozvon/client/sandbox"
)

// The refusals.
var (
	ErrOff     = errors.New("this server offers no practice")
	ErrFull    = errors.New("too many people practise")
	ErrUpgrade = errors.New("a practice needs a connection of its own")
)

// School is what somebody practises in. It speaks the server's own API, without a token: whoever reaches it
// has come in already.
type School interface {
	http.Handler
	// Close ends all of it and takes away what it kept.
	Close() error
}

// Opener makes schools to practise in.
type Opener interface {
	// Clean takes away what a program that was killed has left. It is called before anything else.
	Clean() error
	// Open makes one for an employee; it ends by itself at until, which it tells.
	Open(ctx context.Context, me client.Employee, until time.Time) (School, error)
}

const (
	// mostAtOnce is how many people may practise at once on a node: each has a database and a PBX.
	mostAtOnce = 12
	// longest is how long a practice lasts.
	longest = 30 * time.Minute
	// ping is how long a connection may be silent before it is asked whether it lives, and how long the
	// answer may take.
	ping = 15 * time.Second
)

// Sandboxes are those of this node. Safe for concurrent use.
type Sandboxes struct {
	opener Opener
	ends   Timeout
	room   chan struct{} // one for each who practises
}

// Timeout is context.WithTimeout, or the like by another clock.
type Timeout func(context.Context, time.Duration) (context.Context, context.CancelFunc)

// New offers what opener makes; nil: nothing. ends says when a practice has lasted as long as it may; nil means
// context.WithTimeout.
func New(opener Opener, ends Timeout) *Sandboxes {
	if ends == nil {
		ends = context.WithTimeout
	}
	return &Sandboxes{opener: opener, ends: ends, room: make(chan struct{}, mostAtOnce)}
}

// Clean takes away what a program that was killed has left.
func (s *Sandboxes) Clean() error {
	if s.opener == nil {
		return nil
	}
	return s.opener.Clean()
}

// Serve switches the connection of a request to a practice of an employee and serves it until ctx ends, the
// connection does, or it has lasted as long as it may. An error comes before the connection is switched:
// ErrOff, ErrFull, ErrUpgrade, or why no school could be made.
func (s *Sandboxes) Serve(ctx context.Context, w http.ResponseWriter, r *http.Request, me client.Employee) error {
	switch {
	case s.opener == nil:
		return ErrOff
	case !strings.EqualFold(r.Header.Get("Upgrade"), practised.Protocol):
		return ErrUpgrade
	}
	select {
	case s.room <- struct{}{}:
		defer func() { <-s.room }()
	default:
		return ErrFull
	}
	school, err := s.opener.Open(ctx, me, time.Now().Add(longest))
	if err != nil {
		return fmt.Errorf("making a school to practise in: %w", err)
	}
	ctx, cancel := s.ends(ctx, longest) // what making it takes is not the employee's
	defer cancel()
	defer func() {
		if err := school.Close(); err != nil {
			slog.ErrorContext(r.Context(), "practice not taken away whole", "employee", me.ID, "err", err)
		}
	}()
	conn, err := switched(w)
	if err != nil {
		return err
	}
	slog.InfoContext(r.Context(), "practice begun", "employee", me.ID)
	defer slog.InfoContext(r.Context(), "practice ended", "employee", me.ID)
	serve(ctx, conn, school)
	return nil
}

// switched takes the connection from the server and tells its other end.
func switched(w http.ResponseWriter) (net.Conn, error) {
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUpgrade, err)
	}
	_, err = buffered.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + practised.Protocol + "\r\n\r\n")
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = conn.SetDeadline(time.Time{}) // those of the request
	}
	if err != nil {
		slog.Debug("practice not begun", "err", err)
		conn.Close() // serve finds it closed
	}
	return conn, nil
}

// serve speaks HTTP/2 on a connection until it ends or ctx does.
func serve(ctx context.Context, conn net.Conn, school http.Handler) {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	srv := &http.Server{
		Handler: lasting(school), Protocols: protocols, HTTP2: &http.HTTP2Config{SendPingTimeout: ping, PingTimeout: ping},
		ReadHeaderTimeout: ping,
	}
	only := &single{closed: make(chan struct{}), conn: make(chan net.Conn, 1), addr: conn.LocalAddr()}
	only.conn <- &watched{Conn: conn, closed: only.end}
	stop := context.AfterFunc(ctx, func() { srv.Close() })
	defer stop()
	if err := srv.Serve(only); err != nil && ctx.Err() == nil && !errors.Is(err, net.ErrClosed) {
		slog.DebugContext(ctx, "practice served", "err", err)
	}
	srv.Close()
}

// lasting keeps the connection: a stream asks for its end, which would end the practice.
func lasting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(&lastingWriter{w}, r) })
}

type lastingWriter struct{ http.ResponseWriter }

// WriteHeader leaves out the wish to close.
func (w *lastingWriter) WriteHeader(status int) {
	w.Header().Del("Connection")
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find what this does not have itself.
func (w *lastingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// single is a listener with one connection, whose end is its own.
type single struct {
	conn   chan net.Conn
	closed chan struct{}
	once   sync.Once
	addr   net.Addr
}

// Accept is net.Listener's.
func (s *single) Accept() (net.Conn, error) {
	select {
	case c := <-s.conn:
		return c, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

// Close is net.Listener's.
func (s *single) Close() error { s.end(); return nil }

// Addr is net.Listener's.
func (s *single) Addr() net.Addr { return s.addr }

func (s *single) end() { s.once.Do(func() { close(s.closed) }) }

// watched tells when it is closed.
type watched struct {
	net.Conn
	closed func()
}

// Close is net.Conn's.
func (w *watched) Close() error {
	w.closed()
	return w.Conn.Close()
}
