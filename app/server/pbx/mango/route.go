package mango

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"dozvon/app/mango"
	"dozvon/app/server/pbx"
)

const (
	// routeTimeout bounds one route: a call that rings longer is as good as answered.
	routeTimeout = 4 * time.Second
	// routeLate is how long a call waits for its turn until those that have come later go before it:
	// whoever has rung for so long is answered soon, with or without a name.
	routeLate = 20 * time.Second
	// unknownFor is how long an extension that the PBX does not know is left alone.
	unknownFor = 10 * time.Minute
)

// Route wants a name shown, and perhaps the call sent elsewhere.
func (p *Provider) Route(o pbx.RouteOrder) { p.routes.want(o) }

// Withdraw drops what is wanted of a call.
func (p *Provider) Withdraw(call string) { p.routes.drop(call) }

// router sends the most urgent of the calls that wait, as often as the PBX allows: one route in
// two seconds for the whole account. It has no goroutine of its own while nothing waits.
type router struct {
	api *client

	mu      sync.Mutex // guards what follows
	waiting map[string]waitingRoute
	sending bool
	next    time.Time // when the next route may go
	timer   *time.Timer
	unknown map[string]time.Time // extension → until when it is left alone
	sent    map[string]time.Time // call → when its route went
	closed  bool
	running sync.WaitGroup // routes on their way
}

type waitingRoute struct {
	pbx.RouteOrder
	since time.Time
}

func newRouter(api *client) *router {
	return &router{api: api, waiting: map[string]waitingRoute{}, unknown: map[string]time.Time{}, sent: map[string]time.Time{}}
}

func (r *router) want(o pbx.RouteOrder) {
	// What the PBX would refuse is not even sent: refusals are counted.
	if !isExtension(o.To) || o.Leg == "" || len(o.Leg) > mango.MaxID {
		return
	}
	o.Name = mango.DisplayName(o.Name)
	if o.Name == "" && !o.Forward {
		return
	}
	r.mu.Lock()
	now := time.Now()
	// A call is routed once: what rings after that is the route's own echo, or was meant so.
	if _, sent := r.sent[o.Call]; sent || now.Before(r.unknown[o.To]) {
		r.mu.Unlock()
		return
	}
	since := now
	if had, ok := r.waiting[o.Call]; ok {
		since = had.since
	}
	r.waiting[o.Call] = waitingRoute{o, since}
	r.mu.Unlock()
	r.turn()
}

func (r *router) drop(call string) {
	r.mu.Lock()
	delete(r.waiting, call)
	r.mu.Unlock()
}

// turn sends the next call if the PBX allows one now, or sets the clock for when it will.
func (r *router) turn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sending || r.closed || len(r.waiting) == 0 {
		return
	}
	now := time.Now()
	if wait := r.next.Sub(now); wait > 0 {
		if r.timer != nil {
			r.timer.Stop()
		}
		r.timer = time.AfterFunc(wait, r.turn)
		return
	}
	o, ok := r.pick(now)
	if !ok {
		return
	}
	r.sending = true
	r.running.Go(func() { r.send(o) })
}

// close drops what waits, and waits for what is on its way.
func (r *router) close() {
	r.mu.Lock()
	r.closed = true
	if r.timer != nil {
		r.timer.Stop()
	}
	r.mu.Unlock()
	r.running.Wait()
}

// pick chooses the call that goes first: one that is not late, one that we send elsewhere before one that
// only gets its name, the longest waiting. It waits on until its turn is granted or it is withdrawn.
func (r *router) pick(now time.Time) (pbx.RouteOrder, bool) {
	var best waitingRoute
	found := false
	for _, w := range r.waiting {
		if !found || before(w, best, now) {
			best, found = w, true
		}
	}
	return best.RouteOrder, found
}

// rememberFor is how long a call is known to have been routed; nothing rings that long.
const rememberFor = 10 * time.Minute

func (r *router) remember(call string, now time.Time) {
	for id, at := range r.sent {
		if now.Sub(at) > rememberFor {
			delete(r.sent, id)
		}
	}
	r.sent[call] = now
}

func before(a, b waitingRoute, now time.Time) bool {
	if late := now.Sub(a.since) > routeLate; late != (now.Sub(b.since) > routeLate) {
		return !late
	}
	if a.Forward != b.Forward {
		return a.Forward
	}
	if !a.since.Equal(b.since) {
		return a.since.Before(b.since)
	}
	return a.Call < b.Call
}

// turnRetry is the pause after it could not be found out whether a route may go.
const turnRetry = time.Second

// granted asks for the turn, and takes the order out if it is still wanted then: meanwhile the call
// may have been answered, or its order replaced by a newer one.
func (r *router) granted(ctx context.Context, o pbx.RouteOrder) (pbx.RouteOrder, pbx.RouteTurn, bool) {
	turn := pbx.RouteTurn{Go: true, End: func(time.Duration) {}}
	if o.Turn != nil {
		var err error
		if turn, err = o.Turn(ctx); err != nil {
			slog.Warn("the turn of a route is not known", "err", err)
			turn = pbx.RouteTurn{Wait: turnRetry}
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	newest, wanted := r.waiting[o.Call]
	if turn.Go && wanted {
		r.next = now.Add(routeEvery)
		delete(r.waiting, o.Call)
		r.remember(o.Call, now)
		return newest.RouteOrder, turn, true
	}
	// Another node holds the turn for as long as it may take, in case it dies, and gives it back sooner.
	r.sending, r.next = false, now.Add(min(turn.Wait, routeEvery))
	if !turn.Go && turn.Wait == 0 && newest.Command == o.Command {
		// It rings elsewhere by now, or another node has sent it. A newer order asks for itself.
		delete(r.waiting, o.Call)
	}
	return o, turn, false
}

func (r *router) send(o pbx.RouteOrder) {
	ctx, cancel := context.WithTimeout(context.Background(), routeTimeout)
	defer cancel()
	o, turn, ok := r.granted(ctx, o)
	if !ok {
		if turn.Go {
			turn.End(0)
		}
		r.turn()
		return
	}
	in := mango.RouteRequest{CommandID: mango.Text(o.Command), CallID: mango.Text(o.Leg), ToNumber: mango.Text(o.To)}
	if o.Name != "" {
		in.SIPHeaders = map[string]string{mango.HeaderDisplayName: o.Name}
	}
	err := r.api.once(ctx, request{path: mango.PathRoute, in: in, automatic: true})
	turn.End(routeEvery)
	var refused *pbx.Refused
	if errors.As(err, &refused) && refused.Code/100 == 33 {
		r.leaveAlone(o.To)
	}
	again := errors.As(err, &refused) && refused.Code == codeRateLimited
	if !again && o.Done != nil {
		o.Done(pbx.RouteOutcome{Order: o, Shown: o.Name, Err: err})
	}
	r.mu.Lock()
	r.sending, r.next = false, time.Now().Add(routeEvery)
	if _, replaced := r.waiting[o.Call]; again && !replaced {
		// Somebody else uses the account's one route in two seconds; the PBX did nothing.
		delete(r.sent, o.Call)
		r.waiting[o.Call] = waitingRoute{o, time.Now().Add(-routeLate / 2)}
	}
	r.mu.Unlock()
	r.turn()
}

func (r *router) leaveAlone(extension string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unknown[extension] = time.Now().Add(unknownFor)
}

// Refused is told by a result that comes later: an extension that the PBX does not know is left alone.
func (p *Provider) Refused(to string, code int) {
	if to != "" && code/100 == 33 {
		p.routes.leaveAlone(to)
	}
}
