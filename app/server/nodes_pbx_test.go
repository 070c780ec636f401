package server_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	practice "dozvon/app/practice/mango"
	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// threeNodes are three nodes on one PostgreSQL with one practice PBX, whose webhooks go where pick says.
func threeNodes(t *testing.T, theirs practice.Config, pick func() int) ([]*school, *practice.PBX) {
	t.Helper()
	database := pgtest.URL(t)
	var pbxHandler http.Handler
	pbxHTTP := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pbxHandler.ServeHTTP(w, r) }))
	first := openSchool(t, database, pbxHTTP.URL+"/vpbx/")
	nodes := []*school{first, first.another(server.Config{Database: database}), first.another(server.Config{Database: database})}
	var ways []http.Handler
	for _, n := range nodes {
		to, err := url.Parse(n.http.URL)
		if err != nil {
			t.Fatal(err)
		}
		ways = append(ways, httputil.NewSingleHostReverseProxy(to))
	}
	balancer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ways[pick()].ServeHTTP(w, r) }))
	theirs.Key, theirs.Salt, theirs.Target = key, salt, balancer.URL+"/mango"
	pbx := practice.New(theirs)
	pbxHandler = pbx.Handler()
	t.Cleanup(func() {
		pbx.Close()
		balancer.Close()
		pbxHTTP.Close()
	})
	return nodes, pbx
}

// TestNodes_oneRouteInTwoSecondsForAll: calls of known clients come at once, their events to any node. Each
// is sent to its responsible employee once, and the PBX, whose limit is on, refuses none.
func TestNodes_oneRouteInTwoSecondsForAll(t *testing.T) {
	t.Parallel()
	cfg := untilRouted() // at the menu's end the PBX would ring 105
	cfg.Timing.Ring = 3 * time.Second
	nodes, pbx := threeNodes(t, cfg, func() int { return rand.IntN(3) })
	a := nodes[0]
	a.forward(true)
	for _, n := range nodes {
		if err := n.parts.Directory.Reload(t.Context()); err != nil { // what their chores do every two seconds
			t.Fatal(err)
		}
	}
	const calls = 5
	to := []string{"101", "102", "103", "104", "101"}
	for i := range calls {
		a.student(fmt.Sprint("Клиент ", i), fmt.Sprintf("+7900000080%d", i), to[i])
	}
	began := time.Now()
	for i := range calls {
		if _, err := pbx.Call(practice.CallRequest{From: fmt.Sprintf("7900000080%d", i), To: "105", Scenario: "answered"}); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "every call to be routed", func() bool {
		_, n, err := a.parts.Store.LastCommand(t.Context(), a.pbx.ID, "route", time.Time{})
		return err == nil && n >= calls
	})
	if took := time.Since(began); took < (calls-1)*2*time.Second {
		t.Errorf("%d routes took %s, the PBX takes one in two seconds", calls, took)
	}
	for i := range calls {
		c := a.ended(fmt.Sprintf("7900000080%d", i))
		if c.Employee == nil || c.Employee.ID != a.staff[to[i]].ID {
			t.Errorf("call %d came to %s: %s", i, nameOf(c.Employee), c.Why)
		}
	}
	last, n, err := a.parts.Store.LastCommand(t.Context(), a.pbx.ID, "route", time.Time{})
	if err != nil || n != calls || last.State == client.CommandRefused {
		t.Errorf("%d routes for %d calls, the last %s, %v", n, calls, last.State, err)
	}
	for _, c := range pbx.Calls() {
		if len(c.Legs) != 2 {
			t.Errorf("a call has %d legs: it was routed more than once, or not at all", len(c.Legs))
		}
	}
}

// TestNodes_connectivityTestHearsOfItsWebhookOnAnotherNode: all four lights are green although the node
// that is asked gets no webhook.
func TestNodes_connectivityTestHearsOfItsWebhookOnAnotherNode(t *testing.T) {
	t.Parallel()
	nodes, _ := threeNodes(t, practice.Config{Timing: quickTiming()}, func() int { return 1 })
	test, err := nodes[0].api("105").BellTest(t.Context(), nodes[0].pbx.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, hop := range test.Hops {
		if hop.State != client.CheckOK {
			t.Errorf("%s is %s: %s", hop.ID, hop.State, hop.Text)
		}
	}
}

// TestNodes_twoWrongRequestsStopAll: the PBX counts wrong requests of the account, so the second one, from
// whatever node, closes the way for all of them, and for a node that starts after it.
func TestNodes_twoWrongRequestsStopAll(t *testing.T) {
	t.Parallel()
	var came atomic.Int64
	pbx := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		came.Add(1)
		w.Write([]byte(`{"result":3102}`))
	}))
	defer pbx.Close()
	database := pgtest.URL(t)
	a := openSchool(t, database, pbx.URL+"/vpbx/")
	b, c := a.another(server.Config{Database: database}), a.another(server.Config{Database: database})
	var wg sync.WaitGroup
	for i, n := range []*school{a, b} {
		api := n.api("101")
		wg.Go(func() { api.Dial(context.Background(), client.Dial{Phone: fmt.Sprintf("8 914 555-01-4%d", i)}) })
	}
	wg.Wait()
	if n := came.Load(); n != 2 {
		t.Fatalf("%d requests came, want 2", n)
	}
	for i, n := range []*school{a, b, c, a.another(server.Config{Database: database})} {
		if _, err := n.api("102").Dial(t.Context(), client.Dial{Phone: fmt.Sprintf("8 914 555-02-4%d", i)}); err == nil {
			t.Error("a call was begun")
		}
		all, err := n.api("105").Integrations(t.Context())
		if err != nil || len(all) != 1 || all[0].Health.State != client.HealthBlocked {
			t.Errorf("node %d shows %+v, %v", i, all, err)
		}
	}
	if n := came.Load(); n != 2 {
		t.Errorf("%d requests came: a third one keeps the API closed", n)
	}
}
