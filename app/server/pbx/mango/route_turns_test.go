package mango

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

// sentRoute is a route as the PBX got it.
type sentRoute struct {
	leg string
	at  time.Time
}

// takesAll is a PBX on no network that accepts every route: with it time may be a synthetic one.
type takesAll chan sentRoute

func (p takesAll) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	var in mango.RouteRequest
	if err := json.Unmarshal([]byte(form.Get("json")), &in); err != nil {
		return nil, err
	}
	p <- sentRoute{string(in.CallID), time.Now()}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"result":1000}`)), Request: r}, nil
}

// next is the next route; the minutes that it waits at most are synthetic.
func (p takesAll) next(t *testing.T) sentRoute {
	t.Helper()
	select {
	case r := <-p:
		return r
	case <-time.After(30 * time.Minute):
		t.Fatal("no route came")
		return sentRoute{}
	}
}

// TestRoute_asksAgainBeforeAHeldTurnWouldEnd: a turn is held for long in case its node dies; usually it is
// given back at once, and whoever waits must not wait for the hold.
func TestRoute_asksAgainBeforeAHeldTurnWouldEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := make(takesAll, 10)
		p := New(Config{Key: "k", Salt: "s", URL: "http://pbx.invalid", Transport: sent})
		defer p.Close()
		began := time.Now()
		asked := 0
		o := order("call", "101", true)
		o.Turn = func(context.Context) (pbx.RouteTurn, error) {
			if asked++; asked == 1 {
				return pbx.RouteTurn{Wait: time.Hour}, nil
			}
			return pbx.RouteTurn{Go: true, End: func(time.Duration) {}}, nil
		}
		p.Route(o)
		if took := sent.next(t).at.Sub(began); took > routeEvery {
			t.Errorf("the route went after %s", took)
		}
	})
}

// TestRoute_lateOnesGoLastAndAreNotLost: more calls ring than the PBX takes routes for in twenty seconds. One
// that has just come goes before those that have waited longer, and all go while they ring.
func TestRoute_lateOnesGoLastAndAreNotLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const calls = 15
		sent := make(takesAll, calls+1)
		p := New(Config{Key: "k", Salt: "s", URL: "http://pbx.invalid", Transport: sent})
		defer p.Close()
		for i := range calls {
			p.Route(order(fmt.Sprintf("%02d", i), "101", true))
			time.Sleep(time.Millisecond)
		}
		time.Sleep(25 * time.Second)
		p.Route(order("new", "101", true))
		var legs []string
		place := -1
		for i := range calls + 1 {
			r := sent.next(t)
			legs = append(legs, r.leg)
			if r.leg == "leg new" {
				place = i
			}
		}
		if place < 0 || place > 13 {
			t.Errorf("the new call's route went as number %d of %q", place, legs)
		}
	})
}
