package beeline

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"dozvon/app/practice"
	"dozvon/app/practice/beeline/records"
	"dozvon/app/practice/beeline/routing"
	"dozvon/app/practice/beeline/subscription"
	"dozvon/app/practice/beeline/xsi"
	"dozvon/app/practice/delivery"
	"dozvon/app/practice/sim"
	"dozvon/app/practice/staff"
)

// PBX is the practice PBX. New starts it; Close ends everything it started.
type PBX struct {
	config        Config
	handler       http.Handler
	luck          *misfortune
	sender        *delivery.Sender
	directory     *directory
	subscriptions *subscription.Registry
	routing       *routing.Table
	archive       *records.Archive
	cabinet       *cabinet
	life          *practice.Life

	mu     sync.Mutex // guards what follows, and the legs of calls
	lastID int64
	calls  []*call
	legs   map[string]*call // by callId
}

// New starts a practice PBX; its events go to whoever subscribes.
func New(config Config) *PBX {
	config = config.withDefaults()
	p := &PBX{
		config: config, life: practice.NewLife(), luck: newMisfortune(config.Faults), directory: newDirectory(config),
		cabinet: newCabinet(), lastID: config.FirstID, legs: map[string]*call{},
	}
	p.routing = routing.New(p.directory, config.ICRReplaces, config.Rules, config.ICRLines)
	p.archive = records.New(p.directory, config.Now)
	attempts := 0 // the usual
	if config.NoRetry {
		attempts = 1
	}
	p.sender = delivery.New(delivery.Config{
		HTTP: config.HTTP, RetryDelay: config.RetryDelay, Attempts: attempts, Parallel: config.Parallel,
		Faults: config.Faults.delivery(), Log: config.Log,
	})
	p.subscriptions = subscription.New(subscription.Config{
		Now: config.Now, Life: p.life, One: config.OneSubscription, Send: p.send,
	})
	p.handler = p.routes()
	p.life.Background(func() { p.sender.Run(p.life.Context()) })
	return p
}

// Handler serves /apis/portal/ (the portal's API), /files/ (links to recordings) and /control/.
func (p *PBX) Handler() http.Handler { return p.handler }

// Close ends all calls without further events and waits for what New and Call started.
func (p *PBX) Close() { p.life.Close() }

// Closed is closed by Close.
func (p *PBX) Closed() <-chan struct{} { return p.life.Closed() }

// Kind is the kind of PBX.
func (*PBX) Kind() string { return "beeline" }

// Employees returns the people of this PBX.
func (p *PBX) Employees() []staff.Employee { return p.directory.All() }

// UserID is what the PBX calls the employee of an extension.
func (p *PBX) UserID(extension string) string { return p.directory.userIDOf(extension) }

// Subscriptions returns the live ones, oldest first.
func (p *PBX) Subscriptions() []subscription.Subscription { return p.subscriptions.List() }

// EndSubscription ends one before its time and tells its address; VanishSubscription does not tell.
func (p *PBX) EndSubscription(id string) bool    { return p.subscriptions.End(id) }
func (p *PBX) VanishSubscription(id string) bool { return p.subscriptions.Vanish(id) }

// Resync tells a subscription that events were lost, and what goes on now.
func (p *PBX) Resync(id string) bool {
	s, ok := p.subscriptions.Get(id)
	if ok {
		rest{p}.tellRunning(s, xsi.Resynced)
	}
	return ok
}

// Rules returns the list of individual routing, in the order of its making.
func (p *PBX) Rules() []routing.Rule { return p.routing.List() }

// Drain waits until every event has been delivered or given up. Calls that
// still run make new ones: wait for their end first.
func (p *PBX) Drain(ctx context.Context) error { return p.sender.Drain(ctx) }

// send queues an event of a subscription.
func (p *PBX) send(s subscription.Subscription, sequence int64, e xsi.Event) {
	spelling := xsi.Spelling{Plain: p.config.Events == EventsPlain}
	if p.config.SIPAddresses {
		spelling.SIP = p.directory.domain
	}
	body := string(spelling.Write(xsi.Envelope{
		ID: uuid.NewString(), Sequence: sequence, UserID: "api-user@" + p.directory.domain, SubscriptionID: s.ID, URL: s.URL,
	}, e))
	address := s.URL
	if p.config.AppendNull {
		address = appendNull(address)
	}
	p.sender.Post(delivery.Webhook{Name: e.Type, Queue: s.ID, Build: func(ctx context.Context) (*http.Request, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
		if err != nil {
			return nil, err
		}
		request.Header.Set("Content-Type", "application/xml; charset=UTF-8")
		return request, nil
	}})
}

// appendNull appends the segment that the portal was seen to append; a query stays behind it.
func appendNull(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.JoinPath("null").String()
}

// start gives the call its id and its goroutine. A call without a clock lives in real time.
func (p *PBX) start(c *call, run func()) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.clock == nil {
		c.clock = sim.NewWall(p.config.Now)
	}
	c.pbx, c.commands, c.ended = p, make(chan command), make(chan struct{})
	c.id = p.newTracking()
	c.onlyReleased = p.luck.Strikes("only released", func(f Faults) float64 { return f.OnlyReleased })
	c.began = c.now()
	if !p.life.Background(func() {
		defer c.clock.Done()
		if c.whenDone != nil {
			defer c.whenDone()
		}
		c.clock.Begin(p.life.Closed())
		run()
		c.finish()
	}) {
		return "", practice.ErrClosed
	}
	p.calls = append(p.calls, c)
	p.forgetOld()
	return c.id, nil
}

// newTracking returns an extTrackingId. The caller holds mu.
func (p *PBX) newTracking() string {
	if p.config.IDs == IDsPair {
		p.lastID++
		return fmt.Sprintf("%d:1", p.lastID)
	}
	return uuid.NewString()
}

// forgetOld drops the oldest ended calls beyond Config.History. The caller holds mu.
func (p *PBX) forgetOld() {
	drop := 0
	for len(p.calls)-drop > p.config.History && p.calls[drop].over() {
		for _, l := range p.calls[drop].legs {
			delete(p.legs, l.ID)
		}
		drop++
	}
	p.calls = slices.Delete(p.calls, 0, drop)
}

// SetPhone sets the rule of an employee's telephone, or of a client's by his number. A rule wins over
// what a scenario would do with a telephone that has none.
func (p *PBX) SetPhone(number string, rule practice.Rule) error {
	if err := rule.Validate(); err != nil {
		return fmt.Errorf("setting telephone %s: %w", number, err)
	}
	to, ok := p.directory.resolve(number)
	if !ok || to.Group != "" {
		return fmt.Errorf("setting telephone %s: %w", number, practice.ErrNumber)
	}
	if to.Outside != "" {
		p.cabinet.setRule(to.Outside, rule)
	} else {
		p.cabinet.setRule(to.Extensions[0], rule)
	}
	return nil
}

// skew is what a wrong clock adds to a moment.
func (p *PBX) skew() time.Duration { return time.Duration(p.luck.Get().SkewS) * time.Second }
