//go:build linux

package stage

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dozvon/app/server/demo"
	"dozvon/client"
)

// between stands between the app and its server: it counts requests, cuts connections, and can
// answer in the server's place.
type between struct {
	*httptest.Server
	instead atomic.Pointer[http.HandlerFunc]
	mu      sync.Mutex
	seen    map[string]int
}

func standBetween(t *testing.T, target string) *between {
	t.Helper()
	to, err := url.Parse(target)
	must(t, err)
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.FlushInterval = -1
	b := &between{seen: map[string]int{}}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		b.seen[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1")]++
		b.mu.Unlock()
		if instead := b.instead.Load(); instead != nil {
			(*instead)(w, r)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { b.CloseClientConnections(); b.Close() })
	return b
}

func (b *between) count(request string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen[request]
}

// lists are what the screens of an operator are filled with.
var lists = []string{"GET /calls", "GET /employees", "GET /missed", "GET /tasks", "GET /settings", "GET /feed", "GET /clients", "GET /contracts"}

// TestApp_staysConnected follows the real app through all that happens to a connection: cuts, sign-ins
// while it runs, a proxy's refusal, the end of its session; and a link that wants to call.
func TestApp_staysConnected(t *testing.T) {
	ctx, c := begin(t, quiet)
	direct := c.ServerURL
	web := standBetween(t, direct)
	c.ServerURL = web.URL
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.StartApp(ctx))
	must(t, Until(ctx, "the lists to be read", func() bool { return web.count("GET /settings") > 0 && web.count("GET /feed") > 0 }))
	before := map[string]int{}
	for _, list := range lists {
		if before[list] = web.count(list); before[list] > 1 {
			t.Errorf("%s was asked for %d times at first", list, before[list])
		}
	}
	for range 3 {
		streams := web.count("GET /stream")
		web.CloseClientConnections()
		must(t, Until(ctx, "the stream to come back", func() bool { return web.count("GET /stream") > streams }))
		must(t, c.untilConnection(ctx, "live"))
	}
	rings := func(when, login, extension string) {
		t.Helper()
		must(t, c.untilConnection(ctx, "live"))
		must(t, c.UntilStatus(ctx, login+" to be signed in "+when, func(s Status) bool { return s.Employee.Login == login }))
		must(t, c.Phone(ctx, extension, "--answer", "1s"))
		must(t, c.Call(ctx, demo.KnownNumber, "answered", "--to", extension, "--talk", "1s"))
		must(t, c.UntilStatus(ctx, "a card "+when, func(s Status) bool { return len(s.Cards) > 0 }))
		must(t, c.noCards(ctx))
	}
	rings("after the cuts", demo.Login, "101")
	for _, list := range lists[:len(lists)-3] {
		if n := web.count(list); n != before[list] {
			t.Errorf("%s was asked for %d times more by three cuts", list, n-before[list])
		}
	}

	// 0.4.0 stayed without a stream here.
	must(t, c.SignIn(ctx, demo.Login))
	rings("after the same sign-in", demo.Login, "101")
	must(t, c.SignIn(ctx, "schetova"))
	rings("after another sign-in", "schetova", "104")
	c.ServerURL = direct
	must(t, c.SignIn(ctx, demo.Login))
	rings("at another address", demo.Login, "101")
	c.ServerURL = web.URL
	must(t, c.SignIn(ctx, demo.Login))
	must(t, c.untilConnection(ctx, "live"))

	var page http.HandlerFunc = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("<html>Forbidden by the proxy</html>"))
	}
	web.instead.Store(&page)
	web.CloseClientConnections()
	must(t, c.untilConnection(ctx, "lost"))
	must(t, c.Do(ctx, "page", "feed"))
	if _, err := c.Shot(ctx, "connection-1-proxy"); err != nil {
		t.Error(err)
	}
	web.instead.Store(nil)
	must(t, c.untilConnection(ctx, "live"))

	calls := web.count("POST /calls")
	for _, link := range []string{"tel:" + demo.KnownNumber, "tel:+79145550148"} {
		_, err := c.Output(ctx, c.bin("dozvon"), link)
		must(t, err)
	}
	if _, err := c.Shot(ctx, "connection-2-link"); err != nil {
		t.Error(err)
	}
	if n := web.count("POST /calls"); n != calls {
		t.Errorf("%d calls were made by links alone", n-calls)
	}

	in, err := client.New(direct, "").SignIn(ctx, client.SignIn{Login: demo.Login, Password: demoPassword, Device: "another"})
	must(t, err)
	api := client.New(direct, in.Token)
	sessions, err := api.Sessions(ctx, "")
	must(t, err)
	for _, s := range sessions {
		if !s.Current {
			must(t, api.EndSession(ctx, s.ID))
		}
	}
	must(t, c.untilConnection(ctx, "signed_out"))
	if _, err := c.Shot(ctx, "connection-3-ended"); err != nil {
		t.Error(err)
	}
	must(t, c.SignIn(ctx, demo.Login))
	rings("after the end of the session", demo.Login, "101")
}

// TestApp_twoStartsAtOnce leave one that runs, and the other's errand done.
func TestApp_twoStartsAtOnce(t *testing.T) {
	ctx, c := begin(t, Config{NoNotifications: true, NoSound: true, NoTray: true})
	must(t, c.SignIn(ctx, demo.Login))
	var starts []*process
	for range 2 {
		p, err := c.launch("app", exec.Command(c.bin("dozvon")))
		must(t, err)
		starts = append(starts, p)
	}
	must(t, c.SignIn(ctx, demo.Login)) // as the log-on script does at the same time
	must(t, c.untilConnection(ctx, "live"))
	running := func() (n int) {
		for _, p := range starts {
			if p.running() {
				n++
			}
		}
		return n
	}
	must(t, Until(ctx, "one of two starts to hand over", func() bool { return running() == 1 }))
	for _, p := range starts {
		if !p.running() && p.err != nil {
			t.Errorf("the start that came second: %v", p.err)
		}
	}
}
