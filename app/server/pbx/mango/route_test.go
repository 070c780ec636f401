package mango

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

// patience bounds every wait for a fact.
const patience = 2 * time.Minute

// fakePBX notes routes and answers as told; what a real PBX would do with them is not its part.
type fakePBX struct {
	mu     sync.Mutex // guards what follows
	answer func(n int) (status int, body string)
	came   []mango.RouteRequest
	times  []time.Time
	news   chan struct{}
}

func startFake(t *testing.T, answer func(n int) (int, string)) (*fakePBX, *Provider) {
	t.Helper()
	f := &fakePBX{answer: answer, news: make(chan struct{}, 100)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in mango.RouteRequest
		if err := r.ParseForm(); err != nil || json.Unmarshal([]byte(r.PostForm.Get("json")), &in) != nil {
			t.Errorf("unreadable request: %v", err)
		}
		f.mu.Lock()
		f.came, f.times = append(f.came, in), append(f.times, time.Now())
		status, body := f.answer(len(f.came))
		f.mu.Unlock()
		w.WriteHeader(status)
		w.Write([]byte(body))
		f.news <- struct{}{}
	}))
	t.Cleanup(srv.Close)
	return f, New(Config{Key: "k", Salt: "s", URL: srv.URL})
}

func accepts(int) (int, string) { return 200, `{"result":1000}` }

// wait returns the legs in the order in which their routes came.
func (f *fakePBX) wait(t *testing.T, n int) []string {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		f.mu.Lock()
		var legs []string
		for _, r := range f.came {
			legs = append(legs, string(r.CallID))
		}
		f.mu.Unlock()
		if len(legs) >= n {
			return legs
		}
		select {
		case <-f.news:
		case <-deadline.C:
			t.Fatalf("%d routes came, want %d", len(legs), n)
		}
	}
}

func order(call, to string, forward bool) pbx.RouteOrder {
	return pbx.RouteOrder{Call: call, Leg: "leg " + call, Command: "cmd " + call, To: to, Name: "Иванов Иван", Forward: forward}
}

