// Package session holds who is signed in to which server: the token in the system's
// keyring, the remembered server and login, and the running event stream. It never
// draws and knows no call; events go to whoever listens.
package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
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
	Err        error     // why the connection is lost, as far as it is known
	Server     string
	Login      string
	Me         client.Employee
	InKeyring  bool  // false: the token lives only until the program ends
	Ended      error // why the server ended the session; nil when the person did, or there was none
	// Practice is how far a practice is, one of the client's steps; empty while nobody practises here.
	Practice string
}

// ErrBadAddress says that the server's address cannot be one.
var ErrBadAddress = errors.New("the server's address is not a web address")

// retireLimit is how long telling a server that a token is needed no more may take.
const retireLimit = 5 * time.Second

// Session is safe for concurrent use.
type Session struct {
	statePath string
	changed   func(State)

	// turn is held while who is signed in changes, also over the keyring; it is taken before mu.
	turn   sync.Mutex
	follow func(*token) // begins a token's stream; nil: none is wanted

	mu    sync.Mutex // guards everything below
	state State
	lang  string
	token *token // nil when signed out
}

// token is a sign-in in use, with the stream that follows it.
type token struct {
	server, login, secret string
	me                    client.Employee // as far as it was known at first
	inKeyring             bool
	api                   *client.API
	cancel                context.CancelFunc
	done                  chan struct{} // closed when the stream has ended; nil when none began
	practice              *practising   // nil: it is of the real school
}

// New returns a session that keeps its state file at path and tells changed of every
// change, from any goroutine, in their order, and without mu held. changed must not sign in or out.
func New(path string, changed func(State)) *Session {
	if changed == nil {
		changed = func(State) {}
	}
	return &Session{statePath: path, changed: changed, state: State{Connection: SignedOut, Since: time.Now()}}
}

// SetLanguage says in which language the server shall speak, "ru" or "en".
func (s *Session) SetLanguage(lang string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lang = lang
	if s.token != nil {
		s.token.api.SetLanguage(lang)
	}
}

// Restore takes the last sign-in into use: at start, and when another program has signed in beside
// this one. Without one, or when it is in use already, nothing changes, and no error
// is returned; the remembered server and login are in State.
func (s *Session) Restore(context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	kept, err := readRemembered(s.statePath)
	if err != nil {
		return err
	}
	now := s.current()
	same := now != nil && now.server == kept.Server && now.login == kept.Login
	if same && !now.inKeyring {
		return nil // what the keyring has of it is older
	}
	if now == nil {
		s.mu.Lock()
		s.state.Server, s.state.Login = kept.Server, kept.Login
		s.mu.Unlock()
	}
	if kept.Server == "" || kept.Login == "" {
		return nil
	}
	secret, err := loadToken(kept.Server, kept.Login)
	switch {
	case errors.Is(err, keyring.ErrNotFound), err == nil && same && secret == now.secret:
		return nil
	case err != nil:
		return fmt.Errorf("reading the sign-in from the keyring: %w", err)
	}
	s.use(kept.Server, kept.Login, secret, client.Employee{}, true)
	return nil
}

// SignIn opens a session on server and keeps its token. A session that was open here, the same
// person's or another's, is over then.
func (s *Session) SignIn(ctx context.Context, server, login, password string) error {
	server, err := cleanAddress(server)
	if err != nil {
		return err
	}
	in, err := s.speak(server, "").SignIn(ctx, client.SignIn{Login: login, Password: password, Device: device()})
	if err != nil {
		return err
	}
	s.enter(ctx, server, login, in)
	return nil
}

// Begin makes the first account of a server and opens a session as SignIn does.
func (s *Session) Begin(ctx context.Context, server string, first client.FirstAccount) error {
	server, err := cleanAddress(server)
	if err != nil {
		return err
	}
	first.Device = device()
	in, err := s.speak(server, "").CreateFirstAccount(ctx, first)
	if err != nil {
		return err
	}
	s.enter(ctx, server, first.Login, in)
	return nil
}

// Greet asks a server whose it is.
func (s *Session) Greet(ctx context.Context, server string) (client.Welcome, error) {
	server, err := cleanAddress(server)
	if err != nil {
		return client.Welcome{}, err
	}
	return s.speak(server, "").Welcome(ctx)
}

