package session

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"dozvon/client"
)

// limit is how long a test waits for a fact.
const limit = 2 * time.Minute

var anna = client.Employee{ID: "e1", Name: "Киреева Анна Сергеевна", Role: client.RoleOperator}

// standIn knows one token until it is told to forget it.
func standIn(t *testing.T) (string, *atomic.Bool) {
	t.Helper()
	var forgotten atomic.Bool
	mux := http.NewServeMux()
	problem := func(w http.ResponseWriter, status int) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(client.Problem{Title: "no", Status: status, Code: "unauthorized"})
	}
	mux.HandleFunc("POST /api/v1/sessions", func(w http.ResponseWriter, r *http.Request) {
		var in client.SignIn
		_ = json.NewDecoder(r.Body).Decode(&in)
		if in.Password != "right" {
			problem(w, http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(client.SignedIn{Token: "token", Employee: anna})
	})
	guarded := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if forgotten.Load() || r.Header.Get("Authorization") != "Bearer token" {
				problem(w, http.StatusUnauthorized)
				return
			}
			next(w, r)
		}
	}
	mux.HandleFunc("GET /api/v1/me", guarded(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(anna) }))
	mux.HandleFunc("DELETE /api/v1/sessions/current", guarded(func(w http.ResponseWriter, _ *http.Request) {
		forgotten.Store(true)
		w.WriteHeader(http.StatusNoContent)
	}))
	mux.HandleFunc("GET /api/v1/stream", guarded(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte("id: 7\nevent: hello\ndata: {\"sequence\":7,\"server_version\":\"t\"}\n\n"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	s := httptest.NewServer(mux)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL, &forgotten
}

// until waits for a state of the session, or for something else that it tells.
func until[T any](t *testing.T, states <-chan T, what string, holds func(T) bool) T {
	t.Helper()
	deadline := time.After(limit)
	for {
		select {
		case state := <-states:
			if holds(state) {
				return state
			}
		case <-deadline:
			t.Fatalf("%s did not happen within %v", what, limit)
		}
	}
}

func open(t *testing.T, path string) (*Session, <-chan State) {
	t.Helper()
	states := make(chan State, 4096)
	s := New(path, func(state State) { states <- state })
	t.Cleanup(s.Stop)
	return s, states
}

// The keyring of the process is a stand-in, so these tests are not parallel.
func TestSession_isRestoredFromTheKeyringAndFollowsTheStream(t *testing.T) {
	keyring.MockInit()
	url, forgotten := standIn(t)
	path := filepath.Join(t.TempDir(), "state.json")
	first, _ := open(t, path)
	if err := first.SignIn(t.Context(), url, "kireeva", "right"); err != nil {
		t.Fatal(err)
	}
	if state := first.State(); state.Connection != Connecting || !state.InKeyring || state.Me.ID != "e1" {
		t.Fatalf("after sign-in %+v", state)
	}

	again, states := open(t, path)
	if err := again.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	hello := make(chan struct{}, 1)
	again.Run(t.Context(), func(me client.Employee) {
		if me.ID != "e1" {
			t.Errorf("me is %q", me.ID)
		}
	}, func(_ context.Context, event client.StreamEvent) {
		if event.Type == "hello" {
			hello <- struct{}{}
		}
	})
	until(t, states, "going live", func(s State) bool { return s.Connection == Live })
	<-hello

	if err := again.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !forgotten.Load() {
		t.Error("the server still knows the token")
	}
	if _, err := loadToken(url, "kireeva"); !errors.Is(err, keyring.ErrNotFound) {
		t.Errorf("the token is still in the keyring: %v", err)
	}
	if state := again.State(); state.Connection != SignedOut || state.Login != "kireeva" {
		t.Errorf("after sign-out %+v, want the login to be remembered", state)
	}
}

func TestSession_withoutAKeyringLastsUntilQuit(t *testing.T) {
	keyring.MockInitWithError(errors.New("no Secret Service"))
	url, _ := standIn(t)
	s, _ := open(t, filepath.Join(t.TempDir(), "state.json"))
	if err := s.SignIn(t.Context(), url, "kireeva", "right"); err != nil {
		t.Fatal(err)
	}
	if state := s.State(); state.InKeyring || s.API() == nil {
		t.Errorf("state %+v: want a working session that says it is not kept", state)
	}
}

func TestSession_aDeadTokenEndsIt(t *testing.T) {
	keyring.MockInit()
	url, forgotten := standIn(t)
	s, states := open(t, filepath.Join(t.TempDir(), "state.json"))
	if err := s.SignIn(t.Context(), url, "kireeva", "right"); err != nil {
		t.Fatal(err)
	}
	forgotten.Store(true)
	s.Run(t.Context(), func(client.Employee) {}, func(context.Context, client.StreamEvent) {})
	state := until(t, states, "the end of the session", func(s State) bool { return s.Connection == SignedOut })
	if !errors.Is(state.Ended, client.ErrSignedOut) || state.Server != url {
		t.Errorf("state %+v", state)
	}
}

func TestSignIn_refusesWrongWordsAndAddresses(t *testing.T) {
	keyring.MockInit()
	url, _ := standIn(t)
	s, _ := open(t, filepath.Join(t.TempDir(), "state.json"))
	var problem *client.Problem
	if err := s.SignIn(t.Context(), url, "kireeva", "wrong"); !errors.As(err, &problem) || problem.Status != 401 {
		t.Errorf("wrong password: %v", err)
	}
	if err := s.SignIn(t.Context(), "ftp://x", "kireeva", "right"); !errors.Is(err, ErrBadAddress) {
		t.Errorf("wrong address: %v", err)
	}
}

func TestCleanAddress_acceptsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"phone.school.ru": "https://phone.school.ru", " https://phone.school.ru/ ": "https://phone.school.ru",
		"127.0.0.1:8420": "http://127.0.0.1:8420", "http://10.0.0.5:8420": "http://10.0.0.5:8420",
		"localhost:8420": "http://localhost:8420", "localhost.school.ru": "https://localhost.school.ru",
		"127.0.0.1.school.ru": "https://127.0.0.1.school.ru",
	} {
		if got, err := cleanAddress(in); err != nil || got != want {
			t.Errorf("cleanAddress(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestExposed_isPlainHTTPBeyondThisMachine(t *testing.T) {
	t.Parallel()
	for server, want := range map[string]bool{
		"http://phone.school.ru": true, "HTTP://10.0.0.5:8420": true, " http://[2001:db8::1]:80/ ": true, "http://localhost.school.ru": true,
		"http://127.0.0.1.school.ru": true, "http://127.0.0.1:8420": false, "http://127.8.8.8": false, "http://[::1]:8420": false, "http://LOCALHOST": false,
		"https://phone.school.ru": false, "phone.school.ru": false, "localhost:8420": false, "": false, "http://": false,
	} {
		if got := Exposed(server); got != want {
			t.Errorf("Exposed(%q) = %v, want %v", server, got, want)
		}
	}
}
