package itoolabs

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"dozvon/app/itoolabs"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/backoff"
)

// generation is one of the two APIs (section 1).
type generation string

const (
	unknownAPI generation = ""
	oldAPI     generation = "old" // crm_api.wcgp
	newAPI     generation = "new" // crmapi/v1
)

const (
	// firstPause is about how long nothing is sent after a 429 or 5xx, longestPause the most: the PBX's
	// limits are known to nobody (section 12).
	firstPause   = 2 * time.Second
	longestPause = time.Minute
)

// client sends commands by the API that the PBX has: one at a time, and none during a pause. Safe for
// concurrent use.
type client struct {
	cfg  Config
	base *url.URL     // of the customer's own address; nil: it is none
	http *http.Client // follows no redirect

	generation atomic.Value  // a generation, once it was found out
	turn       chan struct{} // holds one: one request at a time (section 12)
	patience   time.Duration // how long a person's command waits for one that nobody waits for
	listings   *rate.Limiter
	pause      *backoff.Backoff
	skew       outbound.Clock
}

// newClient takes a Config whose fields are all set, but for Shared and what describes the account.
func newClient(cfg Config) *client {
	c := &client{
		cfg: cfg, base: baseOf(cfg.URL), turn: make(chan struct{}, 1), patience: patience,
		listings: rate.NewLimiter(rate.Every(cfg.HistoryEvery), 1), pause: backoff.New(backoff.Config{
			First: firstPause, Longest: longestPause, State: pbx.Resting, Words: wordsPause, Now: cfg.Now,
		}),
		http: &http.Client{
			Transport:     outbound.Lively(cfg.Transport, standstill),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	c.generation.Store(cfg.Generation)
	return c
}

// Health tells whether commands may be sent.
func (a *client) Health() pbx.Health { return a.pause.Health() }

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
