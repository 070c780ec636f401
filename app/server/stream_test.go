package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"dozvon/app/server"
	"dozvon/app/server/store"
	"dozvon/app/server/stream"
	"dozvon/client"
)

// cutter is a proxy that breaks connections: after some bytes it resets, closes, or goes silent.
type cutter struct {
	target string
	mu     sync.Mutex
	left   int // connections that will be cut
	cuts   int
}

func startCutter(t *testing.T, target string, times int) (string, *cutter) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &cutter{target: strings.TrimPrefix(target, "http://"), left: times}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.serve(conn)
		}
	}()
	return "http://" + l.Addr().String(), c
}

func (c *cutter) serve(down net.Conn) {
	defer down.Close()
	up, err := net.Dial("tcp", c.target)
	if err != nil {
		return
	}
	defer up.Close()
	go io.Copy(up, down)
	c.mu.Lock()
	cut := c.left > 0
	mode, length := c.cuts%3, int64(4000+977*(c.cuts%13))
	if cut {
		c.left--
		c.cuts++
	}
	c.mu.Unlock()
	if !cut {
		io.Copy(down, up)
		return
	}
	// Odd lengths cut inside an event as often as between two.
	io.CopyN(down, up, length)
	switch mode {
	case 0:
		down.(*net.TCPConn).SetLinger(0) // RST
	case 1: // a clean close
	case 2:
		io.Copy(io.Discard, up) // a peer that went silent: only the watchdog ends this
	}
}

