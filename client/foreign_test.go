package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/client"
)

// limit ends what hangs.
const limit = time.Minute

func answering(t *testing.T, status int, kind, body string) *client.API {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return client.New(s.URL, "secret")
}

const ours = "application/problem+json"

// TestAPI_tellsItsServerFromAProxy: a proxy's 403 signed the app out of 0.4.0.
func TestAPI_tellsItsServerFromAProxy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		kind   string
		body   string
		code   string // "" when the answer is somebody else's
	}{
		{"our own refusal", 401, ours, `{"status":401,"code":"unauthorized","detail":"d"}`, "unauthorized"},
		{"with a charset", 404, ours + "; charset=utf-8", `{"code":"not_found"}`, "not_found"},
		{"a proxy that wants a password", 407, "text/html", "<html>Proxy Authentication Required</html>", ""},
		{"a proxy that forbids", 403, "text/html", "<html>", ""},
		{"a gateway's sign-in", 401, "text/html", "<html>", ""},
		{"another API's refusal", 401, "application/json", `{"code":"unauthorized"}`, ""},
		{"another API's problem, without a code", 401, ours, `{"title":"Unauthorized","status":401}`, ""},
		{"a problem cut short", 401, ours, `{"code":"unauth`, ""},
		{"the page of a portal", 200, "text/html; charset=utf-8", "<!doctype html><title>Wi-Fi</title>", ""},
		{"an empty page", 200, "text/plain", "", ""},
		{"null", 200, "application/json", "null", ""},
		{"an unknown path of another server", 404, "text/plain", "404 page not found", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := answering(t, tt.status, tt.kind, tt.body).Me(t.Context())
			var problem *client.Problem
			var foreign *client.ForeignAnswer
			switch {
			case tt.code != "" && (!errors.As(err, &problem) || problem.Code != tt.code || problem.Status != tt.status):
				t.Errorf("got %v, want the problem %s", err, tt.code)
			case tt.code == "" && (errors.As(err, &problem) || !errors.As(err, &foreign) || foreign.Status != tt.status):
				t.Errorf("got %v, want an answer that is not the server's", err)
			}
		})
	}
}

// TestStream_isEndedByItsOwnServerAlone: only a 401 of ours ends the session; the rest is no connection.
func TestStream_isEndedByItsOwnServerAlone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		kind   string
		body   string
		ends   bool
	}{
		{"ours", 401, ours, `{"code":"unauthorized","detail":"Вас отключили."}`, true},
		{"a proxy's 401", 401, "text/html", "<html>", false},
		{"a proxy's 403", 403, "text/html", "<html>", false},
		{"our 403", 403, ours, `{"code":"forbidden"}`, false},
		{"a proxy's 407", 407, "text/html", "<html>", false},
		{"a portal's page", 200, "text/html", "<html>event: hello\ndata: {}\n\n</html>", false},
		{"nothing", 204, "text/plain", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			err := answering(t, tt.status, tt.kind, tt.body).Stream(ctx, client.StreamConfig{
				Handle: func(e client.StreamEvent) { t.Errorf("an event %q came of it", e.Type) },
				State: func(s client.StreamState) {
					if s.Live {
						t.Error("it counts as live")
					} else if !tt.ends {
						cancel()
					}
				},
			})
			if got := errors.Is(err, client.ErrSignedOut); got != tt.ends {
				t.Errorf("signed out: %v (%v), want %v", got, err, tt.ends)
			}
			var problem *client.Problem
			if tt.ends && (!errors.As(err, &problem) || problem.Detail != "Вас отключили.") {
				t.Errorf("the server's sentence is lost in %v", err)
			}
		})
	}
}

