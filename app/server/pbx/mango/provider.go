package mango

import (
	"net/http"
	"strings"
	"time"

	"dozvon/app/bilingual"
	"dozvon/app/mango"
	"dozvon/app/server/pbx"
	"dozvon/app/server/pbx/mango/codes"
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

// Provider is one Mango account as a PBX: it reads what the PBX posts, and its parts do the rest. Safe
// for concurrent use.
type Provider struct {
	*client
	*directory
	*commander
	*addressBook
	*historian
	*recorder
	*checker
	routes *router
}

// New returns a provider.
func New(cfg Config) *Provider {
	if !strings.HasSuffix(cfg.URL, "/") {
		cfg.URL += "/"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.StatsPoll == 0 {
		cfg.StatsPoll = mango.StatsPoll
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	api := newClient(cfg)
	d := &directory{api: api}
	return &Provider{
		client: api, directory: d, routes: newRouter(api),
		commander:   &commander{api: api, directory: d},
		addressBook: &addressBook{api: api, directory: d},
		historian:   &historian{api: api, directory: d},
		recorder:    &recorder{api: api},
		checker:     &checker{api: api, directory: d},
	}
}

// Close drops the names that wait to be sent, and waits for the one on its way.
func (p *Provider) Close() error {
	p.routes.close()
	return nil
}

// Explain gives a code in words.
func (p *Provider) Explain(code int) bilingual.Text { return codes.Explain(code) }

// Advise says what to do about a code.
func (p *Provider) Advise(code int) bilingual.Text { return codes.Advise(code) }