// TestStream_losesAndRepeatsNothing sends thousands of events over connections that are cut in
// every way there is.
func TestStream_losesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	const events, cuts = 10_000, 60
	s := openSchool(t, "", "")
	api := s.api("101")
	me, err := api.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in, _ := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: "u101", Password: password})
	url, proxy := startCutter(t, s.http.URL, cuts)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	seen := map[string]int{}
	var order []int64
	live := make(chan struct{}, 1)
	done := make(chan error, 1)
	go func() {
		done <- client.New(url, in.Token).Stream(ctx, client.StreamConfig{
			Silence: 400 * time.Millisecond,
			State: func(st client.StreamState) {
				if st.Live {
					select {
					case live <- struct{}{}:
					default:
					}
				}
			},
			Handle: func(e client.StreamEvent) {
				entry, ok := e.Data.(*client.FeedEntry)
				if !ok {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				seen[entry.ID]++
				order = append(order, e.Sequence)
			},
		})
	}()
	<-live
	for i := range events {
		entry := client.FeedEntry{ID: fmt.Sprint(i), Type: client.EntryNote, Description: strings.Repeat("слово ", 20), Employee: &client.Person{ID: me.ID}}
		if err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.Journal("feed", stream.All, entry) }); err != nil {
			t.Fatal(err)
		}
	}
	deadline := time.NewTimer(5 * time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for n := 0; n < events; {
		select {
		case <-deadline.C:
			t.Fatalf("%d of %d events", n, events)
		case <-tick.C:
		}
		mu.Lock()
		n = len(seen)
		mu.Unlock()
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Stream ended with %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	for id, n := range seen {
		if n != 1 {
			t.Errorf("event %s came %d times", id, n)
		}
	}
	for i := 1; i < len(order); i++ {
		if order[i] <= order[i-1] {
			t.Fatalf("out of order: %d after %d", order[i], order[i-1])
		}
	}
	proxy.mu.Lock()
	defer proxy.mu.Unlock()
	if proxy.cuts < 50 {
		t.Errorf("only %d cuts happened", proxy.cuts)
	}
}

func TestStream_aDeadTokenEndsIt(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	err := client.New(s.http.URL, "dz_dead").Stream(t.Context(), client.StreamConfig{Handle: func(client.StreamEvent) {}})
	if !errors.Is(err, client.ErrSignedOut) {
		t.Errorf("got %v, want ErrSignedOut", err)
	}
}

// TestStream_tellsTheVersionAndWhereTheAppIs with its first event.
func TestStream_tellsTheVersionAndWhereTheAppIs(t *testing.T) {
	t.Parallel()
	s := openSchoolWith(t, server.Config{AppURL: "https://phone.example.ru/app"}, "")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var hello *client.Hello
	_ = s.api("101").Stream(ctx, client.StreamConfig{Handle: func(e client.StreamEvent) {
		if got, ok := e.Data.(*client.Hello); ok {
			hello = got
			cancel()
		}
	}})
	if hello == nil || hello.AppURL != "https://phone.example.ru/app" || hello.ServerVersion != "test" {
		t.Errorf("hello is %+v", hello)
	}
}

func TestStream_showsCallsToWhomTheyConcern(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		e    client.Employee
		to   string
		want bool
	}{
		{"rung operator", client.Employee{ID: "a", Role: client.RoleOperator}, stream.Callers([]string{"a", "b"}), true},
		{"other operator", client.Employee{ID: "c", Role: client.RoleOperator}, stream.Callers([]string{"a", "b"}), false},
		{"a prefix of an id is nobody", client.Employee{ID: "", Role: client.RoleOperator}, stream.Callers([]string{"a"}), false},
		{"manager", client.Employee{ID: "c", Role: client.RoleManager}, stream.Callers([]string{"a"}), true},
		{"operator and integrations", client.Employee{ID: "a", Role: client.RoleOperator}, stream.Accountants, false},
		{"accountant and integrations", client.Employee{ID: "a", Role: client.RoleAccountant}, stream.Accountants, true},
		{"anybody and the feed", client.Employee{ID: "a", Role: client.RoleOperator}, stream.All, true},
	} {
		if got := stream.MaySee(tt.e, tt.to); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestStream_oneWhoNeverReadsHarmsNobody keeps a connection that reads nothing while others
// must get every event.
func TestStream_oneWhoNeverReadsHarmsNobody(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	in, err := client.New(s.http.URL, "").SignIn(t.Context(), client.SignIn{Login: "u101", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	stuck, err := net.Dial("tcp", strings.TrimPrefix(s.http.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	fmt.Fprintf(stuck, "GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", in.Token)
	got := make(chan string, 5000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	live := make(chan struct{})
	go client.New(s.http.URL, in.Token).Stream(ctx, client.StreamConfig{
		State: func(st client.StreamState) {
			if st.Live {
				close(live)
			}
		},
		Handle: func(e client.StreamEvent) {
			if f, ok := e.Data.(*client.FeedEntry); ok {
				got <- f.ID
			}
		},
	})
	<-live
	const events = 3000 // times 2 KiB: far more than the socket's buffers hold
	for i := range events {
		e := client.FeedEntry{ID: fmt.Sprint(i), Type: client.EntryNote, Description: strings.Repeat("x", 2000)}
		if err := s.parts.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.Journal("feed", stream.All, e) }); err != nil {
			t.Fatal(err)
		}
	}
	for i := range events {
		select {
		case id := <-got:
			if id != fmt.Sprint(i) {
				t.Fatalf("event %s, want %d", id, i)
			}
		case <-time.After(patience):
			t.Fatalf("no event after %d", i)
		}
	}
}

// TestStream_endsOverHTTP2: apps that come by TLS speak HTTP/2, whose writer must not be touched once a stream's
// handler has returned; a whole server ended by it.
func TestStream_endsOverHTTP2(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	secure := httptest.NewUnstartedServer(s.parts.API.Handler())
	secure.EnableHTTP2 = true
	secure.StartTLS()
	defer secure.Close()
	for range 20 {
		token := s.token("101")
		var streams sync.WaitGroup
		for range 15 {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, secure.URL+"/api/v1/stream", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+token)
			resp, err := secure.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != http.StatusOK || resp.ProtoMajor != 2 {
				t.Fatalf("the stream is answered by %s %s", resp.Proto, resp.Status)
			}
			streams.Go(func() {
				defer resp.Body.Close()
				io.Copy(io.Discard, resp.Body)
			})
		}
		if err := client.New(s.http.URL, token).SignOut(t.Context()); err != nil {
			t.Fatal(err)
		}
		streams.Wait()
	}
}
