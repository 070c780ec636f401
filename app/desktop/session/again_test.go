package session

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/zalando/go-keyring"

	"dozvon/app/server"
	"dozvon/client"
)

const password = "correct horse battery"

// school is a real server with two operators, and something before it that can take its place.
type school struct {
	t       *testing.T
	parts   *server.Parts
	web     *httptest.Server
	instead atomic.Pointer[http.HandlerFunc] // answers instead of the server; nil: nobody does
	staff   map[string]client.Employee
}

func openSchool(t *testing.T) *school {
	t.Helper()
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s := &school{t: t, parts: parts, staff: map[string]client.Employee{}}
	behind := parts.API.Handler()
	s.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if instead := s.instead.Load(); instead != nil {
			(*instead)(w, r)
			return
		}
		behind.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		parts.API.CloseStreams()
		s.web.CloseClientConnections()
		s.web.Close()
		parts.Close()
	})
	for _, login := range []string{"anna", "boris"} {
		name, secret, role := "Киреева "+login, password, client.RoleManager
		s.staff[login], err = parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: &name, Login: &login, Password: &secret, Role: &role})
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// desk is a session that follows the stream, as the program's does.
type desk struct {
	*Session
	t      *testing.T
	states <-chan State
	ready  chan client.Employee
	events chan client.StreamEvent
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	s, states := open(t, filepath.Join(t.TempDir(), "state.json"))
	d := &desk{Session: s, t: t, states: states, ready: make(chan client.Employee, 64), events: make(chan client.StreamEvent, 256)}
	s.Run(t.Context(), func(me client.Employee) { d.ready <- me }, func(_ context.Context, e client.StreamEvent) { d.events <- e })
	return d
}

func (d *desk) signIn(s *school, login string) {
	d.t.Helper()
	if err := d.SignIn(d.t.Context(), s.web.URL, login, password); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) untilLive() State {
	d.t.Helper()
	return until(d.t, d.states, "going live", func(s State) bool {
		if s.Connection == SignedOut {
			d.t.Fatalf("signed out meanwhile: %v", s.Ended)
		}
		return s.Connection == Live
	})
}

// hears makes something happen at the school and waits until the desk is told, which is what a call
// card needs.
func (d *desk) hears(s *school, name string) {
	d.t.Helper()
	// A connection that was cut a moment ago may lie in the pool still.
	var cut *url.Error
	_, err := d.API().CreateClient(d.t.Context(), client.ClientInput{Name: &name})
	for err != nil && errors.As(err, &cut) && d.t.Context().Err() == nil {
		_, err = d.API().CreateClient(d.t.Context(), client.ClientInput{Name: &name})
	}
	if err != nil {
		d.t.Fatalf("as the one who is signed in: %v", err)
	}
	until(d.t, d.events, "the event about "+name, func(e client.StreamEvent) bool {
		c, ok := e.Data.(*client.Client)
		return ok && c.Name == name
	})
}

// TestSignIn_again: 0.4.0 was left without a stream when the same person signed in again, as the
// log-on script of a roll-out does every morning.
func TestSignIn_againKeepsTheStream(t *testing.T) {
	keyring.MockInit()
	here, there := openSchool(t), openSchool(t)
	d := openDesk(t)
	for _, step := range []struct {
		name  string
		at    *school
		login string
	}{
		{"the first", here, "anna"},
		{"the same person", here, "anna"},
		{"and again", here, "anna"},
		{"another person", here, "boris"},
		{"another server", there, "boris"},
		{"and back", here, "anna"},
	} {
		former := d.current()
		d.signIn(step.at, step.login)
		if state := d.untilLive(); state.Login != step.login || state.Server != step.at.web.URL || state.Me.ID != step.at.staff[step.login].ID {
			t.Errorf("%s: %+v", step.name, state)
		}
		d.hears(step.at, step.name)
		if former == nil {
			continue
		}
		var problem *client.Problem
		if _, err := former.api.Me(t.Context()); !errors.As(err, &problem) || problem.Status != 401 {
			t.Errorf("%s: the token before is good still: %v", step.name, err)
		}
		if secret, err := loadToken(former.server, former.login); err == nil && secret == former.secret {
			t.Errorf("%s: the dead token lies in the keyring", step.name)
		}
	}
}

