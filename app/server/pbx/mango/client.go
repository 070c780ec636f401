package mango

import (
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// redirects: recordings lie on files.mango-office.ru (section 3.5).
var redirects = outbound.Redirects{Under: []string{"mango-office.ru"}}

// standstill is how long an answer may stand still in its middle. A recording is then asked for
// again from where it broke off.
const standstill = 15 * time.Second

// client sends requests to the PBX's API, within its limits and only while it is open. Safe for
// concurrent use.
type client struct {
	cfg    Config
	now    func() time.Time
	http   *http.Client
	limits limits
	health health
	skew   outbound.Clock
}

// newClient takes a Config whose fields are all set, but for Shared.
func newClient(cfg Config) *client {
	return &client{
		cfg: cfg, now: cfg.Now, limits: newLimits(), health: health{now: cfg.Now, shared: cfg.Shared},
		http: &http.Client{Transport: ranged{outbound.Lively(cfg.Transport, standstill)}, CheckRedirect: redirects.Check},
	}
}

// Health tells whether commands may be sent.
func (c *client) Health() pbx.Health { return c.health.state() }

// Clock tells the PBX's own time: ours, corrected by the Date of its answers once there was one.
func (c *client) Clock() time.Time {
	diff, _ := c.skew.Read()
	return c.now().Add(diff)
}

// limits are those of section 12 of the reference, per product, each a little below: the PBX
// counts when a request arrives, and two that left apart may arrive together.
type limits struct {
	all, background                                           *rate.Limiter
	callback, hangup, record, transfer, users, balance, stats *rate.Limiter
	bookRead, bookWrite                                       *rate.Limiter
}

// routeEvery is the pause between two routes: one per 2 seconds, and a margin.
const routeEvery = 2050 * time.Millisecond

func newLimits() limits {
	every := func(d time.Duration) *rate.Limiter { return rate.NewLimiter(rate.Every(d), 1) }
	perSecond := func(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(n), n) }
	return limits{
		// What nobody waits for leaves room for what somebody does.
		all: perSecond(9), background: perSecond(4),
		callback: perSecond(3), hangup: perSecond(3), record: perSecond(3), transfer: every(routeEvery),
		users: every(routeEvery), balance: perSecond(1), stats: every(routeEvery),
		bookRead: perSecond(4), bookWrite: perSecond(4),
	}
}
