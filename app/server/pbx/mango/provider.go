package mango

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"dozvon/app/bilingual"
	"dozvon/app/mango"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// Config is one Mango account. URL ends in a slash, e.g. "https://app.mango-office.ru/vpbx/".
type Config struct {
	Key, Salt, URL string
	// Now tells the time; nil means time.Now.
	Now func() time.Time
	// Shared is what several nodes know together; nil means that there is one alone.
	Shared pbx.Shared
	// StatsPoll is how often a statistics is asked for; 0 means the reference's 5 s.
	StatsPoll time.Duration
	// Transport makes the connections; nil means http.DefaultTransport.
	Transport http.RoundTripper
}

// redirects: recordings lie on files.mango-office.ru (section 3.5).
var redirects = outbound.Redirects{Under: []string{"mango-office.ru"}}

// standstill is how long an answer may stand still in its middle. A recording is then asked for
// again from where it broke off.
const standstill = 15 * time.Second

// Provider is one Mango account as a PBX. Safe for concurrent use.
type Provider struct {
	cfg    Config
	now    func() time.Time
	http   *http.Client
	limits limits
	health health
	routes *router
	skew   outbound.Clock

	noResume   atomic.Bool
	unattended sync.Mutex // held by the one recording that is asked for and nobody waits for

	staffMu sync.Mutex // guards what follows
	staff   roster
	staffAt time.Time
}

// New returns a provider.
func New(cfg Config) *Provider {
	if !strings.HasSuffix(cfg.URL, "/") {
		cfg.URL += "/"
	}
	if cfg.StatsPoll == 0 {
		cfg.StatsPoll = mango.StatsPoll
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	client := &http.Client{Transport: ranged{outbound.Lively(cfg.Transport, standstill)}, CheckRedirect: redirects.Check}
	p := &Provider{cfg: cfg, now: cfg.Now, http: client, limits: newLimits()}
	if p.now == nil {
		p.now = time.Now
	}
	p.health.now, p.health.shared = p.now, cfg.Shared
	p.routes = newRouter(p)
	return p
}

// Close drops the names that wait to be sent, and waits for the one on its way.
func (p *Provider) Close() error {
	p.routes.close()
	return nil
}

// Explain gives a code in words.
func (p *Provider) Explain(code int) bilingual.Text { return explain(code) }

// Advise says what to do about a code.
func (p *Provider) Advise(code int) bilingual.Text { return advise(code) }

// Health tells whether commands may be sent.
func (p *Provider) Health() pbx.Health { return p.health.state() }

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
