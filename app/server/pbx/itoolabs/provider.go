package itoolabs

import (
	"context"
	"net/http"
	"time"

	"dozvon/app/bilingual"
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

// Provider is one account as a PBX: it reads what the PBX posts, and its parts do the rest. Safe for
// concurrent use.
type Provider struct {
	*client
	*historian
	*recorder
	now   func() time.Time
	staff *staff
}

// New returns a provider.
func New(cfg Config) *Provider {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	if cfg.HistoryEvery == 0 {
		cfg.HistoryEvery = historyEvery
	}
	api := newClient(cfg)
	who := &staff{shared: cfg.Shared, now: cfg.Now}
	return &Provider{
		client: api, historian: &historian{api: api, staff: who}, recorder: newRecorder(api), now: cfg.Now, staff: who,
	}
}

// clockLimit is from which difference on our clock is taken for wrong: Date tells whole seconds, and an
// answer may take some.
const clockLimit = 30 * time.Second

// Clock tells the PBX's own time: ours, unless its answers' Date shows that ours is wrong. Events have no
// time and are dated by their arrival, history has one: they must be of one clock.
func (p *Provider) Clock() time.Time {
	if ahead, known := p.skew.Read(); known && ahead.Abs() > clockLimit {
		return p.now().Add(ahead)
	}
	return p.now()
}

// Close ends the connections that nobody uses any more.
func (p *Provider) Close() error {
	p.http.CloseIdleConnections()
	return nil
}

// Explain gives a result's or an answer's number in words.
func (p *Provider) Explain(code int) bilingual.Text { return explain(code) }

// Advise says what to do about a number.
func (p *Provider) Advise(code int) bilingual.Text { return advise(code) }

// MatchSeconds is within how long an ordered call without a key must begin (section 7).
func (p *Provider) MatchSeconds() int { return 30 }

// Refresh reads the employees and keeps them.
func (p *Provider) Refresh(ctx context.Context) error {
	_, err := p.readStaff(ctx)
	return err
}
