// Package session holds who is signed in to which server: the token in the system's
// keyring, the remembered server and login, and the running event stream. It never
// draws and knows no call; events go to whoever listens.
package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"dozvon/client"
)

// Connection is what the session does now; the words are those of `dozvon status`.
type Connection string

// The states of a connection.
const (
	SignedOut  Connection = "signed_out"
	Connecting Connection = "connecting"
	Live       Connection = "live"
	Lost       Connection = "lost"
)

// State is a snapshot for the screen.
type State struct {
	Connection Connection
	Since      time.Time // when Connection began
	Server     string
	Login      string
	Me         client.Employee
	InKeyring  bool // false: the token lives only until the program ends
	Expired    bool // the server no longer knew the token
}

// ErrBadAddress says that the server's address cannot be one.
var ErrBadAddress = errors.New("the server's address is not a web address")

// Session is safe for concurrent use.
type Session struct {
	statePath string
	changed   func(State)

	mu     sync.Mutex // guards everything below
	state  State
	token  string
	api    *client.API
	cancel context.CancelFunc
	done   chan struct{}
}

// New returns a session that keeps its state file at path and tells changed of every
// change, from any goroutine and without locks held.
func New(path string, changed func(State)) *Session {
	if changed == nil {
		changed = func(State) {}
	}
	return &Session{statePath: path, changed: changed, state: State{Connection: SignedOut, Since: time.Now()}}
}

// Restore finds the last sign-in. Without one the session stays signed out, and no error
// is returned; the remembered server and login are in State.
func (s *Session) Restore(ctx context.Context) error {
	kept, err := readRemembered(s.statePath)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.state.Server, s.state.Login = kept.Server, kept.Login
	s.mu.Unlock()
	if kept.Server == "" || kept.Login == "" {
		return nil
	}
	token, err := loadToken(kept.Server, kept.Login)
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("reading the sign-in from the keyring: %w", err)
	}
	s.use(kept.Server, kept.Login, token, client.Employee{}, true)
	return nil
}

// SignIn opens a session on server and keeps its token.
func (s *Session) SignIn(ctx context.Context, server, login, password string) error {
	server, err := cleanAddress(server)
	if err != nil {
		return err
	}
	device, _ := os.Hostname()
	in, err := client.New(server, "").SignIn(ctx, client.SignIn{Login: login, Password: password, Device: device})
	if err != nil {
		return err
	}
	s.stop()
	inKeyring := true
	if err := saveToken(server, login, in.Token); err != nil {
		slog.Warn("keyring not available, the sign-in lasts until quit", "error", err)
		inKeyring = false
	}
	if err := writeRemembered(s.statePath, Remembered{Server: server, Login: login}); err != nil {
		slog.Warn("server and login not remembered", "error", err)
	}
	s.use(server, login, in.Token, in.Employee, inKeyring)
	return nil
}

func (s *Session) use(server, login, token string, me client.Employee, inKeyring bool) {
	s.mu.Lock()
	s.token, s.api = token, client.New(server, token)
	s.state = State{
		Connection: Connecting, Since: time.Now(), Server: server, Login: login, Me: me, InKeyring: inKeyring,
	}
	state := s.state
	s.mu.Unlock()
	s.changed(state)
}

// SignOut ends the session here and on the server.
func (s *Session) SignOut(ctx context.Context) error {
	api := s.API()
	state := s.State()
	s.stop()
	s.signedOut(false)
	err := dropToken(state.Server, state.Login)
	if api != nil {
		err = errors.Join(api.SignOut(ctx), err)
	}
	return err
}

func (s *Session) signedOut(expired bool) {
	s.mu.Lock()
	s.token, s.api = "", nil
	s.state = State{
		Connection: SignedOut, Since: time.Now(), Server: s.state.Server, Login: s.state.Login, Expired: expired,
	}
	state := s.state
	s.mu.Unlock()
	s.changed(state)
}

// API speaks for the signed-in employee; nil when signed out.
func (s *Session) API() *client.API {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.api
}

// State is a snapshot.
func (s *Session) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// cleanAddress accepts what people type: no scheme means https, except on this machine.
func cleanAddress(server string) (string, error) {
	server = strings.TrimRight(strings.TrimSpace(server), "/")
	if server != "" && !strings.Contains(server, "://") {
		scheme := "https://"
		if strings.HasPrefix(server, "127.0.0.1") || strings.HasPrefix(server, "localhost") {
			scheme = "http://"
		}
		server = scheme + server
	}
	u, err := url.Parse(server)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%w: %q", ErrBadAddress, server)
	}
	return server, nil
}