func TestRoute_mostUrgentFirst(t *testing.T) {
	t.Parallel()
	f, p := startFake(t, accepts)
	p.Route(order("first", "101", false)) // goes at once; the others wait for their turn
	f.wait(t, 1)
	p.Route(order("name only", "101", false))
	p.Route(order("answered meanwhile", "102", true))
	p.Route(order("forwarded", "103", true))
	p.Withdraw("answered meanwhile")
	moved := order("name only", "104", false) // its leg has moved on
	moved.Leg = "leg name only 2"
	p.Route(moved)
	p.Route(order("first", "105", true)) // was routed already: its echo
	legs := f.wait(t, 3)
	if len(legs) != 3 || legs[1] != "leg forwarded" || legs[2] != "leg name only 2" {
		t.Errorf("went: %q", legs)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := 1; i < len(f.times); i++ {
		if gap := f.times[i].Sub(f.times[i-1]); gap < 2*time.Second {
			t.Errorf("route %d came %s after the one before", i+1, gap)
		}
	}
}

func TestRoute_sendsNothingThatThePBXWouldRefuse(t *testing.T) {
	t.Parallel()
	f, p := startFake(t, accepts)
	for _, o := range []pbx.RouteOrder{
		{Call: "a", Leg: "l", To: "sip:x@y", Name: "Иванов"},
		{Call: "b", Leg: "", To: "101", Name: "Иванов"},
		{Call: "c", Leg: "l", To: "101", Name: "«»"},
		{Call: "d", Leg: "l", To: "", Name: "Иванов", Forward: true},
	} {
		p.Route(o)
	}
	p.Route(order("good", "101", false))
	if legs := f.wait(t, 1); len(legs) != 1 || legs[0] != "leg good" {
		t.Errorf("went: %q", legs)
	}
	if shown := f.came[0].SIPHeaders[mango.HeaderDisplayName]; shown != "Иванов Иван" {
		t.Errorf("shown %q", shown)
	}
}

func TestRoute_waitsItsTurnAgainWhenSomebodyElseUsedIt(t *testing.T) {
	t.Parallel()
	f, p := startFake(t, func(n int) (int, string) {
		if n == 1 {
			return 429, `{"name":"Service Unavailable","message":"Rate limit exceeded.","code":0,"status":429}`
		}
		return accepts(n)
	})
	told := make(chan pbx.RouteOutcome, 2)
	o := order("call", "101", true)
	o.Done = func(out pbx.RouteOutcome) { told <- out }
	p.Route(o)
	f.wait(t, 2)
	select {
	case out := <-told:
		if out.Err != nil || out.Shown != "Иванов Иван" {
			t.Errorf("told %+v", out)
		}
	case <-time.After(patience):
		t.Error("nothing was told")
	}
}

func TestRoute_restsAfterARefusalAndLeavesAnUnknownExtensionAlone(t *testing.T) {
	t.Parallel()
	f, p := startFake(t, func(int) (int, string) { return 420, `{"code":3330}` })
	told := make(chan pbx.RouteOutcome, 2)
	o := order("call", "777", true)
	o.Done = func(out pbx.RouteOutcome) { told <- out }
	p.Route(o)
	f.wait(t, 1)
	if out := <-told; out.Err == nil {
		t.Error("a refusal was told as a success")
	}
	if h := p.Health(); h.State != pbx.Degraded || h.Code != 3330 {
		t.Errorf("health %+v", h)
	}
	p.Route(order("next", "777", true))
	p.routes.mu.Lock()
	waiting := len(p.routes.waiting)
	p.routes.mu.Unlock()
	if waiting != 0 {
		t.Error("the unknown extension is tried again")
	}
}

// TestRoute_newerOrderOutlivesTheEnd: while it is asked whether a call may be routed on one leg, it rings
// on the next: that one is routed.
func TestRoute_newerOrderOutlivesTheEndOfTheFormer(t *testing.T) {
	t.Parallel()
	f, p := startFake(t, accepts)
	var ended atomic.Int64
	asked, newer := make(chan struct{}), make(chan struct{})
	p.Route(pbx.RouteOrder{Call: "c", Leg: "first", Command: "1", To: "101", Name: "A", Turn: func(context.Context) (pbx.RouteTurn, error) {
		close(asked)
		<-newer
		return pbx.RouteTurn{}, nil
	}})
	<-asked
	p.Route(pbx.RouteOrder{Call: "c", Leg: "second", Command: "2", To: "102", Name: "A", Turn: func(context.Context) (pbx.RouteTurn, error) {
		return pbx.RouteTurn{Go: true, End: func(time.Duration) { ended.Add(1) }}, nil
	}})
	close(newer)
	if legs := f.wait(t, 1); legs[0] != "second" {
		t.Errorf("routed %v", legs)
	}
	p.Close()
	if n := ended.Load(); n != 1 {
		t.Errorf("the turn was given back %d times", n)
	}
}

// TestRoute_withdrawnWhileAskingGivesTheTurnBack: the call was answered meanwhile.
func TestRoute_withdrawnWhileAskingGivesTheTurnBack(t *testing.T) {
	t.Parallel()
	f, p := startFake(t, accepts)
	back := make(chan time.Duration, 1)
	p.Route(pbx.RouteOrder{Call: "c", Leg: "l", Command: "1", To: "101", Name: "A", Turn: func(context.Context) (pbx.RouteTurn, error) {
		p.Withdraw("c")
		return pbx.RouteTurn{Go: true, End: func(d time.Duration) { back <- d }}, nil
	}})
	if pause := <-back; pause != 0 {
		t.Errorf("the turn comes again only after %s", pause)
	}
	p.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.came) > 0 {
		t.Error("a call that was answered is routed")
	}
}
