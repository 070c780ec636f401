package itoolabs

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"dozvon/app/bilingual"
	"dozvon/app/itoolabs"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// Config is one account.
type Config struct {
	// Key is the PBX's, which our commands carry; Token is what its requests to us carry.
	Key, Token string
	// URL is the customer's own address, also as the cabinet shows it, with the path of either API.
	URL        string
	Generation generation
	// Hosts keep recordings, beside those of the PBX's own domain.
	Hosts []string
	// Now tells the time; nil means time.Now.
	Now func() time.Time
	// Shared is what several nodes know together; nil means that there is one alone.
	Shared pbx.Shared
	// Transport makes the connections; nil means http.DefaultTransport.
	Transport http.RoundTripper
	// HistoryEvery is the pause between two requests for the listing; 0 means historyEvery.
	HistoryEvery time.Duration
}

const (
	// historyEvery is the pause between two requests for the listing (section 12).
	historyEvery = time.Second
	// patience is how long who clicks waits for a listing that takes long, before the command goes beside it.
	patience = 2 * time.Second
	// standstill is how long an answer may stand still in its middle.
	standstill = 15 * time.Second
)

// generation is one of the two APIs (section 1).
type generation string

const (
	unknownAPI generation = ""
	oldAPI     generation = "old" // crm_api.wcgp
	newAPI     generation = "new" // crmapi/v1
)

// Provider is one account as a PBX. Safe for concurrent use.
type Provider struct {
	cfg   Config
	now   func() time.Time
	base  *url.URL // of the customer's own address; nil: it is none
	hosts hostRule
	api   *http.Client // follows no redirect
	files *http.Client

	generation atomic.Value  // a generation, once it was found out
	turn       chan struct{} // holds one: one request at a time (section 12)
	patience   time.Duration // how long a person's command waits for one that nobody waits for
	history    *rate.Limiter
	pause      pause
	staff      staff
}

// New returns a provider.
func New(cfg Config) *Provider {
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	if cfg.HistoryEvery == 0 {
		cfg.HistoryEvery = historyEvery
	}
	p := &Provider{cfg: cfg, now: cfg.Now, base: baseOf(cfg.URL), turn: make(chan struct{}, 1), patience: patience, history: rate.NewLimiter(rate.Every(cfg.HistoryEvery), 1)}
	if p.now == nil {
		p.now = time.Now
	}
	p.hosts = newHostRule(p.base, cfg.Hosts)
	p.generation.Store(cfg.Generation)
	p.pause.now = p.now
	p.staff.shared, p.staff.now = cfg.Shared, p.now
	transport := outbound.Lively(cfg.Transport, standstill)
	p.api = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	p.files = &http.Client{Transport: transport, CheckRedirect: p.hosts.checkRedirect}
	return p
}

// baseOf is the customer's address without what the cabinet shows behind it; nil when it is no address.
func baseOf(raw string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" {
		return nil
	}
	path := strings.Trim(u.Path, "/")
	for _, known := range []string{itoolabs.PathOld, itoolabs.PathNew, "sys/", "crmapi/"} {
		if at := strings.Index(path+"/", strings.TrimSuffix(known, "/")+"/"); at >= 0 {
			path = strings.Trim(path[:at], "/")
		}
	}
	if path != "" {
		path += "/"
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/" + path}
}

// Close ends the connections that nobody uses any more.
func (p *Provider) Close() error {
	p.api.CloseIdleConnections()
	return nil
}

// Explain gives a result's or an answer's number in words.
func (p *Provider) Explain(code int) bilingual.Text { return explain(code) }

// Advise says what to do about a number.
func (p *Provider) Advise(code int) bilingual.Text { return advise(code) }

// Health tells whether commands may be sent.
func (p *Provider) Health() pbx.Health { return p.pause.state() }

// MatchSeconds is within how long an ordered call without a key must begin (section 7).
func (p *Provider) MatchSeconds() int { return 30 }

// Refresh reads the employees and keeps them.
func (p *Provider) Refresh(ctx context.Context) error {
	_, err := p.readStaff(ctx)
	return err
}
