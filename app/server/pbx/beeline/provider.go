// Package beeline makes Beeline's «Облачная АТС» a PBX of ours: it turns the events of its
// subscriptions into call events, and our orders into its commands. Beeline's words stay inside this
// package and app/beeline. It decides nothing about calls; of the PBX it keeps who is who.
//
// "Section" in its comments is one of the protocol reference, beeline-vpbx.md.
package beeline

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
)

// Config is one account. URL ends in a slash: "https://cloudpbx.beeline.ru/apis/portal/".
type Config struct {
	Token, URL string
	// Now tells the time; nil means time.Now.
	Now func() time.Time
	// Shared is what several nodes know together; nil means that there is one alone.
	Shared pbx.Shared
	// Transport makes the connections; nil means http.DefaultTransport.
	Transport http.RoundTripper
	// Every is the pause between two requests; 0 means half a second.
	Every time.Duration
}

// redirects: the API answers itself; where a recording is handed on to, it is a host of Beeline's.
var redirects = outbound.Redirects{Under: []string{"beeline.ru"}}

// standstill is how long an answer may stand still in its middle.
const standstill = 15 * time.Second

// Provider is one account as a PBX. Safe for concurrent use.
type Provider struct {
	now func() time.Time
	api *portal
	who roster

	// oldCalls is until when, in Unix seconds, the PBX is taken to have no click-to-call of the second version.
	oldCalls atomic.Int64
}

// New returns a provider.
func New(cfg Config) *Provider {
	if !strings.HasSuffix(cfg.URL, "/") {
		cfg.URL += "/"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	if cfg.Every == 0 {
		cfg.Every = time.Second / 2
	}
	p := &Provider{now: cfg.Now, api: &portal{
		token: cfg.Token, url: cfg.URL, now: cfg.Now, pace: newPace(cfg.Every, cfg.Now),
		http: &http.Client{Transport: outbound.Lively(cfg.Transport, standstill), CheckRedirect: checkRedirect},
	}}
	p.who.shared, p.who.now = cfg.Shared, cfg.Now
	return p
}

// checkRedirect keeps the token from whoever is not the API itself.
func checkRedirect(next *http.Request, via []*http.Request) error {
	if !strings.EqualFold(next.URL.Host, via[0].URL.Host) {
		next.Header.Del(beeline.TokenHeader)
	}
	return redirects.Check(next, via)
}

// Health tells whether requests may be sent.
func (p *Provider) Health() pbx.Health { return p.api.pace.Health() }

// Clock tells the PBX's own time: ours, corrected by the Date of its answers once there was one.
func (p *Provider) Clock() time.Time {
	ahead, _ := p.api.skew.Read()
	return p.now().Add(ahead)
}
