package reload_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"dozvon/app/desktop/model"
	"dozvon/app/desktop/reload"
	"dozvon/app/desktop/session"
	"dozvon/app/server"
	"dozvon/client"
)

// limit ends what hangs.
const limit = time.Minute

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(limit); !ok(); {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// counter counts the requests of a server by method and path.
type counter struct {
	mu   sync.Mutex
	seen map[string]int
}

func (c *counter) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.seen[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1")]++
		c.mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

func (c *counter) of(request string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[request]
}

// lists are what the model reads.
var lists = []string{"GET /calls", "GET /employees", "GET /missed", "GET /tasks", "GET /integrations", "GET /settings"}

// TestLoader_readsNothingWhenTheStreamResumes: the real client at a real server, cut three times.
// 0.4.0 read every list again after each cut, and got what it had missed by the stream besides.
// The keyring is the process's, so this test is not parallel.
func TestLoader_readsNothingWhenTheStreamResumes(t *testing.T) {
	keyring.MockInit()
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	count := &counter{seen: map[string]int{}}
	web, uncut := httptest.NewServer(count.before(parts.API.Handler())), httptest.NewServer(parts.API.Handler())
	t.Cleanup(func() {
		parts.API.CloseStreams()
		web.CloseClientConnections()
		web.Close()
		uncut.Close()
		parts.Close()
	})
	name, login, password, role := "Киреева Анна", "anna", "correct horse battery", client.RoleAccountant
	if _, err := parts.Staff.SaveEmployee(t.Context(), "", client.EmployeeInput{Name: &name, Login: &login, Password: &password, Role: &role}); err != nil {
		t.Fatal(err)
	}

	s := session.New(filepath.Join(t.TempDir(), "state.json"), nil)
	t.Cleanup(s.Stop)
	m := model.New(model.Config{})
	part := func(read func(context.Context, *client.API) error) func(context.Context) error {
		return func(ctx context.Context) error { return read(ctx, s.API()) }
	}
	loader := reload.New(
		reload.Part{Name: "calls", Read: part(func(ctx context.Context, api *client.API) error { return m.ReloadCalls(ctx, api) })},
		reload.Part{Name: "lists", Read: part(func(ctx context.Context, api *client.API) error { return m.ReloadLists(ctx, api) })},
		reload.Part{Name: "tasks", Read: part(func(ctx context.Context, api *client.API) error { return m.ReloadTasks(ctx, api) })},
		reload.Part{Name: "integrations", Read: part(func(ctx context.Context, api *client.API) error { return m.ReloadIntegrations(ctx, api) })},
		reload.Part{Name: "school", Read: part(func(ctx context.Context, api *client.API) error { return m.ReloadSchool(ctx, api) })},
	)
	told := make(chan string, 256)
	s.Run(t.Context(), func(me client.Employee) { m.SetMe(me) }, func(ctx context.Context, e client.StreamEvent) {
		if !loader.Handle(ctx, e) {
			m.Apply(e)
		}
		if c, ok := e.Data.(*client.Client); ok {
			told <- c.Name
		}
	})
	if err := s.SignIn(t.Context(), web.URL, login, password); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first reading", func() bool { return count.of("GET /settings") == 1 })
	in, err := client.New(uncut.URL, "").SignIn(t.Context(), client.SignIn{Login: login, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	colleague := client.New(uncut.URL, in.Token)
	for n, word := range []string{"первый", "второй", "третий"} {
		web.CloseClientConnections()
		if _, err := colleague.CreateClient(t.Context(), client.ClientInput{Name: &word}); err != nil { // while it is away
			t.Fatal(err)
		}
		eventually(t, "the next connection", func() bool { return count.of("GET /stream") >= n+2 })
		select {
		case got := <-told:
			if got != word {
				t.Errorf("told of %q, want %q", got, word)
			}
		case <-time.After(limit):
			t.Fatalf("nothing was told of %q", word)
		}
	}
	for _, list := range lists {
		if n := count.of(list); n != 1 {
			t.Errorf("%s was asked for %d times over three cuts, want once", list, n)
		}
	}
}

// reads notes what a loader reads; a part fails as often as fails says.
type reads struct {
	mu    sync.Mutex
	done  []string
	fails map[string][]error
}

func (r *reads) part(name string, kinds ...string) reload.Part {
	return reload.Part{Name: name, Kinds: kinds, Read: func(context.Context) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.done = append(r.done, name)
		if left := r.fails[name]; len(left) > 0 {
			r.fails[name] = left[1:]
			return left[0]
		}
		return nil
	}}
}

func (r *reads) are(want string) func() bool {
	return func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return strings.Join(r.done, " ") == want
	}
}

func TestLoader_readsWhatIsLostAndNoMore(t *testing.T) {
	t.Parallel()
	away, forbidden := errors.New("away"), &client.Problem{Status: 403, Code: "forbidden"}
	hello, resumed := client.StreamEvent{Type: "hello"}, client.StreamEvent{Type: "hello", Resumed: true}
	bad := func(kind string) client.StreamEvent {
		return client.StreamEvent{Type: kind, Data: &client.Unreadable{Err: errors.New("x")}}
	}
	for _, tt := range []struct {
		name   string
		fails  map[string][]error
		events []client.StreamEvent
		want   string
	}{
		{"the first connection reads all, once", nil, []client.StreamEvent{hello, resumed, resumed}, "calls people"},
		{"a connection that resumes before anything was read reads all", nil, []client.StreamEvent{resumed}, "calls people"},
		{"reset reads all again", nil, []client.StreamEvent{hello, resumed, {Type: "reset"}}, "calls people calls people"},
		{"an event that cannot be read: its own part", nil, []client.StreamEvent{hello, bad("presence")}, "calls people people"},
		{"one that tells of nothing that is read", nil, []client.StreamEvent{hello, bad("command")}, "calls people"},
		{"what failed is read when the server is back", map[string][]error{"calls": {away}}, []client.StreamEvent{hello, resumed}, "calls people calls"},
		{"what is forbidden is not asked for again", map[string][]error{"calls": {forbidden}}, []client.StreamEvent{hello, resumed}, "calls people"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := &reads{fails: tt.fails}
			l := reload.New(r.part("calls", "call"), r.part("people", "presence", "missed"))
			words := strings.Fields(tt.want)
			for n, e := range tt.events {
				if !l.Handle(t.Context(), e) {
					t.Errorf("%s is left to others", e.Type)
				}
				if n == 0 {
					eventually(t, "the first reading", r.are(strings.Join(words[:2], " ")))
				}
			}
			eventually(t, tt.want, r.are(tt.want))
		})
	}
	if reload.New().Handle(t.Context(), client.StreamEvent{Type: "feed", Data: &client.FeedEntry{}}) {
		t.Error("an event that was read is taken for one that was not")
	}
}

// TestLoader_asksNoOftenerThanItMust: a server whose every event is unreadable.
func TestLoader_asksNoOftenerThanItMust(t *testing.T) {
	t.Parallel()
	r := &reads{}
	l := reload.New(r.part("calls", "call"))
	bad := client.StreamEvent{Type: "call", Data: &client.Unreadable{Err: errors.New("x")}}
	l.Handle(t.Context(), bad)
	eventually(t, "the first reading", r.are("calls"))
	for range 1000 {
		l.Handle(t.Context(), bad)
	}
	eventually(t, "the last reading", r.are("calls calls"))
}