// TestAPI_takesItsTokenToNoOtherHost: a redirect must not carry the token, or a password, away.
func TestAPI_takesItsTokenToNoOtherHost(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{other.URL, "http://localhost:1", strings.Replace(other.URL, "127.0.0.1", "localhost", 1)} {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, to+r.URL.Path, status)
			}))
			api := client.New(s.URL, "secret")
			var foreign *client.ForeignAnswer
			if _, err := api.Me(t.Context()); !errors.As(err, &foreign) || foreign.Moved != "" {
				t.Errorf("%d to %s: %v", status, to, err)
			}
			if _, err := api.SignIn(t.Context(), client.SignIn{Login: "a", Password: "b"}); !errors.As(err, &foreign) {
				t.Errorf("signing in, %d to %s: %v", status, to, err)
			}
			if _, err := api.Recording(t.Context(), "c", 0); !errors.As(err, &foreign) {
				t.Errorf("a recording, %d to %s: %v", status, to, err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			_ = api.Stream(ctx, client.StreamConfig{Handle: func(client.StreamEvent) {}, State: func(client.StreamState) { cancel() }})
			cancel()
			s.Close()
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests reached the other host", n)
	}
}

func TestAPI_saysWhereAnEncryptedServerIs(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusMovedPermanently)
	}))
	t.Cleanup(s.Close)
	var foreign *client.ForeignAnswer
	_, err := client.New(s.URL, "").SignIn(t.Context(), client.SignIn{Login: "a", Password: "b"})
	if !errors.As(err, &foreign) || foreign.Moved != strings.Replace(s.URL, "http:", "https:", 1) {
		t.Errorf("got %v, %+v", err, foreign)
	}
}

// streaming serves one connection after another, each with its own text; the last one stays open.
func streaming(t *testing.T, connections ...string) (api *client.API, resumed func() []string) {
	t.Helper()
	var n atomic.Int32
	asked := make(chan string, 64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Header.Get("Last-Event-ID")
		at := int(n.Add(1)) - 1
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "event: hello\ndata: {\"sequence\":10}\n\n"+connections[min(at, len(connections)-1)])
		w.(http.Flusher).Flush()
		if at >= len(connections)-1 {
			<-r.Context().Done()
		}
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return client.New(s.URL, "secret"), func() []string {
		var out []string
		for len(asked) > 0 {
			out = append(out, <-asked)
		}
		return out
	}
}

func event(id int, kind, data string) string {
	return fmt.Sprintf("id: %d\nevent: %s\ndata: %s\n\n", id, kind, data)
}

// TestStream_tellsOfWhatItCannotRead: an event that did not decode was skipped for ever, in silence.
func TestStream_tellsOfWhatItCannotRead(t *testing.T) {
	t.Parallel()
	last := event(99, "school", `{"name":"the end"}`)
	for _, tt := range []struct {
		name        string
		connections []string
		want        string
	}{
		{"another type than ours", []string{event(11, "call", `{"id":5}`) + last}, "hello call? school"},
		{"of each kind with a record", []string{event(11, "client", `{"id":"a","name":7}`) + event(12, "task", `[]`) + last}, "hello client? task? school"},
		{"no JSON, and whole, as more follows", []string{event(11, "feed", `{"id":`) + event(12, "task", `{"id":"t"}`) + last}, "hello feed? task school"},
		{"a newer server's own event", []string{event(11, "weather", `{"sun":true}`) + last}, "hello weather school"},
		{"cut in the middle: it comes again whole", []string{
			strings.TrimSuffix(event(11, "feed", `{"id":"f1"`), "\n\n"), event(11, "feed", `{"id":"f1"}`) + last,
		}, "hello hello+ feed school"},
		{"cut in the middle twice", []string{
			strings.TrimSuffix(event(11, "feed", `{"id":"f1"`), "\n\n"), strings.TrimSuffix(event(11, "feed", `{"id"`), "\n\n"), event(11, "feed", `{"id":"f1"}`) + last,
		}, "hello hello+ hello+ feed school"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			api, asked := streaming(t, tt.connections...)
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			var got []string
			_ = api.Stream(ctx, client.StreamConfig{Handle: func(e client.StreamEvent) {
				word := e.Type
				if _, bad := e.Data.(*client.Unreadable); bad {
					word += "?"
				}
				if e.Resumed {
					word += "+"
				}
				if got = append(got, word); e.Sequence == 99 {
					cancel()
				}
			}})
			if words := strings.Join(got, " "); words != tt.want {
				t.Errorf("got %q, want %q", words, tt.want)
			}
			for n, id := range asked() {
				if want := map[bool]string{true: "", false: "10"}[n == 0]; id != want {
					t.Errorf("connection %d asked for what followed %q, want %q", n, id, want)
				}
			}
		})
	}
}