func TestSignIn_manyAtOnceLeaveOneThatLives(t *testing.T) {
	keyring.MockInit()
	s := openSchool(t)
	d := openDesk(t)
	var all sync.WaitGroup
	for n := range 6 {
		all.Go(func() {
			if err := d.SignIn(t.Context(), s.web.URL, []string{"anna", "boris"}[n%2], password); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d.hears(s, "after all of them")
	if state := d.State(); state.Connection != Live || state.Me.ID != s.staff[state.Login].ID {
		t.Errorf("%+v", state)
	}
	kept, err := loadToken(s.web.URL, d.State().Login)
	if err != nil || kept != d.current().secret {
		t.Errorf("the keyring has another token than the one in use (%v)", err)
	}
}

// TestSignIn_besideTheProgram: `dozvon sign-in` could not ask the program, e.g. at log-on while it
// starts, and has left a newer token in the keyring.
func TestSignIn_besideTheProgramIsTakenOver(t *testing.T) {
	keyring.MockInit()
	s := openSchool(t)
	d := openDesk(t)
	d.signIn(s, "anna")
	d.untilLive()
	former := d.current().secret
	beside := New(d.statePath, nil)
	if err := beside.SignIn(t.Context(), s.web.URL, "anna", password); err != nil {
		t.Fatal(err)
	}
	s.web.CloseClientConnections() // the token before is dead by now
	d.untilLive()
	d.hears(s, "by the newer token")
	if d.current().secret == former {
		t.Error("the dead token is still in use")
	}

	if err := beside.SignIn(t.Context(), s.web.URL, "boris", password); err != nil {
		t.Fatal(err)
	}
	if err := d.Restore(t.Context()); err != nil { // what the command asks for when it has signed in
		t.Fatal(err)
	}
	if state := d.untilLive(); state.Login != "boris" {
		t.Errorf("%+v", state)
	}
	d.hears(s, "as the other")
	if now := d.current(); true {
		if err := d.Restore(t.Context()); err != nil || d.current() != now {
			t.Errorf("restoring what is in use has changed it (%v)", err)
		}
	}
}

func TestSession_outlivesItsTokenInTheKeyring(t *testing.T) {
	keyring.MockInit()
	s := openSchool(t)
	d := openDesk(t)
	d.signIn(s, "anna")
	d.untilLive()
	if err := dropToken(s.web.URL, "anna"); err != nil {
		t.Fatal(err)
	}
	s.web.CloseClientConnections()
	d.untilLive()
	d.hears(s, "without the keyring")
}

// TestSession_endedByTheServer goes to the sign-in page with the server's own sentence.
func TestSession_endedByTheServerSaysWhy(t *testing.T) {
	for _, lang := range []string{"ru", "en"} {
		keyring.MockInit()
		s := openSchool(t)
		d := openDesk(t)
		d.SetLanguage(lang)
		d.signIn(s, "anna")
		d.untilLive()
		if err := client.New(s.web.URL, d.current().secret).SignOut(t.Context()); err != nil { // elsewhere
			t.Fatal(err)
		}
		s.web.CloseClientConnections()
		state := until(t, d.states, "the end", func(s State) bool { return s.Connection == SignedOut })
		var problem *client.Problem
		if !errors.As(state.Ended, &problem) || problem.Detail == "" {
			t.Fatalf("why: %v", state.Ended)
		}
		if russian := problem.Detail[0] >= 0x80; russian != (lang == "ru") {
			t.Errorf("in %s it says %q", lang, problem.Detail)
		}
		if _, err := loadToken(s.web.URL, "anna"); !errors.Is(err, keyring.ErrNotFound) {
			t.Errorf("the dead token lies in the keyring: %v", err)
		}
		if d.API() != nil || state.Login != "anna" {
			t.Errorf("%+v", state)
		}
	}
}

// TestSession_survivesAProxy: a proxy's 403 signed 0.4.0 out.
func TestSession_survivesAProxy(t *testing.T) {
	keyring.MockInit()
	s := openSchool(t)
	d := openDesk(t)
	d.signIn(s, "anna")
	d.untilLive()
	for _, status := range []int{401, 403, 407, 200, 502, 204} {
		answered := make(chan struct{}, 1024)
		var instead http.HandlerFunc = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			if status != 204 {
				_, _ = w.Write([]byte("<html>event: hello</html>"))
			}
			answered <- struct{}{}
		}
		s.instead.Store(&instead)
		s.web.CloseClientConnections()
		<-answered
		state := until(t, d.states, "no connection", func(s State) bool {
			var foreign *client.ForeignAnswer
			if s.Connection == SignedOut {
				t.Fatalf("a proxy's %d signed the app out", status)
			}
			return s.Connection == Lost && errors.As(s.Err, &foreign) && foreign.Status == status
		})
		if state.Since.IsZero() {
			t.Errorf("%d: since when is not told", status)
		}
		s.instead.Store(nil)
		d.untilLive()
		d.hears(s, "after the proxy")
	}
}

// TestSession_learnsOfAnotherRole without a new sign-in, where the role is a higher one.
func TestSession_learnsOfAnotherRole(t *testing.T) {
	keyring.MockInit()
	s := openSchool(t)
	d := openDesk(t)
	d.signIn(s, "anna")
	d.untilLive()
	until(t, d.ready, "the first word of who it is", func(me client.Employee) bool { return me.Role == client.RoleManager })
	role := client.RoleAccountant
	if _, err := s.parts.Staff.SaveEmployee(t.Context(), s.staff["anna"].ID, client.EmployeeInput{Role: &role}); err != nil {
		t.Fatal(err)
	}
	s.web.CloseClientConnections()
	me := until(t, d.ready, "the other role", func(me client.Employee) bool { return me.Role == client.RoleAccountant })
	if got := d.State().Me; got.Role != client.RoleAccountant || got.ID != me.ID {
		t.Errorf("the state says %+v", got)
	}
	d.hears(s, "with the higher role")
}