func device() string {
	name, _ := os.Hostname()
	return name
}

// enter takes a new sign-in into use and ends those it replaced.
func (s *Session) enter(ctx context.Context, server, login string, in client.SignedIn) {
	s.EndPractice()
	for _, former := range s.replace(server, login, in) {
		s.retire(ctx, former)
	}
}

// replace takes a new sign-in into use and returns those it replaced.
func (s *Session) replace(server, login string, in client.SignedIn) []*token {
	s.turn.Lock()
	defer s.turn.Unlock()
	var former []*token
	if now := s.current(); now != nil {
		former = append(former, now)
		if now.server != server || now.login != login {
			s.forget(now)
		}
	}
	if secret, err := loadToken(server, login); err == nil && (len(former) == 0 || secret != former[0].secret) {
		former = append(former, &token{server: server, login: login, secret: secret, api: s.speak(server, secret)})
	}
	inKeyring := true
	if err := saveToken(server, login, in.Token); err != nil {
		slog.Warn("keyring not available, the sign-in lasts until quit", "error", err)
		inKeyring = false
	}
	if err := writeRemembered(s.statePath, Remembered{Server: server, Login: login}); err != nil {
		slog.Warn("server and login not remembered", "error", err)
	}
	s.use(server, login, in.Token, in.Employee, inKeyring)
	return former
}

// retire ends a replaced token on its server, so that no key lies about that nobody uses.
func (s *Session) retire(ctx context.Context, former *token) {
	ctx, cancel := context.WithTimeout(ctx, retireLimit)
	defer cancel()
	if err := former.api.SignOut(ctx); err != nil {
		slog.Debug("former session not ended", "error", err)
	}
}

// use ends the stream of the token before and begins that of a new one. s.turn is held.
func (s *Session) use(server, login, secret string, me client.Employee, inKeyring bool) {
	s.take(&token{server: server, login: login, secret: secret, me: me, inKeyring: inKeyring, api: s.speak(server, secret)})
}

// take is use with a token that is made already.
func (s *Session) take(t *token) {
	s.stop()
	s.mu.Lock()
	s.token = t
	s.state = State{
		Connection: Connecting, Since: time.Now(), Server: t.server, Login: t.login, Me: t.me, InKeyring: t.inKeyring,
	}
	if t.practice != nil {
		s.state.Practice = t.practice.step
	}
	state := s.state
	s.mu.Unlock()
	s.changed(state)
	if s.follow != nil {
		s.follow(t)
	}
}

// speak is an API in the person's language.
func (s *Session) speak(server, secret string) *client.API {
	api := client.New(server, secret)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lang != "" {
		api.SetLanguage(s.lang)
	}
	return api
}

// SignOut ends the session here and on the server.
func (s *Session) SignOut(ctx context.Context) error {
	s.EndPractice()
	now, err := s.leave()
	if now != nil {
		err = errors.Join(now.api.SignOut(ctx), err)
	}
	return err
}

func (s *Session) leave() (*token, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	now := s.current()
	s.stop()
	s.signedOut(nil)
	if now == nil {
		return nil, nil
	}
	return now, dropToken(now.server, now.login)
}

// forget takes a token out of the keyring, where it is ours still.
func (s *Session) forget(t *token) {
	secret, err := loadToken(t.server, t.login)
	if err == nil && secret == t.secret {
		err = dropToken(t.server, t.login)
	}
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		slog.Warn("dead token not removed from the keyring", "error", err)
	}
}

// signedOut says that nobody is signed in; why is what the server said. s.turn is held.
func (s *Session) signedOut(why error) {
	s.mu.Lock()
	s.token = nil
	s.state = State{
		Connection: SignedOut, Since: time.Now(), Server: s.state.Server, Login: s.state.Login, Ended: why,
	}
	state := s.state
	s.mu.Unlock()
	s.changed(state)
}

func (s *Session) current() *token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// API speaks for the signed-in employee; nil when signed out.
func (s *Session) API() *client.API {
	if now := s.current(); now != nil {
		return now.api
	}
	return nil
}

// State is a snapshot.
func (s *Session) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}
